#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: the Westons of two users on two cards: each has its own card's messages in its own scope, in order with its own lines, and nothing lost unsaid
# requires: systemd drm:2 module:dyndbg_drm program:weston program:weston-debug program:perl module:uinput
# timeout: 300
cd ../recorder || exit 1
. ./recorder.sh

conf=/etc/dd-recorder/recorder.conf
keys=$PWD/../programs/build/keys
export LC_ALL=C	# it matches text in files of megabytes
declare -A card stream

westons_clean_up() {
	systemctl stop "${units[@]}" weston1 weston2 dd-recorder.socket dd-recorder.service 2>/dev/null
	end_jobs
	rm -rf /etc/dd-recorder /run/systemd/system/weston[12].service /run/udev/rules.d/72-ddr.rules
	udevadm control --reload
	udevadm trigger --settle /dev/dri/card*
	recorder_clean_up
}
trap 'status=$?; westons_clean_up || status=1; exit $status' EXIT

# weston_of N ARGUMENT...: as that user, where their Weston is
weston_of() {
	local n=$1
	shift
	as ddr"$n" env XDG_RUNTIME_DIR="/run/user/$(id -u ddr"$n")" WAYLAND_DISPLAY=wayland-1 "$@"
}
# unit_of N NAME DIRECTORY COMMAND...: the same as a service, ddr-NAME, whose output gets into a file of that name
units=()
unit_of() {
	local n=$1 name=$2 directory=$3
	shift 3
	systemd-run --quiet --collect --unit="ddr-$name" -p StandardOutput="append:$tmp/$name" -p User="ddr$n" \
		-p Environment="XDG_RUNTIME_DIR=$directory WAYLAND_DISPLAY=wayland-1" "$@" || fail "no service $name"
	units+=("ddr-$name")
}
# headless N NAME ARGUMENT...: one more, without a card, of that user; its log is NAME.dir/log
headless() {
	local n=$1 name=$2
	shift 2
	install -d -m 700 -o ddr"$n" "$tmp/$name.dir"
	unit_of "$n" "$name" "$tmp/$name.dir" weston --backend=headless-backend.so --config="$tmp/weston.ini" --socket=headless \
		--modules=dd-recorder.so --logger-scopes=log,dd-kernel --log="$tmp/$name.dir/log" "$@"
}
has() {
	grep -qF -- "$2" "$1"
}
said() {
	wait_for "$1" has "$2" "$3" || fail "$2 lacks '$3': $(tail -n 20 "$2")"
}
alive() {
	[ "$(systemctl show --value -p ActiveState weston"$1")" = active ] && [ "$(systemctl show --value -p NRestarts weston"$1")" = 0 ]
}
# lines_of FILE N: the lines of the kernel's in it
lines_of() {
	grep -cE "^\[..:..:..\....\] \[ *[0-9]+\.[0-9]{6}\] ${stream[$2]}: " "$1"
}
# in_status N COLUMN: of its stream, as dd-recorder status has it
in_status() {
	as ddr"$1" dd-recorder status | awk -v stream="${stream[$1]}" -v column="$2" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$1 == stream { print $at[column] }'
}
# strangers N COUNT: so many clients that say what no compositor understands, each of which brings a line in the log of Weston's.
strangers() {
	# shellcheck disable=SC2016
	weston_of "$1" perl -MSocket -e '
		my $path = pack_sockaddr_un("$ENV{XDG_RUNTIME_DIR}/$ENV{WAYLAND_DISPLAY}");
		for (1 .. $ARGV[0]) {
			my $pid = fork;
			if (!$pid) {
				my $s;
				socket($s, AF_UNIX, SOCK_STREAM, 0) && connect($s, $path) or die "connect: $!";
				syswrite($s, pack("LL", 0x7fffff, 8 << 16));
				while (sysread($s, my $buf, 4096)) {}
				exit;
			}
			waitpid($pid, 0);
			die "no stranger" if $?;
			select(undef, undef, undef, 0.02);
		}' "$2"
}

