#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: our modules go while the control file is read, written and hammered, modules load and messages fire; all is as stock after
# requires: drm program:modetest module:dyndbg_test_ib
# timeout: 240

. "$(dirname "$0")/../lib.sh"

hooked() {
	grep -E 'dyndbg|drm_|DIRECT|IPMODIFY| I ' $tracing/enabled_functions
}

load dyndbg_test
load dyndbg_test_ib
rmmod dyndbg_test_ib # what it needs stays
hooked >"$tmp/hooked"
cat $control >"$tmp/stock"
n=$(wc -l <"$tmp/stock")

up() {
	load dyndbg_trace
	load dyndbg_drm
}
down() {
	local i
	# Whoever opens the file of one of our parameters or is about to be given our symbols holds us for a moment.
	for i in dyndbg_drm dyndbg_trace; do
		[ ! -d /sys/module/$i ] || rmmod $i || fail "cannot unload $i"
	done
}
# is_stock WHEN: nothing of ours is left
is_stock() {
	diff "$tmp/stock" $control >"$tmp/diff" || fail "$1: the listing differs: $(head -n 6 "$tmp/diff")"
	! grep . $kprobes || fail "$1: a probe was left"
	hooked | diff "$tmp/hooked" - || fail "$1: a hook was left"
}

# Read in the middle of the stock lines, of the lines at the end, and to the end of all
for part in 100 4096 $(($(wc -c <"$tmp/stock") - 200)) rest; do
	up
	must 'open a; func fire_pr =:a; class DRM_UT_KMS device * +T:a'
	kms "$(card_of virtio_gpu)"
	must 'func fire_pr -T:0; device * -T:a; close a'
	cat $control >"$tmp/with"
	[ $part != rest ] || part=$(($(wc -c <"$tmp/with") - 20))
	exec 5<$control 6>$control 7<$control
	head -c "$part" <&5 >"$tmp/read"
	head -c 1 <&7 >/dev/null
	down
	cat <&5 >>"$tmp/read"
	exec 5<&-
	# What had been read stands, and what comes after is stock; the piece at hand may hold some of ours.
	head -n "$n" "$tmp/read" | diff "$tmp/stock" - >"$tmp/diff" ||
		fail "unloaded after $part bytes, the reader got: $(head -n 6 "$tmp/diff")"
	sed "1,${n}d" "$tmp/read" | grep -v '^-:0 \|^#: ' >"$tmp/more" && fail "after the stock lines comes $(head -n 3 "$tmp/more")"
	is_stock "unloaded after $part bytes were read"
	echo 'func fire_pr +p' >&6 || fail "a control file open for writing is no good after unloading"
	expect_flags "=p" '[dyndbg_test]fire_pr'
	echo 'func fire_pr -p' >&6
	echo 'func fire_pr +T' 2>/dev/null >&6 && fail "after unloading, T is still accepted"
	exec 6>&- 7<&-
done

# Everything at a time, on each CPU. What is refused while we are not there is nobody's fault.
# Each ends by itself once the file is gone, and leaves nothing half done.
go=$tmp/go
queries() {
	while [ -e "$go" ]; do
		echo 'module kobject +p; module kobject -p'
		echo 'open a size=64K; module dyndbg_test +T:a; func storm_once device * +T:a; module dyndbg_test -T:0'
		echo 'device * -T:a; close a'
	done >$control
}
hammer() {
	while [ -e "$go" ]; do queries; done 2>/dev/null
}
readers() {
	while [ -e "$go" ]; do cat $control; done >/dev/null 2>&1
}
loader() {
	while [ -e "$go" ]; do
		modprobe dyndbg_test_ib dyndbg=+T:a
		rmmod dyndbg_test_ib
	done 2>/dev/null
}
mark_dmesg
echo 1 >/sys/module/dyndbg_test/parameters/storm
for who in hammer readers loader "hammer readers loader" "readers hammer loader"; do
	up
	ddcmd 'open a size=64K; func storm_once +T:a' 2>/dev/null
	: >"$go"
	for what in $who; do $what & done
	sleep 0.5
	down
	sleep 0.2
	rm "$go"
	wait
	ddcmd 'module kobject -p'
	is_stock "unloaded against $who"
done
echo 0 >/sys/module/dyndbg_test/parameters/storm

# Keys, which no listing shows
for kind in pr other dev net; do fire $kind 2; done
[ "$(in_dmesg 'message')" = 0 ] || fail "a key was left on, $(in_dmesg message) messages were printed"
[ "$(in_dmesg 'storm ')" = 0 ] || fail "$(in_dmesg 'storm ') messages of the storm reached the kernel log"
