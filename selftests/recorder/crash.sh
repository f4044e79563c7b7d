#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: after SIGKILL it records on; the next daemon takes over; a second one at a time is refused
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"
first=$(messages "$instances/virtio/trace")
[ "$first" -gt 0 ] || fail "nothing recorded"

says 1 "another daemon holds it" dd-recorder daemon -c "$conf"
as ddr1 dd-recorder dump virtio >/dev/null || fail "the second daemon harmed the first"

kill_daemon
[ -S $socket ] || fail "SIGKILL removed the socket?"
says 1 "no daemon at" as ddr1 dd-recorder dump virtio
kms "$virtio"
cat "$instances/virtio/trace" >"$tmp/second"
second=$(messages "$tmp/second")
[ "$second" -gt "$first" ] || fail "it does not record on"

# What is not wanted any more goes. A reader that holds the stream open must not be in the way.
must "class DRM_UT_CORE device * +T:virtio"
exec 6<"$instances/virtio/trace"
start_daemon
exec 6<&-
! grep '^#: virtio <- class DRM_UT_CORE' $control || fail "an old route stays"
[ "$(grep -c '^#: virtio <- ' $control)" = 3 ] || fail "routes: $(grep '^#:' $control)"
as ddr1 dd-recorder dump virtio >"$tmp/dump" || fail "ddr1 cannot dump"
begins_with "$tmp/dump" "$tmp/second" || fail "records went away"
second=$(messages "$instances/virtio/trace")
kms "$virtio"
[ "$(messages "$instances/virtio/trace")" -gt "$second" ] || fail "it does not record on after the restart"
! grep . "$tmp/daemon.log" || fail "it has something to say"
kill_daemon

# Nor do events that the file does not name any more go on, to whoever has the stream.
sed -i '/^\[stream virtio/a events=printk:console' "$conf"
start_daemon
[ "$(cat "$instances/virtio/events/printk/console/enable")" = 1 ] || fail "the event is off"
kill_daemon
sed -i '/^events=/d' "$conf"
start_daemon
[ "$(cat "$instances/virtio/events/printk/console/enable")" = 0 ] || fail "an event that is not wanted stays on"
[ "$(cat "$instances/virtio/events/dyndbg/enable")" = 1 ] || fail "our own are off"
kill_daemon

# A changed size holds for what was taken over, too.
sed -i '0,/^size=.*/s//size=2M/' "$conf"
start_daemon
read -r kib _ <"$instances/virtio/buffer_total_size_kb"
[ "$kib" -ge 2000 ] || fail "size=2M, but it is $kib KiB"
stop_daemon
exit 0
