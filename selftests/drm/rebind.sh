#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a card unbound and bound again is matched again; drm.ko goes and comes
# requires: drm:2 program:modetest

. "$(dirname "$0")/../lib.sh"

b=$(card_of bochs) || fail "no bochs"
pci=$(pci_of "$b")
load dyndbg_trace
load dyndbg_drm
must "open a size=4M; open n size=4M; class DRM_UT_* device drm:$b +T:a; class DRM_UT_* device $pci +T:n"
kms "$b"
before=$(trace a | wc -l)
[ "$before" -gt 5 ] || fail "nothing recorded before"
driver=$(readlink -f "/sys/bus/pci/devices/$pci/driver")
echo "$pci" >"$driver/unbind" || fail "cannot unbind"
[ ! -e "/sys/class/drm/card$b" ] || fail "the card is still there"
echo "$pci" >"$driver/bind" || fail "cannot bind"
[ "$(card_of bochs)" = "$b" ] || fail "the card came back as another one"
quiet_console
: >$instances/a/trace
: >$instances/n/trace
kms "$b"
sleep 1
after=$(trace a | wc -l)
[ "$after" -gt 5 ] || fail "nothing recorded after"
# A vertical blank may come while we look from one to the other.
texts() {
	trace "$1" | sed 's/^.*dbg: //' | grep -v ' DRM_UT_VBL '
}
diff <(texts a) <(texts n) || fail "by minor and by name are not the same"

# Nobody but fbcon may keep the drivers: end it, unload everything of drm, load it again
bind_console 0
bring_back() {
	modprobe virtio-gpu && modprobe bochs || fail "cannot load the drivers"
}
unload_drm || { lsmod | grep drm; bring_back; fail "drm cannot be unloaded while dyndbg_drm is there"; }
: >$instances/n/trace
bring_back
b=$(await_card bochs) || fail "no bochs after drm came back"
bind_console 1
[ "$(trace n | wc -l)" -gt 5 ] || fail "what bochs says while it begins is not recorded by its name"
must 'device * -T:a'
must "class DRM_UT_* device drm:$b +T:a"
: >$instances/a/trace
kms "$b"
[ "$(trace a | wc -l)" -gt 5 ] || fail "nothing recorded after drm came back"
