#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: report: streams, reasons, state, logs of kernel and compositor on one clock, redacted, cut to what a subscriber may see, all or nothing
# requires: drm:2 module:dyndbg_drm program:python3 program:weston program:zstd
# timeout: 300
. ./recorder.sh

commits=$PWD/../programs/build/commits
mac=52:54:00:ab:cd:ef uuid=0d15ea5e-0bad-4bad-8bad-feedfacecafe serial=DDRSERIAL42
hostname report-test-host
mkdir "$tmp/out"
chmod 711 "$tmp"
chmod 777 "$tmp/out"

# report NAME ARG...: as root; unpacked in $tmp/NAME
report() {
	local name=$1
	shift
	dd-recorder report -o "$tmp/out/$name.tar.zst" "$@" >"$tmp/said" 2>"$tmp/err" || fail "$name: $(cat "$tmp/said" "$tmp/err")"
	unpack "$name"
}
unpack() {
	[ "$(cat "$tmp/said")" = "$tmp/out/$1.tar.zst" ] || fail "$1: it says $(cat "$tmp/said")"
	[ "$(stat -c %a "$tmp/out/$1.tar.zst")" = 600 ] || fail "$1: anybody may read it"
	mkdir "$tmp/$1"
	tar --zstd -x -C "$tmp/$1" --strip-components=1 -f "$tmp/out/$1.tar.zst" || fail "$1: no archive"
	python3 report-check "$tmp/$1" /usr/share/doc/dd-recorder >"$tmp/check" || fail "$1: $(cat "$tmp/check")"
}
has() {
	grep -qF -- "$3" "$tmp/$1/$2" || fail "$1: $2 has no '$3': $(tail -n 5 "$tmp/$1/$2")"
}
has_not() {
	! grep -rFi -m 3 -- "$2" "$tmp/$1" || fail "$1 has '$2'"
}

both_cards
# A monitor with a serial number, which bochs reads when it begins, and what identifies in the kernel's log
edid=$(echo /sys/class/drm/card"$bochs"-*/edid)
mkdir -p /lib/firmware/edid
python3 report-check edid "$edid" /lib/firmware/edid/ddr-serial.bin $serial || fail "no EDID"
echo edid/ddr-serial.bin >/sys/module/drm/parameters/edid_firmware
pci=$(pci_of "$bochs")
driver=$(readlink -f "/sys/bus/pci/devices/$pci/driver")
rebind() {
	echo "$pci" >"$driver/unbind" && echo "$pci" >"$driver/bind" || fail "cannot rebind"
	bochs=$(await_card bochs) || fail "no card after it was bound"
}
rebind
two_streams
start_daemon
echo "<4>usb 1-1: SerialNumber: $serial" >/dev/kmsg
echo "<4>eth0: $mac, root=UUID=$uuid on report-test-host" >/dev/kmsg
LC_ALL=C TZ=UTC XDG_RUNTIME_DIR=$tmp weston --backend=headless-backend.so --log="$tmp/weston.log" \
	--no-config >/dev/null 2>&1 &
weston=$!
open_cards
as ddr1 "$commits" "$virtio" good clock off >/dev/null || fail "no commits"
"$commits" "$bochs" good source off >/dev/null || fail "no commits"
as ddr1 dd-recorder exec --stream virtio:mark -- sh -c 'echo "frame 7 begins" >&3' || fail "no mark"
wait_for 20 grep -q 'Output' "$tmp/weston.log" || fail "no log of Weston's"

export TZ=UTC
report all -l "$tmp/weston.log"
has all streams/virtio.txt 'invalid mode'
has all streams/virtio.explain.txt 'DRM_IOCTL_MODE_ATOMIC failed: EINVAL'
has all streams/bochs.explain.txt 'ENOSPC (No space left on device)'
has all kernel.log 'usb 1-1: SerialNumber: xxxxxxxxxxx'
has all kernel.log 'eth0: xx:xx:xx:xx:xx:xx, root=UUID=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx on xxxxxx-xxxx-xxxx'
has all info.txt "/dev/dri/card$virtio"
has all system.json "virtio <- class DRM_IOCTL_ATOMIC device drm:$virtio"
has all timeline.txt 'frame 7 begins'
for secret in $mac $uuid $serial report-test-host "$(printf %s $serial | od -An -tx1 | tr -d ' \n')"; do has_not all "$secret"; done
# One clock: strictly by time, and each source's lines between its neighbours'
awk '{ if ($1 < last) { print; exit 1 } last = $1 }' "$tmp/all/timeline.txt" || fail "the timeline goes back"
for source in virtio bochs kernel weston.log; do
	grep -qE "^[0-9]+\.[0-9]{6} $source " "$tmp/all/timeline.txt" || fail "nothing of $source in the timeline"
