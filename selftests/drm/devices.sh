#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: routes by device: each card its own, nothing lost against a route for any device
# requires: drm:2 program:modetest

. "$(dirname "$0")/../lib.sh"

a=$(card_of virtio_gpu) || fail "no virtio-gpu"
b=$(card_of bochs) || fail "no bochs"
quiet_console
load dyndbg_trace
load dyndbg_drm
must 'open a size=4M; open b size=4M; open c size=8M'
# Not DRM_UT_VBL: a vertical blank comes by itself, also while one instance is off and the next is not yet.
for class in CORE DRIVER KMS ATOMIC; do
	must "class DRM_UT_$class device drm:$a +T:a; class DRM_UT_$class device drm:$b +T:b"
	must "class DRM_UT_$class device * +T:c"
done
# Routes come one after the other; what counts is what is recorded while all stand.
for i in a b c; do
	echo 0 >$instances/$i/tracing_on
	: >$instances/$i/trace
done
sleep 1
for i in a b c; do echo 1 >$instances/$i/tracing_on; done
mark_dmesg
for _ in 1 2 3; do
	kms "$a" &
	kms "$b" &
	wait
done
sleep 1
for i in a b c; do echo 0 >$instances/$i/tracing_on; done
[ "$(in_dmesg '[drm:')" = 0 ] || fail "routed messages reached the kernel log"
na=$(trace a | wc -l)
nb=$(trace b | wc -l)
nc=$(trace c | wc -l)
none=$(trace c | grep -vc ' devdbg: ')
echo "a: $na, b: $nb, without a device: $none, c: $nc"
[ "$na" -gt 20 ] && [ "$nb" -gt 20 ] || fail "too few messages to say anything"
texts() {
	sed 's/^.*: devdbg: //' | sort
}
diff <({ trace a; trace b; } | texts) <(trace c | grep ' devdbg: ' | texts) | head -n 20
[ $((na + nb + none)) = "$nc" ] || fail "a + b + deviceless is $((na + nb + none)), c has $nc"
foreign_a=$(trace a | grep -vc " $(pci_of "$a") minor=$a: ")
foreign_b=$(trace b | grep -vc " $(pci_of "$b") minor=$b: ")
[ "$foreign_a" = 0 ] && [ "$foreign_b" = 0 ] || fail "foreign messages: $foreign_a in a, $foreign_b in b"
for i in a b c; do
	! grep -h '^overrun: [1-9]' $instances/$i/per_cpu/cpu*/stats || fail "records of $i were overwritten"
done

# The other ways to name a device
must 'device * -T:a; device * -T:b; device * -T:c'
for i in a b c; do
	: >$instances/$i/trace
	echo 1 >$instances/$i/tracing_on
done
must "class DRM_UT_ATOMIC device card$a +T:a; class DRM_UT_ATOMIC device $(pci_of "$b") +T:b; device drm:$a +T:c"
kms "$a"
kms "$b"
na=$(trace a | wc -l)
[ "$na" -gt 5 ] || fail "card$a names nothing"
[ "$(trace b | grep -c "minor=$b: ")" -gt 5 ] || fail "a PCI name names nothing"
[ "$(trace c | grep -c ' DRM_UT_ATOMIC ')" = "$na" ] || fail "a route without a class does not cover every class"
