#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: flags: what each form does to flags and label, and how that is listed; the prefix is the printed one

. "$(dirname "$0")/../lib.sh"

load dyndbg_test

# printed FLAGS: fires, and prints what the kernel log got
printed() {
	mark_dmesg
	must "func fire_pr =p$1; func fire_dev =p$1"
	fire pr
	fire dev
	dmesg | sed "1,/$dmesg_mark/d" | sed 's/^\[[^]]*\] //; s/[^ ]* dyndbg_test: \(dev message\)/\1/'
}
prefixes="m f l t mf mfl mflt lt"
! ddcmd 'func nosuch +s' 2>/dev/null || prefixes+=" s sl mfslt"
for flags in $prefixes; do printed $flags >"$tmp/stock.$flags"; done
must 'module dyndbg_test =_'

load dyndbg_trace
pr='[dyndbg_test]fire_pr '
dev='[dyndbg_test]fire_dev '
must 'open foo; open bar; open 0'
must 'func fire_ptr +T:foo' # one that records all the time: the first and the last take longer

# before~flags~after: what the flags make of a site
while IFS='~' read -r before flags after; do
	must "func fire_pr =_:0; func fire_pr $before"
	must "func fire_pr $flags"
	listed "$pr" | grep -qF " $after \"" || fail "$flags makes $before: $(listed "$pr")"
done <<-'E'
	=_~=pT:foo.mf~=pT:foo.mf
	=_~=T~=T
	=_~=:foo.m~=:foo.m
	=_~=~=_
	=pmf~=T:foo.mf~=T:foo.mf
	=pmf~=mfT:foo~=T:foo.mf
	=p~=fTm:foo.~=T:foo.mf
	=p~=T:foo.~=T:foo
	=p~=T.m~=Tm
	=p~+T.~=pT
	=p~+.m~=pm
	=_~=pTtlfm~=pTmflt
	=_~=:foo.pTtlfm~=pT:foo.mflt
	=pT:foo.mf~=:bar~=pT:bar.mf
	=pT:foo.mf~+:bar~=pT:bar.mf
	=pT:foo.mf~-:bar~=pT:bar.mf
	=pT:foo.mf~-:0~=pTmf
	=pT:foo.mf~=_:bar~=:bar
	=pT:foo.mf~+_:bar~=pT:bar.mf
	=pT:foo.mf~-m:bar~=pT:bar.f
	=pT:foo.mf~=_~=:foo
	=pT:foo.mf~=~=:foo
	=pT:foo.mf~=p~=p:foo
	=pT:foo.mf~=l~=:foo.l
	=pT:foo.mf~-p~=T:foo.mf
	=pT:foo.mf~-T~=p:foo.mf
	=pT:foo.mf~-mf~=pT:foo
	=pT:foo.mf~+t~=pT:foo.mft
	=pT:foo.mf~-T:0~=pmf
	=pT:foo.mf~-pTmf:0~=_
	=pT:foo.mf~=_:0~=_
	=T~=_~=_
	=T~+:foo~=T:foo
	=:foo~+T~=T:foo
	=:foo~=T~=T:foo
E

# With a default destination it is what T without a name leads to, where there is no label; nothing else sets it.
must 'open bar'
while IFS='~' read -r before flags after; do
	must "func fire_pr =_:0; func fire_pr $before"
	must "func fire_pr $flags"
	listed "$pr" | grep -qF " $after \"" || fail "$flags with a default makes $before: $(listed "$pr")"
done <<-'E'
	=_~+T~=T:bar
	=_~=Tm~=T:bar.m
	=T:0~=_~=_
	=_~+p~=p
	=_~-T~=_
	=p~-T~=p
	=:foo~+T~=T:foo
	=T:foo~=T~=T:foo
	=_~+T:0~=T
	=T:0~+m~=Tm
	=T:0~+T~=T:bar
E
for flags in +T:nosuch -T:nosuch =T:nosuch +:nosuch -:nosuch =:nosuch =_:nosuch -p:nosuch +T:foo:bar +T:foo.m.f =T:; do
	refused 'Invalid' "func fire_pr $flags"
done

# The label that a site carries now; 0 from the beginning.
must 'func fire_pr =_:foo; func fire_dev =p:bar; module dyndbg_test label 0 +m'
expect_flags =:foo "$pr"
expect_flags =p:bar "$dev"
expect_flags =m '[dyndbg_test]fire_other '
must 'label foo func fire_* +f; label nosuch +l; label ba? +l; module dyndbg_test label bar =_'
expect_flags =:foo.f "$pr"
expect_flags =:bar "$dev"
must 'label foo -T:0; label bar -T:0; module dyndbg_test =_'

# 23 characters are shown, 24 are not, and still mean the whole
long=label_of_23_characters_
must "open $long; open ${long}x; open ${long}y; func fire_pr =pT:$long.l; func fire_dev +T:${long}x"
expect_flags "=pT:$long.l" "$pr"
expect_flags '=T:label_of_23_characte...' "$dev"
must "label ${long}y +m; label ${long}x =mT:${long}y.f"
expect_flags '=T:label_of_23_characte....mf' "$dev"
fire dev
expect 0 ${long}x 'dev message'
expect 1 ${long}y 'dev message'
must 'module dyndbg_test -T:0; module dyndbg_test =_'

# What stands before a recorded message is what the stock kernel prints before it, and so is what is printed meanwhile.
must 'open foo; func fire_pr +T:foo; func fire_dev +T:foo'
for flags in $prefixes; do
	: >$instances/foo/trace
	printed "T:foo.$flags" >"$tmp/printed"
	trace foo | sed 's/.* \(prdbg\|devdbg\): [^:]*[^0-9]: //; s/.*minor=-1: //' >"$tmp/recorded"
	diff "$tmp/stock.$flags" "$tmp/recorded" || fail "recorded with $flags is not what the stock kernel prints"
	diff "$tmp/stock.$flags" "$tmp/printed" || fail "printed with $flags is not what the stock kernel prints"
	[ "$(grep -c ' message 0$' "$tmp/recorded")" = 2 ] || fail "the test sees nothing with $flags"
done
must 'module dyndbg_test -T:0; module dyndbg_test =_'
