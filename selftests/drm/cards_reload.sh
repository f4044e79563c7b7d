#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: cards that swap their minors, drivers and drm.ko unloaded and loaded again under a storm: routes follow
# requires: drm:2 program:modetest module:dyndbg_test_drm
# timeout: 240

. "$(dirname "$0")/../lib.sh"

virtio=$(card_of virtio_gpu) || fail "no virtio-gpu"
bochs=$(card_of bochs) || fail "no bochs"
virtio_pci=$(pci_of "$virtio")
bochs_pci=$(pci_of "$bochs")
quiet_console
bind_console 0
trap 'status=$?; end_jobs; modprobe virtio-gpu; modprobe bochs; bind_console 1; clean_up || status=1; exit $status' EXIT

load dyndbg_trace
load dyndbg_drm
must 'open m0 size=1M; open m1 size=1M; open virtio size=4M; open bochs size=1M'
must "class DRM_UT_* device drm:0 +T:m0; class DRM_UT_* device drm:1 +T:m1"
must "class DRM_UT_* device $virtio_pci +T:virtio; class DRM_UT_* device $bochs_pci +T:bochs"
mark_dmesg
clear_all() {
	for i in m0 m1 virtio bochs; do : >$instances/$i/trace; done
}
texts() {
	trace "$1" | sed 's/^.*dbg: //' | grep -v ' DRM_UT_VBL '
}
# follows WHEN MINOR INSTANCE: the card with that minor says something, and the routes by minor and by name agree. A driver may
# say something of its own accord while we look from one to the other, but not each time.
follows() {
	local i
	for i in 1 2 3; do
		sleep 0.5
		clear_all
		kms "$2"
		sleep 0.5
		texts "m$2" >"$tmp/minor"
		texts "$3" >"$tmp/name"
		[ "$(grep -c " minor=$2: " "$tmp/minor")" -gt 5 ] || fail "$1: nothing of card$2 by its minor"
		! grep -v " minor=$2: " "$tmp/minor" || fail "$1: foreign messages in m$2"
		! texts "m$((1 - $2))" | grep " minor=$2: " || fail "$1: messages of card$2 in the other card's"
		! diff "$tmp/minor" "$tmp/name" >"$tmp/diff" || return 0
	done
	fail "$1: by minor and by name are not the same: $(head -n 4 "$tmp/diff")"
}
# gone MODULE: unloads it. Who looks at a new card (udev, the console) may still have it open in a slow guest.
gone() {
	local _
	for _ in $(seq 50); do
		modprobe -r "$1" 2>/dev/null && return 0
		sleep 0.2
	done
	modprobe -r "$1"
}

follows before "$virtio" virtio
follows before "$bochs" bochs

# They come back in the other order, each with the other's minor.
gone virtio_gpu || fail "virtio-gpu cannot be unloaded"
gone bochs || fail "bochs cannot be unloaded"
clear_all
if [ "$virtio" = 0 ]; then order="bochs virtio_gpu"; else order="virtio_gpu bochs"; fi
for m in $order; do
	modprobe $m || fail "cannot load $m"
	await_card $m >/dev/null || fail "no card of $m"
	bind_console 0
done
[ "$(card_of virtio_gpu)$(card_of bochs)" = "$bochs$virtio" ] || fail "the cards did not swap their minors"
# What is said before the card has its minor is the device's by name only.
for i in virtio bochs; do [ "$(texts $i | wc -l)" -gt 5 ] || fail "nothing of $i as it comes"; done
virtio=$(card_of virtio_gpu)
bochs=$(card_of bochs)
! texts m0 | grep -v ' minor=0: ' || fail "foreign messages in m0"
! texts m1 | grep -v ' minor=1: ' || fail "foreign messages in m1"
! texts virtio | grep " minor=$bochs: " || fail "virtio-gpu has its old minor"
! texts bochs | grep " minor=$virtio: " || fail "bochs has its old minor"
follows swapped "$virtio" virtio
follows swapped "$bochs" bochs

# One driver goes while the other card storms, then that card is unbound under it, then everything goes, up to the last
# message of a module that fires until it is unloaded.
storm() {
	# Not modetest: 7.2's virtio-gpu warns when it is unbound from a device that is open.
	while :; do
		for s in /sys/class/drm/card"$1"-*/status; do echo detect >"$s"; done
	done >/dev/null 2>&1
}
for round in 1 2; do
	load dyndbg_test_drm device="$virtio_pci"
	clear_all
	echo 1 >/sys/module/dyndbg_test_drm/parameters/storm
	storm "$virtio" &
	sleep 0.5
	gone bochs || fail "round $round: bochs cannot be unloaded"
	# Whoever reads what a storm writes comes to no end.
	echo 0 >$instances/virtio/tracing_on
	[ "$(trace virtio | grep -c " minor=$virtio: storm kms ")" -gt 20 ] || fail "round $round: no storm"
	echo 1 >$instances/virtio/tracing_on
	driver=/sys/bus/pci/drivers/virtio-pci
	echo "$virtio_pci" >$driver/unbind || fail "round $round: virtio-gpu cannot be unbound"
	end_jobs
	# From here on no more than fits, with what comes later, for all of it must be there in the end.
	echo 50000 >/sys/module/dyndbg_test_drm/parameters/storm_pause
	sleep 0.1
	clear_all
	sleep 0.2
	rmmod dyndbg_test_drm || fail "round $round: what fires cannot be unloaded"
	unload_drm || fail "round $round: drm cannot be unloaded: $(lsmod | grep '^drm ')"
	[ "$(trace virtio | grep -c " $virtio_pci minor=-1: storm kms ")" -gt 20 ] || fail "round $round: no storm of a card that is gone"
	! grep -E 'drm_' $tracing/enabled_functions || fail "round $round: hooks in a drm that is gone"
	trace virtio | sort >"$tmp/before"

	modprobe virtio-gpu || fail "cannot load virtio-gpu"
	echo "$virtio_pci" >$driver/bind 2>/dev/null # it was unbound by hand
	virtio=$(await_card virtio_gpu) || fail "round $round: no virtio-gpu"
	modprobe bochs || fail "cannot load bochs"
	bochs=$(await_card bochs) || fail "round $round: no bochs"
	bind_console 0
	trace virtio | sort | comm -23 "$tmp/before" - >"$tmp/diff"
	! [ -s "$tmp/diff" ] || fail "round $round: records changed with drm gone and come: $(head -n 4 "$tmp/diff")"
	grep -q __drm_dev_dbg $tracing/enabled_functions || fail "round $round: drm is not hooked after it came back"
	follows "round $round" "$virtio" virtio
	follows "round $round" "$bochs" bochs
done
[ "$(in_dmesg '[drm:')$(in_dmesg 'storm ')" = 00 ] ||
	fail "$(in_dmesg '[drm:') messages of drm and $(in_dmesg 'storm ') of the storm reached the kernel log"
[ "$(cat /sys/module/dyndbg_trace/parameters/dropped)" = 0 ] || fail "messages were dropped"
