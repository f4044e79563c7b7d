#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: stock trace events are recorded beside a stream's messages; one that is not there is an error
# requires: drm:2 module:dyndbg_drm program:modetest
. ./recorder.sh

both_cards
two_streams
sed -i '/^\[stream virtio/a events=printk:console error_report:error_report_end' "$conf"
start_daemon
# One that prints an address is said to, the other is not.
[ "$(grep -c 'may show kernel addresses' "$tmp/daemon.log")" = 1 ] && grep -q 'stream virtio: event error_report:error_report_end may show' "$tmp/daemon.log" ||
	fail "not said, or of others: $(cat "$tmp/daemon.log")"
echo "a line for the console" >/dev/kmsg
kms "$virtio"
line() {
	as ddr1 dd-recorder dump virtio >"$tmp/dump" && grep -q 'console: .*a line for the console' "$tmp/dump"
}
wait_for 5 line || fail "not recorded: $(tail -n 5 "$tmp/dump")"
stop_daemon
[ "$(cat "$instances/virtio/events/printk/console/enable")" = 0 ] || fail "the event stays enabled"

sed -i 's/^events=.*/events=printk:console nosuch:event/' "$conf"
says 1 "no event nosuch:event" dd-recorder daemon -c "$conf"
! grep '^#: .* <- ' $control || fail "a failed start leaves routes"
[ ! -e $socket ] || fail "a failed start leaves a socket"

# the same of a clock and a class that nobody has
sed -i '/^events=/d; s/^size=1M/clock=sundial/' "$conf"
says 1 "stream virtio: no clock sundial in this kernel; it has: " dd-recorder daemon -c "$conf"
exit 0
