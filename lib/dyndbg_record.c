// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record path: a message's arguments, packed once, into each instance that wants it.
 *
 * Context of everything here but init and exit: any, NMI and panic included, preemption
 * disabled. It takes no lock and allocates nothing.
 */
#include <linux/device.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include "dyndbg.h"
#include "dyndbg_pack.h"
#define CREATE_TRACE_POINTS /* of the events, which this one includes */
#include "dyndbg_event.h"

/* Task, softirq, hardirq, NMI. Printing of what is recorded (tp_printk) may come back here, too. */
#define NESTING 4
/* A stack deeper than this is cut. */
#define STACK_MAX 32
/* What may stand before the arguments themselves, and how much of each string. */
#define HEAD_MAX	(DYNDBG_REC_MAX - DYNDBG_ARGS_MAX)
#define HEAD_STRING	64
#define HEAD_FUNCTION	96
#define HEAD_FILE	128
#define HEAD_FORMAT	256

struct argbuf {
	unsigned int depth;
	unsigned long dropped, truncated;
	struct level levels[NESTING];
};

static struct argbuf __percpu *argbufs;

static int sum_param(char *buffer, size_t offset)
{
	unsigned long sum = 0;
	int cpu;

	if (!argbufs) /* the files are there before our init and after our exit */
		return sprintf(buffer, "0\n");
	for_each_possible_cpu(cpu)
		sum += *(unsigned long *)((char *)per_cpu_ptr(argbufs, cpu) + offset);
	return sprintf(buffer, "%lu\n", sum);
}

static int get_dropped(char *buffer, const struct kernel_param *kp)
{
	return sum_param(buffer, offsetof(struct argbuf, dropped));
}

static int get_truncated(char *buffer, const struct kernel_param *kp)
{
	return sum_param(buffer, offsetof(struct argbuf, truncated));
}

static const struct kernel_param_ops dropped_ops = { .get = get_dropped };
module_param_cb(dropped, &dropped_ops, NULL, 0444);
MODULE_PARM_DESC(dropped, "messages lost because four were being recorded on the CPU already");
static const struct kernel_param_ops truncated_ops = { .get = get_truncated };
module_param_cb(truncated, &truncated_ops, NULL, 0444);
MODULE_PARM_DESC(truncated, "messages cut to 1024 bytes of arguments");

static int get_missed(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%lu\n", dd_print_hooks_missed());
}

static const struct kernel_param_ops missed_ops = { .get = get_missed };
module_param_cb(missed, &missed_ops, NULL, 0444);
MODULE_PARM_DESC(missed, "messages printed and not recorded, for they came from inside a probe's handler");

/**
 * dd_record_init() - get the buffers in which arguments are packed
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int dd_record_init(void)
{
	argbufs = alloc_percpu(struct argbuf);
	return argbufs ? 0 : -ENOMEM;
}

/**
 * dd_record_exit() - give them back
 *
 * Context: process; nobody can be in the record path any more.
 */
void dd_record_exit(void)
{
	struct argbuf __percpu *old = argbufs;

	kernel_param_lock(THIS_MODULE); /* somebody may be summing up */
	argbufs = NULL;
	kernel_param_unlock(THIS_MODULE);
	free_percpu(old);
}

/* Return: where the next goes. What does not fit is cut. */
static u8 *put_string(u8 *p, u8 *end, const char *s)
{
	ssize_t len = strscpy((char *)p, s, end - p);

	return len < 0 ? end : p + len + 1;
}

/* What stands before the arguments, as the flags tell. Return: where it ends. */
static noinline u8 *put_head(u8 *p, u8 flags, const struct dd_rec *rec)
{
	u32 line;
	s32 tid;

	BUILD_BUG_ON(sizeof(tid) + sizeof(line) + 4 * HEAD_STRING + HEAD_FUNCTION + HEAD_FILE +
		     HEAD_FORMAT > HEAD_MAX);
	if (flags & DYNDBG_REC_TID) {
		tid = in_interrupt() ? -1 : task_pid_vnr(current);
		memcpy(p, &tid, sizeof(tid));
		p += sizeof(tid);
	}
	if (flags & DYNDBG_REC_DEVICE)
		p = put_string(p, p + HEAD_STRING, dev_name(rec->dev) ?: "?");
	if (flags & DYNDBG_REC_LEAD)
		p = put_string(p, p + HEAD_STRING, rec->lead);
	if (flags & DYNDBG_REC_SITE) {
		p = put_string(p, p + HEAD_STRING, rec->view->module);
		p = put_string(p, p + HEAD_FUNCTION, rec->view->function);
		p = put_string(p, p + HEAD_FILE, rec->view->file);
		p = put_string(p, p + HEAD_STRING, rec->view->class);
		line = rec->view->line;
		memcpy(p, &line, sizeof(line));
		p += sizeof(line);
	}
	return p;
}

