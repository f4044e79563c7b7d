#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: no unprivileged user can open a file of tracefs or the control file, not even by an fd it was given
# requires: drm:2 module:dyndbg_drm
. ./recorder.sh

both_cards
two_streams
start_daemon

for user in ddr1 ddr2 ddr3; do
	for file in "$tracing" "$instances" "$instances/virtio" "$instances/virtio/trace" \
		"$instances/virtio/trace_pipe" "$instances/virtio/trace_marker" "$tracing/trace"; do
		! as $user sh -c ": <'$file'" 2>/dev/null || fail "$user can open $file"
		! as $user ls "$file" >/dev/null 2>&1 || fail "$user can list $file"
	done
	! as $user sh -c "echo 'open mine' >$control" 2>/dev/null || fail "$user can write the control file"
done

# A given fd is what it is: no other access can be had through it.
as ddr1 dd-recorder exec --stream virtio:snapshot,live,mark -- bash -c '
	exec 2>/dev/null
	(: >/dev/fd/3) && exit 3
	(: >/dev/fd/4) && exit 4
	(: </dev/fd/5) && exit 5
	ls /proc/self/fd/3/.. >&2 && exit 6
	(echo x >&3) && exit 7
	cat <&5 >&2 && exit 8
	(echo x >&5) || exit 9
	exit 0' || fail "the fds are not what was granted: case $?"
exit 0
