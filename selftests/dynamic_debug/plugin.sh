#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: raw buffers, read by trace-cmd with the plugin: the text that the kernel has
# requires: program:trace-cmd
# timeout: 180

. "$(dirname "$0")/../lib.sh"

# Of what is read: the records, each from its event's name on
texts() {
	sed -nE 's/^.*[0-9]: +((prdbg|devdbg):) */\1 /p'
}

# plugin_text FILE [OPTION...]
plugin_text() {
	local file=$1
	shift
	trace-cmd report "$@" "$file" 2>"$tmp/said" | texts
}

# same WANT HAVE: two files with texts
same() {
	[ -s "$1" ] || fail "there is no text in $1"
	diff "$1" "$2" || fail "$2 is not $1"
}

load dyndbg_trace
load dyndbg_test
must 'open a size=1M; module dyndbg_test +T:a'
fire pr 3
fire dev 3
fire nodev 2
fire net 2
fire long 2
fire hex 1
must 'module dyndbg_test =T:a.mflt'
fire pr 3
fire dev 2
fire long 1
# not every kernel has d
! ddcmd 'module dyndbg_test func fire_pr +d' 2>/dev/null || fire pr 1
must 'module dyndbg_test =_:0'

cat /proc/dynamic_debug/sites >"$tmp/sites" || fail "there is no list of sites"
trace a | texts >"$tmp/kernel"
(cd "$tmp" && trace-cmd extract -B a -o "$tmp/a.dat" >"$tmp/extract" 2>&1) ||
	fail "trace-cmd cannot read the buffer: $(cat "$tmp/extract")"

# By the list that is there, by the environment, by the option
plugin_text "$tmp/a.dat" >"$tmp/proc"
same "$tmp/kernel" "$tmp/proc"
! grep -q plugin_dyndbg "$tmp/said" || fail "the plugin says: $(cat "$tmp/said")"
must 'close a'
rmmod dyndbg_test dyndbg_trace || fail "cannot unload"
[ ! -e /proc/dynamic_debug/sites ] || fail "the list is there without the module"
DYNDBG_SITES=$tmp/sites plugin_text "$tmp/a.dat" >"$tmp/environment"
same "$tmp/kernel" "$tmp/environment"
plugin_text "$tmp/a.dat" -O "dyndbg:sites=$tmp/sites" >"$tmp/option"
same "$tmp/kernel" "$tmp/option"

# Without the list each is lost, and said to be
plugin_text "$tmp/a.dat" >"$tmp/lost"
[ "$(grep -c 'plugin_dyndbg: /proc/dynamic_debug/sites' "$tmp/said")" = 1 ] ||
	fail "a list that is not there is named not once: $(cat "$tmp/said")"
[ "$(grep -c '' "$tmp/lost")" = "$(grep -c '' "$tmp/kernel")" ] || fail "records are missing without the list"
grep -q ': \[?\]? -.*(lost: site 0x[0-9a-f]\{8\} is not known)' "$tmp/lost" || fail "no record is lost"

# Of a list that was cut, what is whole serves
head -c $(($(wc -c <"$tmp/sites") - 8)) "$tmp/sites" >"$tmp/cut"
plugin_text "$tmp/a.dat" -O "dyndbg:sites=$tmp/cut" >"$tmp/part"
line=$(grep -c '' "$tmp/sites")
[ "$(grep -c "cut:$line: " "$tmp/said")" = 1 ] || fail "the line that was cut is named not once: $(cat "$tmp/said")"
grep -q 'pr message' "$tmp/part" || fail "a list that was cut is of no use"
! cmp -s "$tmp/kernel" "$tmp/part" || fail "a site that is not on the list is not lost"
