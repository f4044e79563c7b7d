#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: dyndbg= takes the language, also from the command line; records outlive the module that made them

. "$(dirname "$0")/../lib.sh"

# What the stock kernel takes there means the same with us.
params=(
	'dyndbg' 'dyndbg=' 'dyndbg=+p' 'dyndbg==pmf' 'dyndbg==_' 'dyndbg=bad' 'dyndbg=+x' 'dyndbg=func,fire_pr,+p'
	'dyndbg="func fire_pr +pm; func fire_dev +f"' 'dyndbg="func fire_pr +x; func fire_dev +f"'
	'dyndbg="module dyndbg_test +m"' 'dyndbg="module nosuch +m"' 'dyndbg="module dyndbg_test_class +m"'
	"dyndbg=\"format 'pr message' +l\"" 'dyndbg="func fire_pr +m # comment"' 'dyndbg=+m dyndbg=+f'
)
each_param() {
	local p
	for p in "${params[@]}"; do
		# Whether a bad query stops the module is the stock kernel's business, too.
		insmod "$module" "$p" 2>/dev/null && echo "loaded: $p" || echo "not loaded: $p"
		grep '\[dyndbg_test' $control
		[ ! -d /sys/module/dyndbg_test ] || rmmod dyndbg_test || fail "cannot unload after $p"
		ddcmd 'module dyndbg_test_class =_'
	done
}
module=$(modinfo -n dyndbg_test)
load dyndbg_test_class
each_param >"$tmp/stock"
load dyndbg_trace
params[7]='dyndbg="func none +p"' # new: a comma separates words
each_param | sed 's/^\(.*loaded:\) dyndbg="func none +p"/\1 dyndbg=func,fire_pr,+p/' >"$tmp/ours"
diff "$tmp/stock" "$tmp/ours" || fail "dyndbg= has another effect than with the stock kernel"
[ "$(grep -c '^loaded' "$tmp/stock")" -ge 15 ] && grep -q '=pmf ' "$tmp/stock" || fail "the parameters had no effect"
rmmod dyndbg_test_class

must 'open a'
mark_dmesg
load dyndbg_test 'dyndbg=+T:a.f'
expect 1 a 'dyndbg_test_init: init message'
fire pr 3
expect 3 a 'fire_pr: pr message'
expect_flags =T:a.f '[dyndbg_test]fire_dev'
refused 'busy' 'close a'
rmmod dyndbg_test || fail "cannot unload the source module"
expect 1 a 'dyndbg_test_exit: exit message'
expect 3 a '[dyndbg_test]fire_pr -: fire_pr: pr message'
[ "$(in_dmesg message)" = 0 ] || fail "T without p reached the kernel log"
must 'close a'
expect 3 a 'pr message'
load dyndbg_test
expect_flags =_ '[dyndbg_test]fire_dev'
rmmod dyndbg_test

# The kernel command line, which modprobe reads for what is loaded later; this one is ours.
echo 'quiet dyndbg_test.dyndbg="open b;func fire_pr +T:b%func,fire_dev,=T:a.m" other.dyndbg=+p' >"$tmp/cmdline"
must 'open a'
unshare --mount sh -c "mount --bind '$tmp/cmdline' /proc/cmdline && modprobe dyndbg_test" || fail "cannot load"
expect_flags =T:b '[dyndbg_test]fire_pr '
expect_flags =T:a.m '[dyndbg_test]fire_dev '
expect_flags =_ '[dyndbg_test]fire_other '
tail -n 3 $control | grep -q 'destination: b$' || fail "a parameter cannot open"
