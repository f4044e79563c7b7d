#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: report of a full stream of 4 MB, beside Weston and a storm of mode-sets: in order, marks between their commits, in under 10 s of CPU time
# requires: drm:2 module:dyndbg_drm module:dyndbg_test program:python3 program:seatd program:trace-cmd program:weston program:zstd
# timeout: 400
. ./recorder.sh

commits=$PWD/../programs/build/commits
limit=10 # seconds, on an emulated machine

both_cards
load dyndbg_test
cat >"$conf" <<-EOF
	[stream kms]
	select=class DRM_UT_KMS
	select=class DRM_UT_ATOMIC
	select=module dyndbg_test func storm_once
	device=*
	size=4M

	[subscriber one]
	user=ddr1
	streams=kms
	access=snapshot mark
EOF
start_daemon
open_cards
chmod 711 "$tmp"

# fill PAUSE COMMAND...: with what mode-sets would take minutes for here, until the command succeeds; faster with less of a pause
fill() {
	echo "$1" >/sys/module/dyndbg_test/parameters/storm_pause
	shift
	echo 1 >/sys/module/dyndbg_test/parameters/storm
	wait_for 60 "$@" || fail "the stream does not get full: $(cat "$instances"/kms/per_cpu/cpu*/stats)"
	echo 0 >/sys/module/dyndbg_test/parameters/storm
}
# each_cpu KEY LEAST: that of each CPU's ring is so much at least
each_cpu() {
	awk -v key="$1:" -v least="$2" '$1 == key && $2 < least { bad = 1 } END { exit bad }' "$instances"/kms/per_cpu/cpu*/stats
}

# Not quite full: on an emulated machine records come as fast as the kernel makes text of them, and who reads the oldest one while it is
# written over goes on at the newest.
fill 20000 each_cpu entries 40000

# Mode-sets on one card, with a mark before and after each; on the other a compositor, which marks where it begins, and its client
as ddr1 dd-recorder exec --stream kms:mark -- "$commits" "$bochs" 'marked*60' >"$tmp/commits" || fail "no commits: $(cat "$tmp/commits")"
dd-recorder exec --stream kms:mark -- "$commits" "$bochs" 'marked*1000000' >"$tmp/commits" 2>&1 &
storm=$!
options=(--renderer=pixman)
# Debian 12's knows nothing of seatd
case $(weston --version) in "weston 9."* | "weston 1"[01].*) options=(--use-pixman --tty=1) ;; esac
SEATD_VTBOUND=0 seatd -l error 2>"$tmp/seatd.log" &
wait_for 10 [ -S /run/seatd.sock ] || fail "no seatd: $(cat "$tmp/seatd.log")"
XDG_RUNTIME_DIR=$tmp LIBSEAT_BACKEND=seatd LC_ALL=C TZ=UTC dd-recorder exec --stream kms:mark -- \
	sh -c 'echo "weston begins" >&3; exec weston "$@"' weston --backend=drm-backend.so "${options[@]}" --drm-device="card$virtio" \
	--continue-without-input --idle-time=0 --log="$tmp/weston.log" >"$tmp/weston.out" 2>&1 &
weston=$!
wait_for 60 [ -S "$tmp/wayland-1" ] || fail "Weston does not start: $(tail -n 20 "$tmp/weston.log" "$tmp/weston.out")"
XDG_RUNTIME_DIR=$tmp WAYLAND_DISPLAY=wayland-1 weston-simple-shm >"$tmp/shm.out" 2>&1 &
shm=$!
sleep 1

TIMEFORMAT='%R %U %S'
export TZ=UTC
# report NAME: its times are in $tmp/NAME.time
report() {
	{ time dd-recorder report -q -l "$tmp/weston.log" -o "$tmp/$1.tar.zst" >"$tmp/said" 2>"$tmp/err"; } 2>"$tmp/$1.time" ||
		fail "no report: $(cat "$tmp/said" "$tmp/err")"
	echo "# $1: $(awk '{ print $1 " s: " $2 " s user, " $3 " s system" }' "$tmp/$1.time")"
}
report r
kill -0 $weston $shm $storm || fail "one has ended meanwhile: $(tail -n 5 "$tmp/weston.out" "$tmp/shm.out" "$tmp/commits")"
kill $shm $storm
kill $weston
wait $weston $shm $storm

mkdir "$tmp/r"
tar --zstd -x -C "$tmp/r" --strip-components=1 -f "$tmp/r.tar.zst" || fail "no archive"
python3 report-check "$tmp/r" /usr/share/doc/dd-recorder || fail "not as its manifest and the schemas say"
awk '{ if ($1 + 0 < last) { print; exit 1 } last = $1 + 0 }' "$tmp/r/timeline.txt" || fail "the timeline goes back"
for source in kms kernel weston.log; do
	grep -qE "^[0-9]+\.[0-9]{6} $source " "$tmp/r/timeline.txt" || fail "nothing of $source in the timeline"
done
python3 report-check marks "$tmp/r/timeline.txt" kms "$tmp/r/streams/kms.txt" 50 || fail "marks do not stand where they were made"
trace-cmd report -N -i "$tmp/r/streams/kms.trace.dat" >"$tmp/shown" 2>"$tmp/err" && [ ! -s "$tmp/err" ] || fail "trace-cmd: $(head "$tmp/err")"
python3 report-check trace "$tmp/r/streams/kms.txt" "$tmp/shown" || fail "trace.dat has something else than the stream's text"

# The bound, of a full one. Of a processor that others take away the time counts here, too: the best of three.
fill 200 each_cpu overrun 1
for i in 1 2 3; do
	report bound$i
	awk -v limit=$((limit * ${DDR_SLOW:-1})) '{ exit $2 + $3 >= limit }' "$tmp/bound$i.time" && break
done
awk -v limit=$((limit * ${DDR_SLOW:-1})) '{ exit $2 + $3 >= limit }' "$tmp/bound$i.time" || fail "not in $limit s of the processor"
mkdir "$tmp/bound"
tar --zstd -x -C "$tmp/bound" --strip-components=1 -f "$tmp/bound$i.tar.zst" || fail "no archive"
[ "$(messages "$tmp/bound/streams/kms.txt")" -ge 90000 ] || fail "$(messages "$tmp/bound/streams/kms.txt") events are too few"
python3 -c 'import json, sys; s, = json.load(open(sys.argv[1]))["streams"]; sys.exit(s["overrun"] == 0)' "$tmp/bound/status.json" ||
	fail "the stream was not full: $(cat "$tmp/r/status.json")"
stop_daemon
exit 0
