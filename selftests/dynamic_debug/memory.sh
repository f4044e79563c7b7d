#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# description: a site that is recorded costs 24 bytes at most, counted in what the allocators give out
# requires: module:dyndbg_test_many config:!KASAN
# timeout: 300

. "$(dirname "$0")/../lib.sh"

limit=24
load dyndbg_trace
load dyndbg_test_many

# The kernel's own account of what this shell allocates and frees. The writes to the control file are this shell's.
kmem=$instances/kmem
mkdir $kmem
echo 8192 >$kmem/buffer_size_kb
for event in kmalloc kfree kmem_cache_alloc kmem_cache_free mm_page_alloc mm_page_free; do
	echo "common_pid == $$" >$kmem/events/kmem/$event/filter || fail "cannot trace $event"
	echo 1 >$kmem/events/kmem/$event/enable
done
echo 0 >$kmem/tracing_on

# account COMMAND: sets kept to the bytes that the command allocated and did not free. Pages count where they are no slab's:
# those of several pages in one, less what of these is given back at once (alloc_pages_exact), and those that come zeroed.
account() {
	: >$kmem/trace
	echo 1 >$kmem/tracing_on
	must "$1"
	echo 0 >$kmem/tracing_on
	! grep -h '^overrun: [1-9]' $kmem/per_cpu/cpu*/stats || fail "the account has holes"
	kept=$(grep -v '^#' $kmem/trace | awk '
		function field(name,   at) {
			at = match($0, " " name "=[^ ]*")
			return at ? substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 2) : ""
		}
		/ (kmalloc|kmem_cache_alloc|mm_page_alloc): / { block = "" }
		/ (kmalloc|kmem_cache_alloc): / { size[field("ptr")] = field("bytes_alloc") }
		/ (kfree|kmem_cache_free): / { delete size[field("ptr")] }
		/ mm_page_alloc: / && !/COMP|MOVABLE|ACCOUNT/ && (field("order") > 0 || /ZERO/) {
			block = field("pfn")
			size[block] = 4096 * 2 ^ field("order")
		}
		/ mm_page_free: / {
			if (field("pfn") in size)
				delete size[field("pfn")]
			else if (block in size)
				size[block] -= 4096 * 2 ^ field("order")
		}
		END { for (i in size) sum += size[i]; print sum + 0 }')
}

sites() {
	grep -c ' =[a-z]*T' $control
}

used() {
	settle
	echo $(($(meminfo SUnreclaim) + $(meminfo VmallocUsed)))
}

# What the first site costs, however many follow (probes, the first table, the plan), is not counted.
must 'open a size=64K; file lib/kobject.c +T:a'
first=$(sites)
[ "$first" -gt 0 ] && [ "$first" -lt 256 ] || fail "lib/kobject.c has $first sites"

before=$(used)
account 'module * +T:a'
n=$(($(sites) - first))
[ $n -gt 8192 ] || fail "only $n sites"
grown=$((($(used) - before) * 1024))
tenths=$((kept * 10 / n))
echo "# $n sites: $kept bytes kept, $((tenths / 10)).$((tenths % 10)) a site"
echo "# slab and vmalloc grew by $grown bytes, $((grown / n)) a site"

# The same sites again want nothing more.
must 'module * -T:0'
account 'module * +T:a'
echo "# again: $kept bytes more"
[ "$kept" -lt 8192 ] || fail "the same sites cost memory a second time"
must 'module * -T:0'

# As found in two ways; the second one is the whole machine's, so 64 KiB may be somebody else's.
[ $(((tenths + 5) / 10)) -le $limit ] || fail "a site costs more than $limit bytes"
[ $((grown - 65536)) -le $((limit * n)) ] || fail "slab and vmalloc grew by more than $limit bytes a site"
# The figures stay with the result.
echo "ok 1 at most $limit bytes a site"