# in_order FILE N: prints what is wrong with the lines that a listener to "log" and "dd-kernel" got; at the end "# MARKS BETWEEN KERNEL LOST OLDER":
# strangers' lines, those with something of the kernel's between them and the one before, the kernel's messages, what was lost.
in_order() {
	awk -v stream="${stream[$2]}" -v minor="${card[$2]}" -v pci="$(pci_of "${card[$2]}")" '
		function bad(what) { if (nbad++ < 10) print what ": " $0 }
		/^\[..:..:..\....\] \[ *[0-9]+\.[0-9][0-9][0-9][0-9][0-9][0-9]\] [A-Za-z0-9_]+: / {
			match($0, /\] \[ *[0-9.]+\] /)
			time = substr($0, RSTART + 3, RLENGTH - 5) + 0
			rest = substr($0, RSTART + RLENGTH)
			if (time < last) bad("younger than the line before")
			last = time
			if (index(rest, stream ": ") != 1) bad("not of this stream")
			rest = substr(rest, length(stream) + 3)
			if (rest ~ /^mark /) { mark = rest; sub(/^mark [^ ]+: /, "", mark); since = 0; next }
			since++
			if (rest ~ /^[0-9]+ messages lost on CPU/) { lost += rest; next }
			if (rest ~ /^[0-9]+ older messages left out/) { older += rest; next }
			n++
			between = 1
			if (rest ~ /^drm:/ && index(rest, "drm:" minor " ") != 1 || !index(rest " ", pci)) bad("of another device")
			next
		}
		/error in client communication/ {
			marks++
			# What another CPU said between the mark and the line stands there, too: it is younger than the one.
			if (length(mark) < 14 || index($0, mark) != 1 || since > 20) bad("its mark is not the last before it, or " since " messages before")
			if (between) many++
			between = 0
		}
		{ mark = "" }
		END { print "# " marks + 0, many + 0, n + 0, lost + 0, older + 0 }' "$1"
}
# must_order FILE N MARKS BETWEEN: sets kernel, lost, older
must_order() {
	local marks many
	in_order "$1" "$2" >"$tmp/order"
	read -r _ marks many kernel lost older < <(tail -n 1 "$tmp/order")
	echo "# weston$2, ${1##*/}: $kernel messages of the kernel, $lost lost, $older older; $marks marks, $many with messages before"
	[ "$(wc -l <"$tmp/order")" = 1 ] || fail "${1##*/} of weston$2: $(cat "$tmp/order")"
	[ "$marks" = "$3" ] || fail "${1##*/} of weston$2 has $marks marks, not $3: $(tail -n 5 "$1")"
	[ "$many" -ge "$4" ] || fail "${1##*/} of weston$2: only $many marks with messages before"
	[ "$kernel" -ge 100 ] || fail "${1##*/} of weston$2 has $kernel messages"
}

# Two seats: the second has the second card, and a keyboard.
card[1]=$(card_of virtio_gpu) && card[2]=$(card_of bochs) || fail "two cards are needed"
stream[1]=virtio stream[2]=bochs
quiet_console
mkdir -p /run/udev/rules.d /etc/dd-recorder
cat >/run/udev/rules.d/72-ddr.rules <<-EOF
	SUBSYSTEM=="drm", KERNEL=="card${card[2]}", ENV{ID_SEAT}="seat1", TAG+="seat", TAG+="master-of-seat", TAG+="seat1"
	SUBSYSTEM=="input", ATTRS{name}=="ddr-keys-2", ENV{ID_SEAT}="seat1", TAG+="seat", TAG+="seat1"
EOF
udevadm control --reload
udevadm trigger --settle "/dev/dri/card${card[2]}"
modprobe uinput
for w in 1 2; do
	mkfifo "$tmp/keys$w"
	"$keys" "ddr-keys-$w" <"$tmp/keys$w" &
	exec {fd}>"$tmp/keys$w"
	typing[w]=$fd
done
udevadm settle

