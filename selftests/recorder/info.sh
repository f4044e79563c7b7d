#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: info says what drm_info says, idle and with a mode set, to whom may open the cards; no error of a card ends it
# requires: drm:2 module:dyndbg_drm program:drm_info program:python3 program:modetest program:strace program:valgrind
# timeout: 420
. ./recorder.sh

schema=/usr/share/doc/dd-recorder/info.schema.json
json=$PWD/info-json
chmod 755 "$tmp"

# same USER WHAT: "info -j" has all that drm_info says to USER, and is as its schema has it. The console may draw between
# the two, and where nobody else has a card open, the kernel restores its console when the last file is closed: what
# counts is what drm_info says before and after.
same() {
	local user=$1 what=$2 i
	for i in 1 2 3 4 5; do
		as "$user" drm_info -j >"$tmp/theirs" || fail "$what: drm_info does not work for $user"
		as "$user" dd-recorder info -j >"$tmp/ours" 2>"$tmp/stderr" || fail "$what: info -j: $(cat "$tmp/stderr")"
		as "$user" drm_info -j >"$tmp/after" || fail "$what: drm_info does not work for $user"
		! cmp -s "$tmp/theirs" "$tmp/after" || break
	done
	[ ! -s "$tmp/stderr" ] || fail "$what: info -j said $(cat "$tmp/stderr")"
	"$json" compare "$tmp/theirs" "$tmp/ours" || fail "$what: $user does not see what drm_info says"
	"$json" check "$schema" "$tmp/ours" || fail "$what: not as the schema has it"
}

# has_mode CARD MODE: a CRTC of it has it. Whoever opens the card while the client begins might be its master instead.
has_mode() {
	grep -q "mode: \"$2\"" "/sys/kernel/debug/dri/$1/state"
}

virtio=$(card_of virtio_gpu) || fail "no card of virtio_gpu"
bochs=$(card_of bochs) || fail "no card of bochs"
quiet_console

same root idle
same ddr1 idle

