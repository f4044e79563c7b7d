#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a bad query changes nothing, does not stop the later ones, and is named in the kernel log

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
must 'open a'
pr='[dyndbg_test]fire_pr'
# command~text that the kernel log must have
while IFS='~' read -r cmd text; do
	mark_dmesg
	refused 'Invalid' "$cmd"
	[ "$(in_dmesg "$text")" -ge 1 ] || fail "'$cmd' is refused without saying '$text'"
done <<-'E'
	func fire_pr~bad flag-op
	func fire_pr +x~unknown flag 'x'
	func fire_pr +p-T~unknown flag '-'
	funk fire_pr +T:a~unknown keyword "funk"
	func fire_pr func fire_dev +T:a~overridden by "fire_dev"
	func +T:a~expecting pairs
	func fire_pr line 9-3 +T:a~last-line:3 < 1st-line:9
	func fire_pr line x +T:a~bad line-number: x
	func "fire_pr +T:a~unclosed quote
	func fire_pr +T:b~not open
	func fire_pr +T:b-c~bad destination name "b-c"
	func fire_pr device drm:0 +p~takes only T:NAME
	func fire_pr device drm:0 +T~takes only T:NAME
	func fire_pr device drm:0 +T:b~not open
	func fire_pr device drm:0 label a +T:a~takes no label
	module a func b file c line 1 class d format e label f device g x y +T:a~too many words
E
ddcmd "func fire_pr +x; func fire_pr +T:a" 2>/dev/null && fail "a batch with a bad query succeeds"
expect_flags =T:a "$pr"
fire pr
expect 1 a 'pr message'

# 4095 bytes are a batch, 4096 are none
must 'func fire_pr =_'
printf '%4080sfunc fire_pr +m' '' >"$tmp/fits"
printf '%4081sfunc fire_pr +m' '' >"$tmp/long"
[ "$(stat -c %s "$tmp/fits")" = 4095 ] || fail "the test cannot count"
dd if="$tmp/long" of=$control bs=8192 2>"$tmp/err" && fail "4096 bytes are accepted"
grep -q 'too long' "$tmp/err" || fail "4096 bytes: $(cat "$tmp/err")"
expect_flags '=:a' "$pr"
dd if="$tmp/fits" of=$control bs=8192 2>"$tmp/err" || fail "4095 bytes are refused"
expect_flags '=:a.m' "$pr"