cat >$conf <<-EOF
	[stream virtio]
	select=class DRM_UT_KMS
	select=class DRM_UT_ATOMIC
	device=drm:${card[1]}
	size=8M
	[stream bochs]
	select=class DRM_UT_KMS
	select=class DRM_UT_ATOMIC
	device=drm:${card[2]}
	size=256K
	[subscriber one]
	user=ddr1
	streams=virtio
	access=snapshot live mark
	[subscriber two]
	user=ddr2
	streams=bochs
	access=snapshot live mark
EOF
cat >"$tmp/weston.ini" <<-EOF
	[core]
	idle-time=0
	[shell]
	panel-position=none
	startup-animation=none
	animation=none
EOF
chmod 755 "$tmp"

# Debian 12's calls this option otherwise.
case $(weston --version) in
"weston 9."* | "weston 1"[01].*) pixman=--use-pixman ;;
*) pixman=--renderer=pixman ;;
esac
for w in 1 2; do
	touch "$tmp/log$w" "$tmp/out$w"
	chown ddr$w "$tmp/log$w" "$tmp/out$w"
	cat >/run/systemd/system/weston$w.service <<-EOF
		[Service]
		User=ddr$w
		PAMName=login
		Environment=XDG_SEAT=seat$((w - 1)) XDG_SESSION_TYPE=wayland XDG_SESSION_CLASS=user LIBSEAT_BACKEND=logind
		ExecStart=weston --backend=drm-backend.so $pixman --drm-device=card${card[$w]} --seat=seat$((w - 1)) \
			--continue-without-input --config=$tmp/weston.ini --debug --log=$tmp/log$w --logger-scopes=log,dd-kernel \
			--modules=dd-recorder.so --flight-rec-scopes=log,dd-kernel
		StandardOutput=append:$tmp/out$w
		StandardError=append:$tmp/out$w
	EOF
done
cat >>/run/systemd/system/weston1.service <<-EOF
	Environment=XDG_VTNR=7
	TTYPath=/dev/tty7
	StandardInput=tty-fail
	ExecStartPre=+busybox chvt 7
EOF
sed -i 's/--modules=[^ ]*/& --dd-stream=bochs/' /run/systemd/system/weston2.service
systemctl daemon-reload

# There is no daemon yet. It is found when it is there.
load dyndbg_trace
load dyndbg_drm
systemctl start weston1 weston2 || fail "no Weston: $(systemctl status weston1 weston2)"
for w in 1 2; do said 60 "$tmp/log$w" "dd-recorder: no answer from the daemon: No such file or directory; trying again"; done
systemctl start dd-recorder.socket || fail "no socket"
for w in 1 2; do said 60 "$tmp/log$w" "dd-recorder: stream ${stream[$w]}: live, with marks"; done
for w in 1 2; do wait_for 60 [ -S "/run/user/$(id -u ddr$w)/wayland-1" ] || fail "weston$w has no socket"; done

# A hundred lines of each Weston's, while it draws and both cards talk. The daemon comes and goes.
for w in 1 2; do
	unit_of $w debug$w "/run/user/$(id -u ddr$w)" weston-debug log dd-kernel
	unit_of $w shm$w "/run/user/$(id -u ddr$w)" weston-simple-shm
	wait_for 30 grep -q "^\[" "$tmp/debug$w" || fail "weston-debug of weston$w: $(systemctl status ddr-debug$w)"
done
sleep 1
for w in 1 2; do
	strangers $w 100 >"$tmp/strangers$w" 2>&1 &
	pids[w]=$!
done
sleep 3
systemctl restart dd-recorder.service || fail "the daemon does not restart"
for w in 1 2; do wait "${pids[w]}" || fail "strangers: $(cat "$tmp/strangers$w")"; done
for w in 1 2; do
	said 20 "$tmp/log$w" "error in client communication"
	before=$(lines_of "$tmp/debug$w" $w)
	more() {
		[ "$(lines_of "$tmp/debug$w" "$w")" -gt $((before + 20)) ]
	}
	wait_for 20 more || fail "nothing comes after the restart"
