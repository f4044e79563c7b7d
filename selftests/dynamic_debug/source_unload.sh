#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a module goes while its sites have T: records stay readable, labels are given up, it comes back stock, routes stand
# timeout: 180

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
must 'open b size=64K; module dyndbg_test device * +T:b'
mark_dmesg
for round in 1 2 3; do
	must 'open a size=64K'
	load dyndbg_test
	expect_flags "=_" '[dyndbg_test]'
	must 'module dyndbg_test =T:a.mf; open 0'
	: >$instances/a/trace
	: >$instances/b/trace
	fire pr 3
	fire dev 3
	fire net 3
	expect 3 a '[dyndbg_test]fire_pr -: dyndbg_test:fire_pr: pr message'
	expect 3 a '[dyndbg_test]fire_dev - dyndbg_test minor=-1: dyndbg_test:fire_dev: dev message'
	expect 3 a '[dyndbg_test]fire_net - dyndbg_test minor=-1: dyndbg_test:fire_net: ddtest0: net message'
	trace a >"$tmp/a"
	trace b >"$tmp/b"
	refused 'busy' 'close a'
	rmmod dyndbg_test || fail "round $round: a module whose sites have T cannot be unloaded"
	# Something else where it was
	load dyndbg_test_many
	for i in a b; do
		trace $i | head -n "$(wc -l <"$tmp/$i")" | diff "$tmp/$i" - >"$tmp/diff" ||
			fail "round $round: records of $i changed with the module gone: $(head -n 4 "$tmp/diff")"
		expect 1 $i 'exit message'
	done
	rmmod dyndbg_test_many
	[ "$(grep -c '\[dyndbg_test\]' $control)" = 0 ] || fail "round $round: sites of a module that is gone are listed"
	must 'close a'
	expect 3 a 'dyndbg_test:fire_dev: dev message'

	load dyndbg_test
	expect_flags "=_" '[dyndbg_test]'
	expect 1 b 'init message' # the one of now; the first was cleared
	[ "$(listed '[dyndbg_test]fire_pr' | grep -c ' routes:b$')" = 1 ] || fail "round $round: no route after it came back"
	fire pr 2
	expect 5 b ' pr message'
	expect 3 a ' pr message'
	rmmod dyndbg_test || fail "round $round: a routed module cannot be unloaded"
done

# While its messages fire on both CPUs, from its threads until it ends those in its exit function, and through its parameter
# for as long as that is there
hammer() {
	while :; do
		echo 'pr 5' >/sys/module/dyndbg_test/parameters/fire
		sleep 0.005 # or the ring holds nothing else
	done 2>/dev/null
}
must 'open a'
for round in 1 2 3; do
	load dyndbg_test 'dyndbg=+T:a'
	: >$instances/a/trace
	: >$instances/b/trace
	echo 1 >/sys/module/dyndbg_test/parameters/storm
	hammer &
	sleep 0.3
	rmmod dyndbg_test || fail "round $round: cannot unload a module that fires"
	for i in a b; do trace $i >"$tmp/$i"; done
	must 'close a'
	load dyndbg_test
	expect_flags "=_" '[dyndbg_test]storm_once'
	: >$instances/b/trace
	for _ in $(seq 50); do
		[ "$(records b ' pr message')" = 0 ] || break
		sleep 0.1
	done
	end_jobs
	[ "$(records b ' pr message')" -gt 0 ] || fail "round $round: the route does not hold for the module come back"
	rmmod dyndbg_test
	for i in a b; do
		[ "$(grep -c 'storm_once -: storm [0-9]*$' "$tmp/$i")" -gt 20 ] || fail "round $round: no storm in $i"
		grep -q '\[dyndbg_test\]dyndbg_test_exit -: exit message$' "$tmp/$i" || fail "round $round: no last message in $i"
		! grep -v 'LOST EVENTS' "$tmp/$i" | grep -vE '(prdbg: \[dyndbg_test\][a-z_]* -|devdbg: \[dyndbg_test\][a-z_]* - dyndbg_test minor=-1): .' ||
			fail "round $round: garbage in the records of $i"
	done
	must 'open a'
done
[ "$(cat /sys/module/dyndbg_trace/parameters/dropped)" = 0 ] || fail "messages were dropped"
must 'device * -T:b; close a; close b'
! redirected __dynamic_pr_debug || fail "nothing is recorded and the hooks are still there"
[ "$(in_dmesg message)$(in_dmesg 'storm ')" = 00 ] ||
	fail "T without p: $(in_dmesg message) messages and $(in_dmesg 'storm ') of the storm reached the kernel log"
