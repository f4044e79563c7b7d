#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: on=: a stream is saved at a failed commit, an error of DRM's and a mark; so often, so many, so large; who may have it
# requires: drm:2 module:dyndbg_drm program:python3
# timeout: 240
. ./recorder.sh

commits=$PWD/../programs/build/commits
saved=$tmp/saved
watch=$instances/dd_recorder_watch
export STATE_DIRECTORY=$saved
chmod 711 "$tmp"

files() {
	ls "$saved" 2>/dev/null | grep -c "^$1-[0-9]*T[0-9]*Z\(_[0-9]*\)\?-[a-z-]*\.txt$"
}
# newest STREAM: its file
newest() {
	ls -d "$saved/$1"-*.txt | sort | tail -n 1
}
saved_is() {
	[ "$(files "$1")" = "$2" ]
}
# await_files STREAM N WHY
await_files() {
	wait_for 30 saved_is "$1" "$2" || fail "$3: $(files "$1") files, not $2: $(ls -la "$saved") $(cat "$tmp/daemon.log")"
}
# await_told STREAM N: the daemon has told of so many
told() {
	[ "$(grep -c "stream $1: saved to" "$tmp/daemon.log")" = "$2" ]
}
await_told() {
	wait_for 30 told "$1" "$2" || fail "not $2: $(cat "$tmp/daemon.log")"
}
head_has() {
	head -n 9 "$1" | grep -qxE "# $2" || fail "no head '$2': $(head -n 9 "$1")"
}
# not_for SECONDS STREAM N WHY: it stays so
not_for() {
	sleep $(($1 * DDR_SLOW))
	saved_is "$2" "$3" || fail "$4: $(ls -la "$saved") $(head -n 3 "$(newest "$2")")"
}
# reload N: the Nth time
reloaded() {
	[ "$(grep -c 'reloaded: 3 streams, 2 subscribers$' "$tmp/daemon.log")" = "$1" ]
}
reload() {
	kill -HUP "$daemon"
	wait_for 20 reloaded "$1" || fail "not reloaded: $(cat "$tmp/daemon.log")"
}

both_cards
two_streams
sed -i "0,/^size=.*/s//&\non=failed-commit\non=marker:frame lost\nsaves=2\nsave-every=6s/" "$conf"
sed -i "s/^\[subscriber one\]/[stream errors]\nselect=module bochs_drm\nselect=module bochs\ndevice=drm:$bochs\nioctls=none\non=drm-error\nsave-max=64K\n\n&/" "$conf"
dd-recorder daemon --check -c "$conf" | grep -q ': 3 streams, 2 subscribers' || fail "check: $(dd-recorder daemon --check -c "$conf" 2>&1)"
[ ! -e "$saved" ] || fail "a check makes the directory"
start_daemon
[ "$(stat -c %a "$saved")" = 700 ] || fail "anybody may look at what is saved"
open_cards

# A commit that was only to be tried is none, nor one that works
as ddr1 "$commits" "$virtio" good test-source >"$tmp/c" || fail "no commits"
grep -q '^test-source [0-9]* 28$' "$tmp/c" || fail "$(cat "$tmp/c")"
not_for 2 virtio 0 "a commit that was to be tried is saved"

# One that fails
as ddr1 "$commits" "$virtio" good source >"$tmp/c" || fail "no commits"
await_files virtio 1 "a failed commit"
first=$(newest virtio)
pid=$(awk '$1 == "source" { print $2 }' "$tmp/c")
[ "$(stat -c %a "$first")" = 600 ] || fail "anybody may read it"
head_has "$first" "dd-recorder [0-9.]*: stream virtio, saved [0-9-]*T[0-9:]*Z on failed-commit ENOSPC"
head_has "$first" "device: $(pci_of "$virtio")"
head_has "$first" "pid: $pid"
head_has "$first" "text: DRM_IOCTL_MODE_ATOMIC failed .* ret=-28 .*"
head_has "$first" "bytes of the oldest left out: 0"
grep -q "stream virtio: saved to $first: failed-commit ENOSPC of $(pci_of "$virtio")" "$tmp/daemon.log" || fail "$(cat "$tmp/daemon.log")"
dd-recorder explain -i "$first" >"$tmp/e" || fail "it cannot be explained"
grep -q "DRM_IOCTL_MODE_ATOMIC failed: ENOSPC" "$tmp/e" || fail "no explanation: $(cat "$tmp/e")"
[ "$(files bochs)$(files errors)" = 00 ] || fail "others were saved, too: $(ls "$saved")"

