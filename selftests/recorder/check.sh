#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: daemon --check names file, line and word; bad usage never exits 0
. ./recorder.sh

cat >"$conf" <<-EOF
	[stream a]
	select=class DRM_UT_KMS
	[stream b]
	select=module x
	[subscriber s]
	user=ddr1
	streams=a b
	access=live
EOF
says 0 "2 streams, 1 subscribers" dd-recorder daemon --check -c "$conf"

# mistake LINE TEXT: it is line 9
mistake() {
	cp "$conf" "$tmp/bad.conf"
	echo "$1" >>"$tmp/bad.conf"
	says 1 "bad.conf:9: $2" dd-recorder daemon --check -c "$tmp/bad.conf"
	says 1 "bad.conf:9: $2" dd-recorder daemon -c "$tmp/bad.conf"
}
mistake "user=nobody_has_this_name" "user: unknown user 'nobody_has_this_name'"
mistake "group=nobody_has_this_name" "group: unknown group 'nobody_has_this_name'"
mistake "colour=red" "unknown key 'colour'"
mistake "access=everything" "access: unknown access 'everything'"
mistake "[streams c]" "unknown section 'streams'"
mistake "[stream c/d]" "not a name"
mistake "hello" "neither a section nor key=value: 'hello'"
says 1 "No such file" dd-recorder daemon --check -c "$tmp/none.conf"

# without the module: a clear word, no stream, no socket
says 1 "modprobe dyndbg_trace" dd-recorder daemon -c "$conf"
[ ! -e $socket ] || fail "there is a socket of a daemon that did not start"

says 2 "no-such-option" dd-recorder daemon --no-such-option
says 2 "unexpected 'x'" dd-recorder daemon x
says 2 "not an open fd" dd-recorder daemon --ready-fd 99
says 2 "unknown command 'x'" dd-recorder x
says 2 "usage" dd-recorder
for command in daemon exec dump tail status info; do
	says 0 "usage: dd-recorder $command" dd-recorder $command -h
	says 2 "dd-recorder $command -h" dd-recorder $command --no-such-option
done
says 1 "no daemon at" dd-recorder status
says 2 "'card' is not a card" dd-recorder info 0 card
exit 0
