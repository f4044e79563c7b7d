#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: d records the stack where it would be printed, and prints it only with p

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
if ! ddcmd 'module dyndbg_test func fire_pr +d' 2>/dev/null; then
	refused 'nvalid' 'module dyndbg_test func fire_pr +Td:0'
	skip "this kernel has no d"
fi
must 'module dyndbg_test func fire_pr =_; open a; module dyndbg_test func fire_pr +Td:a'
expect_flags =T:a.d '[dyndbg_test]fire_pr'
mark_dmesg
fire pr 2
expect 2 a 'pr message'
expect 2 a 'stack: fire_pr+'
trace a | grep 'stack:' | grep -q 'fire_pr+0x[0-9a-f]*/0x[0-9a-f]* \[dyndbg_test\] <= fire_set+' ||
	fail "the stack does not begin at the caller: $(trace a | grep stack: | head -n 1)"
trace a | grep -A 1 'pr message 0' | grep -q 'stack:' || fail "the stack does not follow its message"
[ "$(in_dmesg 'Call Trace')" = 0 ] || fail "a stack without p reached the kernel log"
must 'module dyndbg_test func fire_pr +p'
fire pr 1
expect 3 a 'stack: fire_pr+'
[ "$(in_dmesg 'Call Trace')" = 1 ] || fail "p and d do not print the stack"
must 'module dyndbg_test func fire_pr -T'
fire pr 1
expect 3 a 'stack:'
[ "$(in_dmesg 'Call Trace')" = 2 ] || fail "p and d without T do not print the stack"
must 'module dyndbg_test func fire_hex =Td:a'
: >$instances/a/trace
fire hex
expect 3 a 'hex message: '
