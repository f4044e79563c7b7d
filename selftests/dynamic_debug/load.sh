#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: loading adds only the trailer to the listing, unloading takes it away

. "$(dirname "$0")/../lib.sh"

cat $control >"$tmp/before"
load dyndbg_trace
cat $control >"$tmp/with"
diff "$tmp/before" <(grep -v '^#:' "$tmp/with") || fail "the stock lines differ"
tail -n 3 "$tmp/with" >"$tmp/trailer"
diff - "$tmp/trailer" <<-E || fail "the trailer differs"
	#: Default trace destination: 0
	#: Opened trace instances:
	#: Routes: 0
E
redirected ddebug_exec_queries || fail "the control file is not redirected: this test sees nothing"
! redirected __dynamic_pr_debug || fail "print functions are redirected though nothing is recorded"
must 'open a; file drivers/base/* +pT:a.mf; module kobject* +T'
redirected __dynamic_pr_debug || fail "print functions are not redirected: this test sees nothing"
rmmod dyndbg_trace || fail "cannot unload with a destination open and sites recording"
cat $control >"$tmp/after"
sed 's/^\(drivers.base.*\) =pmf /\1 =_ /' "$tmp/after" >"$tmp/stripped"
diff "$tmp/before" "$tmp/stripped" || fail "unloading left something"
grep -q ' =pmf ' "$tmp/after" || fail "unloading took p and the prefix flags away, which are stock"
ddcmd 'file drivers/base/* =_'
cat $control >"$tmp/after"
diff "$tmp/before" "$tmp/after" || fail "flags cannot be reset after unloading"
! grep . $kprobes || fail "a probe was left"

# Keys, which no listing shows: a site that was only recorded says nothing any more, one with p does.
load dyndbg_trace
load dyndbg_test
must 'open a; func fire_pr +T:a; func fire_other +pT:a; func fire_dev =:a; module dyndbg_test device * +T:a'
rmmod dyndbg_trace || fail "cannot unload"
mark_dmesg
for kind in pr other dev net; do fire $kind 2; done
[ "$(in_dmesg 'pr message')" = 0 ] || fail "a key was left on"
[ "$(in_dmesg 'dev message')$(in_dmesg 'net message')" = 00 ] || fail "a routed site's key was left on"
[ "$(in_dmesg 'other message')" = 2 ] || fail "a key with p was turned off"
load dyndbg_trace
expect_flags =p '[dyndbg_test]fire_other'
expect_flags =_ '[dyndbg_test]fire_pr'
