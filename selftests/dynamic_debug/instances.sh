#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: instances removed, made and read by hand, before, during and after they are destinations
# timeout: 180

. "$(dirname "$0")/../lib.sh"

# cannot_remove NAME: rmdir must say that it is busy
cannot_remove() {
	local said
	said=$(rmdir $instances/"$1" 2>&1) && fail "$1 can be removed"
	case $said in
	*busy*)	;;
	*)	fail "rmdir of $1 says '$said'" ;;
	esac
}

load dyndbg_trace
load dyndbg_test
must 'open a size=256K; module dyndbg_test +T:a'
fire pr 3
cannot_remove a
must 'module dyndbg_test -T:0'
cannot_remove a
must 'module dyndbg_test device * +T:a'
cannot_remove a
must 'module dyndbg_test device * -T:a; close a'
expect 3 a 'pr message'
rmdir $instances/a || fail "a closed destination's instance cannot be removed"
must 'open a; func fire_pr +T:a'
fire pr 2
expect 2 a 'pr message'
must 'func fire_pr -T:0; close a'
rmdir $instances/a

# Made by hand
mkdir $instances/hand
echo 64 >$instances/hand/buffer_size_kb
size=$(cat $instances/hand/buffer_size_kb)
echo boot >$instances/hand/trace_clock
echo 'by hand' >$instances/hand/trace_marker
must 'open hand; func fire_pr +T:hand'
fire pr 2
[ "$(cat $instances/hand/buffer_size_kb)" = "$size" ] || fail "joining changed the size"
grep -q '\[boot\]' $instances/hand/trace_clock || fail "joining changed the clock"
expect 1 hand 'by hand'
expect 2 hand 'pr message'
cannot_remove hand
echo 'by hand, too' >$instances/hand/trace_marker
must 'func fire_pr -T:0; close hand; open hand; func fire_pr +T:hand'
fire pr 2
expect 2 hand 'by hand'
expect 4 hand 'pr message'
must 'func fire_pr -T:0; close hand'
[ "$(cat $instances/hand/events/dyndbg/enable)" = 0 ] || fail "close leaves our events on"
rmdir $instances/hand || fail "what was made by hand cannot be removed by hand"

# All gone between close and open
for round in 1 2 3; do
	for i in a b c d; do must "open $i size=64K; func fire_pr device * +T:$i"; done
	must 'func fire_pr =T:b'
	fire pr 2
	for i in a b c d; do
		expect 2 $i 'pr message'
		cannot_remove $i
	done
	must 'func fire_pr =_; func fire_pr -T:0'
	for i in a b c d; do must "device * -T:$i; close $i"; done
	fire pr 2
	for i in a b c d; do
		expect 2 $i 'pr message'
		rmdir $instances/$i || fail "round $round: cannot remove $i"
	done
	tail -n 3 $control | grep -qx '#: Opened trace instances:' || fail "something is still open"
	refused 'Invalid' 'func fire_pr +T:a'
done

# A reader that stays over close
must 'open a; func fire_pr +T:a'
fire pr 2
exec 5<$instances/a/trace_pipe
must 'func fire_pr -T:0; close a'
timeout 1 cat <&5 >"$tmp/pipe"
[ "$(grep -c 'fire_pr -: pr message' "$tmp/pipe")" = 2 ] || fail "an open trace_pipe is empty after close: $(cat "$tmp/pipe")"
cannot_remove a
must 'open a; func fire_pr +T:a'
fire pr 3
timeout 1 cat <&5 >"$tmp/pipe"
[ "$(grep -c 'fire_pr -: pr message' "$tmp/pipe")" = 3 ] || fail "an open trace_pipe is empty after close and open"
fire pr 4
must 'func fire_pr -T:0; close a'
exec 6<$instances/a/trace
exec 5<&-
cannot_remove a
# A buffer that is being read keeps its size, and what cannot be opened as said is not opened.
ddcmd 'open a size=2M' 2>"$tmp/said" && fail "a buffer that is being read gets another size"
grep -q 'busy\|Cannot allocate' "$tmp/said" || fail "opening a buffer that is being read: $(cat "$tmp/said")" # up to 6.1 the latter
tail -n 3 $control | grep -qx '#: Opened trace instances:' || fail "a refused open leaves it open"
must 'open a; func fire_pr +T:a'
[ "$(grep -c 'pr message' <&6)" = 4 ] || fail "an open trace file does not show what was recorded before close"
exec 6<&-
must 'func fire_pr -T:0; close a; open a size=2M; close a'
rmdir $instances/a || fail "cannot remove what nobody reads any more"

# Somebody makes and removes it all the time
{ while :; do rmdir $instances/a; mkdir $instances/a; done; } 2>/dev/null &
for round in $(seq 25); do
	must 'open a size=64K; func fire_pr +T:a'
	: >$instances/a/trace
	fire pr 2
	expect 2 a 'pr message'
	must 'func fire_pr -T:0; close a'
done
end_jobs