/*
 * Format and arguments of a site that was not registered. What is not understood becomes text
 * at once, which is no way for a pointer to get out.
 * Return: bytes, as dd_shape_pack().
 */
static noinline unsigned int put_unregistered(struct level *l, u8 *p, struct va_format *vaf)
{
	int n = dd_shape_make(vaf->fmt, l->ops, DD_OPS_MAX), len;
	unsigned int head;

	if (n >= 0 && strlen(vaf->fmt) < HEAD_FORMAT) {
		head = put_string(p, p + HEAD_FORMAT, vaf->fmt) - p;
		return dd_shape_pack(l->ops, n, vaf->fmt, p + head, DYNDBG_ARGS_MAX, vaf->va) +
		       head;
	}
	head = put_string(p, p + HEAD_FORMAT, "%s") - p;
	if (dd_shape_shows_pointers(vaf->fmt))
		len = snprintf((char *)p + head, DYNDBG_ARGS_MAX, "%s", vaf->fmt);
	else
		len = vsnprintf((char *)p + head, DYNDBG_ARGS_MAX, vaf->fmt, *vaf->va);
	return len < DYNDBG_ARGS_MAX ? head + len + 1 : (head + DYNDBG_ARGS_MAX) | DD_PACK_CUT;
}

/*
 * The stack from the caller on, as a text.
 * Return: bytes, as dd_shape_pack(); what does not fit is left out.
 */
static noinline unsigned int put_stack(u8 *p, unsigned long ip)
{
	unsigned long entries[STACK_MAX];
	unsigned int i, n, from = 0, pos;
	char *text = (char *)p;

	n = stack_trace_save(entries, STACK_MAX, 0);
	for (i = 0; i < n; i++)
		if (entries[i] == ip)
			from = i;
	pos = scnprintf(text, DYNDBG_ARGS_MAX, "stack:");
	for (i = from; i < n; i++) {
		int len = snprintf(text + pos, DYNDBG_ARGS_MAX - pos, "%s %pS",
				   i > from ? " <=" : "", (void *)entries[i]);

		if (len >= DYNDBG_ARGS_MAX - pos) {
			text[pos] = '\0';
			n = STACK_MAX;
			break;
		}
		pos += len;
	}
	return (pos + 1) | (n == STACK_MAX ? DD_PACK_CUT : 0);
}

/*
 * Whoever interrupts between the read and the write finds the same level and has left it again
 * when we go on: levels nest strictly on one CPU. Return: NULL when there is none left.
 */
static __always_inline struct level *level_enter(void)
{
	struct argbuf *ab = this_cpu_ptr(argbufs);
	unsigned int nest = ab->depth;

	if (unlikely(nest >= NESTING)) {
		ab->dropped++;
		return NULL;
	}
	WRITE_ONCE(ab->depth, nest + 1);
	barrier();
	return &ab->levels[nest];
}

static __always_inline void level_leave(void)
{
	struct argbuf *ab = this_cpu_ptr(argbufs);

	barrier();
	WRITE_ONCE(ab->depth, ab->depth - 1);
}

/* The stack of a message, behind it, for a site with d. */
static noinline void record_stack(u64 mask, struct level *l, const struct dd_rec *rec, u8 flags)
{
	u8 *begin = image_args(l, rec->dev), *p = begin;
	unsigned int len;

	flags &= DYNDBG_REC_HOOKED | DYNDBG_REC_DEVICE | DYNDBG_REC_SITE;
	if (flags & ~DYNDBG_REC_HOOKED)
		p = put_head(p, flags, rec);
	if (flags & DYNDBG_REC_SITE)
		p = put_string(p, p + HEAD_FORMAT, "");
	len = put_stack(p, rec->ip);
	flags |= DYNDBG_REC_STACK | (len & DD_PACK_CUT ? DYNDBG_REC_TRUNCATED : 0);
	len = (len & ~DD_PACK_CUT) + (p - begin);
	len = finish_image(l, rec->dev, rec->meta ? rec->meta->key : 0, rec->device, flags, 0, len);
	write_events(mask, l, rec->dev, len);
}