# The text is made of the JSON; all names have to be there, and /sys knows more than drm_info does.
dd-recorder info >"$tmp/text" || fail "info"
"$json" plain "$tmp/text" || fail "info's text is not plain"
for c in /sys/class/drm/card*-*; do
	name=${c##*/card[0-9]-}
	grep -qE "─Connector [0-9]+: $name\$" "$tmp/text" || fail "connector $name is not in the text"
	[ "$(cat "$c/status")" = connected ] || continue
	grep -A4 -E "─Connector [0-9]+: $name\$" "$tmp/text" | grep -q "Status: connected" || fail "$name is connected"
done
for name in DRM_CLIENT_CAP_ATOMIC DRM_CAP_DUMB_BUFFER '"EDID" (immutable): blob = ' '"type" (immutable): enum {Overlay, Primary, Cursor} = Primary' \
	'"CRTC_X" (atomic): srange \[INT32_MIN, INT32_MAX\] = 0' 'XR24 (0x34325258)' 'Lessees: \[\]' 'Not known: no daemon at '; do
	grep -q -- "$name" "$tmp/text" || fail "'$name' is not in the text: $(cat "$tmp/text")"
done
[ "$("$json" get "$tmp/ours" recorder status)" = null ] || fail "a status without a daemon"
# which is as much as udev knows
[ "$("$json" get "$tmp/ours" "/dev/dri/card$bochs" node device)" = "$(pci_of "$bochs")" ] || fail "the device"
[ "$("$json" get "$tmp/ours" "/dev/dri/card$bochs" driver kernel release)" = "$(uname -r)" ] || fail "the kernel"

began=$EPOCHREALTIME
dd-recorder info -j >"$tmp/ours"
took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
echo "# info -j took $took ms"
[ $took -lt $((1000 * ${DDR_SLOW:-1})) ] || fail "info -j took $took ms"

# A mode is set by a client, which is the master meanwhile: nothing that it does not see.
connector=$("$json" get "$tmp/ours" "/dev/dri/card$virtio" connectors 0 id)
sleep 1000 | modetest -M virtio_gpu -s "$connector:1024x768" >/dev/null 2>&1 &
client=$!
wait_for 20 has_mode "$virtio" 1024x768 || fail "no mode was set"
same root "mode set"
same ddr1 "mode set"
as ddr1 dd-recorder info "$virtio" >"$tmp/text"
grep -q "Lessees: not known: only the card's master" "$tmp/text" || fail "ddr1 is the master: $(grep Lessees "$tmp/text")"
grep -q "Framebuffer [0-9]*: 1024x768" "$tmp/text" || fail "no framebuffer: $(cat "$tmp/text")"
# We were no one's master: another's mode still can be set, and was left as it was.
has_mode "$virtio" 1024x768 || fail "info has changed the mode"
pkill -P $client
end_jobs

# Who may not open the cards is told so, of each; who may open some gets these.
says 1 "/dev/dri/card$virtio: Permission denied" as ddr3 dd-recorder info -j
grep -q "/dev/dri/card$bochs: Permission denied" "$tmp/says" || fail "only one: $(cat "$tmp/says")"
as ddr3 dd-recorder info -j 2>/dev/null >"$tmp/ours"
"$json" check "$schema" "$tmp/ours" || fail "ddr3's is not as the schema has it"
says 1 "Error: Permission denied" as ddr3 dd-recorder info
chmod o+rw "/dev/dri/card$bochs"
as ddr3 dd-recorder info -j 2>/dev/null >"$tmp/ours" && fail "ddr3 has both"
"$json" get "$tmp/ours" "/dev/dri/card$bochs" crtcs 0 id >/dev/null || fail "the card that ddr3 may open is not there"
chmod o-rw "/dev/dri/card$bochs"
for other in /dev/null /dev/dri/renderD128 "$tmp" /nonexistent; do
	says 1 "dd-recorder: $other: " dd-recorder info -j "$virtio" "$other"
	dd-recorder info -j "$virtio" "$other" 2>/dev/null >"$tmp/ours"
	"$json" check "$schema" "$tmp/ours" || fail "$other: not as the schema has it"
	"$json" get "$tmp/ours" "/dev/dri/card$virtio" crtcs 0 id >/dev/null || fail "$other: the other card is not there"
done
says 1 '99: No such file' dd-recorder info $'card99' "$virtio"
says 1 'a\x1bb: No such file' dd-recorder info $'/a\033b'

# rebind: the card goes and comes back
pci=$(pci_of "$bochs")
driver=$(readlink -f "/sys/bus/pci/devices/$pci/driver")
rebind() {
	echo "$pci" >"$driver/unbind" || fail "cannot unbind"
	sleep "${1:-0}"
	echo "$pci" >"$driver/bind" || fail "cannot bind"
}

# A monitor that wants to command the terminal. All kernels' bochs asks for an EDID when it begins, and then gets ours.
firmware=/sys/module/drm/parameters/edid_firmware
edid=$(echo /sys/class/drm/card"$bochs"-*/edid)
mkdir -p /lib/firmware/edid
"$json" hostile-edid "$edid" /lib/firmware/edid/ddr-hostile.bin || fail "no EDID in $edid"
echo edid/ddr-hostile.bin >$firmware
rebind
echo nothing:edid/ddr-hostile.bin >$firmware
cmp "$edid" /lib/firmware/edid/ddr-hostile.bin || fail "the connector has another EDID"
dd-recorder info -j >"$tmp/ours" && dd-recorder info >"$tmp/text" || fail "no info of a hostile monitor"
"$json" check "$schema" "$tmp/ours" && "$json" plain "$tmp/text" || fail "a hostile monitor's EDID gets through"
"$json" get "$tmp/ours" "/dev/dri/card$bochs" connectors 0 edid
if ldd "$(command -v dd-recorder)" | grep -q libdisplay-info; then
	grep -q 'model: .*EVIL' "$tmp/text" || fail "the monitor's model is not shown: $(grep -A20 EDID: "$tmp/text")"
	grep -q 'serial: .*EV' "$tmp/text" || fail "the monitor's serial number is not shown"
else
	grep -q 'error: built without libdisplay-info' "$tmp/text" || fail "no word of why the EDID is not decoded"
fi
rm /lib/firmware/edid/ddr-hostile.bin
rebind

# The card goes at any of the ioctls: the rest is there, what is missing is told.
n=$(strace -e trace=ioctl -o "$tmp/strace" dd-recorder info -j "$bochs" >"$tmp/ours" && grep -c '^ioctl(.*DRM' "$tmp/strace")
[ "$n" -gt 20 ] || fail "only $n ioctls"
# A compositor that starts meanwhile finds the card without a master.
grep -m1 '^ioctl(.*DRM' "$tmp/strace" | grep -q 'DROP_MASTER.* = 0' || fail "we stay the card's master: $(head -n 5 "$tmp/strace")"
files=()
for i in 1 3 $(seq 20 $((n / 4 + 1)) "$n") "$n"; do
	status=0
	strace -e trace=ioctl -e inject=ioctl:error=ENODEV:when="$i"+ -o /dev/null dd-recorder info -j "$bochs" "$virtio" \
		>"$tmp/gone.$i" 2>"$tmp/stderr" || status=$?
	[ $status = 1 ] || fail "without the card from ioctl $i of $n on it ended with $status: $(cat "$tmp/stderr")"
	grep -q "card$bochs: .*No such device" "$tmp/stderr" || fail "from ioctl $i on no word of card$bochs: $(cat "$tmp/stderr")"
	files+=("$tmp/gone.$i")
done
"$json" check "$schema" "${files[@]}" || fail "what is left of a card that goes is not as the schema has it"

# It really goes and comes, while we look.
(
	for i in $(seq 1000); do
		[ ! -e "$tmp/enough" ] || exit 0
		status=0
		dd-recorder info -j "$virtio" "$bochs" >"$tmp/race.$i" 2>/dev/null || status=$?
		echo $status >>"$tmp/race"
		[ $status -le 1 ] || exit 1
	done
) &
looker=$!
for i in 1 2 3; do
	sleep 0.$i
	rebind 0.5
	sleep 0.5
done
: >"$tmp/enough"
wait $looker || fail "info ended with $(tail -n 1 "$tmp/race") when its card went"
rm "$tmp/enough"
echo "# while the card went and came: $(sort "$tmp/race" | uniq -c | tr -s ' \n' ' ')"
grep -q 1 "$tmp/race" && grep -q 0 "$tmp/race" || fail "the card was never there, or always"
"$json" check "$schema" "$tmp"/race.[0-9]* || fail "what was read meanwhile is not as the schema has it"
await_card bochs >/dev/null || fail "no bochs after all"

for arg in "" -j; do
	# shellcheck disable=SC2086 # none, or one
	valgrind -q --leak-check=full --errors-for-leak-kinds=definite,possible --error-exitcode=9 \
		dd-recorder info $arg >/dev/null 2>"$tmp/valgrind" || fail "valgrind: $(cat "$tmp/valgrind")"
done

# With a daemon: what status says, to whom
both_cards
two_streams
start_daemon
as ddr1 dd-recorder info -j >"$tmp/ours" || fail "info with a daemon"
"$json" check "$schema" "$tmp/ours" || fail "not as the schema has it"
[ "$("$json" get "$tmp/ours" recorder status streams 0 stream)" = virtio ] || fail "ddr1's stream is not there"
"$json" get "$tmp/ours" recorder status streams 1 >/dev/null 2>&1 && fail "ddr1 sees more than his stream"
dd-recorder status -j >"$tmp/status"
dd-recorder info -j >"$tmp/ours"
"$json" get "$tmp/ours" recorder status streams 1 destination | cmp - <("$json" get "$tmp/status" streams 1 destination) ||
	fail "root's second stream is another one"
dd-recorder info | grep -q '├───Stream virtio' || fail "no stream in the text"
says 0 "no daemon at /nonexistent" dd-recorder info -s /nonexistent
exit 0
