#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: exec passes fds by the LISTEN_FDS convention
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
start_daemon
kms "$virtio"

as ddr1 dd-recorder exec --stream virtio:mark,live,snapshot -- sh -c '
	echo "$LISTEN_FDS $LISTEN_FDNAMES"
	[ "$LISTEN_PID" = $$ ] || echo "pid $LISTEN_PID, not $$"
	for fd in 3 4 5; do readlink /proc/$$/fd/$fd; done
	[ ! -e /proc/$$/fd/6 ] || echo "fd 6 too"
	sed -n "s/^flags:.*\(.....\)$/\1/p" /proc/$$/fdinfo/4' >"$tmp/exec" || fail "exec ended with $?"
diff - "$tmp/exec" <<-EOF || fail "not what was expected"
	3 virtio.snapshot:virtio.live:virtio.mark
	$instances/virtio/trace
	$instances/virtio/trace_pipe
	$instances/virtio/trace_marker
	04000
EOF

# without ACCESS: live; what a service manager passed stays in front
dd-recorder exec --stream bochs -- sh -c 'echo "$LISTEN_FDS $LISTEN_FDNAMES"' >"$tmp/exec"
[ "$(cat "$tmp/exec")" = "1 bochs.live" ] || fail "$(cat "$tmp/exec")"
env sh -c 'LISTEN_FDS=1 LISTEN_PID=$$ LISTEN_FDNAMES=mine exec dd-recorder exec --stream bochs:snapshot -- \
	sh -c "echo \$LISTEN_FDS \$LISTEN_FDNAMES; cat <&3; readlink /proc/\$\$/fd/4"' 3<<<hello >"$tmp/exec"
diff - "$tmp/exec" <<-EOF || fail "the service manager's fd is gone"
	2 mine:bochs.snapshot
	hello
	$instances/bochs/trace
EOF

# a mark of the program's own stands among the messages
as ddr1 dd-recorder exec --stream virtio:mark -- sh -c 'echo a mark of ours >&3' || fail "no mark"
as ddr1 dd-recorder dump virtio | grep -q 'a mark of ours' || fail "the mark is not in the stream"

says 127 "no_such_program" dd-recorder exec --stream bochs -- no_such_program
says 126 "/etc/passwd" dd-recorder exec --stream bochs -- /etc/passwd
says 5 "" dd-recorder exec --stream bochs -- sh -c 'exit 5'
says 2 "is no stream" dd-recorder exec --stream bochs:write -- true
says 2 "no --stream" dd-recorder exec -- true
says 2 "no PROGRAM" dd-recorder exec --stream bochs
exit 0
