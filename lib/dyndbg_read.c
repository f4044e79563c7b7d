// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a record, when somebody reads it: the trace files of tracefs, or ftrace's
 * dump at a panic. include/uapi/linux/dyndbg.h says how a record is made up.
 *
 * What is read may have been written before a reboot (boot-mapped instances), so nothing in
 * it is taken for granted.
 */
#include <linux/trace_events.h>
#include <linux/trace_seq.h>
#include "dyndbg.h"
#include "dyndbg_parse.h"

static_assert(DD_M == DYNDBG_PREFIX_MODULE && DD_F == DYNDBG_PREFIX_FUNCTION &&
	      DD_S == DYNDBG_PREFIX_FILE && DD_L == DYNDBG_PREFIX_LINE);

/* The bytes that have not been looked at yet. */
struct bytes {
	const u8 *p, *end;
};

/**
 * dd_prefix() - the prefix that the prefix flags give a message
 * @buf: filled, NUL-terminated, cut where it is too small
 * @size: of @buf, in bytes
 * @flags: DD_* prefix flags
 * @v: the site's texts
 * @tid: the task, -1 for an interrupt
 *
 * The same text, to the blank, as the stock kernel's dynamic debug makes of these flags.
 *
 * Context: any, NMI included.
 * Return: the length of what stands in @buf.
 */
int dd_prefix(char *buf, size_t size, u8 flags, const struct dd_view *v, int tid)
{
	int pos = 0, start;

	buf[0] = '\0';
	if (!(flags & DD_PREFIX))
		return 0;
	if (flags & DD_TID) {
		if (tid < 0)
			pos += scnprintf(buf + pos, size - pos, "<intr> ");
		else
			pos += scnprintf(buf + pos, size - pos, "[%d] ", tid);
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

static u32 get_u32(struct bytes *b)
{
	u32 v = 0;

	if (b->end - b->p >= sizeof(v)) {
		memcpy(&v, b->p, sizeof(v));
		b->p += sizeof(v);
	} else {
		b->p = b->end;
	}
	return v;
}

static const char *get_string(struct bytes *b)
{
	const char *s = (const char *)b->p;
	size_t len = strnlen(s, b->end - b->p);

	if (len == b->end - b->p) {
		b->p = b->end;
		return "?";
	}
	b->p += len + 1;
	return s;
}

static void site_of(struct bytes *b, u8 flags, const struct dd_meta *meta, struct dd_view *v)
{
	if (flags & DYNDBG_REC_SITE) {
		v->module = get_string(b);
		v->function = get_string(b);
		v->file = get_string(b);
		v->class = get_string(b);
		v->line = get_u32(b);
		v->format = get_string(b);
	} else if (meta) {
		v->module = meta->module;
		v->function = meta->function;
		v->file = meta->file;
		v->class = meta->class;
		v->line = meta->line;
		v->format = meta->format;
	} else {
		v->module = v->function = v->file = "?";
		v->class = "-";
		v->line = 0;
	}
}

/* Return: bytes in @buf. */
static int message(char *buf, size_t size, u32 site, u8 flags, const char *format,
		   const struct bytes *b, bool *cut)
{
	struct bytes rest = *b;
	int len;

	if (flags & DYNDBG_REC_STACK)
		len = scnprintf(buf, size, "%s", get_string(&rest));
	else if (format)
		len = dd_shape_print(buf, size, format, b->p, b->end - b->p, cut);
	else
		return scnprintf(buf, size, "(lost: site 0x%08x is not known)", site);
	if (!(*cut) && len && buf[len - 1] == '\n')
		buf[--len] = '\0';
	return len;
}

/*
 * Where a record's bytes are is written in the record, too. @iter does not say how long that is
 * when events are printed at once (tp_printk), which then is nobody's but ours.
 */
static struct bytes bytes_of(const struct trace_iterator *iter, const void *args,
			     unsigned int len)
{
	unsigned long at = args - (void *)iter->ent;

	if (iter->ent_size && (at > iter->ent_size || len > iter->ent_size - at))
		len = 0;
	return (struct bytes){ args, args + len };
}

/* @device: -1 for a record that has none, and no @minor. */
static const char *read_record(struct trace_iterator *iter, u32 site, u8 flags, u8 prefix, int device,
			       int minor, const void *args, unsigned int len)
{
	const struct dd_meta *meta = dd_meta_find(site);
	struct bytes b = bytes_of(iter, args, len);
	struct trace_seq *p = &iter->tmp_seq;
	bool cut = flags & DYNDBG_REC_TRUNCATED;
	const char *name = NULL, *lead = NULL;
	struct dd_view v = {};
	size_t size, pos;
	int tid = -1;
	char *buf;

	size = seq_buf_get_buf(&p->seq, &buf);
	if (size < DD_PREFIX_SIZE + 2)
		return "";
	if (flags & DYNDBG_REC_TID)
		tid = get_u32(&b);
	if (flags & DYNDBG_REC_DEVICE)
		name = get_string(&b);
	else if (device >= 0)
		name = dd_device_name(device) ?: "?";
	if (flags & DYNDBG_REC_LEAD)
		lead = get_string(&b);
	site_of(&b, flags, meta, &v);

	pos = scnprintf(buf, size, "[%s]%s %s", v.module, v.function, v.class);
	if (device >= 0)
		pos += scnprintf(buf + pos, size - pos, " %s minor=%d", name, minor);
	pos += scnprintf(buf + pos, size - pos, ": ");
	size = min_t(size_t, size, pos + DYNDBG_TEXT_MAX);
	if (flags & DYNDBG_REC_TID)
		prefix |= DD_TID;
	pos += dd_prefix(buf + pos, min_t(size_t, size - pos, DD_PREFIX_SIZE), prefix, &v, tid);
	if (lead)
		pos += scnprintf(buf + pos, size - pos, "%s: ", lead);
	pos += message(buf + pos, size - pos, site, flags, v.format, &b, &cut);
	seq_buf_commit(&p->seq, pos);
	if (cut)
		trace_seq_puts(p, " [truncated]");
	trace_seq_putc(p, '\0');
	return buf;
}

/**
 * dd_read_prdbg() - the text of a record of dyndbg:prdbg
 * @iter: who reads; the text is made in its tmp_seq
 * @site: the record's field, as the others that follow
 * @flags: DYNDBG_REC_*
 * @prefix: DYNDBG_PREFIX_*
 * @args: the bytes
 * @len: how many
 *
 * Context: any, NMI included, as for ftrace's other print functions.
 * Return: the text.
 */
const char *dd_read_prdbg(struct trace_iterator *iter, u32 site, u8 flags, u8 prefix, const void *args,
			  unsigned int len)
{
	return read_record(iter, site, flags, prefix, -1, DYNDBG_NO_MINOR, args, len);
}

/**
 * dd_read_devdbg() - the text of a record of dyndbg:devdbg
 * @iter: who reads; the text is made in its tmp_seq
 * @site: the record's field, as the others that follow
 * @flags: DYNDBG_REC_*
 * @prefix: DYNDBG_PREFIX_*
 * @device: the device's number
 * @minor: its DRM minor
 * @args: the bytes
 * @len: how many
 *
 * Context and return: as dd_read_prdbg().
 */
const char *dd_read_devdbg(struct trace_iterator *iter, u32 site, u8 flags, u8 prefix, u16 device,
			   s16 minor, const void *args, unsigned int len)
{
	return read_record(iter, site, flags, prefix, device, minor, args, len);
}
