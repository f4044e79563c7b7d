#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: open and close: sizes, clocks, names, defaults, and their errors

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
must 'open foo'
[ -d $instances/foo ] || fail "no instance"
grep -q '\[mono\]' $instances/foo/trace_clock || fail "the clock is not mono: $(cat $instances/foo/trace_clock)"
must 'open bar size=512K clock=boot'
grep -q '\[boot\]' $instances/bar/trace_clock || fail "clock= is ignored"
total=$(cat $instances/bar/buffer_total_size_kb)
[ "$total" -gt 400 ] && [ "$total" -le 528 ] || fail "size=512K made $total KiB in all"
tail -n 3 $control | grep -q 'destination: bar' || fail "the last one opened is not the default"
must 'open foo'
tail -n 3 $control | grep -q 'destination: foo' || fail "opening again does not set the default"
tail -n 3 $control | grep -q 'instances: foo bar' || fail "not both are listed"
must 'open 0'
tail -n 3 $control | grep -q 'destination: 0' || fail "open 0 does not reset the default"

rmdir $instances/foo 2>/dev/null && fail "an open destination's instance can be removed"
must 'close foo'
[ -d $instances/foo ] || fail "close removed the instance"
rmdir $instances/foo || fail "a closed destination's instance cannot be removed"
refused 'No such file' 'close foo'
refused 'No such file' 'close foo; open later'
[ ! -d $instances/later ] || fail "the batch went on after a failed close"
refused 'Invalid' 'close 0'
refused 'Invalid' 'open'
refused 'Invalid' 'open a-b'
refused 'Invalid' 'open ../x'
refused 'Invalid' 'open a size=x'
refused 'Invalid' 'open a size=0'
refused 'Invalid' 'open a clock=sundial'
refused 'Invalid' 'open a colour=red'
refused 'Invalid' 'open 0 size=3M'
[ ! -d $instances/a ] || fail "a refused open left an instance"
refused 'Cannot allocate' 'open a size=1000000M'
[ ! -d $instances/a ] || fail "an open that failed half way left an instance"
long=$(printf 'n%.0s' {1..63})
must "open $long"
refused 'Invalid' "open ${long}n"
must "close $long; open bar"
rmdir "$instances/$long"

# What exists is joined, with its records and its clock.
mkdir $instances/old
echo global >$instances/old/trace_clock
echo 'kept' >$instances/old/trace_marker
must 'open old'
grep -q kept $instances/old/trace || fail "joining threw records away"
grep -q '\[global\]' $instances/old/trace_clock || fail "joining changed the clock"
must 'close old; close bar'
