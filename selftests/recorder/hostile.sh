#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: malformed requests disconnect, others get an error; limits hold; who connected counts; the daemon leaks nothing
# requires: drm:2 module:dyndbg_drm
# timeout: 200
. ./recorder.sh

[ -x "$hostile" ] || skip "no $hostile"
crowd=${hostile%/*}/ddr-client-crowd
one=$(id -u ddr1) three=$(id -u ddr3)
both_cards
two_streams
sed -i '0,/^access=.*/s//& copy/' "$conf"
start_daemon

fds() {
	ls "/proc/$daemon/fd" | wc -l
}
rss() {
	sed -n 's/^RssAnon:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$daemon/status"
}
# answers USER: to cases as stdin has them, each with the answer that it has to get
answers() {
	cat >"$tmp/want"
	sed 's/:.*//' "$tmp/want" | as "$1" "$hostile" $socket - >"$tmp/have" || fail "$1: could not be tried: $(tail -n 1 "$tmp/have")"
	diff "$tmp/want" "$tmp/have" || fail "$1: not what was expected"
}
# sizes USER ANSWER: of rows of requests of each size from 0 to 1024 how many were answered how
sizes() {
	local head=16 first=88 all=96 n=1025 rest
	rest=", reply 7: $((n - all - 1))"
	case $2 in
	"")	rest=", reply $((all - first + 1))$rest" ;;
	*)	rest="$rest, reply$2 $((all - first + 1))" ;;
	esac
	as "$1" "$hostile" $socket sizes virtio >"$tmp/sizes" || fail "sizes: could not be tried"
	diff - "$tmp/sizes" <<-END || fail "$1: sizes"
		cut: disconnected $((n - 1)), reply$2 1
		mended: disconnected $first, reply$2 $((n - first))
		newer: disconnected $first$rest
		random: disconnected $n
		random body: disconnected $head, reply 95: $((n - head))
	END
}
# quick SECONDS COMMAND...: it succeeds, and in so many seconds; notes the slowest
slowest=0
quick() {
	local limit=$1 start=${EPOCHREALTIME/./} took
	shift
	"$@" >"$tmp/quick" || fail "'$*' failed: $(cat "$tmp/quick")"
	took=$((${EPOCHREALTIME/./} - start))
	[ $took -le $slowest ] || slowest=$took
	[ $took -lt $((limit * 1000000 * DDR_SLOW)) ] || fail "'$*' took $took us"
}
round() {
	local user
	for user in ddr1 ddr3; do
		answers $user <<-END
			short: disconnected
			empty: disconnected
			magic: disconnected
			size: disconnected
			status: disconnected
			unterminated: disconnected
			big 1025: disconnected
			big 65536: disconnected
			big 150000: disconnected
			unread: disconnected
			fds 1: disconnected
			fds 3: disconnected
			fds 253: disconnected
			malformed-fds 1: disconnected
			malformed-fds 3: disconnected
			malformed-fds 253: disconnected
			newer: reply 7
			type: reply 95
			access: reply 22
			flags: reply 22
			copy-and-more: reply 22
			forged: not sent: Operation not permitted
			formats: reply 13
			credentials: $([ $user = ddr1 ] && echo "reply, 1 fds" || echo "reply 13")
		END
	done
	[ "$(as ddr1 "$crowd" $socket copies virtio)" = "got 4, over quota 4" ] || fail "copies: $(as ddr1 "$crowd" $socket copies virtio)"
	as ddr3 "$crowd" $socket storm 300 >/dev/null || fail "no storm"
}

round
sleep 1
before=$(fds) rss_before=$(rss)

sizes ddr1 ""
sizes ddr3 " 13:"
for _ in 1 2; do round; done
for user in ddr1 ddr3; do
	echo "# connect and close, $user: $(as $user "$crowd" $socket storm 3000)" || fail "no storm"
done

