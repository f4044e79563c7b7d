#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: report --unit: what the journal has of system and user units between the kernel's lines where it belongs; nothing forged, nothing of another user's; bounds
# requires: systemd program:python3 program:zstd
# timeout: 400
cd ../recorder || exit 1
. ./recorder.sh

export LC_ALL=C TZ=UTC
chmod 711 "$tmp"
mkdir -m 777 "$tmp/out"
uid=$(id -u ddr1)

journal_clean_up() {
	systemctl stop "user@$uid.service" ddr-flood.service 2>/dev/null
	rm -f /run/systemd/user/ddr-own.service
	recorder_clean_up
}
trap 'status=$?; journal_clean_up || status=1; exit $status' EXIT

# report USER NAME ARG...: unpacked in $tmp/NAME
report() {
	local user=$1 name=$2
	shift 2
	as "$user" dd-recorder report -s /nonexistent -o "$tmp/out/$name.tar.zst" "$@" >"$tmp/said" 2>"$tmp/err" || fail "$name: $(cat "$tmp/said" "$tmp/err")"
	mkdir "$tmp/$name"
	tar --zstd -x -C "$tmp/$name" --strip-components=1 -f "$tmp/out/$name.tar.zst" || fail "$name: no archive"
	python3 report-check "$tmp/$name" /usr/share/doc/dd-recorder >"$tmp/check" || fail "$name: $(cat "$tmp/check")"
}
mark() {
	sleep 0.2
	echo "journal test $$: $1" >/dev/kmsg
	sleep 0.2
}
# between NAME SOURCE TEXT FROM TO: one line of SOURCE has TEXT, between these marks
between() {
	local at from to
	at=$(awk -v source="$2" -v text="$3" '$2 == source && index($0, text) { print NR }' "$tmp/$1/timeline.txt")
	from=$(grep -nF -m 1 "journal test $$: $4" "$tmp/$1/timeline.txt" | cut -d: -f1)
	to=$(grep -nF -m 1 "journal test $$: $5" "$tmp/$1/timeline.txt" | cut -d: -f1)
	[ -n "$at" ] && [ "$from" -lt "$at" ] && [ "$at" -lt "$to" ] ||
		fail "$1: '$3' of $2 is not once between $4 ($from) and $5 ($to), but ($at): $(grep -E "journal test|$2" "$tmp/$1/timeline.txt")"
}
has() {
	grep -qF -- "$3" "$tmp/$1/$2" || fail "$1: $2 has no '$3': $(cat "$tmp/$1/$2")"
}
has_not() {
	! grep -rF -- "$2" "$tmp/$1" || fail "$1 has '$2'"
}
tells() {
	local is
	is=$(python3 -c 'import json, sys
for s in json.load(open(sys.argv[1]))["sources"]:
	if s["source"] == sys.argv[2]:
		print(s.get(sys.argv[3], ""))' "$tmp/$1/manifest.json" "$2" "$3")
	[ "$is" = "$4" ] || fail "$1: $2 has $3 '$is', not '$4'"
}
# unit NAME USER COMMAND...: a service of the system's, until it ends; own TEXT: ddr1's says it (systemd-run --user may need a bus)
unit() {
	local name=$1 user=$2
	shift 2
	systemd-run --quiet --wait --collect --unit="$name" -p User="$user" -- "$@" || fail "no service $name"
}
own() {
	echo "$1" >"$tmp/own"
	as ddr1 env XDG_RUNTIME_DIR="/run/user/$uid" systemctl --user start ddr-own.service || fail "no service of ddr1's"
}
# to_journal COUNT NAME=VALUE...: in journald's own protocol; Python's escapes are understood
cat >"$tmp/to_journal" <<-'EOF'
	import socket, struct, sys, time

	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
	for i in range(int(sys.argv[1])):
	    data = b""
	    for field in sys.argv[2:]:
	        name, value = field.encode().decode("unicode_escape").encode("latin-1").split(b"=", 1)
	        if value.startswith(b"*"):
	            value = b"x" * int(value[1:]) + b" %d" % i
	        data += name + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
	    s.sendto(data, "/run/systemd/journal/socket")
	# journald looks up whose it is, which it cannot when the process is gone
	time.sleep(1)
EOF
to_journal="python3 $tmp/to_journal"

# Where each user has a journal of his own, without what another run left
mkdir -p /var/log/journal
journalctl --flush || fail "the journal is not on a disk"
journalctl -q --rotate && sleep 2 && journalctl -q --vacuum-time=1s || fail "the journal stays as it is"
mkdir -p /run/systemd/user
printf '[Service]\nType=oneshot\nExecStart=cat %s\n' "$tmp/own" >/run/systemd/user/ddr-own.service
systemctl start "user@$uid.service" || fail "no manager of ddr1's"

mark one
unit ddr-system ddr1 echo "system unit, first"
unit ddr-secret root echo "what root's service says"
mark two
own "user unit, first"
mark three
# A line of sway's keeps journald's time.
unit ddr-system ddr1 echo "00:00:00.001 [INFO] [sway/main.c:1] system unit, second"
own "user unit, second"
mark four
# shellcheck disable=SC2086
{
	unit ddr-odd ddr1 $to_journal 1 'SYSLOG_IDENTIFIER=od\nd' PRIORITY=3 'MESSAGE=many\n[    0.000001] lines\n\nand \x00\x1b[31m\xff bytes'
	unit ddr-odd ddr1 $to_journal 1 NO_MESSAGE=1
	unit ddr-odd ddr1 $to_journal 1 'MESSAGE=*70000'
	# Whoever says that he speaks of it
	as ddr3 $to_journal 1 UNIT=ddr-system.service USER_UNIT=ddr-own.service 'MESSAGE=forged'
	unit ddr-other root $to_journal 1 UNIT=ddr-system.service USER_UNIT=ddr-own.service 'MESSAGE=forged by root'
	unit ddr-flood root $to_journal 300 'MESSAGE=*70000'
	# What identifies: by who speaks, and in a monitor's EDID, an entry for each of its lines
	unit ddr-mac root $to_journal 1 'SYSLOG_IDENTIFIER=52:54:00:ab:cd:ef' 'MESSAGE=up'
	unit ddr-edid root python3 -c 'b = bytearray.fromhex("00ffffffffffff000469") + bytes(118); b[54:72] = b"\0\0\0\xff\0DDRSERIAL42\n "
for i in range(0, 128, 16): print("[00] BAD ", b[i:i + 16].hex(" "))'
	unit ddr-lines root $to_journal 20 "MESSAGE=$(printf '\\n%.0s' $(seq 10000))"
}
mark five
journalctl --sync

report root all -u ddr-system -u ddr-own.service -u ddr-odd -u ddr-flood -u ddr-lines -u ddr-mac -u ddr-edid -u nosuch.scope
between all ddr-system.service "]: system unit, first" one two
between all ddr-own.service "user unit, first" two three
between all ddr-system.service "]: 00:00:00.001 [INFO]" three four
between all ddr-own.service "user unit, second" three four
for u in system own; do
	# of the manager, too
	grep -qE "^[0-9.]+ ddr-$u.service +systemd\[[0-9]+\]: Start(ed|ing)" "$tmp/all/timeline.txt" || fail "nothing that systemd says of ddr-$u: $(cat "$tmp/all/journal/ddr-$u.service.txt")"
	tells all "unit ddr-$u.service" ahead_ns 0
	tells all "unit ddr-$u.service" left_out 0
done
grep -qE '^\[ *[0-9]+\.[0-9]{6}\] [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{6} \+0000 <6> echo\[[0-9]+\]: system unit, first$' "$tmp/all/journal/ddr-system.service.txt" ||
	fail "its file: $(cat "$tmp/all/journal/ddr-system.service.txt")"
for foreign in forged "root's service" 52:54:00:ab:cd:ef "52 49 41 4c 34 32"; do has_not all "$foreign"; done
[ "$(grep -c "xx:xx:xx:xx:xx:xx.*: up$" "$tmp/all/timeline.txt")" = 1 ] || fail "no redacted name: $(grep ddr-mac "$tmp/all/timeline.txt")"
[ "$(grep -c "ddr-edid.*\]: \[00\] BAD" "$tmp/all/timeline.txt")" = 8 ] || fail "no EDID: $(grep ddr-edid "$tmp/all/timeline.txt")"

