# SPDX-License-Identifier: GPL-2.0-only
# Sourced by the selftests, which run as root in a guest. Each begins with nothing of ours
# loaded and ends so, whatever happens in between.
# shellcheck shell=bash

set -u
control=/proc/dynamic_debug/control
tracing=/sys/kernel/tracing
instances=$tracing/instances
kprobes=/sys/kernel/debug/kprobes/list
tmp=$(mktemp -d)

fail() {
	echo "FAIL: $*"
	exit 1
}

skip() {
	echo "SKIP: $*"
	exit 4
}

# Nothing of the test's running, nothing of ours loaded, no instance, stock flags.
clean_up() {
	local m i status=0
	end_jobs
	for m in dyndbg_bench dyndbg_equal_drm dyndbg_equal dyndbg_test dyndbg_test_class dyndbg_test_drm dyndbg_test_ib \
		dyndbg_test_many dyndbg_test_way dyndbg_drm dyndbg_trace; do
		[ ! -d /sys/module/$m ] || rmmod $m || status=1
	done
	for i in "$instances"/*/; do
		[ ! -d "$i" ] || rmdir "$i" || status=1
	done
	rm -rf "$tmp"
	[ $status = 0 ] || echo "FAIL: cannot clean up"
	return $status
}
trap 'status=$?; clean_up || status=1; exit $status' EXIT

# End what the test began with "&", and wait for it.
end_jobs() {
	local pids
	pids=$(jobs -p)
	[ -n "$pids" ] || return 0
	# shellcheck disable=SC2086
	{ kill $pids; wait $pids; } 2>/dev/null
	return 0
}

# ddcmd COMMAND...: write one batch. Fails as the write does.
ddcmd() {
	echo "$*" >$control
}

# must COMMAND: fails the test if the batch is refused.
must() {
	ddcmd "$@" || fail "refused: $*"
}

# refused ERRNO-TEXT COMMAND...: the batch must fail with that error, and change nothing.
refused() {
	local want=$1 said
	shift
	sed 's/^#: Routes.*//' $control >"$tmp/refused.before"
	said=$( { printf '%s\n' "$*" >$control; } 2>&1) && fail "not refused: $*"
	case $said in
	*"$want"*) ;;
	*) fail "'$*': wanted '$want', got '$said'" ;;
	esac
	sed 's/^#: Routes.*//' $control >"$tmp/refused.after"
	diff "$tmp/refused.before" "$tmp/refused.after" || fail "'$*' was refused and changed something"
}

# fire KIND [COUNT]: see selftests/modules/dyndbg_test.c
fire() {
	echo "$1 ${2:-1}" >/sys/module/dyndbg_test/parameters/fire || fail "cannot fire $1"
}

fire_drm() {
	echo "$1 ${2:-1}" >/sys/module/dyndbg_test_drm/parameters/fire || fail "cannot fire $1"
}

# trace NAME: the instance's records, without its header
trace() {
	grep -v '^#' "$instances/$1/trace"
}

# records NAME TEXT: how many records of the instance hold the text
records() {
	trace "$1" | grep -cF -- "$2"
}

# expect COUNT NAME TEXT
expect() {
	local have
	have=$(records "$2" "$3")
	[ "$have" = "$1" ] || fail "instance $2: $have records with '$3', not $1"
}

# mark_dmesg; then in_dmesg TEXT: how many lines since the mark hold the text. A flood may have washed the mark away.
mark_dmesg() {
	dmesg_mark="dyndbg selftest mark $RANDOM$RANDOM$RANDOM"
	echo "$dmesg_mark" >/dev/kmsg
}

in_dmesg() {
	dmesg | tac | awk -v mark="$dmesg_mark" 'index($0, mark) { exit } { print }' | grep -cF -- "$1"
}

# site_of FUNCTION: the number that records of its one registered site carry
site_of() {
	awk -v f="\"$1\"" '$1 == "site" && $5 == f { print $2 }' /proc/dynamic_debug/sites
}

# listed TEXT: the flags word and what follows of the listing's lines that hold the text
listed() {
	grep -F -- "$1" $control
}

# expect_flags FLAGS TEXT: every line that holds the text has those flags, and there is one.
expect_flags() {
	listed "$2" >"$tmp/flags" || fail "nothing listed for '$2'"
	! grep -vF -- " $1 \"" "$tmp/flags" || fail "'$2' is not listed with $1"
}

