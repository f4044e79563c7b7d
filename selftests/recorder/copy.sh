#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a copy leaves the instance removable and is refused when too many are kept; an fd does not, and status says who holds it
# requires: module:dyndbg_trace module:dyndbg_test
# timeout: 120
. ./recorder.sh

load dyndbg_trace
load dyndbg_test
cat >"$conf" <<-EOF
	[stream s]
	select=module dyndbg_test
	size=1M
	[subscriber one]
	user=ddr1
	streams=s
	access=copy
	[subscriber two]
	user=ddr2
	streams=s
	access=snapshot live
EOF
start_daemon
fire pr 1000

# The same text as the file's, sealed, and nothing else is granted by it.
as ddr1 dd-recorder exec --stream s:copy -- sh -c 'cat <&3' >"$tmp/copy" || fail "no copy"
as ddr2 dd-recorder dump s >"$tmp/dump" || fail "no dump"
[ "$(messages "$tmp/copy")" -ge 1000 ] || fail "$(messages "$tmp/copy") messages in the copy"
diff <(grep -v '^#' "$tmp/copy") <(grep -v '^#' "$tmp/dump") >"$tmp/diff" || fail "the copy is another: $(head "$tmp/diff")"
as ddr1 dd-recorder exec --stream s:copy -- bash -c '! echo x >&3 && ! echo x >/proc/self/fd/3 && ! echo x >>/proc/self/fd/3' 2>/dev/null || fail "the copy can be written to"
as ddr1 dd-recorder dump s | diff <(grep -v '^#' "$tmp/dump") <(grep -v '^#') >"$tmp/diff" || fail "dump by a copy: $(head "$tmp/diff")"
says 1 "permission denied" as ddr1 dd-recorder exec --stream s:snapshot -- true
says 1 "permission denied" as ddr2 dd-recorder exec --stream s:copy -- true
says 1 "permission denied" as ddr3 dd-recorder exec --stream s:copy -- true

# hold USER ACCESS: a process that keeps it until the test ends; its number in $held
hold() {
	as "$1" dd-recorder exec --stream "s:$2" -- sh -c 'echo $$ >'"$tmp/held; exec sleep 1000" &
	wait_for 10 test -s "$tmp/held" || fail "$1 holds nothing"
	held=$(cat "$tmp/held")
	rm "$tmp/held"
}
chmod 777 "$tmp"
gone() {
	ddcmd 'device * -T:s; close s' && rmdir "$instances/s"
}

# Four copies are kept, a fifth is refused, and what is closed counts no more.
for _ in 1 2 3 4; do hold ddr1 copy; done
says 1 "dd-recorder: stream s: uid $(id -u ddr1) keeps 4 copies already" as ddr1 dd-recorder exec --stream s:copy -- true
kill "$held"
one_more() {
	as ddr1 dd-recorder exec --stream s:copy -- true 2>/dev/null
}
wait_for 10 one_more || fail "still refused"

# Who holds copies holds nothing of the instance; who holds a file of it does, and root is told who.
! dd-recorder status | grep 'held open' || fail "copies count as held files"
gone || fail "the instance cannot be removed while copies are held"
kill -HUP "$daemon"
back() {
	[ -d "$instances/s" ] && dd-recorder status | grep -q '^s '
}
wait_for 10 back || fail "a reload does not open it again"
hold ddr2 snapshot,live
dd-recorder status >"$tmp/status"
grep -qF "  held open by sleep (process $held of uid $(id -u ddr2)): trace,trace_pipe" "$tmp/status" || fail "status does not say who holds it: $(cat "$tmp/status")"
dd-recorder status -j | grep -qF "\"holders\":[{\"pid\":$held,\"uid\":$(id -u ddr2),\"comm\":\"sleep\",\"files\":\"trace,trace_pipe\"}]" || fail "nor as JSON"
as ddr2 dd-recorder status | grep -q "held open by sleep (process $held " || fail "its user is not told"
! as ddr1 dd-recorder status | grep 'held open' || fail "another user is told"
ddcmd 'device * -T:s; close s' || fail "cannot be closed"
! rmdir "$instances/s" 2>/dev/null || fail "the instance goes while an fd of it is held"
kill "$held"
can_go() {
	rmdir "$instances/s" 2>/dev/null
}
wait_for 10 can_go || fail "the instance stays"
stop_daemon
