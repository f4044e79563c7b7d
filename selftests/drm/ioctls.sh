#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: DRM's ioctls: begin and end of those that a route means, with drm's own names; nothing hooked for others; unloaded while 300 wait
# requires: drm:2

. "$(dirname "$0")/../lib.sh"

programs=../programs/build
a=$(card_of virtio_gpu) || fail "no virtio-gpu"
b=$(card_of bochs) || fail "no bochs"
file=/sys/module/dyndbg_drm/parameters
load dyndbg_trace
load dyndbg_drm

# hooked YES-OR-NO WHY
hooked() {
	local is=no
	! redirected drm_ioctl || is=yes
	[ $is = "$1" ] || fail "hooked: $is, $2"
}
# begins or ends, and what stands behind the name of the ioctl
lines() {
	trace t | sed -nE "s/^ *[^ ]+-([0-9]+) .* devdbg: .*\bDRM_[A-Z_]* [^ ]+ minor=([0-9]+): DRM_IOCTL_/\1 \2 /p"
}

hooked no "nothing is asked for"
must 'open t size=4M; open other'
for other in "class DRM_UT_KMS device drm:$a" "module virtio_gpu device *" "class DRM_UT_* device drm:$a"; do
	must "$other +T:other"
	hooked no "for '$other'"
	must 'device * -T:other'
done
# and the other way round
if [ -e "$file/way" ] && ! grep -q '^CONFIG_DRM_USE_DYNAMIC_DEBUG=y' "/boot/config-$(uname -r)"; then
	must "class DRM_IOCTL device drm:$a +T:other"
	hooked yes "for ioctls"
	[ "$(cat $file/way)" = none ] || fail "messages are hooked for ioctls: $(cat $file/way)"
	must 'device * -T:other'
fi
hooked no "nothing is asked for any more"
for other in "module dyndbg_drm device *" "class DRM_* device drm:$a" "device drm:$a"; do
	must "$other +T:other"
	hooked yes "for '$other'"
	must 'device * -T:other'
	hooked no "for '$other' was taken back"
done

# Atomic commits of one card
must "class DRM_IOCTL_ATOMIC device drm:$a +T:t; class DRM_UT_ATOMIC device drm:$a +T:other"
hooked yes "for atomic commits"
$programs/commits "$a" good source off >"$tmp/a" || fail "no commits: $(cat "$tmp/a")"
$programs/commits "$b" good >"$tmp/b" || fail "no commits: $(cat "$tmp/b")"
lines >"$tmp/lines"
pid=$(awk '$1 == "good" { print $2 }' "$tmp/a")
sed -nE "s/^$pid $a MODE_ATOMIC begins cmd=0xc03864bc node=$a client=([0-9]+) pid=$pid flags=0x400 objects=3$/\1/p" "$tmp/lines" >"$tmp/begins"
sed -nE "s/^$pid $a MODE_ATOMIC ends cmd=0xc03864bc node=$a client=([0-9]+) pid=$pid ret=(-?[0-9]+) ns=[1-9][0-9]+$/\1 \2/p" "$tmp/lines" >"$tmp/ends"
[ "$(wc -l <"$tmp/begins")" = 3 ] && [ "$(wc -l <"$tmp/lines")" = 6 ] || fail "not three begins and three ends: $(cat "$tmp/lines")"
[ "$(awk '{ print $2 }' "$tmp/ends" | tr '\n' ' ')" = "$(awk '{ print $3 ? -$3 : 0 }' "$tmp/a" | tr '\n' ' ')" ] ||
	fail "other results: $(cat "$tmp/lines" "$tmp/a")"
grep -q '^source [0-9]* 28$' "$tmp/a" || fail "a wrong source gives no ENOSPC: $(cat "$tmp/a")"
[ "$(cat "$tmp/begins" - <<<"$(cut -d' ' -f1 "$tmp/ends")" | sort -u | wc -l)" = 1 ] || fail "several clients: $(cat "$tmp/lines")"
# What drm says of the commit is said in between.
t0=$(trace t | sed -nE 's/^.* ([0-9]+\.[0-9]+): .* begins .*/\1/p' | sed -n 2p)
t1=$(trace t | sed -nE 's/^.* ([0-9]+\.[0-9]+): .* ends .*/\1/p' | sed -n 2p)
trace other | sed -nE 's/^.* ([0-9]+\.[0-9]+): .*(Invalid source|invalid source).*/\1/p' >"$tmp/reason"
awk -v t0="$t0" -v t1="$t1" '{ n += $1 >= t0 && $1 <= t1 } END { exit n != 1 }' "$tmp/reason" ||
	fail "the reason at '$(cat "$tmp/reason")' is not between $t0 and $t1"

# Of those that failed, and of nothing else
must "device * -T:t; class DRM_ATOMIC_FAILED device drm:$a +T:t"
hooked yes "for failed commits"
: >$instances/t/trace
$programs/commits "$a" good source test-source off source >"$tmp/a" || fail "no commits: $(cat "$tmp/a")"
grep -q '^test-source [0-9]* 28$' "$tmp/a" || fail "a test does not fail: $(cat "$tmp/a")"
pid=$(awk '$1 == "good" { print $2 }' "$tmp/a")
lines >"$tmp/lines"
[ "$(grep -cE "^$pid $a MODE_ATOMIC failed cmd=0xc03864bc node=$a client=[0-9]+ pid=$pid ret=-28 flags=0x400 objects=[0-9]+$" "$tmp/lines")" = 2 ] &&
	[ "$(wc -l <"$tmp/lines")" = 2 ] || fail "not the two that failed: $(cat "$tmp/a" "$tmp/lines")"
