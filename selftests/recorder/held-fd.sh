#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: an fd that was passed can be read after the daemon has ended
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"

mkfifo "$tmp/go"
as ddr1 dd-recorder exec --stream virtio:snapshot -- sh -c 'echo got it >&2; read go; cat <&3' \
	<"$tmp/go" >"$tmp/late" 2>"$tmp/late.err" &
reader=$!
exec 7>"$tmp/go"
wait_for 10 grep -q 'got it' "$tmp/late.err" || fail "no fd came: $(cat "$tmp/late.err")"
stop_daemon
cat "$instances/virtio/trace" >"$tmp/held"
kms "$virtio"
echo go >&7
exec 7>&-
wait $reader || fail "the reader ended with $?"
[ "$(messages "$tmp/held")" -gt 0 ] || fail "nothing was recorded"
begins_with "$tmp/late" "$tmp/held" || fail "not all could be read after the daemon's end"
[ "$(messages "$tmp/late")" = "$(messages "$tmp/held")" ] || fail "it records on"
exit 0
