// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the stock print functions become while something is recorded: print if the site
 * has p, exactly as the stock kernel does, and record by the site's plan.
 *
 * Context of every function here: any, NMI and panic included, as for printk(). Each is
 * entered with dd_inflight already raised by the redirect and lowers it as the last thing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/dev_printk.h>
#include <linux/export.h>
#include <linux/kprobes.h>
#include <linux/netdevice.h>
#include <linux/printk.h>
#if IS_ENABLED(CONFIG_INFINIBAND)
#include <rdma/ib_verbs.h>
#endif
#include "dyndbg.h"
#include "inflight.h"

/*
 * What one message is about. @lead stands before a recorded text: a device that is no @dev.
 * @bare: the stock function gives it no prefix, whatever the flags. @more: another of the
 * same site follows, to which a stack (d) will belong.
 */
struct message {
	const struct _ddebug *desc;
	const struct device *dev;
	const char *lead;
	bool bare, more;
	unsigned long ip;
	struct va_format vaf;
};

static const struct dd_view *desc_view(const struct _ddebug *desc, const struct dd_site *site,
				       struct dd_view *v)
{
	v->module = desc->modname;
	v->function = desc->function;
	v->file = desc->filename;
	v->format = desc->format;
	v->line = desc->lineno;
	v->class = dd_class_name(site->class);
	v->unknown_class = false;
	return v;
}

/* Context: any, preemption disabled. Of a site that is not registered yet. */
static noinline void record_unregistered(u64 mask, struct dd_site *site, struct dd_rec *rec,
				 struct message *msg)
{
	struct dd_view v;

	rec->view = desc_view(msg->desc, site, &v);
	dd_record(mask, rec, &msg->vaf);
}

/* Context: any, preemption disabled; the site is that of the message. */
static void record_at(struct dd_site *site, const struct dd_plan *plan, u8 flags,
		      const struct dd_meta *meta, struct message *msg)
{
	u64 mask = dd_plan_mask(plan, msg->dev);
	struct dd_rec rec;

	if (!mask)
		return;
	rec.meta = meta;
	rec.device = dd_device_of(msg->dev);
	rec.rec_flags = 0;
	rec.prefix = flags & ((msg->bare ? 0 : DD_PREFIX) | (msg->more ? 0 : DD_D));
	rec.dev = msg->dev;
	rec.lead = msg->lead;
	rec.ip = msg->ip;
	if (likely(meta))
		dd_record(mask, &rec, &msg->vaf);
	else
		record_unregistered(mask, site, &rec, msg);
}

/*
 * Records the message by its site's plan. Its arguments are used up.
 * Return: the flags to print it with; without DD_P it is not printed. A message that was
 * on its way when its site was switched off is neither.
 */
static u8 record(struct message *msg)
{
	struct dd_site *site = dd_site_of(msg->desc);
	const struct dd_meta *meta = NULL;
	struct dd_plan *plan;
	u8 flags;

	if (!site)
		return msg->desc->flags;

	preempt_disable_notrace();
	plan = rcu_dereference_sched(site->plan);
	flags = READ_ONCE(site->flags);
	if (plan)
		meta = dd_registered(msg->desc, dd_hole(msg->desc), msg->vaf.fmt);
	smp_rmb(); /* what was read belongs to who has the site now */
	if (unlikely(READ_ONCE(site->desc) != dd_desc_pack(msg->desc)))
		flags = msg->desc->flags;
	else if (plan)
		record_at(site, plan, flags, meta, msg);
	preempt_enable_notrace();
	return flags;
}

static char *print_prefix(const struct _ddebug *desc, u8 flags, char *buf)
{
	struct dd_view v = {
		.module = desc->modname,
		.function = desc->function,
		.file = desc->filename,
		.line = desc->lineno,
	};

	dd_prefix(buf, DD_PREFIX_SIZE, flags & DD_PREFIX, &v,
		  in_interrupt() ? -1 : task_pid_vnr(current));
	return buf;
}

