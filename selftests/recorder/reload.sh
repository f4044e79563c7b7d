#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: SIGHUP: what stays is recorded without a gap, the rest comes and goes; a configuration with an error changes nothing
# requires: drm:2 module:dyndbg_drm module:dyndbg_test
# timeout: 300
. ./recorder.sh

# reload TEXT: returns when the daemon has said TEXT once more
reload() {
	local before now=0 i
	before=$(grep -cF -- "$1" "$tmp/daemon.log")
	kill -HUP "$daemon"
	for i in $(seq $((100 * DDR_SLOW))); do
		now=$(grep -cF -- "$1" "$tmp/daemon.log")
		[ "$now" -le "$before" ] || return 0
		sleep 0.1
	done
	fail "it did not say '$1': $(cat "$tmp/daemon.log")"
}
# trailer: what the kernel has of us, in no order
trailer() {
	grep '^#:' $control | sed 's/^#: Opened trace instances: */open:/; /^open:/s/ /\nopen:/g' | sort
}
both_cards
load dyndbg_test storm_pause=500000
two_streams
cat >>"$conf" <<-EOF
	[stream storm]
	select=module dyndbg_test func storm_once format storm
	size=16M
	[subscriber s]
	user=ddr3
	streams=storm
	access=snapshot live
EOF
cp "$conf" "$tmp/first.conf"
start_daemon
as ddr3 timeout 200 dd-recorder tail storm >"$tmp/live" &
tail=$!
echo 1 >/sys/module/dyndbg_test/parameters/storm

# Nothing changed
reload "reloaded: 3 streams, 3 subscribers"
trailer >"$tmp/trailer"

# A stream more, with an event; another select of the one that is being recorded; another size; one goes; rights change.
sed -i '0,/^size=1M/s//size=2M/; s/^\(select=module dyndbg_test\) .*/\1 format storm\n&/; /^\[stream bochs/,/^$/d; s/streams=bochs/streams=virtio/' "$conf"
cat >>"$conf" <<-EOF
	[stream more]
	select=class DRM_UT_DRIVER
	events=printk:console
EOF
says 1 "ermission denied" as ddr2 dd-recorder dump virtio
as ddr2 dd-recorder dump bochs >/dev/null || fail "ddr2 may not dump bochs"
reload "reloaded: 3 streams, 3 subscribers"
as ddr2 dd-recorder dump virtio >/dev/null || fail "ddr2 may not dump virtio"
says 1 "" as ddr2 dd-recorder dump bochs
[ "$(cat "$instances/more/events/printk/console/enable")" = 1 ] || fail "the event of the new stream is off"
[ "$(cat "$instances/virtio/buffer_total_size_kb")" -ge 2000 ] || fail "size=2M, but it is $(cat "$instances/virtio/buffer_total_size_kb") KiB"
[ "$(trailer | grep -c '^#: storm <- ')" = 2 ] || fail "routes: $(trailer)"
! trailer | grep 'bochs' || fail "bochs is not closed"
trailer >"$tmp/trailer.2"

# What cannot be read, and what the kernel does not have, change nothing; nor does what comes before that in the file stay.
cp "$conf" "$tmp/second.conf"
echo "colour=red" >>"$conf"
reload "not reloaded"
grep -q "recorder.conf:[0-9]*: unknown key 'colour'" "$tmp/daemon.log" || fail "not named: $(cat "$tmp/daemon.log")"
trailer | diff "$tmp/trailer.2" - || fail "a file that cannot be read changes something"
sed 's/^events=.*/events=printk:console nosuch:event/; s/^select=class DRM_UT_ATOMIC/select=class DRM_UT_LEASE/; s/streams=virtio/streams=more/' \
	"$tmp/second.conf" >"$conf"
sed -i '/^\[stream more/i [stream early]\nselect=class DRM_UT_STATE' "$conf"
reload "not reloaded"
[ "$(grep -c "no event nosuch:event" "$tmp/daemon.log")" = 1 ] || fail "not said, or not once: $(cat "$tmp/daemon.log")"
trailer | diff "$tmp/trailer.2" - || fail "what is seen beforehand changes something"
# What only the kernel refuses is noticed when others were changed already.
sed -i 's/^events=.*/events=error_report:error_report_end/; s/^select=class DRM_UT_DRIVER/&\nselect=module x line 10-5/' "$conf"
reload "not reloaded"
grep -q "stream more: Invalid argument" "$tmp/daemon.log" || fail "it says: $(cat "$tmp/daemon.log")"
trailer | diff "$tmp/trailer.2" - || fail "what failed leaves something"
[ "$(cat "$instances/more/events/error_report/enable")" = 0 ] || fail "an event of what failed stays on"
as ddr2 dd-recorder dump virtio >/dev/null || fail "the old policy is gone"
[ "$(cat "$instances/more/events/printk/console/enable")" = 1 ] || fail "the old event is off"

# What somebody closed stays readable when a reload fails, and comes back with one that does not.
must 'device * -T:more; close more'
reload "not reloaded"
dd-recorder dump more >/dev/null || fail "a failed reload lost the stream that was closed"
cp "$tmp/second.conf" "$conf"
reload "reloaded: 3 streams, 3 subscribers"
trailer | diff "$tmp/trailer.2" - || fail "what was closed did not come back"

# And all the way back, over and over
for _ in 1 2 3; do
	cp "$tmp/first.conf" "$conf"
	reload "reloaded: 3 streams, 3 subscribers"
	trailer | diff "$tmp/trailer" - || fail "not as it was"
	[ ! -e "$instances/more" ] || [ "$(cat "$instances/more/events/printk/console/enable")" = 0 ] || fail "an event stays"
	cp "$tmp/second.conf" "$conf"
	reload "reloaded: 3 streams, 3 subscribers"
done
echo 0 >/sys/module/dyndbg_test/parameters/storm
sleep 1
kill $tail
wait $tail
for text in "storm" "storm device"; do no_gap "$tmp/live" "$text" || fail "records are missing"; done
[ "$(ls /proc/$daemon/fd | wc -l)" -lt 20 ] || fail "fds are left: $(ls -l /proc/$daemon/fd)"
stop_daemon
! trailer | grep ' <- ' || fail "routes are left"
exit 0
