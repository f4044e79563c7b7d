/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dyndbg

#if !defined(_TRACE_DYNDBG_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DYNDBG_H

#include <linux/device.h>
#include <linux/tracepoint.h>

/*
 * The tracepoints themselves are never called: dyndbg_record.c makes the events that these
 * macros describe, and writes them into one instance after the other, without a fan-out over
 * all of them. What "args" holds, and what text is made of it: include/uapi/linux/dyndbg.h.
 */
TRACE_EVENT(prdbg,
	TP_PROTO(const void *data, unsigned int len),
	TP_ARGS(data, len),
	TP_STRUCT__entry(
		__field(u32, site)
		__dynamic_array(u8, args, len)
		__field(u8, flags)
		__field(u8, prefix)
	),
	TP_fast_assign(
		memcpy(__get_dynamic_array(args), data, len);
	),
	TP_printk("%s", dd_read_prdbg(iter, __entry->site, __entry->flags, __entry->prefix,
				      __get_dynamic_array(args), __get_dynamic_array_len(args)))
);

TRACE_EVENT(devdbg,
	TP_PROTO(const void *data, unsigned int len),
	TP_ARGS(data, len),
	TP_STRUCT__entry(
		__field(u32, site)
		__dynamic_array(u8, args, len)
		__field(u16, device)
		__field(s16, minor)
		__field(u8, flags)
		__field(u8, prefix)
	),
	TP_fast_assign(
		memcpy(__get_dynamic_array(args), data, len);
	),
	TP_printk("%s", dd_read_devdbg(iter, __entry->site, __entry->flags, __entry->prefix,
				       __entry->device, __entry->minor,
				       __get_dynamic_array(args), __get_dynamic_array_len(args)))
);

#endif /* _TRACE_DYNDBG_H */

#include <trace/define_trace.h>