done
systemctl stop ddr-shm1 ddr-shm2
sleep 2
for w in 1 2; do
	must_order "$tmp/debug$w" $w 100 50
	[ "$lost" = 0 ] || fail "messages were lost"
	must_order "$tmp/log$w" $w 100 50
	# (on a busy machine the service may take longer to start than Weston waits for an answer)
	[ "$(grep -v '\] \[' "$tmp/log$w" | grep -v 'Connection timed out; trying again' | grep -c "dd-recorder: ")" = 2 ] || fail "more to say than at the start: $(grep dd-recorder: "$tmp/log$w")"
done

# The flight recorder, by Weston's key binding: mod, shift and space, then d.
for w in 1 2; do
	printf '125 42 57\n32\n' >&"${typing[w]}"
	wait_for 20 grep -q "error in client communication" "$tmp/out$w" || fail "no dump of weston$w: $(tail "$tmp/out$w")"
done
sleep 1
for w in 1 2; do must_order "$tmp/out$w" $w 100 50; done

# Nothing to say: not woken.
for w in 1 2; do
	pid=$(systemctl show --value -p MainPID weston$w)
	woken[w]=$(awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid/status")
done
sleep 4
for w in 1 2; do
	pid=$(systemctl show --value -p MainPID weston$w)
	again=$(awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid/status")
	echo "# weston$w, idle: woken $((again - woken[w])) times in 4 s"
	[ $((again - woken[w])) -le 8 ] || fail "it is woken"
done

# One that sleeps loses messages, and says how many.
kill -STOP "$(systemctl show --value -p MainPID weston2)"
overwritten=$(in_status 2 OVERWRITTEN)
text=$(printf '%0200d' 0)
for ((i = 0; i < 3000; i++)); do echo "$text" >&9; done 9>"$instances/bochs/trace_marker"
[ "$(in_status 2 OVERWRITTEN)" -gt "$overwritten" ] || fail "nothing is overwritten"
kill -CONT "$(systemctl show --value -p MainPID weston2)"
empty() {
	[ "$(in_status 2 HELD)" = 0 ]
}
wait_for 20 empty || fail "it does not catch up"
sleep 1
for w in 1 2; do
	must_order "$tmp/log$w" $w 100 50
	[ "$lost" = "$(in_status $w OVERWRITTEN)" ] || fail "weston$w says $lost lost, the stream $(in_status $w OVERWRITTEN)"
done

# Who is not named gets nothing; who is, not what another one reads, until that ends.
says 1 "Permission denied" as ddr3 env XDG_RUNTIME_DIR="/run/user/$(id -u ddr1)" WAYLAND_DISPLAY=wayland-1 timeout 10 weston-debug dd-kernel
headless 3 third
headless 3 named --dd-stream=virtio
headless 1 crossed --dd-stream=bochs
headless 1 busy
said 60 "$tmp/third.dir/log" "dd-recorder: no stream is granted live"
said 60 "$tmp/named.dir/log" "dd-recorder: stream virtio: not granted live"
said 60 "$tmp/crossed.dir/log" "dd-recorder: stream bochs: not granted live"
said 60 "$tmp/busy.dir/log" "dd-recorder: stream virtio: another one reads it live; trying again"

# Without the daemon they stay.
systemctl stop dd-recorder.socket dd-recorder.service
kms "${card[2]}"
for w in 1 2; do
	strangers $w 1
	alive $w || fail "weston$w has ended: $(tail "$tmp/log$w" "$tmp/out$w")"
	must_order "$tmp/debug$w" $w 101 50
done
systemctl start dd-recorder.socket
systemctl stop ddr-debug1	# a Weston that ends before weston-debug does crashes, with the module or without
systemctl stop weston1
[ "$(systemctl show --value -p Result weston1)" = success ] || fail "it does not end well: $(systemctl status weston1)"
said 60 "$tmp/busy.dir/log" "dd-recorder: stream virtio: live"
for name in third named crossed; do
	! grep -E "^\[..:..:..\....\] \[ *[0-9.]+\] " "$tmp/$name.dir/log" || fail "$name got messages"
	[ "$(grep -c dd-recorder: "$tmp/$name.dir/log")" = 1 ] || fail "$name asks again: $(grep dd-recorder: "$tmp/$name.dir/log")"
done
exit 0
