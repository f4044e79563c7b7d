#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: DRM built on dynamic debug: sites with descriptors are recorded by them, and never without dyndbg_drm
# requires: drm module:dyndbg_test_drm config:DRM_USE_DYNAMIC_DEBUG

. "$(dirname "$0")/../lib.sh"

card=$(card_of virtio_gpu) || fail "no virtio-gpu"
dev=$(pci_of "$card")
site='"kms message'

# What the stock kernel prints, to compare with.
load dyndbg_test_drm device="$dev"
listed "$site" | grep -q 'dyndbg_test_drm.c:[0-9]* \[dyndbg_test_drm\]fire_set =_ .* class:DRM_UT_KMS$' ||
	fail "the stock kernel lists: $(listed "$site")"
mark_dmesg
ddcmd 'class DRM_UT_KMS func fire_set +p'
fire_drm kms 1
ddcmd 'class DRM_UT_KMS func fire_set -p'
stock=$(dmesg | sed "1,/$dmesg_mark/d; s/^\[[^]]*\] //" | grep 'kms message')
[ -n "$stock" ] || fail "the stock kernel prints nothing"

# Without dyndbg_drm they would be printed.
load dyndbg_trace
must 'open a'
refused 'not supported' 'class DRM_UT_KMS func fire_set +T:a'
dmesg | grep -q 'its class needs dyndbg_drm' || fail "the reason is not logged"
must 'class DRM_UT_KMS device * +T:a'
expect_flags =_ "$site"
mark_dmesg
fire_drm kms 2
[ "$(in_dmesg 'kms message')$(records a 'kms message')" = 00 ] || fail "a route turned a site on that cannot be recorded"

# With it the route holds.
load dyndbg_drm
listed "$site" | grep -q ' routes:a$' || fail "a standing route does not hold: $(listed "$site")"
fire_drm kms 3
expect 3 a 'kms message'
trace a | grep -q "devdbg: \[dyndbg_test_drm\]fire_set DRM_UT_KMS $dev minor=$card: kms message 2" ||
	fail "no site, class or device in: $(trace a | tail -n 1)"
must 'device * -T:a'
fire_drm kms 2
expect 3 a 'kms message'

must "class DRM_UT_KMS func fire_set device drm:$card +T:a"
fire_drm kms 2
fire_drm nodev 2
expect 5 a 'kms message'
expect 0 a 'nodev message'
must 'device * -T:a; class DRM_UT_KMS func fire_set +T'
expect_flags =T:a "$site"
fire_drm nodev 2
expect 2 a 'nodev message'
[ "$(in_dmesg message)" = 0 ] || fail "T without p reached the kernel log"

# p prints as stock, prefix flags or not.
must 'class DRM_UT_KMS func fire_set +pmfl'
fire_drm kms 1
expect 6 a ': kms message'
[ "$(in_dmesg "$stock")" = 1 ] || fail "not printed as stock ($stock): $(dmesg | tail -n 1)"
must 'class DRM_UT_KMS func fire_set -pmfl'

# dyndbg_drm goes under a storm of them: nothing is printed, and T comes back with it.
must 'class DRM_UT_KMS func storm_once +T:a'
mark_dmesg
echo 20000 >/sys/module/dyndbg_test_drm/parameters/storm_pause # a debug kernel is slow
echo 1 >/sys/module/dyndbg_test_drm/parameters/storm
for _ in 1 2 3; do
	rmmod dyndbg_drm || fail "cannot unload dyndbg_drm"
	before=$(records a 'storm kms')
	sleep 0.2
	[ "$(records a 'storm kms')" = "$before" ] || fail "recorded without dyndbg_drm"
	expect_flags =T:a '"storm kms'
	load dyndbg_drm
done
: >$instances/a/trace
sleep 0.5
[ "$(records a 'storm kms')" -gt 0 ] || fail "T did not come back with dyndbg_drm"
rmmod dyndbg_drm
rmmod dyndbg_trace || fail "cannot unload"
echo 0 >/sys/module/dyndbg_test_drm/parameters/storm
[ "$(in_dmesg 'storm kms')" = 0 ] || fail "$(in_dmesg 'storm kms') messages reached the kernel log"
expect_flags =_ "$site"

# drm.debug goes through the class parameter.
load dyndbg_trace
load dyndbg_drm
mark_dmesg
echo 0x4 >/sys/module/drm/parameters/debug
expect_flags =p "$site"
fire_drm kms 2
echo 0 >/sys/module/drm/parameters/debug
fire_drm kms 2
[ "$(in_dmesg "$stock")$(in_dmesg 'kms message')" = 12 ] || fail "drm.debug does not do as stock"
