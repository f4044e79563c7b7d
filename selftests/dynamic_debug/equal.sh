#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a record's text is snprintf's: every conversion, flag and %p extension, every way in
# requires: module:dyndbg_equal
# timeout: 240

. "$(dirname "$0")/../lib.sh"
export LC_ALL=C

expected=/sys/kernel/debug/dyndbg_equal/expected
# Where a combination's text begins; "expected" and the trace have it in the same form.
mark='@[a-z]*:[a-z]*:[0-9]*[a-e]*|'

# fire_way WAY: all combinations, in an order that the trace keeps, for they are fired on one CPU
fire_way() {
	local m=dyndbg_equal
	case $1 in drm*) m=dyndbg_equal_drm ;; esac
	taskset -c 0 sh -c "echo '$1 1' >/sys/module/$m/parameters/fire" || fail "cannot fire $1"
}

# texts: what the trace says from the mark on, and the lines that a text goes on with
texts() {
	sed -n "/$mark/,\$p" "$instances/a/trace" | sed "s/^.* \($mark\)/\1/"
}

# same WHEN: are they what was expected? Says what was not.
same() {
	texts >"$tmp/texts"
	if ! cmp -s "$tmp/expected" "$tmp/texts"; then
		diff -a "$tmp/expected" "$tmp/texts" | cut -c 1-300 | cat -v | head -n 24
		fail "$1: $(diff -a "$tmp/expected" "$tmp/texts" | grep -ac '^<') lines are not snprintf's, < is"
	fi
}

load dyndbg_trace
ways="pr dev nodev"
load dyndbg_equal
must 'open a size=16M; module dyndbg_equal device * +T:a'
if [ -d /sys/class/drm ]; then
	load dyndbg_drm
	load dyndbg_equal_drm
	must 'module dyndbg_equal_drm class DRM_UT_KMS device * +T:a'
	ways="$ways drm drmnodev"
fi

# With time between: a site's first message may be recorded in another way than its later ones.
for _ in 1 2 3; do
	for way in $ways; do fire_way "$way"; done
	sleep 0.3
done
cat $expected >"$tmp/expected"
same "recorded"

for way in $ways; do
	marks=$(grep -ao "^@$way:[a-z]*:[0-9]*[a-e]*|" "$tmp/expected" | sort | uniq -c)
	n=$(echo "$marks" | wc -l)
	echo "# $n combinations by $way, $(echo "$marks" | awk '{ n += $1 } END { print n }') messages"
	[ "$n" -ge 400 ] || fail "$n combinations by $way, not 400"
done
[ "$(cat /sys/module/dyndbg_trace/parameters/dropped)" = 0 ] || fail "messages were dropped"

# The formats were the module's. It is gone, and with it all that its messages pointed at.
[ ! -d /sys/module/dyndbg_equal_drm ] || rmmod dyndbg_equal_drm
rmmod dyndbg_equal
same "after the module is gone"
# The figures stay with the result.
echo "ok 1 $(wc -l <"$tmp/expected") lines are what snprintf makes"
