#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: batches: which commands are carried out, which error is returned, what the kernel log says

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_test
pr='[dyndbg_test]fire_pr '
dev='[dyndbg_test]fire_dev '
other='[dyndbg_test]fire_other '

# fails ERRNO-TEXT BATCH: the batch fails so; some of it may be carried out. By dd, for the shell writes line by line.
fails() {
	local said
	printf '%b\n' "$2" >"$tmp/batch"
	said=$(dd if="$tmp/batch" of=$control bs=8192 2>&1) && fail "not refused: $2"
	[[ $said == *"$1"* ]] || fail "'$2': wanted '$1', got '$said'"
}

# The first error is returned; a bad query does not stop the later commands.
fails 'Invalid' 'func fire_pr +x; func fire_dev +m; close nosuch'
expect_flags =m "$dev"
fails 'Invalid' 'func fire_pr +x\nopen later%func fire_dev =T:later\nfunk a +p'
[ -d $instances/later ] || fail "a bad query stops an open"
expect_flags =T:later "$dev"
fails 'Invalid' 'func fire_pr +T:nosuch; close nosuch; func fire_pr +m'
expect_flags =_ "$pr"
fails 'busy' 'close later; funk a +p'
must 'func fire_dev -T:0; close later; module dyndbg_test =_'

# What comes before a failed open or close is carried out, what comes after is not.
while IFS='~' read -r bad errno text; do
	for sep in ';' '%' '\n'; do
		must 'module dyndbg_test =_'
		echo "$bad, $sep"
		mark_dmesg
		fails "$errno" "func fire_other +m$sep$bad${sep}func fire_pr +m; open after"
		expect_flags =m "$other"
		expect_flags =_ "$pr"
		[ ! -d $instances/after ] || fail "'$bad' does not stop the batch"
		[ "$(in_dmesg "$text")" -ge 1 ] || fail "'$bad' is refused without saying '$text'"
	done
done <<-'E'
	close nosuch~No such~close nosuch
	close 0~Invalid~close 0
	close~Invalid~close
	close a b~Invalid~close
	open~Invalid~open
	open a-b~Invalid~"a-b"
	open a size=12Q~Invalid~"12Q"
	open a size=1 size=2~Invalid~size=
	open a clock=sundial~Invalid~clock
	open a colour=red~Invalid~"colour=red"
	open "a~Invalid~unclosed quote
	open 0 clock=boot~Invalid~"clock=boot"
E
[ ! -d $instances/a ] || fail "a refused open left an instance"
must 'module dyndbg_test =_'

# Nothing of a batch that is too long is carried out, also not what is complete.
{
	echo 'open toolong; func fire_pr +m'
	printf '%4100s\n' '#'
} >"$tmp/long"
cat $control >"$tmp/before"
dd if="$tmp/long" of=$control bs=8192 2>"$tmp/err" && fail "more than 4095 bytes are accepted"
grep -q 'too long' "$tmp/err" || fail "too long: $(cat "$tmp/err")"
diff "$tmp/before" $control || fail "a part of a batch that is too long was carried out"
[ ! -d $instances/toolong ] || fail "a part of a batch that is too long was carried out"

# Each write is one: what the first leaves open the second does not close.
exec 3>$control
printf 'func "fire_pr' >&3 2>/dev/null && fail "an open quote is accepted"
printf 'fire_dev" +m' >&3 2>/dev/null && fail "two writes are taken for one"
exec 3>&-
expect_flags =_ "$dev"
