# SPDX-License-Identifier: GPL-2.0-only
# Sourced by run and shell, after lib.sh: starting a guest, hearing from it, ending it.
# Uses kernel, cards, args, cpus, memory, icount, disk; sets guest (its directory) and guest_status.
# shellcheck shell=bash disable=SC2154

guest=""
guest_pid=""
guest_status=""
readers=()

guest_prepare() {
	local logs=$build/$1/logs
	# Held while the guest runs, so that its root is not exchanged between the opening of one file and the next.
	exec 9>>"$(root_lock "$1")"
	flock --shared 9
	exec 10>>"$(root_lock qemu)"
	flock --shared 10
	initrd=$("$vm/initramfs" "$1")
	accel=$("$vm/accel")
	# Not in the work tree, for QEMU's options have no way to say a path with a comma in it.
	guest=$(mktemp -d "${TMPDIR:-/var/tmp}/ddr-guest.XXXXXX")
	mkdir -p "$logs"
	console_log=$logs/console-$(date +%H%M%S)-$$.log
	ln -sfn "${console_log##*/}" "$logs/console.log"
	find "$logs" -name 'console-*.log' -mmin +1440 -delete
	: >"$guest/console.log"
	: >"$guest/dmesg.txt"
	mkfifo "$guest"/{stdout,stderr,ctl.in,ctl.out,mon.in,mon.out}
}

guest_cleanup() {
	local pid
	for pid in ${guest_pid:+"$guest_pid"} ${readers[@]+"${readers[@]}"}; do
		if kill -0 "$pid" 2>/dev/null; then
			kill -KILL "$pid"
			# Takes the shell's own words about it, too
			wait "$pid" 2>/dev/null || continue
		fi
	done
	[ -z "$guest" ] || {
		cp "$guest/console.log" "$console_log"
		rm -rf "$guest"
	}
}

# The arguments that every guest gets, in the array qemu.
guest_machine() {
	local root image
	root=$(root_image "$kernel")
	qemu_command
	qemu+=(-nodefaults -no-user-config -no-reboot -display none -vga none -nic none
		-machine q35 -m "$memory"
		-kernel "$cache/roots/$kernel/vmlinuz" -initrd "$initrd"
		-drive "file=$root,if=virtio,format=raw,snapshot=on,cache=unsafe"
		-append "console=ttyS0 panic=-1 loglevel=5 log_buf_len=16M ddr.cards=$cards $(args_of "$kernel") ${append:-} $args")
	# Emulated, the five-level page tables that "max" has cost a fifth of the time to boot.
	if [ "$icount" = yes ]; then
		qemu+=(-accel tcg -icount "shift=0,sleep=off" -smp 1 -cpu "max,la57=off")
	elif [ "$accel" = kvm ]; then
		qemu+=(-accel kvm -cpu host -smp "$cpus")
	else
		qemu+=(-accel "tcg,thread=$(tcg_thread)" -cpu "max,la57=off" -smp "$cpus")
	fi
	for image in "$build/$kernel/stage/stage.tar" "$guest/out.tar" "$guest/command" ${disk:+"$disk"}; do
		[ ! -e "$image" ] || qemu+=(-drive "file=$image,if=virtio,format=raw,cache=unsafe$(readonly_for "$image")")
	done
	[ "$cards" -lt 1 ] || qemu+=(-device "virtio-gpu-pci,id=virtio")
	[ "$cards" -lt 2 ] || qemu+=(-device "bochs-display,id=bochs")
}

# One host thread for all virtual CPUs. With one for each, a CPU can translate an instruction in the moment between QEMU's
# throwing away the old translation and another CPU's store to it, and then runs what is no longer there. A kernel that
# patches itself (static keys, ftrace) dies of such an int3: seen with QEMU 7.2 after a minute of that, with 10.0 after two.
tcg_thread() {
	case ${DDR_TCG:-single} in
	single | multi)	echo "${DDR_TCG:-single}" ;;
	*)		die "DDR_TCG is '$DDR_TCG'; single or multi, or unset" ;;
	esac
}

# Many guests may have the same build, so none may lock it.
readonly_for() {
	case $1 in
	*/stage.tar | "${disk:-/stage.tar}")	echo ",readonly=on" ;;
	esac
}

