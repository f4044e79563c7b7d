#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: ibdev_dbg names its device, is recorded by T, printed by p only, and as stock
# requires: module:dyndbg_test_ib

. "$(dirname "$0")/../lib.sh"

load dyndbg_test_ib
fire_ib() {
	echo "$1 ${2:-1}" >/sys/module/dyndbg_test_ib/parameters/fire || fail "cannot fire $1"
}
printed() {
	local kind
	mark_dmesg
	for kind in ib alone null; do fire_ib $kind 2; done
	fire_ib rated 1 # ten in five seconds may pass, and this comes seven times
	dmesg | sed "1,/$dmesg_mark/d" | sed 's/^\[[^]]*\] //'
}
for flags in p pmfl; do
	must "module dyndbg_test_ib =$flags"
	printed >"$tmp/stock.$flags"
	[ "$(grep -c message "$tmp/stock.$flags")" = 7 ] || fail "the stock kernel prints not seven messages"
done
must 'module dyndbg_test_ib =_'

load dyndbg_trace
must 'open a; module dyndbg_test_ib =T:a'
redirected __dynamic_ibdev_dbg || fail "ibdev_dbg is not redirected"
printed >"$tmp/printed"
! grep . "$tmp/printed" || fail "T without p reached the kernel log"
trace a | sed -n 's/^.*\(\(prdbg\|devdbg\): .*message\)/\1/p' >"$tmp/recorded"
{
	dev='devdbg: [dyndbg_test_ib]fire_set - dyndbg_test_ib minor=-1:'
	pr='prdbg: [dyndbg_test_ib]fire_set -:'
	for i in 0 1; do echo "$dev ddib0: ib message $i"; done
	for i in 0 1; do echo "$pr ddib1: alone ib message $i"; done
	for i in 0 1; do echo "$pr (NULL ib_device): null ib message $i"; done
	echo "$dev ddib0: rated ib message 0"
} | diff - "$tmp/recorded" || fail "that is not what ought to be recorded"

for flags in p pmfl; do
	must "module dyndbg_test_ib =T$flags:a"
	printed >"$tmp/ours.$flags"
	diff "$tmp/stock.$flags" "$tmp/ours.$flags" || fail "with =T$flags the kernel log differs from the stock one"
done
must 'module dyndbg_test_ib =p:a'
: >$instances/a/trace
printed >"$tmp/ours.p"
diff "$tmp/stock.p" "$tmp/ours.p" || fail "with p alone the kernel log differs from the stock one"
expect 0 a message

# By a route for the device, which is the parent
must 'module dyndbg_test_ib =_; module dyndbg_test_ib -T:0; open b; module dyndbg_test_ib device dyndbg_test_ib +T:b'
printed >"$tmp/printed"
! grep . "$tmp/printed" || fail "a routed message reached the kernel log"
expect 3 b 'ddib0: '
[ "$(trace b | wc -l)" = 3 ] || fail "a route for the device takes messages of others"

# Its module and InfiniBand's core gone, the records stand
rmmod dyndbg_test_ib || fail "cannot unload dyndbg_test_ib"
rmmod ib_core || fail "cannot unload ib_core"
expect 2 b 'devdbg: [dyndbg_test_ib]fire_set - dyndbg_test_ib minor=-1: ddib0: ib message'
