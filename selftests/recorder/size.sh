#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: size= is the whole instance's; a restart changes it only when asked to, and loses nothing
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"
kib() {
	local n
	read -r n _ <"$instances/virtio/buffer_total_size_kb"
	echo "$n"
}
n=$(kib)
[ "$n" -ge 1000 ] && [ "$n" -le 1100 ] || fail "1M is $n KiB"
stop_daemon
cat "$instances/virtio/trace" >"$tmp/held"
sed -i '0,/^size=.*/s//size=2M/' "$conf"
start_daemon
n=$(kib)
[ "$n" -ge 2000 ] && [ "$n" -le 2200 ] || fail "2M is $n KiB"
begins_with "$instances/virtio/trace" "$tmp/held" || fail "records went away"
[ "$(dd-recorder status | awk '$1 == "virtio" { print $5 }')" -ge "$(messages "$tmp/held")" ] ||
	fail "status: $(dd-recorder status)"
stop_daemon

# A reader that holds the stream open forbids a resize: the daemon starts all the same, and says so.
exec 6<"$instances/virtio/trace"
sed -i '0,/^size=.*/s//size=512K/' "$conf"
start_daemon
grep -q 'stream virtio: keeps the size it has' "$tmp/daemon.log" || fail "it says: $(cat "$tmp/daemon.log")"
exec 6<&-
[ "$(kib)" = "$n" ] || fail "$(kib) KiB, not $n"
stop_daemon
exit 0
