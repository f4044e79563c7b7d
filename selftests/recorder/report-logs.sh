#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: report: logs of Weston, its scopes and sway between the kernel's lines where they belong; midnights, damage, names; the manifest says how each was placed
# requires: program:python3 program:weston program:weston-debug program:sway program:swaymsg program:zstd
# timeout: 400
. ./recorder.sh

export LC_ALL=C TZ=UTC
hostname report-test-host # which sway's log has
chmod 711 "$tmp"
mkdir -m 777 "$tmp/out" "$tmp/logs"

# report NAME ARG...: as root; unpacked in $tmp/NAME
report() {
	local name=$1
	shift
	dd-recorder report -s /nonexistent -o "$tmp/out/$name.tar.zst" "$@" >"$tmp/said" 2>"$tmp/err" || fail "$name: $(cat "$tmp/said" "$tmp/err")"
	mkdir "$tmp/$name"
	tar --zstd -x -C "$tmp/$name" --strip-components=1 -f "$tmp/out/$name.tar.zst" || fail "$name: no archive"
	python3 report-check "$tmp/$name" /usr/share/doc/dd-recorder >"$tmp/check" || fail "$name: $(cat "$tmp/check")"
}
# mark TEXT: in the kernel's log, as this run's. What is written next is half a second later, and what was before that much earlier, for Weston's
# lines have milliseconds, and a file's time may be a tick behind.
mark() {
	sleep 0.2
	echo "log test $$: $1" >/dev/kmsg
	sleep 0.2
}
# line NAME TEXT: the number of the timeline's first line that has it
line() {
	grep -nF -m 1 -- "$2" "$tmp/$1/timeline.txt" | cut -d: -f1
}
# between NAME SOURCE TEXT FROM TO: the first line of SOURCE with TEXT is between these marks
between() {
	local at from to
	at=$(awk -v source="$2" -v text="$3" '$2 == source && index($0, text) { print NR; exit }' "$tmp/$1/timeline.txt")
	from=$(line "$1" "log test $$: $4") to=$(line "$1" "log test $$: $5")
	[ -n "$at" ] && [ -n "$from" ] && [ -n "$to" ] || fail "$1: no '$3' of $2 ($at), or no marks $4 ($from) and $5 ($to): $(grep -E "log test|$2" "$tmp/$1/timeline.txt")"
	[ "$from" -lt "$at" ] && [ "$at" -lt "$to" ] || fail "$1: '$3' of $2 is not between $4 and $5: $(grep -F -e "log test" -e "$3" "$tmp/$1/timeline.txt")"
}
# told NAME SOURCE KEY: as the manifest has it
told() {
	python3 -c 'import json, sys
for s in json.load(open(sys.argv[1]))["sources"]:
	if s["source"] == sys.argv[2]:
		print(s.get(sys.argv[3], ""))' "$tmp/$1/manifest.json" "$2" "$3"
}
tells() {
	[ "$(told "$1" "$2" "$3")" = "$4" ] || fail "$1: $2 has $3 '$(told "$1" "$2" "$3")', not '$4': $(cat "$tmp/$1/manifest.json")"
}
# unprivileged DIRECTORY COMMAND...: as ddr1, whose compositors' sockets are there; in the process itself, so that it can be ended
unprivileged() {
	local dir=$1
	shift
	exec setpriv --reuid=ddr1 --regid=ddr1 --init-groups env XDG_RUNTIME_DIR="$dir" WAYLAND_DISPLAY=log-test "$@"
}
# ended PID: it ends well
ended() {
	wait "$1" || fail "it ended with $?: $(tail -n 3 "$tmp"/logs/* "$tmp"/*.out)"
}

# Weston: its own log with a scope in one file, and weston-debug, which comes when the date was said
install -d -m 700 -o ddr1 "$tmp/weston" "$tmp/sway"
mark "weston starts"
unprivileged "$tmp/weston" weston --backend=headless-backend.so --no-config --debug --socket=log-test \
	--logger-scopes=log,proto --log="$tmp/logs/weston.log" >"$tmp/weston.out" 2>&1 &
weston=$!
wait_for 30 [ -S "$tmp/weston/log-test" ] || fail "no Weston: $(cat "$tmp/weston.out" "$tmp/logs/weston.log")"
unprivileged "$tmp/weston" weston-debug log >"$tmp/logs/debug.txt" 2>"$tmp/debug.out" &
debug=$!
wait_for 30 grep -q 'weston_debug_v1.*subscribe(' "$tmp/logs/weston.log" || fail "no weston-debug: $(cat "$tmp/debug.out")"
mark "weston runs"
# A client that both have something of
python3 -c 'import socket, struct, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.send(struct.pack("=IIIII", 1, 12 << 16, 2, 0x7fffff, 8 << 16))
while s.recv(4096):
	pass' "$tmp/weston/log-test" || fail "no client"
