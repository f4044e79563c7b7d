#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: on=: the service saves to its state directory and has one entry with fields in the journal for it, which the catalog explains; it survives a restart
# requires: systemd drm:2 module:dyndbg_drm program:python3
# timeout: 200
cd ../recorder || exit 1
. ./recorder.sh

commits=$PWD/../programs/build/commits
id=b0db62b4bb354a5cad8fbdfe9b682f60
state=/var/lib/dd-recorder

saved_clean_up() {
	systemctl stop dd-recorder.socket dd-recorder.service
	rm -rf /etc/dd-recorder "$state"
	recorder_clean_up
}
trap saved_clean_up EXIT

both_cards
open_cards
mkdir -p /etc/dd-recorder
rm -rf "$state"
cat >/etc/dd-recorder/recorder.conf <<-EOF
	[stream kms]
	select=class DRM_UT_KMS
	select=class DRM_UT_ATOMIC
	device=drm:$virtio
	on=failed-commit
	save-every=1s
	[subscriber one]
	user=ddr1
	streams=kms
	access=copy
EOF
systemctl start dd-recorder.service || fail "no service: $(journalctl -q --no-pager -u dd-recorder -o cat)"
entries() {
	journalctl -q --no-pager "MESSAGE_ID=$id" -o json >"$tmp/entries"
	[ "$(wc -l <"$tmp/entries")" = "$1" ]
}
as ddr1 "$commits" "$virtio" good source >"$tmp/c" || fail "no commits"
wait_for 30 entries 1 || fail "no entry: $(journalctl -q --no-pager -u dd-recorder -o cat)"
python3 - "$tmp/entries" "$(pci_of "$virtio")" "$(awk '$1 == "source" { print $2 }' "$tmp/c")" <<-'EOF' || fail "$(cat "$tmp/entries")"
	import json, os, sys
	e = json.loads(open(sys.argv[1]).read())
	want = {"DD_RECORDER_STREAM": "kms", "DD_RECORDER_ON": "failed-commit", "DD_RECORDER_DEVICE": sys.argv[2],
	        "DD_RECORDER_PID": sys.argv[3], "ERRNO": "28", "PRIORITY": "4", "DD_RECORDER_NOT_SAVED": "0",
	        "_SYSTEMD_UNIT": "dd-recorder.service"}
	for key, value in want.items():
	    assert e[key] == value, key
	assert "ret=-28" in e["DD_RECORDER_TEXT"]
	assert e["MESSAGE"] == f"stream kms: saved to {e['DD_RECORDER_PATH']}: failed-commit ENOSPC of {sys.argv[2]}"
	assert os.path.dirname(e["DD_RECORDER_PATH"]) == "/var/lib/dd-recorder"
	assert oct(os.stat(e["DD_RECORDER_PATH"]).st_mode) == "0o100600"
	assert b"ret=-28" in open(e["DD_RECORDER_PATH"], "rb").read()
EOF
# Once, and not by stderr, too
[ "$(journalctl -q --no-pager -u dd-recorder -o cat | grep -c ': saved to ')" = 1 ] || fail "not one line: $(journalctl -q --no-pager -u dd-recorder -o cat)"
# What journalctl -x says of it
journalctl --update-catalog || fail "the catalog cannot be read"
journalctl -q --no-pager -x "MESSAGE_ID=$id" >"$tmp/x"
grep -q "Subject: Kernel messages of stream kms were saved" "$tmp/x" && grep -qF "The file is $(ls -d "$state"/kms-*)." "$tmp/x" ||
	fail "the catalog says: $(cat "$tmp/x")"

# By the service's own rights, nobody else's
[ "$(stat -c '%a %U' "$state")" = "700 root" ] || fail "the directory: $(stat -c '%a %U' "$state")"
! as ddr1 ls "$state" 2>/dev/null || fail "ddr1 sees the files"

# One that happens while the service is being restarted is not missed
systemctl kill -s STOP dd-recorder.service
as ddr1 "$commits" "$virtio" source >"$tmp/c" || fail "no commits"
systemctl kill -s KILL dd-recorder.service
wait_for 30 systemctl is-active -q dd-recorder.service || fail "the service is not started again"
wait_for 30 entries 2 || fail "missed: $(journalctl -q --no-pager -u dd-recorder -o cat)"
exit 0
