#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: an fd that was passed can be read after the daemon has ended
# requires: drm:2 module:dyndbg_drm
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"

mkfifo "$tmp/go"
as ddr1 dd-recorder exec --stream virtio:snapshot -- sh -c 'read go; cat <&3' <"$tmp/go" >"$tmp/late" &
reader=$!
exec 7>"$tmp/go"
sleep 1
before=$(messages "$instances/virtio/trace")
stop_daemon
kms "$virtio"
echo go >&7
exec 7>&-
wait $reader || fail "the reader ended with $?"
[ "$before" -gt 0 ] || fail "nothing was recorded"
[ "$(messages "$tmp/late")" = "$before" ] ||
	fail "read $(messages "$tmp/late") messages after the daemon's end, not $before"
exit 0