wait_for 20 grep -q "error in client communication" "$tmp/logs/debug.txt" || fail "nothing of the client: $(cat "$tmp/logs/debug.txt")"
mark "client was there"
kill $debug
wait $debug
sleep 1 # a Weston that ends before weston-debug does crashes
kill $weston
ended $weston
mark "weston ended"
grep -q '^\[....-..-.. ..:..:..\....\]\[proto\]' "$tmp/logs/weston.log" && grep -q '^\[..:..:..\....\] ' "$tmp/logs/weston.log" || fail "Weston's log has not both: $(head "$tmp/logs/weston.log")"
! grep -q '^Date' "$tmp/logs/debug.txt" || fail "weston-debug knows the date"

# sway, whose log does not say when it began; its bar logs into the same file, with another beginning
mark "sway starts"
unprivileged "$tmp/sway" WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman sway -d >"$tmp/logs/sway.log" 2>&1 &
sway=$!
runs() {
	grep -q 'Running compositor on' "$tmp/logs/sway.log"
}
wait_for 60 runs || fail "no sway: $(tail "$tmp/logs/sway.log")"
sleep 3
tell_sway() {
	as ddr1 env SWAYSOCK="$(echo "$tmp"/sway/sway-ipc.*.sock)" swaymsg "$@" >"$tmp/swaymsg.out" 2>&1
}
mark "sway runs"
tell_sway nop first || fail "swaymsg: $(cat "$tmp/swaymsg.out")"
mark "first was told"
sleep 2
tell_sway nop second || fail "swaymsg: $(cat "$tmp/swaymsg.out")"
mark "second was told"
tell_sway exit
ended $sway
mark "sway ended"
! tail -n 1 "$tmp/logs/sway.log" | grep -E 'swaybar|common/' || fail "the last line is not sway's"
sleep 2

