#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: stock queries give the same result and listing with our modules as without

. "$(dirname "$0")/../lib.sh"

load dyndbg_test
queries=(
	'module dyndbg_test +p' 'module dyndbg_test =_' 'file dyndbg_test.c +pmf' 'module dyndbg_test -m'
	'func fire_* =pmfl' 'func fire_pr -p' 'func fire_pr +t' 'module dyndbg_test line 1-60 +l'
	'module dyndbg_test line 60- =p' 'module dyndbg_test line -60 -p' 'format "message %d" +f'
	'format ^dev +p' 'format nosuchtext +p' 'file drivers/base/dd.c +p' 'file drivers/base/* +m'
	'file dd.c -p' 'file *dd.c:1-300 =l' 'file drivers/base/core.c:device_add +pm' 'module kobject +p'
	'module kobj* =mf' 'class DRM_UT_KMS +p' 'module nosuch +p' 'func kobject_* line 1-500 =p' '+_'
	'module dyndbg_test =' 'module dyndbg_test +_' 'module "dyndbg_test" func '"'fire_dev'"' =p'
	'+p+m' 'func' 'func a b +p' 'line x +p' 'line 9-1 +p' 'func a func b +p' 'nosuch a +p' 'func a +z'
	'file a file b +p' 'format "unclosed +p' '' '   ' '# comment' 'module dyndbg_test =p # comment'
	'module dyndbg_test =_; module kobj* =_; file drivers/base/* =_'
)
# A query that names no class leaves the sites of classes alone, and where drm has such sites the queries switch some on.
all_off() {
	ddcmd 'module * =_; class DRM_UT_KMS =_'
}

run_all() {
	local q
	for q in "${queries[@]}"; do
		echo "query: $q"
		if printf '%s\n' "$q" >$control; then echo accepted; else echo refused; fi 2>/dev/null
		grep -v '^#:' $control | grep -v ' =_ "'
	done
	all_off
}
all_off # some sites are born with p
cat $control >"$tmp/before"
run_all >"$tmp/stock"
diff "$tmp/before" $control || fail "the queries do not end where they began"
load dyndbg_trace
run_all >"$tmp/ours"
diff "$tmp/stock" "$tmp/ours" || fail "the listings differ"
[ "$(grep -c '^refused' "$tmp/stock")" -gt 5 ] || fail "too few queries are refused"
[ "$(wc -l <"$tmp/stock")" -gt 500 ] || fail "the queries match next to nothing"
