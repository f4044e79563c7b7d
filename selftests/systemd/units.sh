#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: unit= grants to the processes of a service: not to the same user's others, nor to who inherits a connection from one
# requires: systemd module:dyndbg_trace
# timeout: 200
cd ../recorder || exit 1
. ./recorder.sh

units_clean_up() {
	systemctl stop dd-recorder.socket dd-recorder.service
	rm -rf /etc/dd-recorder
	recorder_clean_up
}
trap units_clean_up EXIT

mkdir -p /etc/dd-recorder
cat >/etc/dd-recorder/recorder.conf <<-EOF
	[stream s]
	select=module nosuch
	[subscriber one]
	user=ddr1
	unit=ddr-a.service
	streams=s
	access=snapshot
	[subscriber any]
	unit=ddr-any.service
	streams=s
	access=live
EOF
systemctl start dd-recorder.socket || fail "no socket"

# within UNIT USER COMMAND...
within() {
	local unit=$1 user=$2
	shift 2
	systemd-run --quiet --wait --pipe --collect --unit="$unit" -p User="$user" -- "$@"
}
granted() {
	says 0 "" "$@"
}
denied() {
	says 1 "permission denied" "$@"
}

if ! [ "$(uname -r | awk -F. '{ print $1 * 1000 + $2 }')" -ge 6005 ]; then
	# Nobody can be sure there who it is, so nobody gets it.
	denied within ddr-a ddr1 dd-recorder dump s
	journalctl -q --no-pager -u dd-recorder -o cat | grep -qF "subscriber one: gets nothing, as unit= needs Linux 6.5" || fail "not said"
	exit 0
fi
granted within ddr-a ddr1 dd-recorder dump s
denied within ddr-b ddr1 dd-recorder dump s
denied within ddr-a ddr2 dd-recorder dump s
denied as ddr1 dd-recorder dump s
granted within ddr-any ddr3 dd-recorder exec --stream s:live -- true
denied within ddr-any ddr3 dd-recorder dump s
denied within ddr-a ddr3 dd-recorder exec --stream s:live -- true

# A scope of that name is another unit.
says 1 "permission denied" systemd-run --quiet --scope --unit=ddr-a.scope --uid=ddr1 dd-recorder dump s

# The connection of a process that has ended: whose is it?
within ddr-a ddr1 "$hostile" $socket orphan s >"$tmp/orphan" || fail "could not be tried: $(cat "$tmp/orphan")"
[ "$(paste -sd, "$tmp/orphan")" = "reply, 1 fds,reply 13" ] || fail "who inherits the connection is answered: $(cat "$tmp/orphan")"

# Of a process that has ended before the daemon looks, while the service's has got its number
pid=$(systemctl show --value -p MainPID dd-recorder.service)
kill -STOP "$pid"
as ddr1 "${hostile%/*}/ddr-client-crowd" $socket leave s >"$tmp/leave"
gone=$(head -n 1 "$tmp/leave")
[ "${gone:-0}" -gt 1 ] && [ ! -d "/proc/$gone" ] || fail "it has not ended: $(cat "$tmp/leave")"
for try in $(seq 60); do
	# systemd-run's own number comes first, and maybe others'
	echo $((gone - 1 - try % 4)) >/proc/sys/kernel/ns_last_pid
	systemd-run --quiet --collect --unit=ddr-a -p User=ddr1 -- sleep 100
	[ "$(systemctl show --value -p MainPID ddr-a.service)" != "$gone" ] || break
	systemctl stop ddr-a.service
done
[ "$(systemctl show --value -p MainPID ddr-a.service)" = "$gone" ] || fail "no process of the service got the number $gone"
echo "# the number $gone was had after $try tries"
kill -CONT "$pid"
answered() {
	[ "$(wc -l <"$tmp/leave")" = 2 ]
}
wait_for 20 answered || fail "no answer"
[ "$(tail -n 1 "$tmp/leave")" = "reply 13" ] || fail "who had the number before is answered: $(tail -n 1 "$tmp/leave")"
systemctl stop ddr-a.service
[ "$(ls "/proc/$pid/fd" | wc -l)" -lt 20 ] || fail "fds are left: $(ls -l "/proc/$pid/fd")"
exit 0