static void pr_debug_redirected(struct _ddebug *desc, const char *fmt, ...)
{
	struct message msg = { .desc = desc, .vaf.fmt = fmt, .ip = _RET_IP_ };
	char prefix[DD_PREFIX_SIZE];
	va_list args;
	u8 flags;

	va_start(args, fmt);
	msg.vaf.va = &args;
	flags = record(&msg);
	va_end(args);
	va_start(args, fmt);
	if (flags & DD_P)
		printk(KERN_DEBUG "%s%pV", print_prefix(desc, flags, prefix), &msg.vaf);
	va_end(args);
	dd_inflight_leave(dd_inflight);
}

static void dev_dbg_redirected(struct _ddebug *desc, const struct device *dev,
			       const char *fmt, ...)
{
	struct message msg = { .desc = desc, .dev = dev, .vaf.fmt = fmt, .ip = _RET_IP_ };
	char prefix[DD_PREFIX_SIZE];
	va_list args;
	u8 flags;

	va_start(args, fmt);
	msg.vaf.va = &args;
	if (!dev) {
		msg.lead = "(NULL device *)";
		msg.bare = true;
	}
	flags = record(&msg);
	va_end(args);
	va_start(args, fmt);
	if (!(flags & DD_P))
		;
	else if (!dev)
		printk(KERN_DEBUG "(NULL device *): %pV", &msg.vaf);
	else
		dev_printk_emit(LOGLEVEL_DEBUG, dev, "%s%s %s: %pV",
				print_prefix(desc, flags, prefix), dev_driver_string(dev),
				dev_name(dev), &msg.vaf);
	va_end(args);
	dd_inflight_leave(dd_inflight);
}

#ifdef CONFIG_NET
static void netdev_dbg_redirected(struct _ddebug *desc, const struct net_device *dev,
				  const char *fmt, ...)
{
	struct device *parent = dev ? dev->dev.parent : NULL;
	struct message msg = { .desc = desc, .dev = parent, .vaf.fmt = fmt, .ip = _RET_IP_ };
	char prefix[DD_PREFIX_SIZE];
	va_list args;
	u8 flags;

	va_start(args, fmt);
	msg.vaf.va = &args;
	msg.lead = dev ? netdev_name(dev) : "(NULL net_device)";
	msg.bare = !parent;
	flags = record(&msg);
	va_end(args);
	va_start(args, fmt);
	if (!(flags & DD_P))
		;
	else if (parent)
		dev_printk_emit(LOGLEVEL_DEBUG, parent, "%s%s %s %s%s: %pV",
				print_prefix(desc, flags, prefix), dev_driver_string(parent),
				dev_name(parent), netdev_name(dev), netdev_reg_state(dev),
				&msg.vaf);
	else if (dev)
		printk(KERN_DEBUG "%s%s: %pV", netdev_name(dev), netdev_reg_state(dev), &msg.vaf);
	else
		printk(KERN_DEBUG "(NULL net_device): %pV", &msg.vaf);
	va_end(args);
	dd_inflight_leave(dd_inflight);
}
#endif

#if IS_ENABLED(CONFIG_INFINIBAND)
static void ibdev_dbg_redirected(struct _ddebug *desc, const struct ib_device *ibdev,
				 const char *fmt, ...)
{
	struct device *parent = ibdev ? ibdev->dev.parent : NULL;
	struct message msg = { .desc = desc, .dev = parent, .vaf.fmt = fmt, .ip = _RET_IP_ };
	char prefix[DD_PREFIX_SIZE];
	va_list args;
	u8 flags;

	va_start(args, fmt);
	msg.vaf.va = &args;
	msg.lead = ibdev ? dev_name(&ibdev->dev) : "(NULL ib_device)";
	msg.bare = !parent;
	flags = record(&msg);
	va_end(args);
	va_start(args, fmt);
	if (!(flags & DD_P))
		;
	else if (parent)
		dev_printk_emit(LOGLEVEL_DEBUG, parent, "%s%s %s %s: %pV",
				print_prefix(desc, flags, prefix), dev_driver_string(parent),
				dev_name(parent), dev_name(&ibdev->dev), &msg.vaf);
	else if (ibdev)
		printk(KERN_DEBUG "%s: %pV", dev_name(&ibdev->dev), &msg.vaf);
	else
		printk(KERN_DEBUG "(NULL ib_device): %pV", &msg.vaf);
	va_end(args);
	dd_inflight_leave(dd_inflight);
}
#endif

