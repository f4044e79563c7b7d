#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: live: messages as they come, to one reader at a time
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon

# not by way of a function: $! has to be the program that is signalled
setpriv --reuid=ddr1 --regid=ddr1 --init-groups dd-recorder tail virtio >"$tmp/tail" 2>"$tmp/tail.err" &
tail=$!
sleep 1
says 1 "stream virtio: busy" as ddr1 dd-recorder tail virtio
says 1 "stream virtio: busy" dd-recorder exec --stream virtio -- true

kms "$virtio"
kms "$bochs"
some() {
	[ -s "$tmp/tail" ]
}
wait_for 10 some || fail "tail prints nothing: $(cat "$tmp/tail.err")"
wait_for 5 grep -q "$(pci_of "$virtio")" "$tmp/tail"
! grep "$(pci_of "$bochs")" "$tmp/tail" || fail "bochs's messages are in the stream virtio"
kill -TERM $tail
wait $tail || fail "tail ended with $? on SIGTERM: $(cat "$tmp/tail.err")"
[ "$(tail -c 1 "$tmp/tail")" = "" ] || fail "half a line at the end"

# free again, and what was read is gone
as ddr1 dd-recorder exec --stream virtio:live -- sh -c 'cat <&3' >"$tmp/rest" 2>/dev/null
! grep -Fxf "$tmp/tail" "$tmp/rest" || fail "messages came again"
exit 0
