#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: seat= grants to the user whose session is the active one there, as long as it is that
# requires: systemd module:dyndbg_trace
# timeout: 200
cd ../recorder || exit 1
. ./recorder.sh

seats_clean_up() {
	systemctl stop ddr-on-seat.service ddr-other.service dd-recorder.socket dd-recorder.service
	rm -rf /etc/dd-recorder
	recorder_clean_up
} 2>/dev/null
trap seats_clean_up EXIT

mkdir -p /etc/dd-recorder
cat >/etc/dd-recorder/recorder.conf <<-EOF
	[stream s]
	select=module nosuch
	[subscriber here]
	seat=seat0
	streams=s
	access=snapshot
	[subscriber there]
	seat=seat1
	streams=s
	access=live
EOF
systemctl start dd-recorder.socket || fail "no socket"

# log_in UNIT USER VT: a session on seat0, as a display manager makes it
log_in() {
	systemd-run --quiet --collect --unit="$1" -p User="$2" -p PAMName=login -p TTYPath="/dev/tty$3" -p UtmpIdentifier="tty$3" \
		-p StandardInput=tty -p StandardOutput=journal -E XDG_SEAT=seat0 -E XDG_VTNR="$3" -- sleep 1000 || fail "$1 cannot be started"
}
# switch_to USER: to its session
switch_to() {
	loginctl activate "$(loginctl list-sessions --no-legend | awk -v u="$1" '$3 == u { print $1; exit }')"
}
active() {
	[ "$(loginctl show-seat seat0 --value -p ActiveSession 2>/dev/null)" != "" ] &&
		[ "$(loginctl show-session "$(loginctl show-seat seat0 --value -p ActiveSession)" --value -p Name)" = "$1" ]
}
granted() {
	says 0 "" as "$1" dd-recorder dump s
}
denied() {
	says 1 "permission denied" as "$1" dd-recorder dump s
}

denied ddr1
log_in ddr-on-seat ddr1 7
wait_for 20 switch_to ddr1 2>/dev/null
wait_for 20 active ddr1 || fail "no active session: $(loginctl list-sessions; loginctl seat-status seat0; journalctl -q --no-pager -u ddr-on-seat | tail)"
granted ddr1
denied ddr2
says 1 "permission denied" as ddr1 dd-recorder exec --stream s:live -- true

# Switched away from, and back: it is asked anew each time, also on a connection that is there.
log_in ddr-other ddr2 8
wait_for 20 switch_to ddr2 2>/dev/null
wait_for 20 active ddr2 || fail "no other session: $(loginctl list-sessions)"
denied ddr1
granted ddr2
patient ddr2 s
switch_to ddr1
wait_for 20 active ddr1 || fail "cannot be switched back"
ask_again 2
patient_heard "reply 0,reply 13"
granted ddr1
systemctl stop ddr-on-seat
left() {
	! active ddr1
}
wait_for 20 left || fail "the session does not end"
denied ddr1
exit 0
