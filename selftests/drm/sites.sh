#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: found sites: listed, own T and p, standing for sites yet to be found; drm.debug as stock
# requires: drm module:dyndbg_test_drm config:!DRM_USE_DYNAMIC_DEBUG

. "$(dirname "$0")/../lib.sh"

card=$(card_of virtio_gpu) || fail "no virtio-gpu"
dev=$(pci_of "$card")
load dyndbg_trace
load dyndbg_drm
load dyndbg_test_drm device="$dev"
must 'open a'
! grep -q __drm_dev_dbg $tracing/enabled_functions || fail "drm is hooked though nobody wants its messages"
mark_dmesg
must 'class DRM_UT_KMS +T:a'
grep -q __drm_dev_dbg $tracing/enabled_functions || fail "drm is not hooked"
fire_drm kms 5
fire_drm atomic 5
expect 5 a 'kms message'
expect 0 a 'atomic message'
trace a | grep -q "devdbg: \[dyndbg_test_drm\]fire_set DRM_UT_KMS $dev minor=$card: kms message 4" ||
	fail "no site, class or device in: $(trace a | tail -n 1)"
expect_flags =T:a '"kms message'
expect_flags =_ '"atomic message'
listed '"kms message' | grep -q '^-:0 \[dyndbg_test_drm\]fire_set =T:a "kms message %d\\n" class:DRM_UT_KMS$' ||
	fail "listed as: $(listed '"kms message')"
[ "$(in_dmesg message)" = 0 ] || fail "T without p reached the kernel log"
must 'class DRM_UT_KMS func fire_set +p'
fire_drm kms 2
[ "$(in_dmesg "$dev: [drm:fire_set [dyndbg_test_drm]] kms message")" = 2 ] || fail "p does not print as drm does"
expect 7 a 'kms message'
refused 'busy' 'close a'
must 'class DRM_UT_KMS =_; class DRM_UT_KMS -T:0; class DRM_UT_KMS func fire_set -p'
fire_drm kms 2
expect 7 a 'kms message'
[ "$(in_dmesg 'kms message')" = 2 ] || fail "=_ does not stop printing"
! grep -q __drm_dev_dbg $tracing/enabled_functions || fail "drm is still hooked"
must 'close a'

# drm.debug goes on meaning what it means
must 'open a; class DRM_UT_ATOMIC device * +T:a'
: >$instances/a/trace
echo 0x4 >/sys/module/drm/parameters/debug
mark_dmesg
fire_drm kms 2
fire_drm atomic 2
echo 0 >/sys/module/drm/parameters/debug
[ "$(in_dmesg 'kms message')" = 2 ] || fail "drm.debug is ignored while drm is hooked"
[ "$(in_dmesg 'atomic message')" = 0 ] || fail "a routed message is printed"
expect 2 a 'atomic message'
fire_drm nodev 1
expect 0 a 'nodev message'
must 'class DRM_UT_KMS device * +T:a'
fire_drm nodev 3
expect 3 a 'nodev message'

# A site's module goes: its records stay, its site does not
rmmod dyndbg_test_drm
[ "$(grep -c '^-:0 \[dyndbg_test_drm\]' $control)" = 0 ] || fail "sites of a module that is gone are listed"
expect 2 a '[dyndbg_test_drm]fire_set DRM_UT_ATOMIC'
load dyndbg_test_drm device="$dev"
fire_drm atomic 2
expect 4 a '[dyndbg_test_drm]fire_set DRM_UT_ATOMIC'

# A label that a class was given before its sites are found is theirs, whatever the default is
rmmod dyndbg_test_drm
must 'device * -T:a; open b; class DRM_UT_ATOMIC =:a; class DRM_UT_ATOMIC +T'
: >$instances/a/trace
load dyndbg_test_drm device="$dev"
fire_drm atomic 2
expect 2 a ' atomic message'
expect 0 b ' atomic message'
expect_flags =T:a '"atomic message'
must 'class DRM_UT_ATOMIC -T:0; close a; close b'

# What a later query undid does not stand on, nor keep a destination
must 'open a; class DRM_UT_ATOMIC =pT:a; class DRM_UT_ATOMIC -T:0; close a'
grep -q __drm_dev_dbg $tracing/enabled_functions || fail "p of a class does not hook drm"
must 'open a; class DRM_UT_ATOMIC func nosuch +pT:a; class DRM_UT_ATOMIC =_'
! grep -q __drm_dev_dbg $tracing/enabled_functions || fail "a narrower query stands although all was undone"
must 'class DRM_UT_ATOMIC label a -T:0; close a'
for i in $(seq 300); do must "class DRM_UT_ATOMIC func nosuch$i -p"; done
must 'class DRM_UT_ATOMIC +p; class DRM_UT_ATOMIC =_'
