#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: routes: which are the same, what they take, what goes with which command, how they are listed

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
must 'open a; open b; open c; open 0'

# routes COUNT: so many stand, and the trailer has a line for each
routes() {
	grep -qx "#: Routes: $1" $control || fail "not $1 but $(grep '^#: Routes' $control)"
	[ "$(grep -c '^#: .* <- ' $control)" = "$1" ] || fail "not $1 lines of routes"
}

# A device that appears after its route
must 'module dyndbg_test func fire_dev device dyndbg_test +T:a; func fire_net device dyndbg_test +T:a'
must 'module dyndbg_test device ddtest0 +T:b'
load dyndbg_test
fire dev 2
fire net 2
fire nodev
fire pr
expect 2 a ' dev message'
expect 2 a ' net message'
expect 0 a 'nodev message'
[ "$(trace b | wc -l)" = 0 ] || fail "netdev_dbg() is matched by its own name, not by its parent's"
must 'device * -T:a; device * -T:b'

# Any number of routes beside the label; flags and labels are not the routes' business
must 'func fire_dev +T:c; func fire_dev device * +T:a'
must 'func fire_dev device dyndbg_test +T:b; func fire_dev device dyndbg_test +T:a'
: >$instances/a/trace
fire dev 3
for i in a b c; do expect 3 $i ' dev message'; done
listed 'fire_dev ' | grep -q ' =T:c .* routes:a,b@dyndbg_test,a@dyndbg_test$' || fail "listed as: $(listed 'fire_dev ')"
must 'module dyndbg_test -T:0; module dyndbg_test =_'
: >$instances/a/trace
fire dev 2
expect 2 a ' dev message'
expect 3 c ' dev message'
routes 3
must 'func fire_dev =pm; func fire_dev device * -T:a'
listed 'fire_dev ' | grep -q ' =pm .* routes:b@dyndbg_test,a@dyndbg_test$' || fail "listed as: $(listed 'fire_dev ')"
must 'func fire_dev =_'

# Removing one leaves the others; removing what is not there is no error
must 'func fire_dev device dyndbg_test -T:b; func fire_dev device dyndbg_test -T:b; device * -T:c'
routes 1
must 'func fire_d* device dyndbg_test -T:a; device dyndbg_test -T:a; func fire_dev device drm:0 -T:a'
routes 1
must 'func fire_pr device drm:0 +T:b; module dyndbg_test device * +T:b; device * -T:b'
routes 1
must 'device * -T:a'
routes 0
must 'device * +T:a; func fire_pr device * +T:a; device drm:3 -T:a'
routes 2
must 'device * -T:a'
routes 0

# drm:N and cardN are the same
must 'func fire_pr device drm:1 +T:a; func fire_pr device card1 +T:a; func fire_pr device card01 +T:a'
routes 1
must 'func fire_pr device card1 -T:a'
routes 0

# "=" leaves one of the match, whatever device and destination the others have
must 'func fire_dev device drm:0 +T:a; func fire_dev device card1 +T:b; func fire_dev device * +T:c'
must 'func fire_net device * +T:a'
must 'func fire_dev device dyndbg_test =T:b'
routes 2
grep -qx '#: b <- func fire_dev device dyndbg_test' $control || fail "'=' leaves another"
grep -qx '#: a <- func fire_net device \*' $control || fail "'=' takes one of another match"
must 'device * -T:a; device * -T:b'

for flags in +p -p = =_ +T -T =T +T:a.m +pT:a +Tm:a +:a =:a -:a =_:a +p:a +T:nosuch -T:nosuch =T:nosuch; do
	refused 'Invalid' "func fire_pr device drm:0 $flags"
done
refused 'Invalid' 'device drm:0 device drm:1 +T:a'
refused 'Invalid' 'func fire_pr device +T:a'
refused 'Invalid' "device '' +T:a"
refused 'Invalid' 'device drm:0 label a +T:a'

# The listing is a command again
while read -r match; do
	must "$match +T:a"
	grep -qxF "#: a <- $match" $control || fail "'$match' is listed as: $(tail -n 1 $control)"
	must "$match -T:a"
	routes 0
done <<-'E'
	device *
	device drm:0
	device 0000:00:02.0
	module m* file drivers/x.c func f line 3-9 class DRM_UT_* format "a b" device card3
	line 7 device *
	line 7- device *
	format "a;b" device *
	format 'say "x"' device *
	format "#x" device *
	func a?b device drm:12345678
E
