// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record path: a message's text, once, into each instance that wants it.
 *
 * Context of everything here but init and exit: any, NMI and panic included, preemption
 * disabled. It takes no lock and allocates nothing.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include "dyndbg.h"

#define CREATE_TRACE_POINTS
#include <trace/events/dyndbg.h>

/* Task, softirq, hardirq, NMI: no more can be nested on one CPU. */
#define NESTING 4
/* A stack deeper than this is cut. */
#define STACK_MAX 32

struct textbuf {
	int depth;
	unsigned long dropped, truncated;
	char text[NESTING][DYNDBG_TEXT_MAX];
};

static struct textbuf __percpu *textbufs;

static int sum_param(char *buffer, size_t offset)
{
	unsigned long sum = 0;
	int cpu;

	if (!textbufs) /* the files are there before our init and after our exit */
		return sprintf(buffer, "0\n");
	for_each_possible_cpu(cpu)
		sum += *(unsigned long *)((char *)per_cpu_ptr(textbufs, cpu) + offset);
	return sprintf(buffer, "%lu\n", sum);
}

static int get_dropped(char *buffer, const struct kernel_param *kp)
{
	return sum_param(buffer, offsetof(struct textbuf, dropped));
}

static int get_truncated(char *buffer, const struct kernel_param *kp)
{
	return sum_param(buffer, offsetof(struct textbuf, truncated));
}

static const struct kernel_param_ops dropped_ops = { .get = get_dropped };
module_param_cb(dropped, &dropped_ops, NULL, 0444);
MODULE_PARM_DESC(dropped, "messages lost because four were being recorded on the CPU already");
static const struct kernel_param_ops truncated_ops = { .get = get_truncated };
module_param_cb(truncated, &truncated_ops, NULL, 0444);
MODULE_PARM_DESC(truncated, "messages cut to 1023 bytes");

static int get_missed(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%lu\n", dd_print_hooks_missed());
}

static const struct kernel_param_ops missed_ops = { .get = get_missed };
module_param_cb(missed, &missed_ops, NULL, 0444);
MODULE_PARM_DESC(missed, "messages printed and not recorded, for they came from inside a probe's handler");

/**
 * dd_record_init() - get the buffers in which texts are made
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int dd_record_init(void)
{
	textbufs = alloc_percpu(struct textbuf);
	return textbufs ? 0 : -ENOMEM;
}

/**
 * dd_record_exit() - give them back
 *
 * Context: process; nobody can be in the record path any more.
 */
void dd_record_exit(void)
{
	struct textbuf __percpu *old = textbufs;

	kernel_param_lock(THIS_MODULE); /* somebody may be summing up */
	textbufs = NULL;
	kernel_param_unlock(THIS_MODULE);
	free_percpu(old);
}

/**
 * dd_prefix() - the prefix that the prefix flags give a message
 * @buf: filled, NUL-terminated, cut where it is too small
 * @size: of @buf, in bytes
 * @flags: DD_* prefix flags
 * @v: the site's texts
 *
 * The same text, to the blank, as the stock kernel's dynamic debug makes of these flags.
 *
 * Context: any, NMI included.
 * Return: the length of what stands in @buf.
 */
int dd_prefix(char *buf, size_t size, u8 flags, const struct dd_view *v)
{
	int pos = 0, start;

	buf[0] = '\0';
	if (!(flags & DD_PREFIX))
		return 0;
	if (flags & DD_TID) {
		if (in_interrupt())
			pos += scnprintf(buf + pos, size - pos, "<intr> ");
		else
			pos += scnprintf(buf + pos, size - pos, "[%d] ", task_pid_vnr(current));
	}
	start = pos;
	if (flags & DD_M)
		pos += scnprintf(buf + pos, size - pos, "%s:", v->module);
	if (flags & DD_F)
		pos += scnprintf(buf + pos, size - pos, "%s:", v->function);
	if (flags & DD_S)
		pos += scnprintf(buf + pos, size - pos, "%s:", v->file);
	if (flags & DD_L)
		pos += scnprintf(buf + pos, size - pos, "%u:", v->line);
	if (pos > start)
		pos += scnprintf(buf + pos, size - pos, " ");
	return pos;
}

