#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: network devices that are none or unregistered, rate-limited and once-only messages: recorded, and printed as stock

. "$(dirname "$0")/../lib.sh"

# The limit of network messages is one for the whole machine, and may be reached by others.
cost=$(cat /proc/sys/net/core/message_cost)
trap 'status=$?; echo $cost >/proc/sys/net/core/message_cost; clean_up || status=1; exit $status' EXIT
echo 0 >/proc/sys/net/core/message_cost

kinds="nodev null_net unreg_net rated_pr rated_dev rated_net single_dev"

# A message that comes once comes once for each loading of its module, so each run has one of its own.
# run QUERY: what the kernel log gets, without the times
run() {
	local kind
	load dyndbg_test
	must "$1"
	mark_dmesg
	for kind in $kinds; do
		fire "$kind" 3
	done
	dmesg | sed "1,/$dmesg_mark/d" | sed 's/^\[[^]]*\] //' | grep message
	must 'module dyndbg_test =_'
	rmmod dyndbg_test || fail "cannot unload dyndbg_test"
}

for flags in p pmfl; do
	run "module dyndbg_test =$flags" >"$tmp/stock.$flags"
	[ "$(wc -l <"$tmp/stock.$flags")" = 19 ] || fail "the stock kernel prints not 19 messages: $(cat "$tmp/stock.$flags")"
done

load dyndbg_trace
must 'open a'
for flags in p pmfl; do
	: >$instances/a/trace
	run "module dyndbg_test =T$flags" >"$tmp/ours.$flags"
	diff "$tmp/stock.$flags" "$tmp/ours.$flags" || fail "with =T$flags the kernel log differs from the stock one"
done
must 'open b'
run 'module dyndbg_test =T' >"$tmp/printed"
! grep . "$tmp/printed" || fail "T without p reached the kernel log"

trace b | sed -n 's/^.*\(\(prdbg\|devdbg\): .*message\)/\1/p' >"$tmp/recorded"
{
	for i in 0 1 2; do echo "prdbg: [dyndbg_test]fire_nodev -: (NULL device *): nodev message $i"; done
	for i in 0 1 2; do echo "prdbg: [dyndbg_test]fire_null_net -: (NULL net_device): null net message $i"; done
	echo "prdbg: [dyndbg_test]fire_unreg_net -: (unnamed net_device): unreg net message 0"
	for i in 1 2; do
		echo "devdbg: [dyndbg_test]fire_unreg_net - dyndbg_test minor=-1: (unnamed net_device): unreg net message $i"
	done
	for i in 0 1 2; do echo "prdbg: [dyndbg_test]fire_rated_pr -: rated pr message $i"; done
	for i in 0 1 2; do
		echo "devdbg: [dyndbg_test]fire_rated_dev - dyndbg_test minor=-1: rated dev message $i"
	done
	for i in 0 1 2; do echo "prdbg: [dyndbg_test]fire_rated_net -: rated net message $i"; done
	echo "devdbg: [dyndbg_test]fire_single_dev - dyndbg_test minor=-1: single dev message 0"
} | diff - "$tmp/recorded" || fail "that is not what ought to be recorded"

# What is above the limit is neither printed nor recorded.
load dyndbg_test
must 'module dyndbg_test =T:b'
: >$instances/b/trace
mark_dmesg
fire rated_pr 30
fire rated_dev 30
expect 10 b 'rated pr message'
expect 10 b 'rated dev message'
[ "$(in_dmesg 'rated pr message')$(in_dmesg 'rated dev message')" = 00 ] || fail "T without p reached the kernel log"
