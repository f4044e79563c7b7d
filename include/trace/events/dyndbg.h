/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dyndbg

#if !defined(_TRACE_DYNDBG_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DYNDBG_H

#include <linux/device.h>
#include <linux/tracepoint.h>

struct dd_rec;

/*
 * The tracepoints themselves are never called: the functions that these macros generate
 * write into one instance, without a fan-out over all of them. "text" is what would have
 * been printed, its prefix flags included, without the newline at its end.
 */
TRACE_EVENT(prdbg,
	TP_PROTO(const struct dd_rec *rec, const char *msg, unsigned int len),
	TP_ARGS(rec, msg, len),
	TP_STRUCT__entry(
		__field(u32, site)
		__field(u32, line)
		__field(u8, level)
		__field(u8, flags)
		__string(class, rec->view.class)
		__string(module, rec->view.module)
		__string(func, rec->view.function)
		__dynamic_array(char, text, len + 1)
	),
	TP_fast_assign(
		__entry->site = rec->site;
		__entry->line = rec->view.line;
		__entry->level = LOGLEVEL_DEBUG;
		__entry->flags = rec->rec_flags;
		dd_assign_str(class, rec->view.class);
		dd_assign_str(module, rec->view.module);
		dd_assign_str(func, rec->view.function);
		memcpy(__get_dynamic_array(text), msg, len);
		((char *)__get_dynamic_array(text))[len] = '\0';
	),
	TP_printk("[%s]%s %s: %s%s", __get_str(module), __get_str(func), __get_str(class),
		  __get_str(text), __entry->flags & 1 ? " [truncated]" : "")
);

TRACE_EVENT(devdbg,
	TP_PROTO(const struct dd_rec *rec, const char *msg, unsigned int len),
	TP_ARGS(rec, msg, len),
	TP_STRUCT__entry(
		__field(u32, site)
		__field(u32, line)
		__field(u8, level)
		__field(u8, flags)
		__field(s32, minor)
		__string(device, dev_name(rec->dev))
		__string(class, rec->view.class)
		__string(module, rec->view.module)
		__string(func, rec->view.function)
		__dynamic_array(char, text, len + 1)
	),
	TP_fast_assign(
		__entry->site = rec->site;
		__entry->line = rec->view.line;
		__entry->level = LOGLEVEL_DEBUG;
		__entry->flags = rec->rec_flags;
		__entry->minor = rec->minor;
		dd_assign_str(device, dev_name(rec->dev));
		dd_assign_str(class, rec->view.class);
		dd_assign_str(module, rec->view.module);
		dd_assign_str(func, rec->view.function);
		memcpy(__get_dynamic_array(text), msg, len);
		((char *)__get_dynamic_array(text))[len] = '\0';
	),
	TP_printk("[%s]%s %s %s minor=%d: %s%s", __get_str(module), __get_str(func),
		  __get_str(class), __get_str(device), __entry->minor, __get_str(text),
		  __entry->flags & 1 ? " [truncated]" : "")
);

#endif /* _TRACE_DYNDBG_H */

#include <trace/define_trace.h>
