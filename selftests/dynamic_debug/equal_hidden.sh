#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: %px and %pK come out as %p does: no record shows an address
# requires: module:dyndbg_equal

. "$(dirname "$0")/../lib.sh"

load dyndbg_trace
load dyndbg_equal
# Where 0, %pK is as %p anyway; where 1, root is shown the address.
sysctl=/proc/sys/kernel/kptr_restrict
restrict=$(cat $sysctl)
echo 1 >$sysctl
trap 'status=$?; echo $restrict >$sysctl; clean_up || status=1; exit $status' EXIT
address=$(cat /sys/module/dyndbg_equal/parameters/address)
[ ${#address} = 16 ] || fail "no address: $address"

must 'open a; module dyndbg_equal device * +T:a'
# A site's first message may be recorded in another way than its later ones.
for _ in 1 2 3; do
	echo "hidden 1" >/sys/module/dyndbg_equal/parameters/fire || fail "cannot fire"
	sleep 0.3
done
n=$(trace a | grep -c '@hidden:')
[ "$n" = 30 ] || fail "$n records, not 30"
! trace a | grep -F "$address" || fail "an address is shown"
cat /sys/kernel/debug/dyndbg_equal/expected >"$tmp/expected"
trace a | sed 's/^.* \(@hidden:\)/\1/' >"$tmp/texts"
diff "$tmp/expected" "$tmp/texts" || fail "not as %p would be"