# So often, and what is not saved is counted
as ddr1 "$commits" "$virtio" source source source source source >"$tmp/c" || fail "no commits"
not_for 1 virtio 1 "one a moment later is saved, too"
sleep $((6 * DDR_SLOW))
as ddr1 "$commits" "$virtio" clock >"$tmp/c" || fail "no commits"
await_files virtio 2 "after a while"
head_has "$(newest virtio)" "not saved since the last time, at least: 5"
head_has "$(newest virtio)" ".* on failed-commit EINVAL"

# So many of a kind, of which the first stays
sleep $((6 * DDR_SLOW))
as ddr1 "$commits" "$virtio" blob >"$tmp/c" || fail "no commits"
await_told virtio 3
saved_is virtio 2 && [ -e "$first" ] || fail "the first is gone, or not two: $(ls "$saved")"
for i in 3 4; do
	sleep $((6 * DDR_SLOW))
	as ddr1 dd-recorder exec --stream virtio:mark -- sh -c "echo 'a mark $i' >&3; echo 'the frame lost its way $i' >&3" || fail "no mark"
	await_told virtio $((i + 1))
	head -n 1 "$(newest virtio)" | grep -q ' on marker$' && grep -q "lost its way $i" "$(newest virtio)" || fail "no marker $i: $(head "$(newest virtio)")"
done
saved_is virtio 4 && [ -e "$first" ] || fail "not two of each: $(ls "$saved")"
head_has "$(newest virtio)" "text: frame lost"

# An error of DRM's, of the kernel itself: a firmware EDID that is not there. Before 6.3 or so it says nothing of a device.
status=$(echo /sys/class/drm/card"$bochs"-*/status)
echo edid/nowhere.bin >/sys/module/drm/parameters/edid_firmware
pci=$(pci_of "$bochs")
driver=$(readlink -f "/sys/bus/pci/devices/$pci/driver")
echo "$pci" >"$driver/unbind" && echo "$pci" >"$driver/bind" || fail "cannot rebind"
echo >/sys/module/drm/parameters/edid_firmware
dmesg | tail -n 30 | grep -q '\*ERROR\*' || fail "the kernel has no error: $(dmesg | tail -n 5) $status"
await_files errors 1 "an error of DRM's"
head_has "$(newest errors)" ".* on drm-error"
device='\?' text='\?' # the kernel's log is not for subscribers where it does not say of what it speaks
! dmesg | tail -n 30 | grep -q "$pci: \[drm.*\*ERROR\*" || device=$pci text='.*\*ERROR\* .*'
head_has "$(newest errors)" "device: $device"
head_has "$(newest errors)" "text: $text"

# Who may have it: who may have a snapshot. Not by the file.
get() {
	as "$1" dd-recorder report -q -o "$tmp/out/$1.tar.zst" >/dev/null 2>"$tmp/err" || fail "$1: $(cat "$tmp/err")"
	tar --zstd -tf "$tmp/out/$1.tar.zst" | sed -n 's/^[^/]*\/\(saved\/\)/\1/p' | sort | tr '\n' ' '
}
mkdir -m 777 "$tmp/out"
! as ddr1 cat "$first" 2>/dev/null || fail "ddr1 can read the file"
has=$(get ddr1)
[[ " $has" == *" saved/virtio.0.txt "* ]] && [[ " $has" == *" saved/virtio.3.txt "* ]] || fail "ddr1's report has $has"
[[ " $has" != *virtio.4* ]] && [[ " $has" != *errors* ]] || fail "ddr1's report has $has"
[ -z "$(get ddr2)" ] || fail "ddr2's report has what was saved of others: $(get ddr2)"
packed() {
	tar --zstd -xf "$tmp/out/ddr1.tar.zst" -O --wildcards "*/$1"
}
packed saved/virtio.3.txt | grep -v '^# boot: ' | cmp - <(grep -v '^# boot: ' "$first") || fail "it is another text"
packed saved/virtio.3.explain.txt | grep -q 'DRM_IOCTL_MODE_ATOMIC failed: ENOSPC' || fail "it is not explained"

mkdir "$tmp/unpacked"
tar --zstd -x -C "$tmp/unpacked" --strip-components=1 -f "$tmp/out/ddr1.tar.zst"
python3 report-check "$tmp/unpacked" /usr/share/doc/dd-recorder || fail "not as its manifest and the schemas say"

# What the stream does not hold any more is in the timeline, each line once
: >$instances/virtio/trace
rm "$tmp/out/ddr1.tar.zst"
get ddr1 >/dev/null
packed timeline.txt >"$tmp/timeline"
for what in 'ret=-28' 'lost its way 3' 'lost its way 4'; do
	[ "$(grep -c "^[0-9.]* virtio .*$what" "$tmp/timeline")" -ge 1 ] || fail "no $what in the timeline: $(grep -c . "$tmp/timeline")"
