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
