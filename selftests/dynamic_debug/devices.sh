#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: dev_dbg and netdev_dbg name their device, and a missing one

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
must 'open a; module dyndbg_test =T:a'
mark_dmesg
fire dev 2
fire net 2
fire nodev 2
for kind in ' dev' ' net' ' nodev'; do expect 2 a "$kind message"; done
trace a | grep -q 'devdbg: .* dyndbg_test minor=-1: dev message 0' || fail "dev_dbg names no device"
trace a | grep -q 'devdbg: .* dyndbg_test minor=-1: ddtest0: net message 1' ||
	fail "netdev_dbg names not its parent and itself"
trace a | grep -q 'prdbg: .*(NULL device \*): nodev message 1' || fail "a NULL device is not said"
[ "$(in_dmesg message)" = 0 ] || fail "T without p reached the kernel log"

# What is printed is what the stock kernel prints, to the letter.
printed() {
	mark_dmesg
	fire dev 1
	fire net 1
	fire nodev 1
	# An emulated guest on a busy machine has something to say about its timer, too.
	dmesg | sed "1,/$dmesg_mark/d" | sed 's/^\[[^]]*\] //' | grep -v '^hrtimer: interrupt took'
}
must 'module dyndbg_test =pT:a.mf'
printed >"$tmp/ours"
must 'module dyndbg_test -T:0'
rmmod dyndbg_trace || fail "cannot unload"
printed >"$tmp/stock"
diff "$tmp/stock" "$tmp/ours" || fail "the kernel log differs from the stock one"
[ "$(grep -c message "$tmp/stock")" = 3 ] || fail "the stock kernel prints not three messages"
