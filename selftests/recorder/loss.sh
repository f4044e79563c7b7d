#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: status tells what each stream and CPU holds, how long back, and lost: as the kernel has it, and only to who may see it
# requires: drm:2 module:dyndbg_drm module:dyndbg_test
# timeout: 300
. ./recorder.sh

# stat CPU FIELD: of the kernel's own file
stat() {
	sed -n "s/^$2: //p" "$instances/virtio/per_cpu/cpu$1/stats"
}
# figure FIELD [CPU]: of the stream's part of the JSON, or of one of its CPUs'
figure() {
	local part=${json%%\"cpus\"*}
	[ $# = 1 ] || { part=${json#*\"cpu\":$2,} part=${part%%\}*}; }
	sed "s/.*\"$1\":\([0-9]*\).*/\1/" <<<"$part"
}

both_cards
load dyndbg_test storm_pause=20000
two_streams
sed -i '0,/^size=.*/s//size=128K\nselect=module dyndbg_test func storm_once/; 0,/^device=.*/s//device=*/' "$conf"
start_daemon

# A ring that was run over, and is read from; then nobody writes any more.
echo 1 >/sys/module/dyndbg_test/parameters/storm
wait_for 20 grep -q '^overrun: [1-9][0-9]' "$instances/virtio/per_cpu/cpu0/stats" || fail "nothing is overwritten"
wait_for 20 grep -q '^overrun: [1-9][0-9]' "$instances/virtio/per_cpu/cpu1/stats" || fail "nothing is overwritten on CPU 1"
echo 0 >/sys/module/dyndbg_test/parameters/storm
sleep 0.5
# While nothing was taken out, the oldest is the first that the file shows; the kernel does not count what is left of a reader's page.
json=$(as ddr1 dd-recorder status -j)
oldest=$(grep -v '^#' "$instances/virtio/trace" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+\.[0-9]+:$/) { print substr($i, 1, length($i) - 1); exit } }')
awk -v file="$oldest" -v json="$(figure oldest_ns)" 'BEGIN { d = file - json / 1e9; exit !(d < 0.001 && d > -0.001) }' ||
	fail "the oldest record is of $oldest, but it says $(figure oldest_ns)"
timeout "$DDR_SLOW" dd-recorder tail virtio | head -n 20 >/dev/null
sleep 0.5
echo 0 >"$instances/virtio/tracing_on"

as ddr1 dd-recorder status -j >"$tmp/json" || fail "no JSON: $(cat "$tmp/json")"
json=$(cat "$tmp/json")
[ "$(wc -l <"$tmp/json")" = 1 ] && [[ $json == '{"streams":[{"stream":"virtio",'*'}],"holders":['*']}],"kernel":{'*'}}' ]] || fail "JSON: $json"
[[ $json != *bochs* ]] || fail "ddr1 is told of bochs"
for cpu in 0 1; do
	for pair in entries:entries overrun:overrun "commit overrun:commit_overrun" "dropped events:dropped" "read events:read" bytes:bytes; do
		[ "$(stat $cpu "${pair%:*}")" = "$(figure "${pair#*:}" $cpu)" ] ||
			fail "cpu$cpu: ${pair%:*} is $(stat $cpu "${pair%:*}"), but it says $(figure "${pair#*:}" $cpu): $json"
	done
	oldest=$(stat $cpu "oldest event ts" | tr -d ' .')
	[ "$((10#$oldest * 1000))" = "$(figure oldest_ns $cpu)" ] || fail "cpu$cpu: oldest $oldest: $json"
done
for field in entries overrun commit_overrun dropped read bytes; do
	[ "$(figure $field)" = $(($(figure $field 0) + $(figure $field 1))) ] || fail "$field is not the sum: $json"
done
[ "$(figure overrun)" -gt 20 ] && [ "$(figure read)" -ge 20 ] || fail "$json"

# The table has the same
as ddr1 dd-recorder status -c >"$tmp/table" || fail "no table"
[ "$(awk '$1 == "virtio" { print $5, $7, $9 }' "$tmp/table")" = "$(figure entries) $(figure overrun) $(figure read)" ] || fail "table: $(cat "$tmp/table")"
[ "$(awk '$1 == "cpu1" { print $2, $4, $6 }' "$tmp/table")" = "$(figure entries 1) $(figure overrun 1) $(figure read 1)" ] || fail "table: $(cat "$tmp/table")"
! dd-recorder status | grep 'cpu[0-9]' || fail "CPUs that nobody asked for"

# Counted by the kernel before a message comes to any stream
[ "$(sed 's/.*"kernel":{"dropped":\([0-9]*\),"truncated":\([0-9]*\),.*/\1 \2/' "$tmp/json")" = \
	"$(cat /sys/module/dyndbg_trace/parameters/{dropped,truncated} | paste -sd' ')" ] || fail "kernel: $json"

# Of CPUs nobody is told more
[ "$(as ddr3 "$hostile" $socket cpus)" = "reply 13" ] || fail "ddr3 is told of CPUs: $(as ddr3 "$hostile" $socket cpus)"
[ "$(as ddr2 "$hostile" $socket cpus)" = "reply 13" ] || fail "ddr2 is told of virtio's CPUs"
[ "$(as ddr1 "$hostile" $socket cpus)" = reply ] || fail "ddr1 is not told"
[ "$(as ddr3 dd-recorder status -j)" = "{\"streams\":[],\"kernel\":${json##*\"kernel\":}" ] || fail "ddr3: $(as ddr3 dd-recorder status -j)"
says 1 "stdout: No space left" sh -c 'dd-recorder status -j >/dev/full'
stop_daemon
