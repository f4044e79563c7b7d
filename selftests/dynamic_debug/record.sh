#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: T records and does not print, p prints, both do both; fields, prefix, truncation

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
must 'open a; module dyndbg_test func fire_pr +T:a'
expect_flags =T:a '[dyndbg_test]fire_pr'
mark_dmesg
fire pr 5
expect 5 a 'pr message'
[ "$(in_dmesg 'pr message')" = 0 ] || fail "T without p reached the kernel log"

must 'module dyndbg_test func fire_pr +p'
expect_flags =pT:a '[dyndbg_test]fire_pr'
fire pr 3
expect 8 a 'pr message'
[ "$(in_dmesg 'pr message')" = 3 ] || fail "p and T do not both"

must 'module dyndbg_test func fire_pr -T'
expect_flags =p:a '[dyndbg_test]fire_pr'
fire pr 2
expect 8 a 'pr message'
[ "$(in_dmesg 'pr message')" = 5 ] || fail "p alone does not print"

must 'module dyndbg_test func fire_pr =T.mfl'
mark_dmesg
fire pr 1
trace a | tail -n 1 | grep -Eq '\[dyndbg_test\]fire_pr -: dyndbg_test:fire_pr:[0-9]+: pr message 0$' ||
	fail "no prefix in: $(trace a | tail -n 1)"
[ "$(in_dmesg 'pr message')" = 0 ] || fail "T with a prefix reached the kernel log"
must 'module dyndbg_test func fire_pr +p'
fire pr 1
[ "$(in_dmesg 'dyndbg_test:fire_pr:')" = 1 ] || fail "no prefix in the kernel log"

# Tools rely on the fields, not on the text.
events=$instances/a/events/dyndbg
for field in site args flags prefix; do
	grep -Eq "field:.*[ ]$field[;[]" $events/prdbg/format || fail "prdbg has no field $field"
done
for field in site args device minor flags prefix; do
	grep -Eq "field:.*[ ]$field[;[]" $events/devdbg/format || fail "devdbg has no field $field"
done
site=$(site_of fire_pr)
echo "site == $site" >$events/prdbg/filter || fail "the fields cannot be filtered on"
: >$instances/a/trace
fire pr 2
expect 2 a 'pr message'
echo "site == $((site ^ 1))" >$events/prdbg/filter
fire pr 2
expect 2 a 'pr message'
echo 0 >$events/prdbg/filter
echo 0 >$events/prdbg/enable
fire pr 2
expect 2 a 'pr message'
echo 1 >$events/prdbg/enable
fire pr 2
expect 4 a 'pr message'

# What is cut is marked and counted.
before=$(cat /sys/module/dyndbg_trace/parameters/truncated)
must 'module dyndbg_test func fire_long +T:a'
fire long 2
expect 2 a '[truncated]'
after=$(cat /sys/module/dyndbg_trace/parameters/truncated)
[ $((after - before)) = 2 ] || fail "truncated went from $before to $after"
[ "$(cat /sys/module/dyndbg_trace/parameters/dropped)" = 0 ] || fail "messages were dropped"

# Pointers are hashed; what a softirq says is recorded too.
must 'module dyndbg_test func fire_ptr +T:a'
fire ptr 1
trace a | grep 'ptr message' | grep -Eq ' 00000000[0-9a-f]{8}$|ptrval' || fail "a pointer is not hashed"
must 'module dyndbg_test func fire_pr =T:a'
: >$instances/a/trace
fire softirq 1
expect 1 a 'pr message'
must 'module dyndbg_test =_'
