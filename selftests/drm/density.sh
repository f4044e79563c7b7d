#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a ring holds at least twice as many of DRM's messages as it would of their texts
# requires: drm:2 module:dyndbg_bench kernel<7.0
# Mode-set upon mode-set locks the stock 7.2 up with two CPUs, now and then: drm_crtc_vblank_start_timer() waits for the vblank timer's
# function to end, and has vblank_time_lock, for which that waits in drm_handle_vblank(). make bench has the figure from there, with one CPU.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../bench/lib.sh"

begin_bench
load dyndbg_trace
load dyndbg_drm
must 'open modes size=8M'
record_modes modes 3
entries=$(in_ring modes entries)
[ "$entries" -gt 100 ] || fail "only $entries messages of mode-sets"
as_text < <(messages modes)
texts=$(in_ring bench entries)
[ "$texts" = "$entries" ] || fail "$entries records, but $texts texts"
ours=$(bytes_each modes) text=$(bytes_each bench)
echo "$entries messages of $ours bytes, as texts of $text bytes"
awk -v ours="$ours" -v text="$text" 'BEGIN { exit !(ours > 0 && text / ours >= 2) }' ||
	fail "1 MB holds $(awk -v b="$ours" 'BEGIN { printf "%d", 1048576 / b }') messages," \
		"as texts $(awk -v b="$text" 'BEGIN { printf "%d", 1048576 / b }')"
