#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: drm's function calls ours directly; or through ftrace beside another's direct call; tracers and probes may join
# requires: drm program:modetest module:dyndbg_test_drm module:dyndbg_test_way config:DYNAMIC_FTRACE_WITH_DIRECT_CALLS
# timeout: 240

. "$(dirname "$0")/../lib.sh"

old=$(grep -o '^___drm_dbg\>' $tracing/available_filter_functions) # where calls without a device have one of their own
way=/sys/module/dyndbg_drm/parameters/way
probes=$tracing/kprobe_events

no_tracer() {
	echo nop >$tracing/current_tracer
	: >$tracing/set_ftrace_filter
	: >$tracing/set_graph_function
	[ ! -d $tracing/events/kprobes ] || echo 0 >$tracing/events/kprobes/enable
	: >$probes
	: >$tracing/trace
}
trap 'status=$?; no_tracer; clean_up || status=1; exit $status' EXIT

is_way() {
	[ "$(cat $way)" = "$1" ] || fail "$2: the way in is '$(cat $way)', not '$1': $(hooked)"
}
hooked() {
	grep -A 2 '__drm_\|___drm_' $tracing/enabled_functions
}
# records_all WHEN: each of some messages is recorded once
records_all() {
	: >$instances/a/trace
	fire_drm kms 3
	fire_drm old 2
	expect 3 a 'kms message'
	expect 2 a 'old message'
	[ "$(trace a | grep -c 'message')" = 5 ] || fail "$1: not what was fired: $(trace a | tail -n 6)"
	! trace a | grep 'message' | grep -v ': \[dyndbg_test_drm\]fire_set DRM_UT_KMS' || fail "$1: another caller"
}
on() {
	must 'class DRM_UT_KMS +T:a; class DRM_UT_KMS device * +T:a'
}
off() {
	must 'class DRM_UT_KMS -T:0; device * -T:a'
}

load dyndbg_test_drm device="$(pci_of "$(card_of virtio_gpu)")"
load dyndbg_trace
load dyndbg_drm
must 'open a'
is_way none "nothing is wanted"
hooked && fail "hooked though nothing is wanted"
on
is_way direct "nobody else is there"
hooked | grep '^__drm_dev_dbg ' | grep -q ' D[[:space:]]' || fail "not called directly: $(hooked)"
hooked | grep -q 'direct.*-->.*\[dyndbg_drm\]' || fail "not to us: $(hooked)"
records_all "directly"

# Others come and go while we are there, one after the other; each sees the function called, too.
joins() {
	is_way direct "$1"
	records_all "$1"
	[ "$(grep -c "$2" $tracing/trace)" -ge 5 ] || fail "$1: it did not see 5 calls: $(tail -n 3 $tracing/trace)"
	no_tracer
	records_all "after $1"
}
echo __drm_dev_dbg >$tracing/set_ftrace_filter
[ -z "$old" ] || echo $old >>$tracing/set_ftrace_filter
echo function >$tracing/current_tracer
joins "with the function tracer" '_drm_\(dev_\)\?dbg .*<-'
for kind in p r; do
	echo "$kind:one __drm_dev_dbg" >$probes
	[ -z "$old" ] || echo "$kind:two $old" >>$probes
	echo 1 >$tracing/events/kprobes/enable
	if [ $kind = p ]; then
		joins "with a kprobe" ' \(one\|two\): (_'
	else
		# It has put itself in the caller's place.
		: >$instances/a/trace
		fire_drm kms 3
		fire_drm old 2
		expect 3 a 'kms message'
		expect 2 a 'old message'
		[ "$(grep -c ' \(one\|two\): (fire_set+.* <- _' $tracing/trace)" = 5 ] || fail "a kretprobe did not see 5 returns: $(tail -n 7 $tracing/trace; cat $probes)"
		no_tracer
		records_all "after a kretprobe"
	fi
done
echo __drm_dev_dbg >$tracing/set_graph_function
echo __drm_dev_dbg >$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
: >$instances/a/trace
fire_drm kms 5
expect 5 a 'kms message'
no_tracer
records_all "after the function graph tracer"

# There is one direct call, and nobody may redirect what has it.
for kind in shared alone ipmodify; do
	modprobe dyndbg_test_way kind=$kind 2>/dev/null && fail "beside us: $kind"
	is_way direct "after '$kind' was refused"
	records_all "after '$kind' was refused"
done
off
is_way none "nothing is wanted any more"
! hooked || fail "a hook was left"

# Somebody else was first. What shares is shared, by the other way.
load dyndbg_test_way kind=shared
hooked >"$tmp/theirs"
on
is_way ftrace "beside another's direct call"
hooked | grep '^__drm_dev_dbg ' | grep -q ' I D[[:space:]]' || fail "not both: $(hooked)"
records_all "through ftrace"
# They go, we stay as we are; we go and come back directly.
rmmod dyndbg_test_way || fail "the other cannot go"
is_way ftrace "the other has gone"
records_all "through ftrace alone"
off
! hooked || fail "a hook was left"
on
is_way direct "the other had gone"
records_all "directly again"
off
# We go first.
load dyndbg_test_way kind=shared
on
is_way ftrace "beside another's direct call, again"
records_all "through ftrace again"
off
hooked | diff "$tmp/theirs" - || fail "theirs is not as before"
rmmod dyndbg_test_way || fail "the other cannot go"
! hooked || fail "a hook was left"

# What does not share is an error, which leaves nothing behind, also when it is met half way.
for kind in alone ipmodify half; do
	load dyndbg_test_way kind=$kind
	hooked >"$tmp/theirs"
	refused 'busy' 'class DRM_UT_KMS +T:a'
	is_way none "refused beside '$kind'"
	hooked | diff "$tmp/theirs" - || fail "refused beside '$kind', and something was left"
	rmmod dyndbg_test_way || fail "the other cannot go"
	! hooked || fail "a hook was left beside '$kind'"
	on
	is_way direct "after '$kind'"
	records_all "after '$kind'"
	off
done
on
rmmod dyndbg_drm || fail "cannot unload"
! hooked || fail "a hook was left by unloading"
