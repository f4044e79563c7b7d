#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: loaded and unloaded 60 times while two CPUs fire DRM and pr_debug messages: nothing printed, nothing left, no memory lost
# requires: drm module:dyndbg_test_drm
# timeout: 1800
#
# With DDR_CYCLES=N in the environment, N times; in a slow guest fewer than 60 times. A thousand take about two hours in an emulated guest:
#   scripts/vm/run -t 9000 -- env DDR_CYCLES=1000 DDR_TIMEOUT=8800 /usr/lib/dd-recorder/selftests/run dynamic_debug/reload

. "$(dirname "$0")/../lib.sh"

cycles=${DDR_CYCLES:-$((60 / DDR_SLOW))}
# What the rest of the machine may take meanwhile
noise_slab=384 # KiB
noise_vmalloc=128 # KiB; a kernel thread's stack is 20
noise_areas=16
# Of one cache, beside one slab (whose objects all count while a CPU holds it): less than one object for each cycle
noise_objects=$((cycles / 4))

card=$(card_of virtio_gpu) || fail "no virtio-gpu"
load dyndbg_test storm_pause=500
load dyndbg_test_drm device="$(pci_of "$card")" storm_pause=500
cat $control >"$tmp/before"

storm() {
	echo "$1" >/sys/module/dyndbg_test/parameters/storm
	echo "$1" >/sys/module/dyndbg_test_drm/parameters/storm
}

# The caches that modules and tracing take from, rather than programs, files and the network
caches='^(kmalloc-[0-9]+k?|kernfs_node_cache|vmap_area|trace_event_file|ftrace_event_field)$'

# objects: "objects:CACHE NUMBER SLACK" for each cache. /proc/slabinfo counts every object of a slab that some CPU holds as used, free or not:
# its current one and, as soon as something was allocated, half a dozen more on its list (SLUB, CONFIG_SLUB_CPU_PARTIAL). Shrinking
# empties them, and KASAN's quarantine of freed objects too, but the next fork fills them again. And what was given to kfree_rcu() and the
# like comes free seconds later. So it is done some times over, the figures read at once and without a fork, and the least is the nearest
# to what is in use; what is lost is in each of them.
objects() {
	local -A least slack
	local name used total size per_slab rest lines line try
	for try in {1..10}; do
		shrink_caches "$caches"
		mapfile -t lines </proc/slabinfo
		for line in "${lines[@]}"; do
			read -r name used total size per_slab rest <<<"$line"
			[[ $name =~ $caches ]] || continue
			[ -n "${least[$name]-}" ] && [ "${least[$name]}" -le "$used" ] || least[$name]=$used
			slack[$name]=$per_slab
		done
		sleep 1
	done
	for name in "${!least[@]}"; do echo "objects:$name ${least[$name]} ${slack[$name]}"; done | sort
}

# memory FILE: a line "NAME NUMBER" for each figure
memory() {
	settle
	{
		echo "SUnreclaim $(meminfo SUnreclaim)"
		echo "VmallocUsed $(meminfo VmallocUsed)"
		echo "Percpu $(meminfo Percpu)"
		# An area whose caller has no name any more is that of a module that is gone.
		awk '{ n++; gone += $3 ~ /^0x/; ours += /dyndbg_(trace|drm)[^_]/ }
			END { print "areas", n; print "areas-gone", gone + 0; print "areas-ours", ours + 0 }' /proc/vmallocinfo
		objects
	} >"$1"
}

cycle() {
	local i=$1
	load dyndbg_trace
	load dyndbg_drm
	must 'open a size=256K; func storm_once +T:a; class DRM_UT_KMS +T:a; class DRM_UT_* device * +T:a'
	case $((i % 4)) in
	0) must 'device * -T:a' ;;
	1) kms "$card" ;;
	2) cat $control >/dev/null & ;;
	3) [ "$(trace a | grep -c ' storm kms ')" -gt 0 ] || fail "cycle $i: nothing was recorded" ;;
	esac
	rmmod dyndbg_drm || fail "cycle $i: cannot unload dyndbg_drm"
	rmmod dyndbg_trace || fail "cycle $i: cannot unload dyndbg_trace"
	wait
	diff "$tmp/before" $control || fail "cycle $i left something in the listing"
	! grep . $kprobes || fail "cycle $i left a probe"
	! grep -E 'drm_dev|drm_minor' $tracing/enabled_functions || fail "cycle $i left a hook"
}

mark_dmesg
# Some memory is taken once: by the first loading, the instance, the caches' first slabs.
storm 1
for i in 1 2 3 4; do cycle $i; done
storm 0
memory "$tmp/memory.before"
storm 1
started=$EPOCHREALTIME
for i in $(seq "$cycles"); do
	# Beyond a hundred, grace periods are expedited: it takes less time, and is another timing.
	[ "$i" != 101 ] || echo 1 >/sys/kernel/rcu_expedited
	cycle "$i"
done
echo 0 >/sys/kernel/rcu_expedited
took=$(((${EPOCHREALTIME/./} - ${started/./}) / 1000))
storm 0
[ "$(in_dmesg 'storm ')" = 0 ] || fail "$(in_dmesg 'storm ') messages reached the kernel log"

memory "$tmp/memory.after"
echo "# $cycles cycles, $((took / cycles)) ms each"
awk -v slab=$noise_slab -v vmalloc=$noise_vmalloc -v areas=$noise_areas -v objects=$noise_objects '
	FNR == NR { before[$1] = $2; next }
	{ grown = $2 - before[$1] }
	/^SUnreclaim/ { limit = slab }
	/^VmallocUsed/ { limit = vmalloc }
	/^Percpu/ { limit = 64 }
	/^areas / { limit = areas }
	/^areas-/ { limit = 0 }
	/^objects:/ { limit = objects + $3 }
	!/^objects:/ || grown > limit / 4 {
		bad = grown > limit
		failed += bad
		printf "# %-28s %8d -> %8d, %+6d (%d may be)%s\n", $1, before[$1], $2, grown, limit, bad ? " BAD" : ""
	}
	END { exit failed > 0 }' "$tmp/memory.before" "$tmp/memory.after" || fail "memory was lost in $cycles cycles"
# The figures stay with the result.
echo "ok 1 no memory lost"