must "device * -T:t"

# To the kernel log as well, by p
mark_dmesg
must 'class DRM_IOCTL_ATOMIC +p'
$programs/commits "$a" good >/dev/null
[ "$(in_dmesg 'DRM_IOCTL_MODE_ATOMIC begins cmd=0xc03864bc')" = 1 ] || fail "p does not print"
must 'class DRM_IOCTL_ATOMIC -p; device * -T:t; device * -T:other'
$programs/commits "$a" good >/dev/null
[ "$(in_dmesg 'DRM_IOCTL_MODE_ATOMIC ends')" = 1 ] || fail "p prints without p"
hooked no "nothing is asked for"

# Every number, on a card and on a render node: as drm itself names them, which it does in its own class
numbers() {
	local node=$1 minor=$2 pid client nr
	: >$instances/t/trace
	$programs/ioctls "$node" numbers >"$tmp/who" || fail "$node"
	read -r pid client <"$tmp/who"
	[ "$client" != 0 ] || client='[0-9]*' # the driver's fdinfo does not say it
	trace t | sed -nE "s/^ *[^ ]+-$pid .* (minor=$a|DRM_UT_CORE): //p" >"$tmp/said"
	grep -c " begins cmd=0x64[0-9a-f][0-9a-f] node=$minor client=$client pid=$pid flags=0x0 objects=0$" "$tmp/said" >"$tmp/n"
	[ "$(cat "$tmp/n")" = 256 ] || fail "$node: $(cat "$tmp/n") begins of client $client: $(grep begins "$tmp/said" | head -n 3)"
	[ "$(grep -c " ends cmd=0x64[0-9a-f]* node=$minor client=$client pid=$pid ret=-\?[0-9]* ns=[0-9]*$" "$tmp/said")" = 256 ] ||
		fail "$node: not as many ends"
	# ours, drm's own if it knows the number, and ours again
	awk '
		/^DRM_IOCTL_[^ ]+ begins/ { ours = $1; theirs = ""; next }
		/^comm=.* auth=/ { theirs = $NF; sub(/^(DRM_IOCTL_)?/, "DRM_IOCTL_", theirs) }
		/^DRM_IOCTL_[^ ]+ ends/ {
			if ($1 != ours) { print "another ends: " ours " " $1; bad++ }
			# Up to 6.1 some of its names are what a macro makes of them.
			if (theirs ~ /[^A-Z0-9_]/) { odd++; next }
			if (theirs == "" && ours == "DRM_IOCTL_UNKNOWN") unknown++
			else if (theirs == "" && $0 ~ / ret=-22 /) obsolete++
			else if (ours != theirs) { print ours " is " theirs; bad++ }
			else known++
		}
		END { print known " known, " unknown + 0 " unknown, " odd + 0 " odd, " obsolete + 0 " not in this kernel"; exit bad || known < 60 }
	' "$tmp/said" || fail "$node: other names than drm's"
}
# (which up to 6.1 names no device)
must "class DRM_IOCTL* device drm:$a +T:t; class DRM_UT_CORE device * +T:t"
numbers "/dev/dri/card$a" "$a"
if [ -e /dev/dri/renderD128 ]; then numbers /dev/dri/renderD128 128; fi
must 'device * -T:t'
[ "$(cat $file/ioctls_missed)" = 0 ] || fail "missed: $(cat $file/ioctls_missed)"

# More of them than can be followed, which wait while everything is unloaded, and end as ever
must "class DRM_IOCTL device drm:$a +T:t"
: >$instances/t/trace
$programs/ioctls "/dev/dri/card$a" waits 300 $((8 * DDR_SLOW)) >"$tmp/waits" 2>&1 &
waits=$!
for _ in $(seq 100); do
	! grep -q . "$tmp/waits" || break
	sleep 0.1
done
if grep -q '^waiting' "$tmp/waits"; then
	sleep 1
	begun=$(lines | grep -c ' SYNCOBJ_WAIT begins ')
	missed=$(cat $file/ioctls_missed)
	echo "300 wait: $begun begun, $missed missed"
	[ "$missed" -gt 0 ] && [ $((begun + missed)) = 300 ] || fail "300 wait, but: $begun begun, $missed missed"
	must 'device * -T:t'
	[ "$(cat $file/ioctls_missed)" = "$missed" ] || fail "what was missed is forgotten"
	rmmod dyndbg_drm || fail "cannot be unloaded while ioctls wait"
	load dyndbg_drm
	must "class DRM_IOCTL device drm:$a +T:t"
	rmmod dyndbg_drm dyndbg_trace || fail "cannot be unloaded"
	kill -0 $waits 2>/dev/null || fail "they do not wait any more"
	wait $waits || fail "the program ended with $?"
	[ "$(tail -n 1 "$tmp/waits")" = "300: Timer expired" ] || fail "they ended otherwise: $(cat "$tmp/waits")"
else
	wait $waits
	echo "no sync objects: $(cat "$tmp/waits")"
fi
exit 0
