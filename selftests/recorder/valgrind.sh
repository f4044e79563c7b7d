#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a daemon's whole life under valgrind: no error, nothing lost, no fd left
# requires: drm:2 module:dyndbg_drm module:dyndbg_test program:valgrind
# timeout: 300
. ./recorder.sh

[ -x "$hostile" ] || skip "no $hostile"
crowd=${hostile%/*}/ddr-client-crowd
scan=${hostile%/*}/ddr-client-scan
DDR_SLOW=$((DDR_SLOW * 6)) # the daemon, that is
both_cards
load dyndbg_test
two_streams
cat >>"$conf" <<-END
	[stream storm]
	select=module dyndbg_test
	device=drm:0 card1 *
	events=printk:console
	size=256K
	[subscriber three]
	user=ddr2
	group=ddr2
	unit=ddr.service
	streams=storm virtio
	access=snapshot live mark raw copy
	[subscriber any]
	group=ddr1
	streams=storm
	access=raw copy
END
cp "$conf" "$tmp/first.conf"
daemon_under="valgrind --quiet --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=definite,indirect,possible
	--track-fds=yes --error-exitcode=9 --child-silent-after-fork=yes --log-file=$tmp/valgrind"
# From 3.24 on it notes what fds there are, but not those that SO_PEERPIDFD makes.
if [ "$(printf '%s\n' valgrind-3.24 "$(valgrind --version)" | sort -V | head -n 1)" = valgrind-3.24 ]; then
	printf '{\npidfd\nCoreError:FdBadClose\n...\nfun:close\nfun:peer_*\n}\n' >"$tmp/suppressions"
	daemon_under+=" --suppressions=$tmp/suppressions"
fi
started=$SECONDS
start_daemon
echo "# ready after $((SECONDS - started)) s"

# said COUNT TEXT: the daemon has said it so often
said() {
	[ "$(grep -cF -- "$2" "$tmp/daemon.log")" -ge "$1" ]
}
fds() {
	ls "/proc/$daemon/fd" | wc -l
}
say() {
	fire pr 20
	fire ptr 20
	fire dev 20
}
dd-recorder status >/dev/null || fail "no status" # the first makes what the loop then keeps
before=$(fds)

# Those who are granted what they ask for
say
as ddr1 dd-recorder dump virtio >/dev/null || fail "ddr1 cannot dump"
as ddr1 dd-recorder exec --stream virtio:snapshot,live,mark -- sh -c 'echo a mark >&5; cat <&3 >/dev/null' || fail "no fds"
as ddr1 dd-recorder exec --stream storm:raw --stream storm:copy -- true || fail "no raw fd, or no copy"
setpriv --reuid=ddr1 --regid=ddr1 --init-groups dd-recorder tail virtio >/dev/null &
tail=$!
as ddr1 dd-recorder status -c -j >/dev/null || fail "no status"
dd-recorder status -c >/dev/null || fail "no status for root"
as ddr1 "$scan" replies $socket storm >/dev/null || fail "not everything is answered"
"$scan" replies $socket storm >/dev/null || fail "not everything is answered to root"
kill $tail

# those who are not
says 1 "permission denied" as ddr3 dd-recorder dump virtio
says 1 "permission denied" as ddr2 dd-recorder dump virtio
says 1 "permission denied" as ddr1 dd-recorder dump no_such_stream
as ddr3 "$scan" replies $socket virtio >/dev/null || fail "not everything is answered to ddr3"

# and those who do not behave
printf '%s\n' short empty magic size status unterminated "big 1025" "big 150000" unread newer type access flags copy-and-more \
	credentials formats cpus "fds 253" "malformed-fds 3" | as ddr3 "$hostile" $socket - >"$tmp/answers" || fail "$(cat "$tmp/answers")"
as ddr1 "$crowd" $socket copies storm >/dev/null || fail "no copies"
as ddr3 "$crowd" $socket storm 200 >/dev/null || fail "no storm"
as ddr3 "$crowd" $socket hold 100 0 >/dev/null || fail "no crowd"
# gone in the middle of a copy
for _ in 1 2 3; do
	as ddr1 timeout 0.1 "$crowd" $socket copies storm >/dev/null
done

# Reloads: what is different, what cannot be read, what the kernel does not have or refuses, and back
reload() {
	kill -HUP "$daemon"
	wait_for 10 said "$1" "$2" || fail "it did not say '$2' $1 times: $(cat "$tmp/daemon.log")"
}
sed -i '/^events=/d; s/^size=1M/size=2M/; /^\[stream bochs/,/^$/d; s/streams=bochs/streams=virtio/; s/func x/&/' "$conf"
printf '[stream more]\nselect=class DRM_UT_DRIVER\n' >>"$conf"
reload 1 "reloaded: 3 streams"
cp "$conf" "$tmp/second.conf"
echo "colour=red" >>"$conf"
reload 1 "not reloaded"
sed 's/^\[stream more.*/&\nevents=nosuch:event/' "$tmp/second.conf" >"$conf"
reload 2 "not reloaded"
sed 's/^\[stream more.*/&\nselect=module x line 10-5/' "$tmp/second.conf" >"$conf"
reload 3 "not reloaded"
rm "$conf"
reload 4 "not reloaded"
cp "$tmp/first.conf" "$conf"
reload 2 "reloaded: "
as ddr1 dd-recorder dump virtio >/dev/null || fail "ddr1 cannot dump after the reloads"

same() {
	[ "$(fds)" -le "$before" ]
}
wait_for 2 same || fail "fds: $before before, $(fds) after: $(ls -l "/proc/$daemon/fd")"
# It ends with somebody connected, and with copies that are still in use.
as ddr1 dd-recorder exec --stream storm:copy -- sleep 100 &
sleep $((DDR_SLOW / 6))
as ddr2 "$crowd" $socket quiet >/dev/null &
kill -TERM "$daemon"
status=0
wait "$daemon" || status=$?
daemon=
[ $status = 0 ] || fail "it ended with $status: $(tail -n 5 "$tmp/daemon.log"; head -n 40 "$tmp/valgrind")"
# What valgrind has to say: of fds those that came from the test
sed 's/^==[0-9]*== *//' "$tmp/valgrind" >"$tmp/report"
! grep -E 'Invalid|uninitialised|definitely lost|indirectly lost|possibly lost|Warning' "$tmp/report" || fail "$(head -n 60 "$tmp/report")"
awk '
	/^Open (AF_|file descriptor)/ { if (held) print held; held = $0; next }
	held { if (!/inherited from parent/) print held; held = "" }
	END { if (held) print held }' "$tmp/report" >"$tmp/fds"
[ ! -s "$tmp/fds" ] || fail "fds left: $(cat "$tmp/fds" "$tmp/report")"
# What is reachable at the end is what libraries keep: our own frees all that it has. Whose it is says the first frame that is not
# only there to get memory.
awk '
	/still reachable/ { looks = 1; next }
	looks && /^(at|by) / && !/: (malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf|vasprintf|getdelim|getline)[ @]/ {
		if (!/\(in \//) print
		looks = 0
	}' "$tmp/report" >"$tmp/reachable"
[ ! -s "$tmp/reachable" ] || fail "still reachable: $(cat "$tmp/reachable" "$tmp/report")"
echo "# still reachable: $(grep -c 'still reachable' "$tmp/report") places; $((SECONDS - started)) s in all"
exit 0
