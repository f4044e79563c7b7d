#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a clean stop removes routes and destinations, keeps the records and the default destination
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
must "open mine"
must "class DRM_UT_KMS device * +T:mine"
before=$(grep '^#:' $control)
start_daemon
kms "$virtio"
grep -q '^#: Default trace destination: mine$' $control || fail "the default destination is another: $(grep '^#:' $control)"
[ "$(grep -c '^#: virtio <- class DRM_UT_KMS device ' $control)" = 1 ] || fail "routes: $(grep '^#:' $control)"
grep -q '^\(virtio\|bochs\)$' <(ls "$instances") || fail "no instances"
cat "$instances/virtio/trace" >"$tmp/held"
[ "$(messages "$tmp/held")" -gt 0 ] || fail "nothing recorded"
grep -q '\[mono\]' "$instances/virtio/trace_clock" || fail "clock: $(cat "$instances/virtio/trace_clock")"

stop_daemon
[ "$(grep '^#:' $control)" = "$before" ] || fail "before: $before; after: $(grep '^#:' $control)"
begins_with "$instances/virtio/trace" "$tmp/held" || fail "records went away"
held=$(messages "$instances/virtio/trace")
[ ! -e $socket ] || fail "the socket is still there"
kms "$virtio"
[ "$(messages "$instances/virtio/trace")" = "$held" ] || fail "it records on"
must "device * -T:mine" && must "close mine"
exit 0
