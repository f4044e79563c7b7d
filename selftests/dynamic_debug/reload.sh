#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: 100 times loaded and unloaded while two CPUs fire DRM and pr_debug messages
# requires: drm module:dyndbg_test_drm
# timeout: 1200

. "$(dirname "$0")/../lib.sh"

card=$(card_of virtio_gpu) || fail "no virtio-gpu"
load dyndbg_test
load dyndbg_test_drm device="$(pci_of "$card")"
cat $control >"$tmp/before"
mark_dmesg
echo 1 >/sys/module/dyndbg_test/parameters/storm
echo 1 >/sys/module/dyndbg_test_drm/parameters/storm
for i in $(seq 100); do
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
done
echo 0 >/sys/module/dyndbg_test/parameters/storm
echo 0 >/sys/module/dyndbg_test_drm/parameters/storm
[ "$(in_dmesg 'storm ')" = 0 ] || fail "$(in_dmesg 'storm ') messages reached the kernel log"