# Bytes that command a terminal, lines that pretend to be others, none, and too many
grep -A 3 -F '<3> od\x0ad[' "$tmp/all/journal/ddr-odd.service.txt" | sed '1s/.*\]: //' >"$tmp/odd"
printf '%s\n' 'many' '    [    0.000001] lines' '    ' '    and \x00\x1b[31m\xff bytes' | cmp - "$tmp/odd" || fail "lines: $(cat "$tmp/all/journal/ddr-odd.service.txt")"
[ "$(awk '$2 == "ddr-odd.service"' "$tmp/all/timeline.txt" | grep -cF ' od\x0ad[')" = 4 ] || fail "lines: $(grep -F ddr-odd "$tmp/all/timeline.txt" | cut -c 1-200)"
grep -qE 'python3\[[0-9]+\]: $' "$tmp/all/journal/ddr-odd.service.txt" || fail "an entry without a message: $(cut -c 1-200 "$tmp/all/journal/ddr-odd.service.txt")"
tells all "unit ddr-odd.service" cut 1
[ "$(grep -c xxxxx "$tmp/all/journal/ddr-flood.service.txt")" -ge 200 ] || fail "too few: $(ls -l "$tmp/all/journal")"
python3 - "$tmp/all" <<-'EOF' || fail "the newest are not there, or not counted"
	import json, re, sys
	entry = [s for s in json.load(open(sys.argv[1] + "/manifest.json"))["sources"] if s["source"] == "unit ddr-flood.service"][0]
	text = open(sys.argv[1] + "/journal/ddr-flood.service.txt").read()
	kept = len(re.findall("x{65536}", text))
	print(entry, kept)
	# systemd's "Started" is the oldest
	sys.exit(not (entry["left_out"] in (300 - kept, 301 - kept, 302 - kept) and entry["cut"] == 300 and 16 << 20 >= len(text) - 100 * kept > 15 << 20))
