// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drm's debug functions become while something wants their messages: print if
 * drm.debug or the site's p says so, as the stock function does, and hand the message on.
 *
 * Context of every function here: any, NMI and panic included. Each that drm's are redirected
 * to raises drm_inflight as the first thing and lowers it as the last.
 */
#include <linux/device.h>
#include <linux/printk.h>
#include <drm/drm_device.h>
#include <drm/drm_print.h>
#include "drm_hooks.h"
#include "dyndbg_found.h"
#include "inflight.h"

/* drm's own variable. We do not link to it: drm must be free to go. */
static typeof(__drm_debug) *drm_debug;

/**
 * drm_calls_find_debug() - find drm.debug
 *
 * Context: process. Return: 0 or -ENOENT.
 */
int drm_calls_find_debug(void)
{
	drm_debug = (void *)dyndbg_symbol("__drm_debug");
	return drm_debug ? 0 : -ENOENT;
}

/* Would the stock function print? Built on dynamic debug it leaves the question to the key. */
static bool stock_prints(unsigned int class)
{
	return DD_DRM_SITES || (READ_ONCE(*drm_debug) & BIT(class));
}

/* As the stock functions print. @prefix: a printer's, or NULL. */
static noinline void print(const struct dyndbg_call *call, const char *prefix,
			   struct va_format *vaf)
{
	const char *blank = prefix ? " " : "";

	prefix = prefix ?: "";
	if (call->dev)
		dev_printk(KERN_DEBUG, call->dev, "[drm:%ps]%s%s %pV", (void *)call->ip, blank,
			   prefix, vaf);
	else
		printk(KERN_DEBUG "[drm:%ps]%s%s %pV", (void *)call->ip, blank, prefix, vaf);
}

/*
 * A message's arguments, as entry_x86_64.S leaves them on the stack: those that came in
 * registers, where the call returns to, and the others (System V ABI for AMD64, 3.2.3). @args
 * is room for a list of them.
 */
struct drm_args {
	va_list args;
	unsigned long regs[6];
	unsigned long ip;
	unsigned long stack[];
};

/* What va_start() would have made of them (3.5.7). @named: arguments that are not variable. */
static __always_inline va_list *args_start(struct drm_args *a, unsigned int named)
{
	a->args[0].gp_offset = named * sizeof(*a->regs);
	a->args[0].fp_offset = sizeof(a->regs); /* none */
	a->args[0].overflow_arg_area = a->stack;
	a->args[0].reg_save_area = a->regs;
	return &a->args;
}

/*
 * A message that is not just to be recorded. The site's descriptor, NULL on kernels where DRM's
 * sites have none, is the first of drm's arguments; class and format are the last named ones.
 */
static noinline void message_slowly(struct drm_args *a, unsigned int named,
				    const struct device *dev)
{
	const struct _ddebug *desc = (void *)a->regs[0];
	struct dyndbg_call call = {
		.ip = a->ip,
		.fmt = (void *)a->regs[named - 1],
		.class = a->regs[named - 2],
		.dev = dev,
	};
	struct va_format vaf = { call.fmt, args_start(a, named) };
	bool printed;

	if (DD_DRM_SITES && desc)
		printed = dyndbg_desc_message(desc, dev, call.ip, &vaf);
	else
		printed = dyndbg_hook_message(&call, &vaf) || stock_prints(call.class);
	if (!printed)
		return;
	args_start(a, named);
	print(&call, NULL, &vaf);
}

/* Context: preemption is disabled here; who returns a mask leaves it so. */
static __always_inline struct dyndbg_hit find(struct drm_args *a, unsigned int named,
					      const struct device *dev)
{
	struct dyndbg_hit hit;

	preempt_disable_notrace();
	if (stock_prints((u32)a->regs[named - 2]) || (DD_DRM_SITES && a->regs[0]))
		return (struct dyndbg_hit){ NULL, ~0ULL };
	hit = dyndbg_find(a->ip, (void *)a->regs[named - 1], dev);
	if (!hit.mask)
		preempt_enable_notrace();
	return hit;
}

static __always_inline void message(struct drm_args *a, unsigned int named,
				    const struct device *dev, struct dyndbg_hit hit)
{
	if (likely(hit.site))
		dyndbg_hit_message(hit, dev, (void *)a->regs[named - 1], args_start(a, named));
	preempt_enable_notrace();
	if (unlikely(!hit.site))
		message_slowly(a, named, dev);
}

/* __drm_dev_dbg(desc, dev, category, format, ...) */
struct dyndbg_hit notrace drm_dev_dbg_find(struct drm_args *a)
{
	return find(a, 4, (void *)a->regs[1]);
}

void notrace drm_dev_dbg_message(struct drm_args *a, struct dyndbg_hit hit)
{
	message(a, 4, (void *)a->regs[1], hit);
}

/*
 * ___drm_dbg(desc, category, format, ...), in 6.1 only; later kernels use __drm_dev_dbg() with a
 * NULL device.
 */
struct dyndbg_hit notrace drm_dbg_find(struct drm_args *a)
{
	return find(a, 3, NULL);
}

void notrace drm_dbg_message(struct drm_args *a, struct dyndbg_hit hit)
{
	message(a, 3, NULL, hit);
}

#if DD_DRM_DBG_PRINTER
static void printfn_redirected(struct drm_printer *p, struct va_format *vaf)
{
	const struct drm_device *drm = p->arg;
	struct dyndbg_call call = {
		.ip = (unsigned long)p->origin,
		.fmt = vaf->fmt,
		.class = p->category,
		.dev = drm ? drm->dev : NULL,
	};
	struct va_format copy = { .fmt = vaf->fmt };
	bool printed;
	va_list args;

	dd_inflight_enter(drm_inflight);
	va_copy(args, *vaf->va);
	copy.va = &args;
	printed = dyndbg_hook_message(&call, &copy);
	va_end(args);
	if (printed || stock_prints(call.class))
		print(&call, p->prefix, vaf);
	dd_inflight_leave(drm_inflight);
}
#endif

static struct drm_hook calls[] = {
	{ .symbol = "__drm_dev_dbg", .to = drm_dev_dbg_redirected, .entry = drm_dev_dbg_entry },
	{ .symbol = "___drm_dbg", .to = drm_dbg_redirected, .entry = drm_dbg_entry,
	  .optional = true },
#if DD_DRM_DBG_PRINTER
	{ .symbol = "__drm_printfn_dbg", .to = printfn_redirected },
#endif
};

struct drm_hook_set drm_calls = {
	.ops = { .func = drm_hook_redirect, .flags = FTRACE_OPS_FL_IPMODIFY },
	.hooks = calls,
	.n = ARRAY_SIZE(calls),
};