report all --no-redact -l "$tmp/logs/weston.log" -l "$tmp/logs/debug.txt" -l "$tmp/logs/sway.log"
tells all "log weston.log" format weston
tells all "log weston.log" clock "as CLOCK_REALTIME stood when the report was begun"
tells all "log debug.txt" format weston
[[ $(told all "log debug.txt" clock) == *"of its last line's day" ]] || fail "weston-debug's: $(told all "log debug.txt" clock)"
tells all "log sway.log" format sway/wlroots
tells all "log sway.log" clock "the file's time of modification is taken to be its last line's"
tells all "log sway.log" unplaced 0
tells all "the kernel's log" clock "by a line that was written to it"
[ "$(told all "log weston.log" ahead_ns)" = "$(python3 -c 'import json, sys
m = json.load(open(sys.argv[1]))
print(m["monotonic_ns"] - m["realtime_ns"])' "$tmp/all/manifest.json")" ] || fail "the offset is $(told all "log weston.log" ahead_ns)"
between all weston.log "Command line: " "weston starts" "weston runs"
between all weston.log "wl_display@1.sync(" "weston starts" "client was there"
between all weston.log "error in client communication" "weston runs" "client was there"
between all debug.txt "error in client communication" "weston runs" "client was there"
between all sway.log "Sway version" "sway starts" "sway runs"
between all sway.log "Handling command 'nop first'" "sway runs" "first was told"
between all sway.log "Handling command 'nop second'" "first was told" "second was told"
between all sway.log "Shutting down sway" "second was told" "sway ended"
for n in weston.log debug.txt sway.log; do cmp "$tmp/logs/$n" "$tmp/all/logs/$n" || fail "$n is not what it was"; done
awk '{ if ($1 < last) { print; exit 1 } last = $1 }' "$tmp/all/timeline.txt" || fail "the timeline goes back"
# Whatever is in it: each line, in the order of its file
for n in debug.txt sway.log; do
	awk -v n=$n '$2 == n { sub(/^[^ ]+ +[^ ]+ +/, ""); print }' "$tmp/all/timeline.txt" | diff - <(sed 's/^ *//' "$tmp/logs/$n" | tr -d '\0') >"$tmp/diff" ||
		[ "$(grep -c '^>' "$tmp/diff")" = "$(told all "log $n" unplaced)" ] || fail "$n has other lines in the timeline: $(head "$tmp/diff")"
done

# Two starts in one file; midnight without a date, the day by the file; only what is not too old
cat "$tmp/logs/sway.log" "$tmp/logs/sway.log" >"$tmp/logs/twice.log"
touch -r "$tmp/logs/sway.log" "$tmp/logs/twice.log"
printf '[23:59:59.000] before\n[00:00:05.000] behind\n' >"$tmp/logs/night.log"
touch -d 'today 00:00:10' "$tmp/logs/night.log"
report more -l "$tmp/logs/twice.log" -l "$tmp/logs/night.log"
tells more "log twice.log" unplaced "$(wc -l <"$tmp/logs/sway.log")"
between more twice.log "Handling command 'nop first'" "sway runs" "first was told"
awk '$2 == "night.log" { at[n++] = $1 } END { exit !(n == 2 && at[1] - at[0] > 5.9 && at[1] - at[0] < 6.1) }' "$tmp/more/timeline.txt" ||
	fail "midnight: $(grep night.log "$tmp/more/timeline.txt")"
[ "$(date -d today +%F)" != "$(date -d '-1 hour' +%F)" ] || awk '$2 == "night.log" && /behind/ { exit !($1 < 0) }' "$tmp/more/timeline.txt" ||
	fail "today's first hour is not before this machine's start: $(grep night.log "$tmp/more/timeline.txt")"
report since --since "$(awk '/log test '$$': first was told/ { print $1 }' "$tmp/all/timeline.txt")" -l "$tmp/logs/sway.log" -q
[ "$(awk '$2 == "sway.log"' "$tmp/since/timeline.txt" | grep -c "Handling command 'nop")" = 1 ] || fail "since: $(grep nop "$tmp/since/timeline.txt")"
[ ! -s "$tmp/err" ] || fail "quiet it says: $(cat "$tmp/err")"

# Names: of another directory, in other letters, with what is no letter, what is not to be seen; logs that are none
mkdir "$tmp/logs/a"
echo "no time" >"$tmp/logs/a/sway.log"
echo "no time" >"$tmp/logs/a/SWAY.log"
head -c 100000 /dev/urandom >"$tmp/logs/a/-b c"$'\n'"d"
: >"$tmp/logs/a/report-test-host 52:54:00:ab:cd:ef.log"
printf '00:00:01.000 [INFO] absurd\n' >"$tmp/logs/a/.absurd"
touch -d '2300-01-01' "$tmp/logs/a/.absurd"
{ printf '[00:00:01.000] ' && head -c $(((64 << 20) - 15)) /dev/zero | tr '\0' x; } >"$tmp/logs/a/long"
yes '[00:00:01.000] short' | head -n 200010 >"$tmp/logs/a/many"
report odd -l "$tmp/logs/a/many" -l "$tmp/logs/sway.log" -l "$tmp/logs/a/sway.log" -l "$tmp/logs/a/SWAY.log" -l "$tmp/logs/a/-b c"$'\n'"d" \
	-l "$tmp/logs/a/report-test-host 52:54:00:ab:cd:ef.log" -l "$tmp/logs/a/.absurd" -l "$tmp/logs/a/long"
names=$(ls -A "$tmp/odd/logs" | paste -sd' ')
[ "$names" = "SWAY.log-3 _absurd _b_c_d long many sway.log sway.log-2 xxxxxx-xxxx-xxxx_xx_xx_xx_xx_xx_xx.log" ] || fail "names: $names"
! tar --zstd -t -f "$tmp/out/odd.tar.zst" | grep -i -e report-test -e 'ab[:_-]cd' || fail "a name tells what is hidden"
! grep -r -i -e report-test -e 'ab[:_-]cd' "$tmp/odd/manifest.json" "$tmp/odd/logs/sway.log" "$tmp/odd/timeline.txt" || fail "it tells what is hidden"
tells odd "log sway.log-2" format "none: no line with a time that is known"
tells odd "log sway.log-2" unplaced 1
grep -q "log sway.log-2: not in the timeline" "$tmp/err" || fail "it does not say that: $(cat "$tmp/err")"
tells odd "log _absurd" unplaced 1
tells odd "log long" cut 1
tells odd "log many" left_out 10
[ "$(awk '$2 == "many"' "$tmp/odd/timeline.txt" | wc -l)" = 200000 ] || fail "the timeline has $(awk '$2 == "many"' "$tmp/odd/timeline.txt" | wc -l) of many lines"
[ "$(awk '$2 == "long"' "$tmp/odd/timeline.txt" | wc -c)" -lt 20000 ] || fail "a line of megabytes is in the timeline"

truncate -s $(((64 << 20) + 1)) "$tmp/logs/a/long"
says 1 "long: larger than 64 MiB" dd-recorder report -l "$tmp/logs/sway.log" -l "$tmp/logs/a/long" -o "$tmp/out/x"
for ((i = 0; i < 17; i++)); do many+=(-l "$tmp/logs/sway.log"); done
says 2 "more than 16 logs" dd-recorder report "${many[@]}" -o "$tmp/out/x"
[ ! -e "$tmp/out/x" ] || fail "there is an archive all the same"
exit 0
