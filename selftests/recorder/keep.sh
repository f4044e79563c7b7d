#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: keep=: a ring grows until it covers the time, up to max=, and a restart does not set it back
# requires: module:dyndbg_trace module:dyndbg_test
# timeout: 180
. ./recorder.sh

load dyndbg_trace
load dyndbg_test storm_pause=$((200000 * DDR_SLOW))
cat >"$conf" <<-EOF
	[stream grows]
	select=module dyndbg_test func storm_once
	keep=8s
	size=64K
	max=16M
	[stream small]
	select=module dyndbg_test func storm_once
	keep=8s
	size=16K
	max=48K
EOF
start_daemon
# covers STREAM: tenths of seconds, on the CPU where they are fewest
covers() {
	dd-recorder status -c | awk -v s="$1" '
		!/^ / { mine = $1 == s }
		/^  cpu/ && mine && (!n++ || $3 < least) { least = $3 }
		END { printf "%d", least * 10 }'
}
size() {
	dd-recorder status | awk -v s="$1" '$1 == s { print $4 }'
}
begin=$(size grows)
echo 1 >/sys/module/dyndbg_test/parameters/storm
sleep 8
echo "# after 8 s: $(covers grows) tenths of a second in $(size grows) KiB"
enough() {
	[ "$(covers grows)" -ge 80 ]
}
wait_for 60 enough || fail "it covers $(covers grows) tenths of a second, with $(size grows) KiB: $(cat "$tmp/daemon.log")"
# and still does, when what came before the last growth is gone
sleep 12
covered=$(covers grows)
now=$(size grows)
echo "# at last: $covered tenths of a second in $now KiB, where it began with $begin"
[ "$covered" -ge 70 ] || fail "it does not stay so"
[ "$now" -gt "$begin" ] && [ "$now" -le 16400 ] || fail "it has $now KiB"
[ "$(size small)" -le 64 ] || fail "above its max: $(size small)"
grep -q "stream small: cannot keep 8 s: its ring is at max=48K" "$tmp/daemon.log" || fail "not said: $(cat "$tmp/daemon.log")"
[ "$(grep -c "stream small: cannot keep" "$tmp/daemon.log")" = 1 ] || fail "said more than once"

# The next daemon takes it over as it is.
kill -USR2 "$daemon"
wait "$daemon" || fail "the daemon ended with $?"
grep -q '^#: grows <- ' $control || fail "the stream was closed"
start_daemon
[ "$(size grows)" = "$now" ] || fail "$(size grows) KiB after the restart, not $now"
echo 0 >/sys/module/dyndbg_test/parameters/storm
stop_daemon
! grep '^#: .* <- ' $control || fail "routes are left"
