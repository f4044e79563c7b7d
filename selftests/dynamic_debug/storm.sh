#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: two CPUs fire while T, p and routes come and go: nothing is printed; unloaded under load
# timeout: 300

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
must 'open a size=256K; open b size=256K'
mark_dmesg
echo 1 >/sys/module/dyndbg_test/parameters/storm
for _ in $(seq 15); do
	must 'func storm_once +T:a'
	must 'module dyndbg_test device dyndbg_test +T:b'
	must 'func storm_once -T:0; device * -T:b'
done
must 'func storm_once +T:a'
[ "$(trace a | wc -l)" -gt 100 ] || fail "no storm"
[ "$(trace b | wc -l)" -gt 100 ] || fail "no storm in b"
! trace a | grep -v 'LOST EVENTS' | grep -v ' \(storm\|dyndbg_test minor=-1: storm device\) [0-9]*$' | grep -v 'storm_once -: storm [0-9]*$' ||
	fail "garbage in the records"
rmmod dyndbg_trace || fail "cannot unload under load"
echo 0 >/sys/module/dyndbg_test/parameters/storm
[ "$(in_dmesg 'storm ')" = 0 ] || fail "$(in_dmesg 'storm ') messages reached the kernel log"