static u8 flags_of(const struct dd_rec *rec)
{
	u8 flags = rec->rec_flags;

	if (rec->lead)
		flags |= DYNDBG_REC_LEAD;
	if (!rec->meta)
		flags |= DYNDBG_REC_SITE;
	if (rec->prefix & DD_TID)
		flags |= DYNDBG_REC_TID;
	if (rec->dev && !rec->device.number)
		flags |= DYNDBG_REC_DEVICE;
	return flags;
}

/**
 * dd_record() - record a message
 * @mask: bits of the destinations, by their index; not 0
 * @rec: the message
 * @vaf: format and arguments; the arguments are used up
 *
 * Context: any, NMI included, preemption disabled.
 */
void dd_record(u64 mask, const struct dd_rec *rec, struct va_format *vaf)
{
	const struct dd_meta *meta = rec->meta;
	struct level *l = level_enter();
	unsigned int len, head = 0;
	u8 flags = flags_of(rec);
	u8 *p;

	if (unlikely(!l))
		return;
	p = image_args(l, rec->dev);
	if (flags & ~DYNDBG_REC_HOOKED)
		head = put_head(p, flags, rec) - p;
	if (likely(meta))
		len = dd_shape_pack(meta->ops, meta->n_ops, vaf->fmt, p + head, DYNDBG_ARGS_MAX,
				    vaf->va);
	else
		len = put_unregistered(l, p + head, vaf);
	if (unlikely(len & DD_PACK_CUT)) {
		len &= ~DD_PACK_CUT;
		flags |= DYNDBG_REC_TRUNCATED;
		this_cpu_inc(argbufs->truncated);
	}
	len = finish_image(l, rec->dev, meta ? meta->key : 0, rec->device, flags,
			   rec->prefix & DD_PREFIX & ~DD_TID, len + head);
	write_events(mask, l, rec->dev, len);
	if (unlikely(rec->prefix & DD_D))
		record_stack(mask, l, rec, flags);
	level_leave();
}

/* What is special about the message turned out late. */
static noinline void hit_slowly(struct dyndbg_hit hit, const struct device *dev, const char *fmt,
				va_list *args)
{
	struct va_format vaf = { fmt, args };

	dd_found_record(hit.mask, hit.site, dev, &vaf);
}

/**
 * dyndbg_hit_message() - record a message whose site was found
 * @hit: from dyndbg_find(), with a mask and a site
 * @dev: the message's device, or NULL
 * @fmt: its format
 * @args: its arguments; they are used up
 *
 * As dd_record(), for the plain message, which nearly all are.
 *
 * Context: any, NMI included, preemption disabled since @hit was found.
 */
void notrace dyndbg_hit_message(struct dyndbg_hit hit, const struct device *dev, const char *fmt,
				va_list *args)
{
	const struct dd_meta *meta = smp_load_acquire(&hit.site->meta);
	struct dd_id device = dd_device_of(dev);
	struct level *l;
	unsigned int len;
	u8 flags;

	/* The site may have got its plan since it was found to be nothing special. */
	if (unlikely(!meta || !device.number)) {
		hit_slowly(hit, dev, fmt, args);
		return;
	}
	l = level_enter();
	if (unlikely(!l))
		return;
	flags = DYNDBG_REC_HOOKED;
	len = dd_shape_pack(meta->ops, meta->n_ops, fmt, image_args(l, true), DYNDBG_ARGS_MAX, args);
	if (unlikely(len & DD_PACK_CUT)) {
		len &= ~DD_PACK_CUT;
		flags |= DYNDBG_REC_TRUNCATED;
		this_cpu_inc(argbufs->truncated);
	}
	write_events(hit.mask, l, true, finish_image(l, true, meta->key, device, flags, 0, len));
	level_leave();
}
EXPORT_SYMBOL_GPL(dyndbg_hit_message);
