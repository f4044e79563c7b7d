#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: routes: added, removed, standing, listed, limited; one record per destination
# timeout: 300

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
must 'open a; open b'
must 'module dyndbg_test func fire_dev device dyndbg_test +T:a'
must 'module dyndbg_test device * +T:b'
tail -n 3 $control >"$tmp/trailer"
diff - "$tmp/trailer" <<-E || fail "the trailer differs"
	#: Routes: 2
	#: a <- module dyndbg_test func fire_dev device dyndbg_test
	#: b <- module dyndbg_test device *
E
listed '[dyndbg_test]fire_dev' | grep -q ' =_ .* routes:a@dyndbg_test,b$' || fail "a site does not show its routes"
mark_dmesg
fire dev 4
fire pr 2
expect 4 a ' dev message'
expect 0 a ' pr message'
expect 4 b ' dev message'
expect 2 b ' pr message'
[ "$(in_dmesg message)" = 0 ] || fail "a routed message reached the kernel log"

# Several ways to one destination: one record
must 'module dyndbg_test device dyndbg_test +T:b; module dyndbg_test func fire_dev +T:b'
: >$instances/b/trace
fire dev 3
expect 3 b ' dev message'
must 'module dyndbg_test -T:0'

# The same again changes nothing; a device that is not there matches nothing
must 'module dyndbg_test device * +T:b'
[ "$(grep -c '^#: b <- module dyndbg_test device \*$' $control)" = 1 ] || fail "a route stands twice"
must 'module dyndbg_test device nosuch +T:a; module dyndbg_test device drm:7 +T:a'
: >$instances/a/trace
fire pr 2
expect 0 a message

# Routes stand for modules that come later, and hold no module
rmmod dyndbg_test || fail "a routed module cannot be unloaded"
: >$instances/b/trace
load dyndbg_test
expect 1 b 'init message'
fire pr 2
expect 2 b ' pr message'

refused 'busy' 'close b'
must 'module dyndbg_test device dyndbg_test -T:b'
must 'module dyndbg_test device * =T:a'
[ "$(grep -c '^#: .* <- module dyndbg_test device' $control)" = 1 ] || fail "=T: leaves others of the same match"
must 'device * -T:a; device * -T:b'
tail -n 1 $control | grep -qx '#: Routes: 0' || fail "routes are left"
: >$instances/a/trace
: >$instances/b/trace
fire dev
expect 0 a message
expect 0 b message
! redirected __dynamic_pr_debug || fail "nothing is recorded and the hooks are still there"
must 'close a; close b'

must 'open a'
for i in $(seq 32); do
	for j in $(seq 32); do echo "func none_$i device drm:$j +T:a"; done >"$tmp/32"
	dd if="$tmp/32" of=$control bs=8192 2>"$tmp/err" || fail "refused before there are 1024: $(cat "$tmp/err")"
done
grep -qx '#: Routes: 1024' $control || fail "there are not 1024 routes"
refused 'No space' 'func one_more device drm:0 +T:a'
must 'device * -T:a; close a'

# What is listed of a route can be written again, however long.
long=$(printf 'x%.0s' $(seq 800))
must "open a; module dyndbg_test format '$long \"' device 'a b' +T:a"
listed "$long" |
	grep -Eq "^#: a <- module dyndbg_test format 'x{800} \"' device [\"']a b[\"']\$" || fail "listed as: $(listed "$long")"
must "$(listed "$long" | sed 's/^#: a <- //') -T:a"
grep -qx '#: Routes: 0' $control || fail "the route as listed does not remove it: $(grep -A 3 '^#: Routes' $control)"
