#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: random formats and arguments, copied and printed later, make vsnprintf's text
# requires: module:dyndbg_equal_random
# DDR_ROUNDS=N in the environment: so many messages, however long it takes; DDR_SEED=N begins there.

. "$(dirname "$0")/../lib.sh"

params=/sys/module/dyndbg_equal_random/parameters
seed=${DDR_SEED:-1} batch=2000
batches=$((${DDR_ROUNDS:-100000} / batch))
trap 'status=$?; rmmod dyndbg_equal_random 2>/dev/null; clean_up || status=1; exit $status' EXIT

load dyndbg_equal_random
start=$SECONDS
for ((i = 0; i < batches; i++)); do
	if ! echo "$((seed + i)) $batch" >$params/run; then
		cat -v $params/result
		fail "seed $((seed + i))"
	fi
	# As many as there is time for, ten batches at least
	[ -n "${DDR_ROUNDS:-}" ] || [ $i -lt 9 ] || [ $((SECONDS - start)) -lt 10 ] || break
done
echo "# $(head -n 1 $params/result), in $((SECONDS - start)) s"
! grep -q '^0 messages' $params/result || fail "nothing was compared"
echo "ok 1 random messages are what vsnprintf makes"
