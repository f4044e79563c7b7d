#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: two CPUs fire DRM messages from sites just found while T and routes come and go: each record is whole, nothing is printed
# requires: drm module:dyndbg_test_drm module:dyndbg_equal_drm
# timeout: 300

. "$(dirname "$0")/../lib.sh"
export LC_ALL=C # the table has all kinds of bytes

# The sites of a table of formats, some hundred, over and over, beside the threads of a storm
fire_all() {
	while :; do
		echo "drm 1"
		echo "drmnodev 1"
	done >/sys/module/dyndbg_equal_drm/parameters/fire
}

# And those of the driver itself
detect_all() {
	while :; do
		for s in /sys/class/drm/"$card"-*/status; do echo detect >"$s"; done
	done 2>/dev/null
}

card=$(card_of virtio_gpu) || fail "no virtio-gpu"
load dyndbg_trace
load dyndbg_test_drm device="$(pci_of "$card")" storm_pause=5000
load dyndbg_equal_drm
mark_dmesg
must 'open a size=1M; open b size=1M'
echo 1 >/sys/module/dyndbg_test_drm/parameters/storm
fire_all &
detect_all &
for round in $(seq $((4 / DDR_SLOW + 1))); do
	# From here all sites are found afresh, though nobody wants their messages; and then somebody does.
	load dyndbg_drm
	must 'class DRM_UT_LEASE +T:a'
	sleep "0.$((RANDOM % 10))"
	must "class DRM_UT_KMS device drm:${card#card} +T:a; class DRM_UT_* device * +T:b"
	for _ in 1 2 3 4 5; do
		must 'class DRM_UT_ATOMIC +T:a'
		must "class DRM_UT_ATOMIC -T:0; class DRM_UT_KMS device drm:${card#card} -T:a"
		must "class DRM_UT_KMS device drm:${card#card} +T:a"
	done
	must 'device * -T:a; device * -T:b'
	for i in a b; do
		cat $instances/$i/trace >"$tmp/$i"
		: >$instances/$i/trace
		! grep -a ': storm ' "$tmp/$i" | grep -av " minor=${card#card}: storm \(kms\|atomic\) [0-9]*\$" || fail "round $round: garbage in $i"
		! grep -aF '(lost: ' "$tmp/$i" || fail "round $round: a site in $i is not known"
	done
	[ "$(grep -ac ' storm kms [0-9]*$' "$tmp/a")" -gt 20 ] || fail "round $round: no storm in a: $(tail -n 3 "$tmp/a")"
	# Either may leave no room for the other there.
	[ "$(grep -ac '@drm\|: storm ' "$tmp/b")" -gt 100 ] || fail "round $round: nothing in b: $(tail -n 3 "$tmp/b")"
	rmmod dyndbg_drm || fail "cannot unload under load"
done
end_jobs
echo 0 >/sys/module/dyndbg_test_drm/parameters/storm
[ "$(in_dmesg 'storm ')" = 0 ] || fail "$(in_dmesg 'storm ') messages reached the kernel log"
