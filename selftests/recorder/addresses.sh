#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: nothing that a subscriber without raw can read has an address of the kernel's, or of the daemon's, in it
# requires: drm:2 module:dyndbg_drm module:dyndbg_test module:dyndbg_equal program:readelf program:modetest
. ./recorder.sh

scan=${hostile%/*}/ddr-client-scan
[ -x "$scan" ] || skip "no $scan"
both_cards
load dyndbg_test
load dyndbg_equal
address=$(cat /sys/module/dyndbg_equal/parameters/address)
[ ${#address} = 16 ] || fail "no address: $address"

# Where the kernel's text, its modules, all memory as it is mapped, and what was allocated by vmalloc() are: as this boot has it
mapfile -t kernel < <(readelf -lW /proc/kcore | awk '$1 == "LOAD" { print $3, $6 }' | while read -r at size; do
	printf '%x-%x\n' $((at)) $((at + size - 1))
done)
text=$(awk '$3 == "_text" { print $1 }' /proc/kallsyms)
[ ${#kernel[@]} -ge 3 ] || fail "ranges: ${kernel[*]}"
inside() {
	printf '%s\n' "$1" | "$scan" "${kernel[@]}" >"$tmp/scan" && fail "$2 $1 lies in none of ${kernel[*]}"
}
inside "$text" "the kernel's text"
inside "$address" "a module's data"
inside "$(awk '$1 == "dyndbg_trace" { print substr($6, 3) }' /proc/modules)" "a module"
! printf 'no address: 0000000012345678 deadbeef' | "$scan" "${kernel[@]}" | grep -v ' 0 addresses' || fail "it finds what is none"

# what messages may have: also where root would be shown the address
sysctl=/proc/sys/kernel/kptr_restrict
restrict=$(cat $sysctl)
echo 1 >$sysctl
trap 'echo $restrict >$sysctl; recorder_clean_up' EXIT
cat >"$conf" <<-EOF
	[stream s]
	select=module dyndbg_test
	select=module dyndbg_equal
	select=class DRM_UT_*
	size=16M
	[subscriber one]
	user=ddr1
	streams=s
	access=snapshot live mark copy
	[subscriber trusted]
	user=ddr2
	streams=s
	access=raw
	EOF
start_daemon
mapfile -t all < <(printf '%s\n' "${kernel[@]}"
	sed -n 's/^\([0-9a-f]*-[0-9a-f]*\) .*/\1/p' "/proc/$daemon/maps")

say() {
	local kind
	for kind in pr dev nodev hidden; do
		taskset -c 0 sh -c "echo '$kind 1' >/sys/module/dyndbg_equal/parameters/fire" || fail "cannot fire $kind"
	done
	for kind in ptr long net softirq hex hexbytes blind; do fire $kind 2; done
	kms "$virtio"
	kms "$bochs"
}
# The stack, too, where the kernel records one
! ddcmd 'module dyndbg_test func fire_p* +d' 2>/dev/null || echo "# with stacks"
setpriv --reuid=ddr1 --regid=ddr1 --init-groups dd-recorder tail s >"$tmp/live" 2>"$tmp/live.err" &
tail=$!
sleep 1
say
wait_for 20 grep -aq '@hidden:10|' "$tmp/live" || fail "nothing is read: $(tail -n 3 "$tmp/live") $(cat "$tmp/live.err")"
sleep 1
kill $tail
wait $tail
say

# clean NAME FILE
clean() {
	"$scan" "${all[@]}" <"$2" >"$tmp/scan" ||
		fail "$1: $(cat "$tmp/scan"): $(LC_ALL=C grep -an -m 3 "$(awk 'NR == 1 { print $2 }' "$tmp/scan")" "$2" | cut -c 1-300)"
	echo "# $1: $(tail -n 1 "$tmp/scan")"
}
as ddr1 dd-recorder exec --stream s:snapshot,mark -- sh -c 'echo a mark >&4; cat <&3; cat /proc/self/fdinfo/[34]; cat <&4 2>/dev/null' >"$tmp/snapshot"
as ddr1 dd-recorder exec --stream s:copy -- sh -c 'cat <&3' >"$tmp/copy"
as ddr1 "$scan" replies $socket s >"$tmp/replies" || fail "no replies"
as ddr1 dd-recorder status -c -j >"$tmp/status" || fail "no status"
for what in live snapshot copy; do
	for text in '@pr:pointers:' '@nodev:nested:' '@hidden:10|' 'ptr message' "$(pci_of "$virtio")"; do
		grep -aqF "$text" "$tmp/$what" || fail "$what has no '$text': $(tail -n 3 "$tmp/$what")"
	done
	clean "$what" "$tmp/$what"
done
grep -aq 'a mark' "$tmp/snapshot" || fail "no mark"
clean "replies" "$tmp/replies"
clean "status" "$tmp/status"
clean "the daemon's log" "$tmp/daemon.log"

# Nothing but raw shows them, and it is given to nobody who is not meant to have it.
says 1 "permission denied" as ddr1 dd-recorder exec --stream s:raw -- true
says 1 "permission denied" as ddr1 dd-recorder exec --stream s:snapshot,raw -- true
[ "$(as ddr1 "$hostile" $socket formats)" = "reply 13" ] || fail "ddr1 is told the formats"
as ddr2 dd-recorder exec --stream s:raw -- sh -c 'cat <&3 2>/dev/null' >"$tmp/raw"
! "$scan" "${kernel[@]}" <"$tmp/raw" >"$tmp/scan" || fail "raw pages have no address: what is looked for would not be found"
echo "# raw: $(tail -n 1 "$tmp/scan")"
! "$scan" "$address-$address" <"$tmp/raw" >"$tmp/scan" || fail "raw pages do not have $address"
say
cat "$instances/s/per_cpu/cpu0/trace_pipe_raw" >"$tmp/raw" 2>/dev/null &
wait_for 5 test -s "$tmp/raw"
sleep 1
kill $! 2>/dev/null
! "$scan" "$address-$address" <"$tmp/raw" >"$tmp/scan" || fail "root's raw pages do not have $address"
stop_daemon
exit 0