done
[ "$(grep -c 'lost its way 3' "$tmp/timeline")" = 1 ] || fail "a line is there twice: $(grep 'lost its way' "$tmp/timeline")"
awk '{ if ($1 < last) { print; exit 1 } last = $1 }' "$tmp/timeline" || fail "the timeline goes back"

# What happened while there was no daemon; and a file in the making that was left
kill_daemon
echo x >"$saved/virtio.failed-commit.new"
as ddr1 "$commits" "$virtio" source >"$tmp/c" || fail "no commits"
echo 'frame lost once more' >$instances/virtio/trace_marker
start_daemon
await_told virtio 2
[ ! -e "$saved/virtio.failed-commit.new" ] || fail "a file in the making is still there"
grep -q 'on marker$' "$(newest virtio)" || grep -q 'frame lost once more' "$(newest virtio)" || fail "no mark: $(ls "$saved")"

# Where others may write, nothing is saved
mkdir -m 777 "$tmp/open"
says 1 "$tmp/open: others own it or may write to it" env STATE_DIRECTORY="$tmp/open" dd-recorder daemon -c "$conf" -s "$tmp/another"
# A full disk: one message, nothing left, the rest goes on
mkdir -p "$tmp/small"
mount -t tmpfs -o size=4k,mode=700 none "$tmp/small" || fail "no small file system"
stop_daemon
STATE_DIRECTORY=$tmp/small start_daemon
as ddr1 "$commits" "$virtio" source >"$tmp/c" || fail "no commits"
wait_for 20 grep -q 'stream virtio: cannot be saved: No space left on device' "$tmp/daemon.log" || fail "$(cat "$tmp/daemon.log")"
[ -z "$(ls -A "$tmp/small")" ] || fail "something is left: $(ls -A "$tmp/small")"
as ddr1 dd-recorder dump virtio >/dev/null || fail "the daemon does not answer any more"
stop_daemon
umount "$tmp/small"

# Not so large: the newest part, from a line's beginning on
sed -i 's/^saves=2/&\nsave-max=64K/' "$conf"
start_daemon
as ddr1 "$commits" "$virtio" 'good*60' source >"$tmp/c" || fail "no commits"
large_enough() {
	head -n 9 "$(newest virtio)" | grep -qE "^# bytes of the oldest left out: [1-9]"
}
wait_for 30 large_enough || fail "nothing is left out: $(head -n 9 "$(newest virtio)")"
[ "$(stat -c %s "$(newest virtio)")" -le 65536 ] || fail "it is too large: $(ls -la "$saved")"
sed -n 10p "$(newest virtio)" | grep -qE '^ +[^ ].*-[0-9]+ +\[' || fail "it begins with '$(sed -n 10p "$(newest virtio)")'"
dd-recorder explain -i "$(newest virtio)" | grep -q ENOSPC || fail "it is not the newest part"

# Without on=: nothing is watched; with it again, it is
trigger=$instances/virtio/events/ftrace/print/trigger
[ -d "$watch" ] && grep -q '^stacktrace' "$trigger" || fail "nothing is watched"
n=$(grep -c ': saved to' "$tmp/daemon.log")
cp "$conf" "$tmp/with"
sed -i '/^on=/d; /^save/d' "$conf"
reload 1
[ ! -d "$watch" ] && ! grep -q '^stacktrace' "$trigger" || fail "it is watched still"
as ddr1 "$commits" "$virtio" source >"$tmp/c" || fail "no commits"
echo 'frame lost' >$instances/virtio/trace_marker
sleep $((2 * DDR_SLOW))
[ "$(grep -c ': saved to' "$tmp/daemon.log")" = "$n" ] || fail "without on= it is saved: $(cat "$tmp/daemon.log")"
# errors alone
sed '/^on=[fm]/d; /^saves=/d; /^save-every/d; 0,/^save-max/{/^save-max/d}' "$tmp/with" >"$conf"
reload 2
[ "$(cat "$watch/set_event")" = printk:console ] && grep -q ERROR "$watch/events/printk/console/filter" || fail "not errors alone: $(cat "$watch/set_event")"
cp "$tmp/with" "$conf"
reload 3
sleep $((6 * DDR_SLOW))
as ddr1 "$commits" "$virtio" source >"$tmp/c" || fail "no commits"
await_told virtio $((n + 1))
# one while it is told to reload
sleep $((6 * DDR_SLOW))
echo 'frame lost' >$instances/virtio/trace_marker
reload 4
await_told virtio $((n + 2))
stop_daemon
[ ! -d "$watch" ] && ! grep -q '^stacktrace' "$trigger" || fail "the daemon leaves something behind"

# What is no stream's name any more
sed -i 's/^\[stream errors\]/[stream dd_recorder_watch]/' "$conf"
says 1 "stream dd_recorder_watch: that name is the daemon's own" dd-recorder daemon --check -c "$conf"
exit 0
