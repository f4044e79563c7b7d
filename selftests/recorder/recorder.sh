# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the recorder's selftests: a daemon with two streams, one for each card, and users
# ddr1 (may have the first), ddr2 (may look at the second) and ddr3 (may have nothing).
# shellcheck shell=bash
# shellcheck disable=SC2154 # tmp, control, instances: of lib.sh

. ../lib.sh

socket=/run/dd-recorder/socket
conf=$tmp/recorder.conf
bin=$PWD/../bin
hostile=$bin/ddr-client-hostile
daemon=
daemon_under= # what it runs under, valgrind, say

cards_mode=

recorder_clean_up() {
	[ -z "$cards_mode" ] || chmod "$cards_mode" /dev/dri/card*
	[ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
	end_jobs
	if [ -r "$control" ]; then
		# A killed daemon leaves its routes and destinations.
		sed -n 's/^#: Opened trace instances: *//p' "$control" | tr ' ' '\n' | while read -r name; do
			[ -n "$name" ] || continue
			printf 'device * -T:%s\nclose %s\n' "$name" "$name" >"$control"
		done
	fi
	rm -rf /run/dd-recorder
	clean_up
}
trap recorder_clean_up EXIT

# both_cards: load everything, and find the cards
both_cards() {
	load dyndbg_trace
	load dyndbg_drm
	virtio=$(card_of virtio_gpu) || fail "no card of virtio_gpu"
	bochs=$(card_of bochs) || fail "no card of bochs"
}

# open_cards: to every user, until the test ends
open_cards() {
	cards_mode=$(stat -c %a "/dev/dri/card$virtio")
	chmod a+rw /dev/dri/card*
}

# two_streams: the configuration of most tests
two_streams() {
	cat >"$conf" <<-EOF
		[stream virtio]
		select=class DRM_UT_KMS
		select=class DRM_UT_ATOMIC
		device=drm:$virtio
		size=1M

		[stream bochs]
		select=class DRM_UT_KMS
		select=class DRM_UT_ATOMIC
		device=drm:$bochs
		size=1M

		[subscriber one]
		user=ddr1
		streams=virtio
		access=snapshot live mark

		[subscriber two]
		user=ddr2
		streams=bochs
		access=snapshot
	EOF
}

# start_daemon: returns when it is ready; leaves its messages in $tmp/daemon.log
start_daemon() {
	rm -f "$tmp/ready"
	mkfifo "$tmp/ready"
	# shellcheck disable=SC2086 # a command and its options
	$daemon_under dd-recorder daemon -c "$conf" --ready-fd 9 9>"$tmp/ready" 2>"$tmp/daemon.log" &
	daemon=$!
	if ! read -r -t $((20 * ${DDR_SLOW:-1})) <"$tmp/ready"; then
		cat "$tmp/daemon.log"
		fail "the daemon does not get ready"
	fi
}

# stop_daemon: cleanly
stop_daemon() {
	kill -TERM "$daemon"
	wait "$daemon" || fail "the daemon ended with $? on SIGTERM: $(cat "$tmp/daemon.log")"
	daemon=
}

kill_daemon() {
	kill -KILL "$daemon"
	wait "$daemon" 2>/dev/null
	daemon=
}

# as USER COMMAND...
as() {
	local user=$1
	shift
	runuser -u "$user" -- "$@"
}

# says STATUS TEXT COMMAND...: it ends with that status, and its output holds the text (if any)
says() {
	local want=$1 text=$2 status=0
	shift 2
	"$@" >"$tmp/says" 2>&1 || status=$?
	[ $status = "$want" ] || fail "'$*' ended with $status, not $want: $(cat "$tmp/says")"
	[ -z "$text" ] || grep -qF -- "$text" "$tmp/says" || fail "'$*' did not say '$text': $(cat "$tmp/says")"
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local n=$(($1 * 10 * ${DDR_SLOW:-1}))
	shift
	until "$@"; do
		n=$((n - 1))
		[ $n -gt 0 ] || return 1
		sleep 0.1
	done
}

# patient USER STREAM: begins a client that asks once, and keeps its connection; ask_again COUNT: it asks once more and has so many
# replies then, in all; patient_heard REPLIES: it ends, and these were all of them, with commas between
replies() {
	[ "$(wc -l <"$tmp/patient")" = "$1" ]
}
patient() {
	mkfifo "$tmp/again"
	as "$1" "$bin/ddr-client-patient" "$socket" "$2" <"$tmp/again" >"$tmp/patient" &
	patient=$!
	exec 7>"$tmp/again"
	wait_for 10 replies 1 || fail "no reply"
}
ask_again() {
	echo >&7
	wait_for 10 replies "$1" || fail "no reply: $(cat "$tmp/patient")"
}
patient_heard() {
	exec 7>&-
	wait "$patient"
	[ "$(paste -sd, "$tmp/patient")" = "$1" ] || fail "a client hears: $(cat "$tmp/patient")"
}

# begins_with FILE EARLIER: nothing that the printed stream EARLIER has is gone from FILE. More may
# have come: the console draws when it likes.
begins_with() {
	grep -v '^#' "$2" >"$tmp/earlier"
	grep -v '^#' "$1" | head -n "$(wc -l <"$tmp/earlier")" | cmp - "$tmp/earlier"
}

# messages FILE: the records in a printed stream
messages() {
	grep -cv '^#' "$1"
}

# no_gap FILE TEXT: the numbers behind TEXT, of each of the threads that count them, are all there from their first to their last
no_gap() {
	sed -n "s/^ *[^ ]*-\([0-9]*\) .*: $2 \([0-9]*\)\$/\1 \2/p" "$1" | awk -v text="$2" '
		($1 in last) && $2 != last[$1] + 1 { print "after " text " " last[$1] " comes " $2; bad = 1 }
		{ last[$1] = $2; n++ }
		END { if (n < 100) { print "only " n + 0 " of " text; bad = 1 }; print "# " n " of " text; exit bad }'
}