# Is anything redirected whose name begins so?
redirected() {
	grep -qw "$1" $kprobes
}

load() {
	modprobe "$@" || fail "cannot load $*"
}

# card_of DRIVER: prints the minor of a card, found through sysfs
card_of() {
	local c d
	for c in /sys/class/drm/card[0-9]*; do
		case ${c##*/} in *-*) continue ;; esac
		d=$(basename "$(readlink "$c/device/driver")")
		[ "$d" = "virtio-pci" ] && d=virtio_gpu
		[ "$d" = "$1" ] || [ "$d" = "$1-drm" ] || continue
		echo "${c##*/card}"
		return 0
	done
	return 1
}

# pci_of MINOR: the PCI name that the card's debug messages carry
pci_of() {
	local d
	d=$(readlink -f "/sys/class/drm/card$1/device")
	while [ -n "$d" ] && [ "$(basename "$(readlink -f "$d/subsystem")")" != pci ]; do
		d=${d%/*}
	done
	basename "$d"
}

# kms MINOR: let the card's driver say something about its device: by a probe of all its connectors
# and, for up to 6.1 those messages name no device, by the last close, which restores the console.
kms() {
	local s
	for s in /sys/class/drm/card"$1"-*/status; do
		echo detect >"$s" || fail "card$1 cannot be probed"
	done
	timeout $((20 * ${DDR_SLOW:-1})) modetest -M "$(driver_of "$1")" -c >/dev/null 2>&1 || fail "modetest cannot open card$1"
}

# The console's cursor blinks through the driver, also while a test looks from one instance to the next.
quiet_console() {
	echo 0 >/sys/class/graphics/fbcon/cursor_blink || fail "the cursor cannot be stopped"
	sleep 1
}

# driver_of MINOR: as libdrm calls it
driver_of() {
	local d
	d=$(basename "$(readlink "/sys/class/drm/card$1/device/driver")")
	[ "$d" = virtio-pci ] && d=virtio_gpu
	echo "$d"
}

# shrink_caches [REGEX]: no cache, or none of a name that matches, keeps an empty slab. With KASAN each takes about a second. The files
# stay open, for each closing gives an object of kmalloc-96 to kfree_rcu(), which frees it some seconds later: a hundred and more that
# whoever counts would find. Names that are links are of caches that have others' beside them.
declare -A shrinks=()
shrink_caches() {
	local dir name fd
	[ ${#shrinks[@]} -gt 0 ] || for dir in /sys/kernel/slab/*; do
		exec {fd}>"$dir/shrink" || fail "cannot open $dir/shrink"
		shrinks[${dir##*/}]=$fd
	done
	for name in "${!shrinks[@]}"; do
		if [ $# = 0 ]; then
			[ ! -L "/sys/kernel/slab/$name" ]
		else
			[[ $name =~ $1 ]]
		fi && echo 1 >&"${shrinks[$name]}"
	done 2>/dev/null # a cache may be gone
	return 0
}

# settle: what was freed behind a grace period is back with the allocators, and those have no empty slabs
settle() {
	local i
	for i in 1 2 3; do
		sync
		echo 3 >/proc/sys/vm/drop_caches
		sleep 1
	done
	shrink_caches
}

# meminfo FIELD: in KiB
meminfo() {
	sed -n "s/^$1: *\([0-9]*\) kB/\1/p" /proc/meminfo
}

# bind_console 0 or 1: fbcon keeps the cards' drivers; 0 makes it let go
bind_console() {
	local v
	for v in /sys/class/vtconsole/vtcon*; do
		! grep -q 'frame buffer' "$v/name" || echo "$1" >"$v/bind"
	done
}

# unload_drm: with what needs it, from the outermost. The drivers must be unused.
unload_drm() {
	local left m
	modprobe -r bochs virtio_gpu || return
	for _ in 1 2 3 4 5; do
		[ -d /sys/module/drm ] || return 0
		left=$(ls /sys/module/drm/holders)
		for m in $left; do rmmod "$m" 2>/dev/null; done
		[ -n "$left" ] || rmmod drm
	done
	[ ! -d /sys/module/drm ]
}

# await_card DRIVER: prints its minor once it is there
await_card() {
	local i
	for i in $(seq 100); do
		card_of "$1" && return
		sleep 0.1
	done
	return 1
}