EOF
lines=$(awk '$2 == "ddr-lines.service"' "$tmp/all/timeline.txt" | wc -l)
[ "$lines" -gt 50000 ] && [ "$lines" -lt 131072 ] || fail "$lines short lines in the timeline"
grep -q "without unit nosuch.scope: no entry that uid 0 may read" "$tmp/err" || fail "it does not say so: $(cat "$tmp/err")"
tells all "unit nosuch.scope" read False

report root recent -q --since "$(awk '/journal test '$$': three/ { print $1 }' "$tmp/all/timeline.txt")" -u ddr-system
has recent journal/ddr-system.service.txt "system unit, second"
has_not recent "system unit, first"

# ddr1: his own; ddr3: nothing
report ddr1 mine -u ddr-system -u ddr-own -u ddr-secret
has mine journal/ddr-system.service.txt "system unit, first"
has mine journal/ddr-own.service.txt "user unit, second"
has_not mine "root's service"
grep -q "without unit ddr-secret.service: no entry that uid $uid may read" "$tmp/err" || fail "it does not say so: $(cat "$tmp/err")"
report ddr3 none -u ddr-system -u ddr-own
for u in system own; do
	grep -qE "without unit ddr-$u.service: no (entry|journal) that uid $(id -u ddr3) may read" "$tmp/err" || fail "it does not say so: $(cat "$tmp/err")"
done
has_not none "unit, "
[ ! -e "$tmp/none/journal" ] || fail "there is a journal: $(ls "$tmp/none/journal")"

for bad in '' a/b 'a b' 'a*' x.socket .service "$(printf '%0256d' 0)"; do
	says 2 "not a service or scope: '$bad'" dd-recorder report -u "$bad" -o "$tmp/out/x"
done
for ((i = 0; i < 17; i++)); do many+=(-u "ddr-$i"); done
says 2 "more than 16 units" dd-recorder report "${many[@]}" -o "$tmp/out/x"
[ ! -e "$tmp/out/x" ] || fail "there is an archive all the same"
exit 0
