#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: report: streams/NAME.trace.dat opens in trace-cmd without a plugin: every event of the stream's text, in order, by field; what was lost
# requires: drm:2 module:dyndbg_drm module:dyndbg_test program:python3 program:trace-cmd program:zstd
# timeout: 300
. ./recorder.sh

commits=$PWD/../programs/build/commits

# report NAME: unpacked in $tmp/NAME
report() {
	dd-recorder report -q -o "$tmp/$1.tar.zst" >/dev/null || fail "$1: no report"
	mkdir "$tmp/$1"
	tar --zstd -x -C "$tmp/$1" --strip-components=1 -f "$tmp/$1.tar.zst" || fail "$1: no archive"
}
# shown NAME STREAM ARGUMENT...: what trace-cmd shows of it, in $tmp/shown (Debian 12's wants a filter before the file)
shown() {
	local file=$tmp/$1/streams/$2.trace.dat
	shift 2
	trace-cmd report -N "$@" -i "$file" >"$tmp/shown" 2>"$tmp/err" || fail "trace-cmd fails: $(head "$tmp/shown" "$tmp/err")"
	[ ! -s "$tmp/err" ] || fail "trace-cmd complains: $(head "$tmp/err")"
}
# same NAME STREAM [FIELD VALUE]...: trace-cmd shows what the stream's text has; of messages with these, if there are any
same() {
	local name=$1 stream=$2 filter= i
	shift 2
	for ((i = 1; i < $#; i += 2)); do filter+=${filter:+ && }"${!i} == $(quoted "${@:i+1:1}")"; done
	shown "$name" "$stream" ${filter:+-F "dd_recorder/message: $filter"}
	python3 report-check trace "$tmp/$name/streams/$stream.txt" "$tmp/shown" "$@" ||
		fail "$name: $stream $* is another in trace-cmd: $(head -n 5 "$tmp/shown")"
}
quoted() {
	[[ $1 =~ ^-?[0-9]+$ ]] && echo "$1" || echo "\"$1\""
}

both_cards
load dyndbg_test storm_pause=2000
two_streams
cat >>"$conf" <<-EOF
	[stream storm]
	select=module dyndbg_test func storm_once
	device=*
	size=256K
	events=printk:console
EOF
start_daemon
open_cards
as ddr1 "$commits" "$virtio" good clock off >/dev/null || fail "no commits"
"$commits" "$bochs" good source off >/dev/null || fail "no commits"
as ddr1 dd-recorder exec --stream virtio:mark -- sh -c 'printf "picture 3 begins\nand \033[31mmore" >&3' || fail "no mark"
echo "<4>the kernel's 100%s" >/dev/kmsg

report all
python3 report-check "$tmp/all" /usr/share/doc/dd-recorder >"$tmp/check" || fail "$(cat "$tmp/check")"
for stream in virtio bochs storm; do same all $stream; done
shown all virtio
grep -qE '^ *sh-[0-9]+ +\[[0-9]+\].* [0-9]+\.[0-9]{6}: mark: +picture 3 begins\\x0aand \\x1b\[31mmore$' "$tmp/shown" ||
	fail "no mark: $(tail -n 3 "$tmp/shown")"
shown all storm
grep -qE "event: +console: .*the kernel's 100%s" "$tmp/shown" || fail "no line of the kernel's log: $(tail -n 3 "$tmp/shown")"

# By field, as -F and KernelShark filter
for class in ATOMIC KMS; do same all virtio class DRM_UT_$class minor "$virtio"; done
same all virtio function drm_atomic_check_only
same all bochs device "$(pci_of "$bochs")" module drm
shown all virtio -F 'dd_recorder/message: function == "nobody"'
! grep -q " message: " "$tmp/shown" || fail "a filter that nothing passes lets something through"

# Who reads while it is written over loses records, and it says so; and more may come than is read, so that there is no end.
echo 1 >/sys/module/dyndbg_test/parameters/storm
for i in $(seq 10); do
	report "storm$i"
	! grep -q '^CPU:[0-9]* \[LOST' "$tmp/storm$i/streams/storm.txt" || break
done
echo 0 >/sys/module/dyndbg_test/parameters/storm
grep -q '^CPU:[0-9]* \[LOST' "$tmp/storm$i/streams/storm.txt" || fail "nothing was lost in $i reports"
same "storm$i" storm
grep -q 'EVENTS DROPPED' "$tmp/shown" || fail "trace-cmd does not say that records were lost"

grep -qE '^[0-9.]+ storm +[0-9]+ or more records of CPU [0-9]+ are lost before this$' "$tmp/storm$i/timeline.txt" ||
	fail "the timeline does not say that records were lost"

# Nothing in it
cards=$(sed -n 's/^#: Opened trace instances: *//p' "$control")
for stream in $cards; do echo >"$instances/$stream/trace"; done
report empty
for stream in virtio storm; do same empty $stream; done
stop_daemon
exit 0
