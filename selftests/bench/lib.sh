# SPDX-License-Identifier: GPL-2.0-only
# Sourced after selftests/lib.sh: the two cards, the module that measures, mode-sets, and what records take up in a ring.
# shellcheck shell=bash disable=SC2154

bench_classes="DRIVER KMS PRIME ATOMIC"	# what drm.debug=0x1e turns on
modeset=$(dirname "${BASH_SOURCE[0]}")/../programs/build/modeset

# find_cards: sets cards, to their minors
find_cards() {
	local c
	cards=()
	for c in /sys/class/drm/card[0-9]; do cards+=("${c#/sys/class/drm/card}"); done
	[ ${#cards[@]} -ge 2 ] || fail "two cards are needed"
	quiet_console
}

# begin_bench: the instance that is written to as the stock kernel does is "bench".
begin_bench() {
	find_cards
	mkdir $instances/bench || fail "cannot make an instance"
	echo 8192 >$instances/bench/buffer_size_kb
	echo mono >$instances/bench/trace_clock
	load dyndbg_bench device="$(pci_of "${cards[0]}")" other="$(pci_of "${cards[1]}")"
}

# The cases of dyndbg_bench that are to be recorded, and what to know the records by
declare -A recorded=([drm-atomic]='Added \[CRTC:37:crtc-0\]' [three-ints]='head 1027' [one-string]=': x\{200\}$')

# route_cases INSTANCE
route_cases() {
	must "class DRM_UT_ATOMIC device drm:${cards[0]} +T:$1; module dyndbg_bench func three_ints device * +T:$1"
	must "module dyndbg_bench func one_string device * +T:$1"
}

# run_case CASE ROUNDS
run_case() {
	echo "$1 $2" >/sys/module/dyndbg_bench/parameters/run || fail "cannot run $1"
}

# figure LABEL EXPRESSION UNIT: what a part of the bench prints
figure() {
	awk -v label="$1" -v unit="$3" "BEGIN {
		digits = unit == \"messages\" || unit == \"frames\" ? 0 : unit == \"seconds\" || unit == \"times\" ? 2 : 1
		printf \"%s %.*f %s\\n\", label, digits, $2, unit
	}"
}

# set_modes MINOR ROUNDS: prints the median of the nanoseconds that one took
set_modes() {
	"$modeset" "$@" || fail "card$1 sets no mode"
}

# in_ring INSTANCE FIELD: the sum over the CPUs' rings; entries, bytes, overrun
in_ring() {
	cat "$instances/$1"/per_cpu/cpu*/stats | awk -v field="$2:" '$1 == field { sum += $2 } END { print sum + 0 }'
}

# bytes_each INSTANCE: what a record of those that the instance holds takes up in the ring, without what is lost between pages
bytes_each() {
	awk -v bytes="$(in_ring "$1" bytes)" -v n="$(in_ring "$1" entries)" 'BEGIN { print n ? bytes / n : 0 }'
}

# messages INSTANCE: what the trace file shows of each record after time and event: where it came from, and the text
messages() {
	trace "$1" | awk 'match($0, /[0-9]: [a-z0-9_]+: /) { print substr($0, RSTART + RLENGTH) }'
}

# as_text: records each line of stdin with trace_array_printk(), in an instance that is emptied before
as_text() {
	local line
	: >$instances/bench/trace
	while IFS= read -r line; do
		printf '%s\n' "$line" >&3
	done 3>/sys/module/dyndbg_bench/parameters/say || fail "cannot record a text"
	[ "$(in_ring bench overrun)" = 0 ] || fail "the texts do not fit into the instance"
}

# route_card MINOR INSTANCE
route_card() {
	local class batch=""
	for class in $bench_classes; do batch+="class DRM_UT_$class device drm:$1 +T:$2; "; done
	must "$batch"
}

# record_modes INSTANCE ROUNDS: leaves there what both cards say during mode-sets, one after the other
record_modes() {
	local c
	for c in "${cards[@]}"; do route_card "$c" "$1"; done
	# A site's first message may be recorded otherwise than the ones to come.
	for c in "${cards[@]}"; do set_modes "$c" 2 >/dev/null; done
	sleep 0.5
	: >"$instances/$1/trace"
	for c in "${cards[@]}"; do set_modes "$c" "$2" >/dev/null; done
	must "device * -T:$1"
	[ "$(in_ring "$1" overrun)" = 0 ] || fail "records of the mode-sets were overwritten"
}

# seconds_of INSTANCE: from the first to the last record
seconds_of() {
	trace "$1" | awk '
		match($0, /[0-9]+\.[0-9]+: /) {
			t = substr($0, RSTART, RLENGTH - 2)
			if (!n++) first = last = t
			if (t < first) first = t
			if (t > last) last = t
		}
		END { print last - first }'
}