guest_start() {
	guest_machine
	qemu+=(-serial "file:$guest/console.log"
		-chardev "pipe,id=mon,path=$guest/mon" -mon "chardev=mon,mode=readline"
		-device virtio-serial-pci
		-chardev "file,id=stdout,path=$guest/stdout" -device "virtserialport,chardev=stdout,name=ddr.stdout"
		-chardev "file,id=stderr,path=$guest/stderr" -device "virtserialport,chardev=stderr,name=ddr.stderr"
		-chardev "pipe,id=ctl,path=$guest/ctl" -device "virtserialport,chardev=ctl,name=ddr.ctl")
	cat "$guest/stdout" &
	readers+=($!)
	cat "$guest/stderr" >&2 &
	readers+=($!)
	# Open both ways: opening then does not wait for QEMU, which may never get so far.
	exec 5<>"$guest/ctl.out" 6<>"$guest/ctl.in" 7<>"$guest/mon.in" 8<>"$guest/mon.out"
	cat <&8 >"$guest/monitor.log" &
	readers+=($!)
	setpriv --pdeathsig KILL "${qemu[@]}" >"$guest/qemu.log" 2>&1 </dev/null 5<&- 6<&- 7<&- 8<&- &
	guest_pid=$!
}

guest_alive() {
	kill -0 "$guest_pid" 2>/dev/null
}

# guest_wait SECONDS: does what the guest asks for until it has ended, and sets guest_status.
guest_wait() {
	local end=$((SECONDS + $1)) line="" part word rest
	guest_status=98
	while :; do
		part=""
		if IFS= read -r -t 1 -u 5 part; then
			line+=$part
			word=${line%% *} rest=${line#* }
			line=""
			case $word in
			exit)
				# Ended from here: a guest that powers itself off stops its disk under its feet, and its log
				# then has errors of that.
				guest_status=$rest
				echo ok >&6
				echo quit >&7
				;;
			shot)	guest_shot "$rest" >&6 ;;
			*)	echo "what is '$word'?" >&6 ;;
			esac
		else
			# The time was over in the middle of a line.
			line+=$part
		fi
		if ! guest_alive; then
			break
		fi
		if [ $SECONDS -ge $end ]; then
			[ "$guest_status" != 98 ] || guest_status=124
			kill -KILL "$guest_pid"
			break
		fi
	done
	if ! wait "$guest_pid" 2>/dev/null; then
		echo "QEMU did not exit 0" >>"$guest/qemu.log"
	fi
	guest_pid=""
	wait "${readers[@]:0:2}"

	case $guest_status in
	124)	note "$kernel: not done after $1 s, ended. The console's last lines:" ;;
	98)	note "$kernel: the guest ended before the command did. The console's last lines:" ;;
	*)	return ;;
	esac
	tail -n 25 "$guest/console.log" >&2
	if [ -s "$guest/qemu.log" ]; then
		note "QEMU says:"
		cat "$guest/qemu.log" >&2
	fi
}

# guest_shot NAME: a PNG for each card's display, in the directory that becomes OUTDIR's. Prints the answer to the guest.
guest_shot() {
	local name=$1 device file i
	case $name in
	*[!A-Za-z0-9._-]* | "" | .*)
		echo "not a name for a picture: '$name'"
		return
		;;
	esac
	mkdir -p "$guest/shots"
	for device in virtio bochs; do
		case $device$cards in virtio0 | bochs[01]) continue ;; esac
		file=$guest/shots/$name-$device.png
		rm -f "$file"
		echo "screendump $file -f png $device" >&7
		# The monitor gives no sign of the end; a PNG does.
		for ((i = 0; i < 100; i++)); do
			if [ -s "$file" ] && tail -c 12 "$file" | grep -aq IEND; then
				continue 2
			fi
			sleep 0.1
		done
		echo "no picture of $device: $(tail -n 1 "$guest/monitor.log" | tr -d '\r')"
		return
	done
	echo ok
}

# guest_collect OUTDIR: what the guest left. OUTDIR may be empty; the kernel's log is wanted anyway.
guest_collect() {
	local got=$guest/out
	mkdir -p "$got"
	if ! tar -x --no-same-owner --no-same-permissions -C "$got" -f "$guest/out.tar" 2>"$guest/tar.log"; then
		note "$kernel: what the guest left in /out is not whole: $(tail -n 1 "$guest/tar.log")"
	fi
	[ ! -e "$got/dmesg.txt" ] || cp "$got/dmesg.txt" "$guest/dmesg.txt"
	[ -n "$1" ] || return 0
	mkdir -p "$1"
	cp -R --preserve=timestamps "$got/." "$1/"
	[ ! -d "$guest/shots" ] || cp "$guest/shots/"* "$1/"
	cp "$guest/console.log" "$1/console.log"
}
