#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: separators, comments and quotes are the same on every kernel

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
pr='[dyndbg_test]fire_pr '
other='[dyndbg_test]fire_other '
check() {
	must "module dyndbg_test =_"
	printf '%b' "$1" >"$tmp/batch"
	dd if="$tmp/batch" of=$control bs=8192 2>/dev/null || fail "refused: $1"
	expect_flags "$2" "$pr"
	expect_flags "$3" "$other"
}
check 'func fire_pr +p; func fire_other +m' =p =m
check 'func fire_pr +p\nfunc fire_other +m\n' =p =m
check 'func fire_pr +p%func fire_other +m' =p =m
check 'func,fire_pr,+p%func,fire_other,+m' =p =m
check '  func\tfire_pr , +p ;;\n; # nothing % here\nfunc fire_other +m # +p' =p =m
check '# func fire_pr +p % func fire_pr +m\nfunc fire_other +p' =_ =p
check '# func fire_pr +p ; func fire_pr +m\nfunc fire_other +p' =m =p
check 'func "fire_pr" +p; func '"'fire_other'"' +m' =p =m
check 'format "pr message %d" func fire_pr +p; format "other message" +m' =p =m
check 'func fire_pr format %d +p' =p =_
check 'func fire_pr format ^pr +p; func fire_other format ^message +m' =p =_
check 'file *dyndbg_test.c:fire_pr +p; file dyndbg_test.c:fire_o* +m' =p =m
check 'module dyndbg_test line 1- func fire_* -p; func fire_pr +p' =p =_
must 'module dyndbg_test =_'
