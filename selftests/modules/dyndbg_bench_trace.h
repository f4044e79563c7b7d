/* SPDX-License-Identifier: GPL-2.0-only */
/* An event with nothing in it: what a record costs before anything is said. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dyndbg_bench

#if !defined(_DYNDBG_BENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DYNDBG_BENCH_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(bench_empty,
	TP_PROTO(int unused),
	TP_ARGS(unused),
	TP_STRUCT__entry(),
	TP_fast_assign(),
	TP_printk("%s", "")
);

#endif /* _DYNDBG_BENCH_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE dyndbg_bench_trace
#include <trace/define_trace.h>
