// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drm's debug functions become while something wants their messages: print if
 * drm.debug or the site's p says so, as the stock function does, and hand the message on.
 *
 * Context of every function here: any, NMI and panic included. Each is entered with
 * drm_inflight already raised by the redirect and lowers it as the last thing.
 */
#include <linux/device.h>
#include <linux/printk.h>
#include <drm/drm_device.h>
#include <drm/drm_print.h>
#include "drm_hooks.h"
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

/*
 * @desc: the site's descriptor; NULL on kernels where DRM's sites have none, and for printers.
 * @prefix: a printer's, or NULL. The text is that of the stock functions.
 */
static void message(const struct _ddebug *desc, const struct dyndbg_call *call,
		    const char *prefix, struct va_format *vaf)
{
	const char *blank = prefix ? " " : "";
	bool print;

	if (desc)
		print = dyndbg_desc_message(desc, call->dev, call->ip, vaf);
	else
		print = dyndbg_hook_message(call, vaf) || stock_prints(call->class);
	if (!print)
		return;
	prefix = prefix ?: "";
	if (call->dev)
		dev_printk(KERN_DEBUG, call->dev, "[drm:%ps]%s%s %pV", (void *)call->ip, blank,
			   prefix, vaf);
	else
		printk(KERN_DEBUG "[drm:%ps]%s%s %pV", (void *)call->ip, blank, prefix, vaf);
}

static void dev_dbg_redirected(struct _ddebug *desc, const struct device *dev,
			       enum drm_debug_category category, const char *format, ...)
{
	struct dyndbg_call call = {
		.ip = (unsigned long)__builtin_return_address(0),
		.fmt = format,
		.class = category,
		.dev = dev,
	};
	struct va_format vaf = { .fmt = format };
	va_list args;

	va_start(args, format);
	vaf.va = &args;
	message(desc, &call, NULL, &vaf);
	va_end(args);
	dd_inflight_leave(drm_inflight);
}

/* 6.1 only; later kernels use __drm_dev_dbg() with a NULL device. */
static void dbg_redirected(struct _ddebug *desc, enum drm_debug_category category,
			   const char *format, ...)
{
	struct dyndbg_call call = {
		.ip = (unsigned long)__builtin_return_address(0),
		.fmt = format,
		.class = category,
	};
	struct va_format vaf = { .fmt = format };
	va_list args;

	va_start(args, format);
	vaf.va = &args;
	message(desc, &call, NULL, &vaf);
	va_end(args);
	dd_inflight_leave(drm_inflight);
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

	message(NULL, &call, p->prefix, vaf);
	dd_inflight_leave(drm_inflight);
}
#endif

static struct drm_hook calls[] = {
	{ .symbol = "__drm_dev_dbg", .to = dev_dbg_redirected },
	{ .symbol = "___drm_dbg", .to = dbg_redirected, .optional = true },
#if DD_DRM_DBG_PRINTER
	{ .symbol = "__drm_printfn_dbg", .to = printfn_redirected },
#endif
};

struct drm_hook_set drm_calls = {
	.ops = { .func = drm_hook_redirect, .flags = FTRACE_OPS_FL_IPMODIFY },
	.hooks = calls,
	.n = ARRAY_SIZE(calls),
};
