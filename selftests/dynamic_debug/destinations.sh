#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: destinations: names, joining what exists, when close is refused, what stays
# timeout: 240

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test

# state NAME: what of the instance an open could change
state() {
	head -n 1 $instances/"$1"/buffer_total_size_kb $instances/"$1"/trace_clock
	trace "$1"
}

default_is() {
	tail -n 3 $control | grep -qx "#: Default trace destination: $1" || fail "the default is not $1: $2"
}

# Every character that a name may have makes 63.
all=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_
must "open $all; func fire_pr +T:$all"
fire pr
expect 1 $all 'pr message'
must "label $all -T:0; close $all; open 00; open _; close 00; close _"
rmdir $instances/$all $instances/00 $instances/_
for name in "x$all" a.b a/b a:b a-b "''" '"a b"' '$' $'\xe4' '*'; do
	refused 'Invalid' "open $name"
	[ -z "$(ls $instances)" ] || fail "'open $name' left $(ls $instances)"
done

# Joined as found: records, size, clock
mkdir $instances/old
echo global >$instances/old/trace_clock
echo 100 >$instances/old/buffer_size_kb
echo 'kept' >$instances/old/trace_marker
state old >"$tmp/old"
must 'open old'
state old | diff "$tmp/old" - || fail "joining changed something"

for bad in clock=sundial size=x size=0 'clock=boot size=1000000M'; do
	must 'close old'
	printf 'open old %s' "$bad" 2>/dev/null >$control && fail "not refused: $bad"
	state old | diff "$tmp/old" - || fail "a refused open ($bad) changed something"
	must 'open old'
done
# Open already: only the default is set
must 'open other; open old size=2M clock=boot'
state old | diff "$tmp/old" - || fail "opening what is open changed something"
default_is old "it was opened again"
must 'close old; close other'
# Said: done
must 'open old size=512K'
total=$(cat $instances/old/buffer_total_size_kb)
[ "$total" -gt 400 ] && [ "$total" -le 528 ] || fail "size=512K made $total KiB in all of an old instance"
grep -q '\[global\]' $instances/old/trace_clock || fail "size= changed the clock"
must 'close old; open old clock=boot'
grep -q '\[boot\]' $instances/old/trace_clock || fail "clock= is ignored on an old instance"
must 'close old'
rmdir $instances/old

# All clocks that there are, and sizes in bytes, K and M
must 'open c'
for clock in $(tr -d '[]' <$instances/c/trace_clock); do
	must "close c; open c clock=$clock"
	grep -qF "[$clock]" $instances/c/trace_clock || fail "clock=$clock is ignored"
done
while read -r size least most; do
	must "close c; open c size=$size"
	total=$(cat $instances/c/buffer_total_size_kb)
	[ "$total" -ge "$least" ] && [ "$total" -le "$most" ] || fail "size=$size made $total KiB"
done <<-E
	300000 280 320
	2M 2040 2080
	300K 290 330
E
must 'close c'

# When close is refused, and what it leaves
must 'open a'
default_is a "it was opened"
must 'open b'
must 'close a'
default_is b "another was closed"
must 'close b'
default_is 0 "it was closed"
refused 'No such' 'close b'
must 'open a; open b; func fire_pr =:a'
refused 'busy' 'close a'
must 'func fire_pr +T'
refused 'busy' 'close a'
fire pr 3
must 'func fire_pr -T'
refused 'busy' 'close a'
must 'func fire_pr =:b; close a'
refused 'busy' 'close b'
must 'func fire_pr -:0; close b; open b; open a; func fire_pr device nosuch +T:b'
refused 'busy' 'close b'
rmdir $instances/b 2>/dev/null && fail "an open destination's instance can be removed"
must 'device * -T:b; close b; func fire_pr device * +T:a'
refused 'busy' 'close a'
must 'func fire_pr device * -T:a; close a'
expect 3 a 'pr message'
must 'open a; func fire_pr +T:a'
fire pr 2
expect 5 a 'pr message'
rmdir $instances/a 2>/dev/null && fail "an open destination's instance can be removed"
must 'func fire_pr -T:0; close a'
expect 5 a 'pr message'
rmdir $instances/a $instances/b || fail "a closed destination's instance cannot be removed"

# At the limit
for i in $(seq 63); do echo "open d$i size=16K"; done >"$tmp/all"
dd if="$tmp/all" of=$control bs=8192 2>/dev/null || fail "63 destinations are refused"
mkdir $instances/there
refused 'No space' 'open d64'
refused 'No space' 'open there'
[ ! -d $instances/d64 ] || fail "a refused open left an instance"
must 'open 0'
default_is 0 "open 0 at the limit"
must 'open d1; close d7; open there'
refused 'No space' 'open d7'
sed 's/open/close/; s/ size.*//; /d7$/d' "$tmp/all" >"$tmp/none"
dd if="$tmp/none" of=$control bs=8192 2>/dev/null || fail "cannot close all"
must 'close there'