/* Return: the text's length, without the newline at its end; may say that it was cut. */
static unsigned int make_text(char *buf, struct dd_rec *rec, struct va_format *vaf, bool *cut)
{
	unsigned int pos, size = DYNDBG_TEXT_MAX;
	va_list args;
	int len;

	pos = dd_prefix(buf, DD_PREFIX_SIZE, rec->prefix, &rec->view);
	if (rec->lead)
		pos += scnprintf(buf + pos, size - pos, "%s: ", rec->lead);
	va_copy(args, *vaf->va);
	len = vsnprintf(buf + pos, size - pos, vaf->fmt, args);
	va_end(args);
	*cut = len >= size - pos;
	pos = *cut ? size - 1 : pos + len;
	if (!*cut && pos && buf[pos - 1] == '\n')
		pos--;
	return pos;
}

static void write_events(u64 mask, struct dd_rec *rec, const char *text, unsigned int len)
{
	for (; mask; mask &= mask - 1) {
		const struct dd_dest *dest = READ_ONCE(dd_dests[__ffs64(mask)]);
		struct trace_event_file *file;

		if (unlikely(!dest))
			continue;
		file = rec->dev ? dest->devdbg : dest->prdbg;
		if (!(READ_ONCE(file->flags) & EVENT_FILE_FL_ENABLED))
			continue;
		if (rec->dev)
			trace_event_raw_event_devdbg(file, rec, text, len);
		else
			trace_event_raw_event_prdbg(file, rec, text, len);
	}
}

/*
 * The stack from the caller on, as a text of its own, for a site with d.
 * Return: its length; what does not fit is left out and marked.
 */
static unsigned int make_stack(char *buf, struct dd_rec *rec)
{
	unsigned long entries[STACK_MAX];
	unsigned int i, n, from = 0, pos;

	n = stack_trace_save(entries, STACK_MAX, 0);
	for (i = 0; i < n; i++)
		if (entries[i] == rec->ip)
			from = i;
	pos = scnprintf(buf, DYNDBG_TEXT_MAX, "stack:");
	for (i = from; i < n; i++) {
		int len = snprintf(buf + pos, DYNDBG_TEXT_MAX - pos, "%s %pS",
				   i > from ? " <=" : "", (void *)entries[i]);

		if (len >= DYNDBG_TEXT_MAX - pos) {
			rec->rec_flags |= DYNDBG_REC_TRUNCATED;
			break;
		}
		pos += len;
	}
	if (n == STACK_MAX)
		rec->rec_flags |= DYNDBG_REC_TRUNCATED;
	return pos;
}

/**
 * dd_record_mask() - record a message
 * @mask: bits of the destinations, by their index
 * @rec: the message; its flags are completed
 * @vaf: format and arguments; the arguments can be used again afterwards
 *
 * Context: any, NMI included, preemption disabled.
 */
void dd_record_mask(u64 mask, struct dd_rec *rec, struct va_format *vaf)
{
	struct textbuf *tb = this_cpu_ptr(textbufs);
	unsigned int len;
	bool cut;
	int nest;

	nest = tb->depth;
	if (unlikely(nest >= NESTING)) {
		tb->dropped++;
		return;
	}
	/*
	 * Whoever interrupts between the read and the write finds the same level and has
	 * left it again when we go on: levels nest strictly on one CPU.
	 */
	WRITE_ONCE(tb->depth, nest + 1);
	barrier();
	len = make_text(tb->text[nest], rec, vaf, &cut);
	if (unlikely(cut)) {
		rec->rec_flags |= DYNDBG_REC_TRUNCATED;
		tb->truncated++;
	}
	write_events(mask, rec, tb->text[nest], len);
	if (unlikely(rec->prefix & DD_D)) {
		rec->rec_flags |= DYNDBG_REC_STACK;
		rec->rec_flags &= ~DYNDBG_REC_TRUNCATED;
		len = make_stack(tb->text[nest], rec);
		write_events(mask, rec, tb->text[nest], len);
	}
	barrier();
	WRITE_ONCE(tb->depth, nest);
}

/**
 * dd_record() - record a message by its site's plan
 * @plan: the plan
 * @rec: the message
 * @vaf: format and arguments
 *
 * A destination that several legs lead to gets the message once: it is one bit.
 *
 * Context: any, NMI included, preemption disabled.
 */
void dd_record(const struct dd_plan *plan, struct dd_rec *rec, struct va_format *vaf)
{
	unsigned int i;
	u64 mask = 0;

	for (i = 0; i < plan->n; i++)
		if (dd_spec_hit(plan->legs[i].spec, rec->dev, rec->minor))
			mask |= BIT_ULL(plan->legs[i].dest->idx);
	if (mask)
		dd_record_mask(mask, rec, vaf);
}
