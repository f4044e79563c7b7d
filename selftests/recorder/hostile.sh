#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: malformed requests disconnect, others get an error; limits hold; the daemon leaks nothing
# requires: drm:2 module:dyndbg_drm
. ./recorder.sh

[ -x "$hostile" ] || skip "no $hostile"
both_cards
two_streams
start_daemon
as ddr1 dd-recorder dump virtio >/dev/null || fail "ddr1 cannot dump"
fds() {
	ls "/proc/$daemon/fd" | wc -l
}
before=$(fds)

answer() {
	local have
	have=$(as ddr3 "$hostile" $socket "$1") || fail "$1: could not be tried"
	[ "$have" = "$2" ] || fail "$1: $have, not $2"
}
for case in short empty magic size unterminated big fds unread; do
	answer $case disconnected
done
answer newer "reply 7"		# E2BIG
answer type "reply 95"		# EOPNOTSUPP
answer access "reply 22"	# EINVAL
answer flags "reply 22"

have=$(as ddr3 "$hostile" $socket connections 100) || fail "connections: could not be tried"
[ "$have" = "kept 8" ] || fail "of 100 connections: $have"
as ddr3 "$hostile" $socket connections 20 >"$tmp/kept" &
sleep 0.3
as ddr1 dd-recorder dump virtio >/dev/null || fail "ddr3's connections shut ddr1 out"
wait $!

same() {
	[ "$(fds)" = "$before" ]
}
wait_for 5 same || fail "fds: $before before, $(fds) after"
[ "$(wc -l <"$tmp/daemon.log")" -lt 60 ] || fail "the log is flooded: $(wc -l <"$tmp/daemon.log") lines"
stop_daemon
exit 0
