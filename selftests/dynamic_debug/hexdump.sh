#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: hex dumps are recorded like other messages; sites that cannot be are refused T

. "$(dirname "$0")/../lib.sh"

# The stock kernel's own text, to compare with.
load dyndbg_test
ddcmd 'module dyndbg_test func fire_hex* +p; module dyndbg_test func hex_inlined +p'
mark_dmesg
for kind in hex hexbytes hextwice; do fire $kind; done
dmesg | sed "1,/$dmesg_mark/d; s/^\[[^]]*\] //" >"$tmp/stock"
[ "$(wc -l <"$tmp/stock")" = 7 ] || fail "the stock kernel says: $(cat "$tmp/stock")"
ddcmd 'module dyndbg_test =_'

load dyndbg_trace
must 'open a; module dyndbg_test func fire_hex* +T:a; module dyndbg_test func hex_inlined +T'
expect_flags =T:a '[dyndbg_test]fire_hex'
expect_flags =T:a '[dyndbg_test]hex_inlined'
mark_dmesg
for kind in hex hexbytes hextwice; do fire $kind; done
trace a | sed 's/^.*: \[dyndbg_test\][a-z_]* -: //' >"$tmp/ours"
diff "$tmp/stock" "$tmp/ours" || fail "recorded is not what the stock kernel prints"
[ "$(in_dmesg ': ')" = 0 ] || fail "T without p reached the kernel log: $(dmesg | tail -n 3)"

# Who dumps without a site is not touched.
fire hexalways
[ "$(in_dmesg 'always: ')" = 1 ] || fail "an unconditional dump was not printed"
expect 0 a 'always: '

must 'module dyndbg_test func fire_hex +p'
mark_dmesg
fire hex
expect 6 a 'hex message: '
[ "$(in_dmesg 'hex message: ')" = 3 ] || fail "p and T do not both"
must 'module dyndbg_test func fire_hex -T'
fire hex
expect 6 a 'hex message: '
[ "$(in_dmesg 'hex message: ')" = 6 ] || fail "p alone does not print"
must 'module dyndbg_test func fire_hex =T.mfl'
: >$instances/a/trace
fire hex
trace a | grep -q -- '-: hex message: 00000000: 30 31' || fail "a prefix that the printed dump has not"

# The others can only be printed, and that is said.
refused 'not supported' 'module dyndbg_test func fire_blind +T:a'
dmesg | tail -n 3 | grep -q 'fire_blind cannot be recorded' || fail "the log does not name the site"
must 'module dyndbg_test +T:a'
expect_flags =_ '[dyndbg_test]fire_blind'
expect_flags =T:a '[dyndbg_test]fire_other'
must 'module dyndbg_test =_; module dyndbg_test device * +T:a'
listed '[dyndbg_test]fire_blind' | grep -v routes: >/dev/null || fail "a route covers a site that cannot be recorded"
listed '[dyndbg_test]fire_hexbytes' | grep -q ' routes:a$' || fail "a route does not cover a hex dump"
: >$instances/a/trace
mark_dmesg
fire blind
fire hexbytes
[ "$(in_dmesg 'blind message')" = 0 ] || fail "a site that cannot be recorded was turned on"
expect 2 a 'bytes 0: '
must 'module dyndbg_test func fire_blind +p'
fire blind
[ "$(in_dmesg 'blind message')" = 1 ] || fail "p does not print what cannot be recorded"

# Which sites of this kernel are concerned, and that all others are not refused.
must 'module * +T:a'
listed '' | awk '$2 ~ /^\[/ && $0 !~ /=p?T:a/ && !/ class/' >"$tmp/refused"
echo "of $(grep -c '=p*T:a' $control) sites these cannot be recorded:"
cut -c1-120 "$tmp/refused"
must 'module * -T:0'
must 'device * -T:a'

# A module goes while its dumps are known, and another time comes.
must 'module dyndbg_test func fire_hex +T:a'
rmmod dyndbg_test
load dyndbg_test
mark_dmesg
fire hex
[ "$(in_dmesg 'hex message')" = 0 ] || fail "a site of a module that came again is on"
must 'module dyndbg_test func fire_hex +T:a'
: >$instances/a/trace
fire hex
expect 3 a 'hex message: '
