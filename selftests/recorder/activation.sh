#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: systemd's socket activation
# requires: drm:2 module:dyndbg_drm program:systemd-socket-activate
. ./recorder.sh

both_cards
two_streams
mkdir -p /run/dd-recorder
chmod 755 /run/dd-recorder
(umask 0111; exec systemd-socket-activate --seqpacket -l $socket dd-recorder daemon -c "$conf") 2>"$tmp/daemon.log" &
daemon=$!
wait_for 10 test -S $socket || fail "no socket: $(cat "$tmp/daemon.log")"
chmod 666 $socket
as ddr1 dd-recorder dump virtio >/dev/null || fail "no answer: $(cat "$tmp/daemon.log")"
grep -q '^#: virtio <- ' $control || fail "no route"
[ ! -e $socket.lock ] || fail "a lock for a socket that is systemd's"
kill -TERM $daemon
wait $daemon || fail "the daemon ended with $?"
daemon=
[ -S $socket ] || fail "the daemon removed systemd's socket"
! grep '^#: virtio <- ' $control || fail "a route stays"
exit 0
