#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a user that is granted a stream gets its messages, and no other card's
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"
kms "$bochs"

as ddr1 dd-recorder dump virtio >"$tmp/virtio" || fail "ddr1 cannot dump virtio"
as ddr2 dd-recorder dump bochs >"$tmp/bochs" || fail "ddr2 cannot dump bochs"
[ "$(messages "$tmp/virtio")" -gt 0 ] || fail "no message of virtio"
[ "$(messages "$tmp/bochs")" -gt 0 ] || fail "no message of bochs"

# Every record names its device: none may be the other's.
v=$(pci_of "$virtio") b=$(pci_of "$bochs")
grep -F "$v" "$tmp/virtio" >/dev/null || fail "no record names $v: $(tail -n 3 "$tmp/virtio")"
grep -F "$b" "$tmp/bochs" >/dev/null || fail "no record names $b: $(tail -n 3 "$tmp/bochs")"
! grep -F "$b" "$tmp/virtio" || fail "bochs's messages are in the stream virtio"
! grep -F "$v" "$tmp/bochs" || fail "virtio's messages are in the stream bochs"

# A dump takes nothing away.
as ddr1 dd-recorder dump virtio >"$tmp/again"
begins_with "$tmp/again" "$tmp/virtio" || fail "a second dump differs"
exit 0
