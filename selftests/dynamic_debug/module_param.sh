#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: dyndbg= takes the language; records outlive the module that made them

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
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
