#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: classes: whole names in queries, globs in routes, T by the parameters that switch classes

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test_class
parameters=/sys/module/dyndbg_test_class/parameters
kinds='core kms atomic low mid high undeclared unclassed'

# Where DRM's sites have descriptors, one of a class without a name may be DRM's, and is left alone.
undeclared=undeclared
! grep -q '^CONFIG_DRM_USE_DYNAMIC_DEBUG=y' "/boot/config-$(uname -r)" || undeclared=""

fire_all() {
	local kind
	for kind in core kms atomic levels undeclared unclassed; do
		echo "$kind 1" >$parameters/fire || fail "cannot fire $kind"
	done
}

# only NAME KIND...: the instance has one message of each of these, and no other, since it was asked last
only() {
	local name=$1 kind
	shift
	for kind in $kinds; do
		case " $* " in *" $kind "*) echo "$kind message" ;; esac
	done >"$tmp/wanted"
	trace "$name" | sed 's/^.* \([a-z]* message\) 0$/\1/' | diff "$tmp/wanted" - ||
		fail "instance $name does not have only '$*'"
	: >"$instances/$name/trace"
}

must 'open a; open b; open 0'
mark_dmesg
must 'module dyndbg_test_class +T:a'
fire_all
only a unclassed
expect_flags =_ 'undeclared message %d\n" class unknown, _id:30'
must 'class DDT_KMS +T:a; class DDT_* +T:a; class JUNK +T:a; class DDT_MID module dyndbg_test_class =T:a.f'
fire_all
trace a | grep -q 'prdbg: \[dyndbg_test_class\]fire_kms DDT_KMS: kms message' || fail "no class in a record"
only a unclassed kms mid
listed 'fire_kms ' | grep -q ' =T:a "kms message %d\\n" class:DDT_KMS$' || fail "listed as: $(listed 'fire_kms ')"
listed 'fire_levels =T:a.f ' | grep -q ' class:DDT_MID$' || fail "DDT_MID does not get its flags"
refused 'busy' 'close a'

# A query without a class means unclassed sites, by the label too
must 'label a -T:0'
expect_flags =_ 'unclassed message'
expect_flags =T:a 'kms message'
must 'class DDT_KMS label a -T:0; class DDT_MID label 0 +l'
expect_flags =T:a.f 'mid message'
must 'class DDT_MID =_:0; close a; open a; open 0'

# The module's own parameters: p and T of classes
echo 0x3 >$parameters/bits || fail "bits is refused"
must 'class DDT_ATOMIC =:b'
echo 0x5 >$parameters/record || fail "T by a parameter is refused"
expect_flags =pT 'core message'
expect_flags =p 'kms message'
expect_flags =T:b 'atomic message'
echo 0x1 >$parameters/bits
echo 2 >$parameters/level
expect_flags =_ 'kms message'
expect_flags =p 'mid message'
expect_flags =_ 'high message'
mark_dmesg
: >$tracing/trace
fire_all
[ "$(in_dmesg 'core message')$(in_dmesg 'kms message')$(in_dmesg 'atomic message')" = 100 ] ||
	fail "the parameters do not say what is printed"
only b atomic
grep -q 'core message' $tracing/trace || fail "T by a parameter does not record to 0"
: >$tracing/trace
echo 0 >$parameters/record
echo 0 >$parameters/bits
echo 0 >$parameters/level
must 'class DDT_ATOMIC -:0'
fire_all
only b

# Routes: a glob, or every class and none
mark_dmesg
must 'module dyndbg_test_class class DDT_?M? device * +T:a; module dyndbg_test_class device * +T:b'
fire_all
only a kms
only b core kms atomic low mid high $undeclared unclassed
listed 'kms message' | grep -q ' =_ .* class:DDT_KMS routes:a,b$' || fail "listed as: $(listed 'kms message')"
[ -z "$undeclared" ] || listed 'undeclared message' | grep -q ' class unknown, _id:30 routes:b$' || fail "listed as: $(listed 'undeclared')"
must 'module dyndbg_test_class device * -T:b; class DDT_[KA]* device * +T:b; class DDT_* device * +T:b'
fire_all
only a kms
only b core kms atomic low mid high
must 'class DDT_* device * -T:b; class * device * +T:b'
fire_all
only a kms
only b core kms atomic low mid high
must 'class DDT_KMS device * -T:a'
fire_all
only a kms
only b core kms atomic low mid high
[ "$(in_dmesg ' message ')" = 0 ] || fail "a routed message reached the kernel log"

# A module that comes: its sites are routed from the first message on
rmmod dyndbg_test_class || fail "a routed module cannot be unloaded"
load dyndbg_test_class
fire_all
only a kms
only b core kms atomic low mid high
must 'device * -T:a; device * -T:b; close a; close b'
