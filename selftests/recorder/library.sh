#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: libddrecorder: the manual's programs with a real daemon, fields, marks, losses, pages, restarts, and no call that waits
# requires: drm:2 module:dyndbg_drm module:dyndbg_test program:modetest program:gcc program:pkg-config
# timeout: 300
. ./recorder.sh

bin=$PWD/../bin

# example PAGE ARG...: a manual page's program, as ddr1
example() {
	local page=$1
	shift
	as ddr1 "$bin/example-$page" "$@"
}
# background FILE PROGRAM...: as ddr1; $! is the program. Without a word of its stdin it would get /dev/null.
background() {
	local file=$1
	shift
	setpriv --reuid=ddr1 --regid=ddr1 --init-groups "$@" <&0 >"$file" 2>"$file.err" &
}
# meets FILE WORD: the program has said it
meets() {
	wait_for 20 grep -q "$2" "$1" || fail "$1 does not say '$2': $(cat "$1" "$1.err")"
}

# It is installed so that programs can be made with it, and each function has its page.
library=$(echo /usr/lib/*/libddrecorder.so.0)
for function in $(nm -D --defined-only "$library" | awk '$2 == "T" { sub("@.*", "", $3); print $3 }'); do
	[ -s "/usr/share/man/man3/$function.3" ] || fail "no manual page for $function"
	page=$(sed -n 's/^\.so //p' "/usr/share/man/man3/$function.3")
	[ -z "$page" ] || grep -q "^\.SH SYNOPSIS" "/usr/share/man/$page" || fail "$function: no page $page"
done
[ -n "${function:-}" ] || fail "no function in $library"
sed -n '/^\.EX$/,/^\.EE$/ { /^\.E[XE]$/d; s/\\-/-/g; s/\\e/\\/g; p }' /usr/share/man/man3/ddr_version.3 >"$tmp/version.c"
# shellcheck disable=SC2046 # options
gcc -o "$tmp/shared" "$tmp/version.c" $(pkg-config --cflags --libs libddrecorder) || fail "it cannot be linked"
# shellcheck disable=SC2046
gcc -o "$tmp/static" "$tmp/version.c" $(pkg-config --static --cflags libddrecorder) -Wl,-Bstatic -lddrecorder \
	-Wl,-Bdynamic -ltraceevent || fail "the static one cannot be linked"
for program in shared static; do
	[ "$("$tmp/$program")" = "libddrecorder $(pkg-config --modversion libddrecorder)" ] || fail "$program: $("$tmp/$program")"
done

both_cards
load dyndbg_test storm_pause=20000
two_streams
sed -i '0,/^size=.*/s//size=128K\nselect=module dyndbg_test func storm_once/; 0,/^device=.*/s//device=*/' "$conf"
sed -i '0,/^access=.*/s//access=snapshot live mark copy raw/' "$conf"

# A program that is there before the daemon, and goes on without it
says 1 "no daemon" example ddr_client_new
background "$tmp/follow" "$bin/example-libddrecorder" virtio
follow=$!
sleep 1
start_daemon
[ "$(example ddr_client_new)" = virtio ] || fail "streams: $(example ddr_client_new)"
[ -z "$(as ddr3 "$bin/example-ddr_client_new")" ] || fail "ddr3 has streams"
# (asked of the daemon: who tries the stream has it for a moment, in which the program would get EBUSY)
follows() {
	dd-recorder status | grep -qE "held open by .*\(process $follow of uid [0-9]+\): .*trace_pipe"
}
wait_for 10 follows || fail "it does not connect: $(cat "$tmp/follow.err")"
says 1 "virtio: Device or resource busy" example libddrecorder virtio
kms "$virtio"
fields="^[0-9]+\.[0-9]{6} cpu=[01] pid=[0-9]+ devdbg module=[a-z_]+ class=DRM_UT_(KMS|ATOMIC) minor=$virtio: ."
wait_for 10 grep -qE "$fields" "$tmp/follow" || fail "no such fields: $(head -n 5 "$tmp/follow" "$tmp/follow.err")"
kms "$bochs"
wait_for 10 grep -qE "${fields/$virtio:/$bochs:}" "$tmp/follow" || fail "not the other card's minor"
! grep -E 'cpu=[0-9]+ pid=[0-9]+ \?' "$tmp/follow" || fail "lines that are no events"
as ddr1 dd-recorder exec --stream virtio:mark -- "$bin/example-ddr_mark" || fail "no marks"
wait_for 10 grep -q ' print: frame 3 begins$' "$tmp/follow" || fail "no mark: $(tail -n 3 "$tmp/follow")"

kill_daemon
before=$(wc -l <"$tmp/follow")
kms "$virtio"
longer() {
	[ "$(wc -l <"$tmp/follow")" -gt "$before" ]
}
wait_for 10 longer || fail "it ends with the daemon"
start_daemon
before=$(wc -l <"$tmp/follow")
kms "$virtio"
wait_for 10 longer || fail "it ends with the next daemon"

# Records that were overwritten while it did not read
kill -STOP $follow
echo 1 >/sys/module/dyndbg_test/parameters/storm
for cpu in 0 1; do
	wait_for 20 grep -q '^overrun: [1-9][0-9]' "$instances/virtio/per_cpu/cpu$cpu/stats" || fail "nothing is overwritten on CPU $cpu"
done
echo 0 >/sys/module/dyndbg_test/parameters/storm
sleep 0.5
! grep '^([0-9]* lost)' "$tmp/follow" || fail "something was lost before"
kill -CONT $follow
wait_for 10 grep -q '^([0-9]* lost)' "$tmp/follow" || fail "it does not say what was lost"
lost=$(sed -n 's/^(\([0-9]*\) lost)$/\1/p' "$tmp/follow" | paste -sd+)
kill $follow
wait $follow 2>/dev/null

# The kernel counts the same
example ddr_client_ask_open virtio >"$tmp/losses" || fail "no figures"
for cpu in 0 1; do
	n=$(sed -n 's/^overrun: //p' "$instances/virtio/per_cpu/cpu$cpu/stats")
	grep -q "^cpu $cpu: $n overwritten, 0 dropped$" "$tmp/losses" || fail "CPU $cpu lost $n, but: $(cat "$tmp/losses")"
done
[ $((lost)) = "$(awk '{ n += $3 } END { print n }' "$tmp/losses")" ] || fail "lost: $lost: $(cat "$tmp/losses")"

# A snapshot, a copy, and the pages have the same in them.
kms "$virtio"
echo 1 >/sys/module/dyndbg_test/parameters/storm
sleep 1
echo 0 >/sys/module/dyndbg_test/parameters/storm
as ddr1 dd-recorder exec --stream virtio:mark -- "$bin/example-ddr_mark" || fail "no marks"
sleep 0.5
echo 0 >"$instances/virtio/tracing_on"
example ddr_client_take virtio >"$tmp/text" || fail "no snapshot"
cmp "$tmp/text" "$instances/virtio/trace" || fail "the snapshot is not what the kernel has"
counted=$(example ddr_reader_new <"$tmp/text")
[ "$counted" = "$(($(messages "$tmp/text") - 3)) messages, 3 marks, 0 others" ] || fail "$(messages "$tmp/text") lines are $counted"
# shellcheck disable=SC2016
[ "$(as ddr1 dd-recorder exec --stream virtio:copy -- sh -c '"$0" <&3' "$bin/example-ddr_reader_new")" = "$counted" ] ||
	fail "the copy is another"
example ddr_reader_new_raw virtio >"$tmp/raw" || fail "no pages"
[ "$(wc -l <"$tmp/raw")" = "$(messages "$tmp/text")" ] || fail "$(wc -l <"$tmp/raw") events in pages, $(messages "$tmp/text") in text"
sort -cn -k1,1 "$tmp/raw" || fail "the CPUs' events are not in order"
grep -q ' cpu0 ' "$tmp/raw" && grep -q ' cpu1 ' "$tmp/raw" || fail "not of both CPUs"
# (newer kernels build modules with a file name without a path)
grep -qE '[ /]dyndbg_test\.c:[1-9][0-9]*: ' "$tmp/raw" || fail "no file and line: $(tail -n 3 "$tmp/raw")"
# but for how pointers look
plain() {
	sed -E 's/\b(0x)?[0-9a-f]{8,16}\b/POINTER/g'
}
grep -v '^#' "$tmp/text" | sed -E 's/.*(devdbg|prdbg): \[[^]]*\][^ ]* [^ ]*( [^ ]* minor=-?[0-9]+)?: //; s/.*: (frame)/\1/' | plain >"$tmp/a"
sed -E 's/^[0-9]+ cpu[01] [^ ]*:[0-9]+: //' "$tmp/raw" | plain >"$tmp/b"
diff "$tmp/a" "$tmp/b" | head -n 10 >"$tmp/diff"
[ ! -s "$tmp/diff" ] || fail "pages say other than the text: $(cat "$tmp/diff")"
says 1 "virtio: Invalid argument" as ddr2 "$bin/example-ddr_reader_new_raw" virtio
echo 1 >"$instances/virtio/tracing_on"

# One client, two daemons
mkfifo "$tmp/lines"
exec 7<>"$tmp/lines"
background "$tmp/restart" "$bin/ddr-client-library" $socket restart virtio <"$tmp/lines"
restart=$!
meets "$tmp/restart" ready
kill_daemon
echo >&7
meets "$tmp/restart" gone
start_daemon
echo >&7
wait $restart || fail "restart: $(cat "$tmp/restart.err")"

# A daemon that does nothing at all
background "$tmp/stopped" "$bin/ddr-client-library" $socket never-waits virtio $((50 * ${DDR_SLOW:-1})) <"$tmp/lines"
stopped=$!
meets "$tmp/stopped" ready
kill -STOP "$daemon"
echo >&7
wait $stopped || fail "stopped: $(cat "$tmp/stopped" "$tmp/stopped.err")"
sed 's/^/# /' "$tmp/stopped"
kill -CONT "$daemon"
[ "$(example ddr_client_new)" = virtio ] || fail "the daemon does not go on"
stop_daemon
exit 0
