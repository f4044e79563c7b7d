#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: the service as it is shipped: started by a client, reloaded, killed and restarted in a storm without losing a record, watched, confined
# requires: systemd module:dyndbg_drm module:dyndbg_test
# timeout: 300
cd ../recorder || exit 1
. ./recorder.sh

unit=dd-recorder.service
conf=/etc/dd-recorder/recorder.conf

show() {
	systemctl show --value -p "$1" $unit
}
is_active() {
	[ "$(show ActiveState)" = active ]
}
log_has() {
	journalctl -q --no-pager -u $unit -o cat | grep -qF -- "$1"
}
service_clean_up() {
	systemctl stop dd-recorder.socket $unit
	rm -rf /run/systemd/system/$unit.d /etc/dd-recorder
	recorder_clean_up
}
trap service_clean_up EXIT

systemd-analyze verify --man=no /usr/lib/systemd/system/dd-recorder.{service,socket} >"$tmp/verify" 2>&1 || fail "systemd-analyze verify: $(cat "$tmp/verify")"
! grep -i dd-recorder "$tmp/verify" || fail "systemd-analyze verify has something to say"

# Without a configuration it does not start, and nothing is broken by that.
systemctl start dd-recorder.socket || fail "the socket: $(systemctl status dd-recorder.socket)"
[ "$(stat -c %a $socket)" = 666 ] || fail "the socket's mode is $(stat -c %a $socket)"
rmmod dyndbg_drm dyndbg_trace 2>/dev/null
mkdir -p /etc/dd-recorder
load dyndbg_test storm_pause=200000
cat >$conf <<-EOF
	[stream storm]
	select=module dyndbg_test func storm_once
	size=16M
	[subscriber one]
	user=ddr1
	streams=storm
	access=snapshot live
EOF

# The first client starts it, with the modules.
as ddr1 timeout 60 dd-recorder dump storm >"$tmp/dump" || fail "no answer: $(systemctl status $unit)"
is_active || fail "not active"
[ -d /sys/module/dyndbg_trace ] && [ -d /sys/module/dyndbg_drm ] || fail "it did not load the modules"
says 1 "permission denied" as ddr3 dd-recorder dump storm
pid=$(show MainPID)
grep -q '^CapBnd:[[:space:]]*0*$' "/proc/$pid/status" || fail "capabilities: $(grep Cap "/proc/$pid/status")"
grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status" && grep -q '^Seccomp:[[:space:]]*2$' "/proc/$pid/status" || fail "not confined: $(cat "/proc/$pid/status")"
! nsenter -t "$pid" -m touch /etc/dd-recorder/x 2>/dev/null || fail "it may write to /etc"
! nsenter -t "$pid" -m sh -c 'echo 1 >/sys/kernel/profiling' 2>/dev/null || fail "it may write to /sys"
exposure=$(systemd-analyze security --no-pager $unit | sed -n 's/.*Overall exposure level[^:]*: *\([0-9.]*\).*/\1/p')
echo "# exposure $exposure"
awk -v e="$exposure" 'BEGIN { exit !(e != "" && e <= 2) }' || fail "exposure: $(systemd-analyze security --no-pager $unit | cat)"

# Reload, with an error and without; who asks systemd hears about both.
echo "colour=red" >>$conf
systemctl reload $unit || fail "reload: $(systemctl status $unit)"
wait_for 10 log_has "unknown key 'colour'" || fail "the log lacks it"
is_active || fail "an error in the configuration ends it"
[[ $(show StatusText) == *"Not reloaded"* ]] || fail "status text: $(show StatusText)"
sed -i '$d' $conf
sed -i 's/^streams=.*/&\nuser=ddr2/' $conf
systemctl reload $unit
wait_for 10 as ddr2 dd-recorder dump storm >/dev/null || fail "not reloaded"
[ -z "$(show StatusText)" ] || fail "status text: $(show StatusText)"
[ "$(show MainPID)" = "$pid" ] || fail "another process"

# Killed in a storm: who reads goes on reading, and no record is missing.
as ddr2 timeout 250 dd-recorder tail storm >"$tmp/live" &
tail=$!
wait_for 10 grep -q . "/proc/$tail/stat" && sleep 1
echo 1 >/sys/module/dyndbg_test/parameters/storm
sleep 2
for n in 1 2 3; do
	pid=$(show MainPID)
	kill -KILL "$pid"
	restarted() {
		is_active && [ "$(show MainPID)" != "$pid" ] && [ "$(show MainPID)" != 0 ]
	}
	wait_for 30 restarted || fail "not restarted: $(systemctl status $unit)"
	as ddr2 dd-recorder status | grep -q '^storm ' || fail "round $n: the next does not answer"
done
[ "$(show NRestarts)" = 3 ] || fail "$(show NRestarts) restarts"
sleep 1

# Restarted, too, and who is connected stays connected: through a kill, and through a restart that has a stream less.
patient ddr2 storm
sleep 3 # a connection is kept when it has lasted for two seconds
[ "$(show NFileDescriptorStore)" = 1 ] || fail "$(show NFileDescriptorStore) connections are kept"
pid=$(show MainPID)
kill -KILL "$pid"
wait_for 30 restarted || fail "not restarted: $(systemctl status $unit)"
ask_again 2
cp $conf "$tmp/conf"
printf '[stream other]\nselect=module nosuch\n' >>$conf
systemctl restart $unit || fail "restart: $(systemctl status $unit)"
grep -q '^#: other <- ' $control || fail "the new stream is not routed"
cp "$tmp/conf" $conf
systemctl restart $unit || fail "restart: $(systemctl status $unit)"
! grep '^#: other <- ' $control || fail "what the daemon before had, and this one has not, is still recorded"
log_has "stream other: left by a daemon before; closed" || fail "the log lacks it"
ask_again 3
patient_heard "reply 0,reply 0,reply 0"
let_go() {
	[ "$(show NFileDescriptorStore)" = 0 ]
}
wait_for 10 let_go || fail "a connection that has ended is kept"

# One that hangs is found out.
mkdir -p /run/systemd/system/$unit.d
restarts=$(show NRestarts)
printf '[Service]\nWatchdogSec=3\n' >/run/systemd/system/$unit.d/watchdog.conf
systemctl daemon-reload
pid=$(show MainPID)
kill -KILL "$pid"
wait_for 30 restarted || fail "not restarted"
sleep $((5 * DDR_SLOW))
is_active && [ "$(show NRestarts)" = "$((restarts + 1))" ] || fail "it does not feed the watchdog"
pid=$(show MainPID)
kill -STOP "$pid"
wait_for 30 restarted || fail "a daemon that hangs stays"
log_has "Watchdog timeout" || fail "not the watchdog's doing: $(journalctl -q --no-pager -u $unit | tail)"
echo 0 >/sys/module/dyndbg_test/parameters/storm
sleep 1
kill $tail
wait $tail
for text in "storm" "storm device"; do no_gap "$tmp/live" "$text" || fail "records are missing"; done

# Stopped: nothing is recorded any more, what was stays, and the next client starts it again.
systemctl stop $unit
! grep '^#: .* <- ' $control || fail "routes are left"
[ ! -e /run/dd-recorder/socket.streams ] || fail "it says that streams are left"
[ "$(grep -cv '^#' "$instances/storm/trace")" -ge 0 ] || fail "the instance is gone"
as ddr2 timeout 60 dd-recorder status | grep -q '^storm ' || fail "not started again"
is_active || fail "not active again"
exit 0