/* One line of a hex dump, for which the stock function makes no prefix. */
static void hex_line(struct message *msg, const char *level, const char *fmt, ...)
{
	va_list args;
	u8 flags;

	va_start(args, fmt);
	msg->vaf.fmt = fmt;
	msg->vaf.va = &args;
	flags = record(msg);
	va_end(args);
	va_start(args, fmt);
	if (flags & DD_P)
		printk("%s%pV", level, &msg->vaf);
	va_end(args);
}

static void hex_dump_redirected(const char *level, const char *prefix_str, int prefix_type,
				int rowsize, int groupsize, const void *buf, size_t len,
				bool ascii)
{
	struct message msg = { .desc = dd_hex_site(_RET_IP_), .bare = true, .ip = _RET_IP_ };
	char line[32 * 3 + 2 + 32 + 1]; /* as long as hex_dump_to_buffer() may make it */
	size_t i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	/* Somebody else's call that the compiler merged with a site's, or none of ours any more. */
	if (!msg.desc || strcmp(level, KERN_DEBUG)) {
		print_hex_dump(level, prefix_str, prefix_type, rowsize, groupsize, buf, len,
			       ascii);
		dd_inflight_leave(dd_inflight);
		return;
	}
	for (i = 0; i < len; i += rowsize) {
		msg.more = i + rowsize < len;
		hex_dump_to_buffer(buf + i, min_t(size_t, len - i, rowsize), rowsize, groupsize,
				   line, sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			hex_line(&msg, level, "%s%p: %s\n", prefix_str, buf + i, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			hex_line(&msg, level, "%s%.8x: %s\n", prefix_str, (int)i, line);
		else
			hex_line(&msg, level, "%s%s\n", prefix_str, line);
	}
	dd_inflight_leave(dd_inflight);
}

/* The return address is all that tells a site's dump from anybody's. */
static bool hex_dump_mine(struct pt_regs *regs)
{
	return dd_hex_site(dd_return_address(regs));
}
NOKPROBE_SYMBOL(hex_dump_mine);

/**
 * dyndbg_desc_message() - a message with a descriptor came through a hooked function
 * @desc: the descriptor
 * @dev: the message's device, or NULL
 * @ip: where its call returns to
 * @vaf: format and arguments; the arguments are used up
 *
 * Context: any, NMI included.
 * Return: whether the site has p, so that the caller prints the message.
 */
bool dyndbg_desc_message(const struct _ddebug *desc, const struct device *dev, unsigned long ip,
			 struct va_format *vaf)
{
	struct message msg = { .desc = desc, .dev = dev, .bare = true, .ip = ip, .vaf = *vaf };

	return record(&msg) & DD_P;
}
EXPORT_SYMBOL_GPL(dyndbg_desc_message);

const struct dd_redirect dd_print_redirects[DD_PRINT_HOOKS] = {
	{ "__dynamic_pr_debug", pr_debug_redirected },
	{ "__dynamic_dev_dbg", dev_dbg_redirected },
	{ "print_hex_dump", hex_dump_redirected, hex_dump_mine },
#ifdef CONFIG_NET
	{ "__dynamic_netdev_dbg", netdev_dbg_redirected },
#endif
#if IS_ENABLED(CONFIG_INFINIBAND)
	{ "__dynamic_ibdev_dbg", ibdev_dbg_redirected, .optional = true },
#endif
};