done
# (the last of each: an earlier test may have made reports, too)
order=$(grep -oE 'ret=-22|frame 7 begins|SerialNumber: x|a report is made' "$tmp/all/timeline.txt" | tac | awk '!seen[$0]++' | tac | tr '\n' ',')
[ "$order" = "SerialNumber: x,ret=-22,frame 7 begins,a report is made," ] || fail "the order is $order: $(tail -n 3 "$tmp/all/kernel.log" "$tmp/all/timeline.txt")"
# The compositor's first line is not before it was started, nor its last long after the report began.
first=$(awk '$2 == "kernel" && /eth0/ { print $1 }' "$tmp/all/timeline.txt" | tail -n 1)
last=$(awk '$2 == "kernel" && /a report is made/ { print $1 }' "$tmp/all/timeline.txt" | tail -n 1)
awk -v first="$first" -v last="$last" '$2 == "weston.log" { n++; bad += $1 < first - 0.5 || $1 > last + 20 } END { exit bad || n < 10 }' \
	"$tmp/all/timeline.txt" || fail "the compositor's log is not between $first and $last: $(grep weston.log "$tmp/all/timeline.txt")"
# What a browser makes of the page is tested where there is one: scripts/vm/page
[ "$(grep -c '^\[-\?[0-9]' "$tmp/all/timeline.html")" = "$(wc -l <"$tmp/all/timeline.txt")" ] || fail "timeline.html has other lines than timeline.txt"
grep -q '^\[.*,1,".*ends cmd=.* ret=-22 ' "$tmp/all/timeline.html" || fail "timeline.html has no failed commit"
if [ -d /out ]; then
	mkdir -p /out/report && cp "$tmp/all"/timeline.{txt,html} /out/report/ || fail "cannot leave the timeline"
fi
dd-recorder explain -i "$tmp/all/streams/virtio.txt" | grep -q 'invalid mode' || fail "its text cannot be explained"

# As it is; and only what is not too old
report plain --no-redact
for secret in $mac $uuid $serial report-test-host; do
	grep -rqF -- $secret "$tmp/plain" || fail "without redaction there is no $secret"
done
grep -q -e $serial -e "$(printf %s $serial | od -An -tx1 | tr -d ' \n')" "$tmp/plain/info.json" || fail "without redaction info has no serial number"
report recent --since "$(awk '/frame 7 begins/ { print $1 }' "$tmp/all/timeline.txt")" -q
[ ! -s "$tmp/err" ] || fail "quiet it says: $(cat "$tmp/err")"
has recent timeline.txt 'frame 7 begins'
! grep -q 'invalid mode' "$tmp/recent/streams/virtio.txt" "$tmp/recent/timeline.txt" || fail "--since leaves in what is older"
has recent streams/virtio.explain.txt 'virtio: 0 of 0 recorded ioctls failed'

# A subscriber's: his stream, and nothing of the kernel's log or of the other card's
as ddr1 dd-recorder report -o "$tmp/out/mine.tar.zst" >"$tmp/said" 2>"$tmp/err" || fail "ddr1: $(cat "$tmp/err")"
unpack mine
has mine streams/virtio.explain.txt 'invalid mode'
grep -q "without the kernel's log: it is for root" "$tmp/err" || fail "it does not say what is missing: $(cat "$tmp/err")"
[ ! -e "$tmp/mine/kernel.log" ] && [ ! -e "$tmp/mine/streams/bochs.txt" ] || fail "it has what ddr1 may not see: $(ls -R "$tmp/mine")"
for foreign in 'SerialNumber' 'ENOSPC' "minor=$bochs: " ' bochs '; do
	! grep -rF -- "$foreign" "$tmp/mine/streams" "$tmp/mine/timeline.txt" "$tmp/mine/timeline.html" "$tmp/mine/status.json" || fail "of the other card: $foreign"
done
# Without a daemon, the rest
report alone -s /nonexistent
grep -q "without the daemon's streams: no daemon at /nonexistent" "$tmp/err" || fail "it does not say that: $(cat "$tmp/err")"

# All or nothing
says 1 "all.tar.zst: File exists" dd-recorder report -o "$tmp/out/all.tar.zst"
says 1 "/nonexistent/x: No such file" dd-recorder report -o /nonexistent/x
says 2 "not a time" dd-recorder report --since yesterday
says 2 "unexpected 'x'" dd-recorder report x
mkfifo "$tmp/fifo"
says 1 "fifo: not a regular file" dd-recorder report -l "$tmp/fifo" -o "$tmp/out/x"
says 1 "nolog: No such file" dd-recorder report -l "$tmp/nolog" -o "$tmp/out/x"
[ ! -e "$tmp/out/x" ] || fail "there is an archive all the same"
mkdir "$tmp/small"
mount -t tmpfs -o size=16k none "$tmp/small" || fail "no small file system"
dd-recorder report -q -o "$tmp/small/x" >"$tmp/said" 2>&1
status=$?
left=$(ls -A "$tmp/small")
umount "$tmp/small"
[ $status = 1 ] && grep -q "^dd-recorder: .*: No space left on device$" "$tmp/said" || fail "a full disk: $status, $(cat "$tmp/said")"
[ -z "$left" ] || fail "something is left: $left"

echo >/sys/module/drm/parameters/edid_firmware
rm /lib/firmware/edid/ddr-serial.bin
kill $weston
wait $weston
stop_daemon
rebind
exit 0