# Who connected counts, whoever it is by now and whoever asks. What it may do anyway it can also hand on.
says_of() {
	local want=$1
	shift
	[ "$("$@")" = "$want" ] || fail "'$*': $("$@"), not $want"
}
says_of "reply" as ddr1 "$crowd" $socket exec "$crowd" $socket ask virtio
says_of "reply 13" as ddr3 "$crowd" $socket exec "$crowd" $socket ask virtio
install -m 4755 "$crowd" "$crowd.suid" # root's, whoever runs it
says_of "reply 13" as ddr3 "$crowd" $socket exec "$crowd.suid" $socket ask virtio
says_of "reply" as ddr3 "$crowd.suid" $socket exec "$crowd" $socket ask virtio
rm "$crowd.suid"
says_of "reply" "$crowd" $socket become "$one" "$three" virtio
says_of "reply 13" "$crowd" $socket become "$three" "$one" virtio
says_of "reply 13" "$crowd" $socket become "$three" 0 virtio
says_of "reply" "$crowd" $socket become 0 "$three" virtio
says_of "reply" "$crowd" $socket pass "$one" "$three" virtio
says_of "reply 13" "$crowd" $socket pass "$three" "$one" virtio

# Says nothing until the daemon hangs up, which takes as long as what follows.
as ddr2 "$crowd" $socket quiet >"$tmp/quiet" &
quiet=$!

# One user's thousand, and as many users as fill all places: others still get through.
as ddr3 "$crowd" $socket hold 1000 4 >"$tmp/kept" &
hold=$!
wait_for 20 grep -q connected "$tmp/kept" || fail "no thousand connections"
for _ in 1 2 3; do
	quick 1 as ddr1 dd-recorder status
	quick 1 dd-recorder status
done
quick 2 as ddr1 dd-recorder dump virtio
wait $hold || fail "no thousand connections"
grep -q '^kept 8$' "$tmp/kept" || fail "of 1000 connections: $(cat "$tmp/kept")"

holds=()
for uid in $(seq 20001 20012); do
	setpriv --reuid="$uid" --regid="$uid" --clear-groups "$crowd" $socket hold 100 15 >"$tmp/kept.$uid" &
	holds+=($!)
done
for uid in $(seq 20001 20012); do
	wait_for 20 grep -q connected "$tmp/kept.$uid" || fail "no connections of uid $uid"
done
for _ in 1 2 3; do
	quick 1 as ddr1 dd-recorder status
	quick 1 dd-recorder status
done
grep -q '^virtio' "$tmp/quick" || fail "root's status: $(cat "$tmp/quick")"
[ "$(as ddr1 "$crowd" $socket hold 10 1 | tail -n 1)" = "kept 8" ] || fail "strangers leave ddr1 no room"
wait "${holds[@]}" || fail "no connections"
kept=$(sed -n 's/^kept //p' "$tmp"/kept.2* | paste -sd+)
echo "# of 1200 connections of 12 users kept: $((kept)); slowest reply to another meanwhile: $((slowest / 1000)) ms"
[ $((kept)) = 32 ] || fail "12 users keep $kept connections"

# All is given back.
wait $quiet || fail "quiet: could not be tried"
grep -qE '^disconnected after (29|3[0-9]) s$' "$tmp/quiet" || fail "who says nothing: $(cat "$tmp/quiet")"
same() {
	[ "$(fds)" = "$before" ]
}
wait_for 5 same || fail "fds: $before before, $(fds) after: $(ls -l "/proc/$daemon/fd")"
rss_after=$(rss)
echo "# fds $before before and $(fds) after; memory $rss_before KiB before and $rss_after after"
[ "$rss_after" -le $((rss_before + 300)) ] || fail "memory: $rss_before KiB before, $rss_after after"
as ddr1 dd-recorder dump virtio >/dev/null || fail "ddr1 cannot dump"
[ "$(wc -l <"$tmp/daemon.log")" -lt 200 ] || fail "the log is flooded: $(wc -l <"$tmp/daemon.log") lines"
stop_daemon
exit 0
