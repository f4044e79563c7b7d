#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: what is not granted is refused, and looks like what does not exist
# requires: drm:2 module:dyndbg_drm
. ./recorder.sh

both_cards
two_streams
start_daemon

denied() {
	local user=$1 stream=$2
	says 1 "stream $stream: permission denied (snapshot not granted to uid $(id -u "$user"))" \
		as "$user" dd-recorder dump "$stream"
}
denied ddr3 virtio
denied ddr3 bochs
denied ddr1 bochs
denied ddr2 virtio
denied ddr1 no_such_stream
denied ddr1 "../../trace"
says 1 "permission denied" as ddr2 dd-recorder tail bochs
says 1 "permission denied" as ddr2 dd-recorder exec --stream bochs:mark -- true
says 1 "permission denied" as ddr2 dd-recorder exec --stream bochs:snapshot,live -- true
says 1 "permission denied" as ddr1 dd-recorder exec --stream virtio --stream bochs -- true

# The same words to the letter, but for the name
says 1 "" as ddr1 dd-recorder dump bochs
sed 's/bochs/NAME/' "$tmp/says" >"$tmp/exists"
says 1 "" as ddr1 dd-recorder dump boshs
sed 's/boshs/NAME/' "$tmp/says" | diff - "$tmp/exists" || fail "a stream that exists can be told from one that does not"

# status shows nobody what is not theirs
as ddr1 dd-recorder status >"$tmp/one" && as ddr3 dd-recorder status >"$tmp/three" || fail "no status"
grep -q '^virtio  *snapshot,live,mark ' "$tmp/one" || fail "ddr1's status: $(cat "$tmp/one")"
! grep bochs "$tmp/one" || fail "ddr1 sees bochs"
[ "$(wc -l <"$tmp/three")" = 1 ] || fail "ddr3 sees: $(cat "$tmp/three")"
dd-recorder status >"$tmp/root"
grep -q '^virtio ' "$tmp/root" && grep -q '^bochs ' "$tmp/root" || fail "root's status: $(cat "$tmp/root")"
says 1 "no such stream" dd-recorder dump no_such_stream

# Refusals are logged with who asked.
grep -q "refused: uid $(id -u ddr3) pid [0-9]* stream virtio snapshot: Permission denied" "$tmp/daemon.log" ||
	fail "not in the log: $(cat "$tmp/daemon.log")"
exit 0
