#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a CPU goes and comes while messages fire and instances are opened: nothing is lost, sizes are kept
# requires: file:/sys/devices/system/cpu/cpu1/online program:taskset
# timeout: 180

. "$(dirname "$0")/../lib.sh"

cpu1=/sys/devices/system/cpu/cpu1/online
trap 'status=$?; echo 1 >$cpu1; clean_up || status=1; exit $status' EXIT
power() {
	echo "$1" >$cpu1 || fail "cpu1 cannot be switched to $1"
}
on_cpu1() {
	taskset -c 1 bash -c "echo '$1 $2' >/sys/module/dyndbg_test/parameters/fire" || fail "cannot fire on cpu1"
}
# size INSTANCE [CPU]: in KiB
size() {
	cat $instances/"$1"/per_cpu/"$2"/buffer_size_kb
}

load dyndbg_trace
load dyndbg_test
must 'open a size=1M; func fire_pr +T:a'
both=$(size a cpu1)
[ "$both" -gt 400 ] && [ "$both" -le 528 ] || fail "with two CPUs, size=1M is $both KiB each"

# What was recorded on a CPU that is gone stays, and what comes later comes on.
fire pr 100
on_cpu1 pr 100
power 0
expect 200 a 'pr message'
fire pr 100
expect 300 a 'pr message'
power 1
on_cpu1 pr 100
expect 400 a 'pr message'
[ "$(size a cpu0) $(size a cpu1)" = "$both $both" ] || fail "sizes became $(size a cpu0) and $(size a cpu1)"

# Opened on one CPU: all of it for that one, and as much for one that comes
power 0
must 'open b size=512K; func fire_pr +T:b'
one=$(size b cpu0)
[ "$one" -gt 400 ] && [ "$one" -le 528 ] || fail "with one CPU, size=512K is $one KiB"
power 1
fire pr 50
on_cpu1 pr 50
expect 100 b 'pr message'
total=$(cat $instances/b/buffer_total_size_kb)
echo "size=512K on one CPU: $one KiB, with the second one $total KiB"
[ "$total" -ge "$one" ] && [ "$total" -le $((2 * one)) ] || fail "$total KiB with two CPUs"
# The size holds for the CPUs that are there when it is said.
must 'func fire_pr -T:0; close b; open b size=512K'
total=$(cat $instances/b/buffer_total_size_kb)
[ "$total" -gt 400 ] && [ "$total" -le 528 ] || fail "opened with both CPUs, size=512K is $total KiB"

# A storm on all CPUs, one of them goes and comes, instances are opened and closed, and what is counted is all there.
echo 1 >/sys/module/dyndbg_test/parameters/storm
must 'open c size=2M; func fire_other +T:c; open s size=64K; func storm_once +T:s'
counter() {
	local i
	for ((i = 0; i < 40; i++)); do
		echo 'other 25' >/sys/module/dyndbg_test/parameters/fire
		sleep 0.02
	done
}
counter &
one=$!
counter &
two=$!
for round in $(seq 6); do
	power 0
	must "open d$round size=64K; module dyndbg_test device * +T:d$round"
	power 1
	must "device * -T:d$round; close d$round"
	rmdir $instances/d$round || fail "cannot remove d$round"
done
wait $one $two
echo 0 >/sys/module/dyndbg_test/parameters/storm
! grep -h '^overrun: [1-9]' $instances/c/per_cpu/cpu*/stats || fail "c is too small for this test"
expect 2000 c 'other message'
[ "$(records s 'storm ')" -gt 100 ] || fail "no storm"
[ "$(cat /sys/module/dyndbg_trace/parameters/dropped)" = 0 ] || fail "messages were dropped"
must 'func storm_once -T:0; close s; open s; func storm_once +T:s'

# Unloaded with a CPU gone
echo 1 >/sys/module/dyndbg_test/parameters/storm
power 0
rmmod dyndbg_trace || fail "cannot unload with a CPU gone"
power 1
echo 0 >/sys/module/dyndbg_test/parameters/storm
! grep . $kprobes || fail "a probe was left"
