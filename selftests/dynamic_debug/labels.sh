#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: labels: set, kept, matched, given back; the default destination

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
pr='[dyndbg_test]fire_pr'
must 'open foo; open bar'
must 'func fire_pr =:foo'
expect_flags =:foo "$pr"
refused 'busy' 'close foo'
must 'func fire_pr +T'
expect_flags =T:foo "$pr"
must 'func fire_pr =_'
expect_flags =:foo "$pr"
must 'label foo +mf'
expect_flags =:foo.mf "$pr"
must 'label foo =pT:bar.'
expect_flags =pT:bar "$pr"
must 'label foo =_'
expect_flags =pT:bar "$pr"
must 'label bar -p'
expect_flags =T:bar "$pr"
must 'label bar -T:0'
expect_flags =_ "$pr"
must 'close foo'
must 'close bar'

must 'open bar; func fire_pr +T'
expect_flags =T:bar "$pr"
fire pr
expect 1 bar 'pr message'
must 'func fire_pr -T:0; open 0; func fire_pr +T'
expect_flags =T "$pr"
fire pr
grep -q 'pr message' $tracing/trace || fail "0 is not the global buffer"
expect 1 bar 'pr message'
must 'func fire_pr =_'
: >$tracing/trace

name=an_unusually_long_name_for_a_label
must "open $name; func fire_pr =:$name"
expect_flags '=:an_unusually_long_na...' "$pr"
must "label $name =mfT:$name"
expect_flags '=T:an_unusually_long_na....mf' "$pr"
refused 'Invalid' 'func fire_pr +T:nosuch'
refused 'Invalid' 'func fire_pr =:nosuch'
