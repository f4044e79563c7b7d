#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: our module goes and comes while its records and its list of sites are being read: right, lost or gone, never anything else
# timeout: 600

. "$(dirname "$0")/../lib.sh"

load dyndbg_test
# Not through cat's buffer: read again and again from the middle of it, as a slow reader does
reader() {
	while :; do
		cat "$1"
		sleep 0.0$((RANDOM % 5))
	done >>"$2" 2>/dev/null
}
# What trace_pipe takes out of one instance the other still has when our module goes.
for i in a b; do
	mkdir $instances/$i || fail "cannot make an instance"
	echo 64 >$instances/$i/buffer_size_kb # now, for it cannot be changed while somebody reads
done
: >"$tmp/trace"
: >"$tmp/sites"
reader $instances/a/trace "$tmp/trace" &
reader $instances/a/trace "$tmp/trace" &
reader /proc/dynamic_debug/sites "$tmp/sites" &
cat $instances/b/trace_pipe >"$tmp/pipe" &

rounds=$((6 / DDR_SLOW + 2))
for ((round = 0; round < rounds; round++)); do
	load dyndbg_trace
	must 'open b; open a; module dyndbg_test +T:a; module dyndbg_test func fire_dev =T:a.mflt; module dyndbg_test device * +T:b'
	for _ in 1 2 3; do
		fire pr 200
		fire dev 200
		fire ptr 100
		sleep 0.1
	done
	for _ in {1..20}; do
		rmmod dyndbg_trace 2>"$tmp/said" && break
		sleep 0.1 # whoever opens a file of ours holds us for a moment
	done
	[ ! -d /sys/module/dyndbg_trace ] || fail "round $round: $(cat "$tmp/said")"
	[ ! -e /proc/dynamic_debug/sites ] || fail "round $round: the list of sites is still there"
	! grep 'dbg:' $instances/a/trace || fail "round $round: records are there without what they mean"
done
end_jobs
sleep 1 # what the readers' shells had begun

# Anything else is the text of something that was freed, or of another site.
known='\[dyndbg_test\]fire_(pr -: pr message [0-9]+|ptr -: ptr message [0-9]+ (\(ptrval\)|\(____ptrval____\)|[0-9a-f]{16})'
known+='|dev - dyndbg_test minor=-1: \[[0-9]+\] dyndbg_test:fire_dev:[0-9]+: dev message [0-9]+)$'
lost='\[\?\]\? -( [^ ]+ minor=-?[0-9]+)?: .*\(lost: site 0x[0-9a-f]{8} is not known\)$'
n=$(cat "$tmp/trace" "$tmp/pipe" | grep -cE "dbg: $known")
[ "$n" -gt 1000 ] || fail "the readers saw but $n records"
if cat "$tmp/trace" "$tmp/pipe" | grep -a 'dbg:' | grep -avE "dbg: ($known|$lost)" | head -n 5 | grep -a .; then
	fail "that is no record"
fi
grep -qE '^site 0x[0-9a-f]{8} "-" "dyndbg_test" "fire_pr" ".*dyndbg_test.c" [0-9]+ "pr message %d\\n"$' "$tmp/sites" ||
	fail "the list of sites has no fire_pr"
if grep -avE '^(# dyndbg sites 1|site 0x[0-9a-f]{8}( "[^"]*"){4} [0-9]+ "[^"]*"|device [0-9]+ "[^"]*")$' "$tmp/sites" | head -n 5 | grep -a .; then
	fail "that is no site"
fi
echo "# $n records read while $rounds unloads went on, $(cat "$tmp/trace" "$tmp/pipe" | grep -ac '(lost: ') lost"
echo "ok 1 right, lost or gone"
