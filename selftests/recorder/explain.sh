#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: explain: six wrong atomic commits, each with errno and the kernel's reason, and nothing of who commits beside
# requires: drm:2 module:dyndbg_drm program:python3
# timeout: 240
. ./recorder.sh

commits=$PWD/../programs/build/commits
schema=/usr/share/doc/dd-recorder/explain.schema.json
explain() {
	as ddr1 dd-recorder explain "$@"
}

both_cards
two_streams
sed -i '0,/^access=.*/s//access=snapshot live/' "$conf"
start_daemon
says 0 "virtio: 0 of 0 recorded ioctls failed" explain virtio
open_cards
echo 0 >/sys/class/graphics/fbcon/cursor_blink

# Another program on the other card all the while; another process on the same card for as long as that can be
"$commits" "$bochs" 'good*100000' >"$tmp/other" &
other=$!
as ddr1 "$commits" "$virtio" good and 'good*100' clock source connector blob active wait off event >"$tmp/virtio" ||
	fail "no commits: $(cat "$tmp/virtio")"
kill $other || fail "the other program does not commit any more: $(cat "$tmp/other")"
grep -q '^good\*100 [0-9]* 0$' "$tmp/virtio" || fail "the other process failed: $(cat "$tmp/virtio")"
awk '
	BEGIN {
		why["clock"] = "invalid mode"; why["source"] = "[Ii]nvalid source coordinates"; why["active"] = "-"
		why["connector"] = "enabled/connectors mismatch"; why["blob"] = "bad mode blob length"
		why["event"] = "requesting event but off"
	}
	$1 in why { print $2, $1 == "source" ? 28 : 22, why[$1] }
' "$tmp/virtio" >"$tmp/wanted"
[ "$(wc -l <"$tmp/wanted")" = 6 ] || fail "not six: $(cat "$tmp/virtio")"

dd-recorder dump virtio >"$tmp/dump"
explain -a -j virtio >"$tmp/json" || fail "$(cat "$tmp/json")"
python3 explain-check "$tmp/dump" "$tmp/json" "$tmp/wanted" || fail "it does not explain: $(cat "$tmp/virtio" "$tmp/json")"
python3 -c 'import json, jsonschema, sys; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' \
	"$tmp/json" $schema || fail "not as the schema has it: $(cat "$tmp/json")"
[ "$(explain -j virtio | python3 -c 'import json, sys; print([f["why"][-24:] for f in json.load(sys.stdin)["failures"]])')" = \
	"['requesting event but off']" ] || fail "not just the last: $(explain -j virtio)"

# For people: headline, errno by name, reason, who
explain -a >"$tmp/text" || fail "no text"
for text in "card$virtio: DRM_IOCTL_MODE_ATOMIC failed: ENOSPC (No space left on device)" \
	"  why   the kernel gives no reason" "requesting event but off" "  asked 3 objects, ALLOW_MODESET: PLANE:" \
	"  who   commits, process $(awk '$1 == "clock" { print $2 }' "$tmp/virtio"), task "; do
	grep -qF -- "$text" "$tmp/text" || fail "no '$text': $(cat "$tmp/text")"
done
ended=$(grep -c ' ends cmd=' "$tmp/dump")
tail -n 1 "$tmp/text" | grep -q "^virtio: 6 of $ended recorded ioctls failed$" || fail "summary: $(tail -n 1 "$tmp/text"), not of $ended"
# and of a file
dd-recorder explain -a -i "$tmp/dump" | sed '$d' | diff - <(sed '$d' "$tmp/text") || fail "of a dump it says otherwise"
(head -c 3000 "$tmp/dump"; sleep 0.5; tail -c +3001 "$tmp/dump") | dd-recorder explain -a -i - | sed '$d' |
	diff - <(sed '$d' "$tmp/text") || fail "of a slow pipe it says otherwise"

# As they come, after those that are there; those that are alike once in a second at most, and at the end
setpriv --reuid=ddr1 --regid=ddr1 --init-groups dd-recorder explain -f virtio >"$tmp/follow" 2>&1 &
follow=$!
wait_for 20 sh -c "dd-recorder status | grep -q 'held open by .*trace_pipe'" || fail "it does not follow: $(cat "$tmp/follow")"
as ddr1 "$commits" "$virtio" blob clock clock clock clock >"$tmp/again" || fail "no more commits"
wait_for 20 grep -q 'invalid mode' "$tmp/follow" || fail "nothing comes: $(cat "$tmp/follow")"
sleep 1
kill $follow
wait $follow || fail "it ended with $?: $(cat "$tmp/follow")"
n=$(grep -c '^card' "$tmp/follow")
[ "$n" = 9 ] && grep -q '  when  .*; 4 times, the last at ' "$tmp/follow" || fail "it told of $n: $(cat "$tmp/follow")"

# What is not granted, and what is wrong
says 1 "stream bochs: permission denied" explain bochs
says 1 "no stream that you may read" as ddr3 dd-recorder explain
says 1 "which STREAM?" dd-recorder explain -f
says 2 "unexpected 'b'" explain a b
says 2 "a file cannot be followed" explain -f -i "$tmp/dump"
says 1 "no-such-file: No such file" dd-recorder explain -i "$tmp/no-such-file"
says 1 "/bin/sh: nothing in it is a stream's event" dd-recorder explain -i /bin/sh
says 0 "0 of 0 recorded ioctls failed" dd-recorder explain -i /dev/null
head -c 20000 "$tmp/dump" >"$tmp/cut"
says 0 "recorded ioctls failed" dd-recorder explain -a -i "$tmp/cut"

# A stream without atomic commits says that it has none.
sed -i '0,/^size=.*/s//&\nioctls=none/' "$conf"
kill -HUP "$daemon"
wait_for 20 sh -c "! grep -q '^#: virtio <- class DRM_IOCTL' $control" || fail "ioctls=none is not heard: $(tail -n 9 $control)"
dd-recorder exec --stream virtio:snapshot -- true
echo >"$instances/virtio/trace"
as ddr1 "$commits" "$virtio" clock >/dev/null
says 0 "virtio: 0 of 0 recorded ioctls failed" explain virtio
stop_daemon
exit 0
