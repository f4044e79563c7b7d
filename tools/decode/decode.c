// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * From a record and the list of sites to the text that the kernel makes of it in a trace file.
 * Only pointers differ: a record has them as they are, and the key that the kernel hashes them
 * with is its own.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../include/uapi/linux/dyndbg.h"
#include "decode.h"
#include "dyndbg_shape.h"

/* As the kernel from 6.4 on: longer prefixes are cut, by 6.1 still shorter ones. */
#define PREFIX_MAX	128

/* What is left of a record's bytes. */
struct bytes {
	const uint8_t *p, *end;
};

/* A text that grows. */
struct text {
	char *buf;
	size_t size, len;
};

/* Return: 0 where there are none. */
static uint32_t take_u32(struct bytes *b)
{
	uint32_t v = 0;

	if ((size_t)(b->end - b->p) >= sizeof(v)) {
		memcpy(&v, b->p, sizeof(v));
		b->p += sizeof(v);
	} else {
		b->p = b->end;
	}
	return v;
}

/* Return: "?" for one that does not end. */
static const char *take_string(struct bytes *b)
{
	const char *s = (const char *)b->p;
	size_t room = b->end - b->p, len = room ? strnlen(s, room) : 0;

	if (len == room) {
		b->p = b->end;
		return "?";
	}
	b->p += len + 1;
	return s;
}

__attribute__((format(printf, 2, 3)))
static void add(struct text *t, const char *fmt, ...)
{
	size_t room = t->size - t->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->buf + t->len, room, fmt, args);
	va_end(args);
	t->len += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* The bytes' beginning, as far as the flags say that it is there. */
struct head {
	struct ddr_site site;
	const char *device, *lead;
	int32_t tid;
};

static void take_head(const struct ddr_sites *sites, const struct ddr_record *rec,
		      struct bytes *b, struct head *h)
{
	static const struct ddr_site unknown = {
		.class = "-", .module = "?", .function = "?", .file = "?",
	};
	const struct ddr_site *site;

	if (rec->flags & DYNDBG_REC_TID)
		h->tid = take_u32(b);
	h->device = rec->flags & DYNDBG_REC_DEVICE ? take_string(b) :
		    ddr_sites_device(sites, rec->device);
	if (!h->device)
		h->device = "?";
	if (rec->flags & DYNDBG_REC_LEAD)
		h->lead = take_string(b);
	if (rec->flags & DYNDBG_REC_SITE) {
		h->site.module = take_string(b);
		h->site.function = take_string(b);
		h->site.file = take_string(b);
		h->site.class = take_string(b);
		h->site.line = take_u32(b);
		h->site.format = take_string(b);
		return;
	}
	site = ddr_sites_find(sites, rec->site);
	h->site = site ? *site : unknown;
}

static void add_prefix(struct text *t, const struct ddr_record *rec, const struct head *h)
{
	size_t start;

	if (rec->flags & DYNDBG_REC_TID) {
		if (h->tid < 0)
			add(t, "<intr> ");
		else
			add(t, "[%d] ", h->tid);
	}
	start = t->len;
	if (rec->prefix & DYNDBG_PREFIX_MODULE)
		add(t, "%s:", h->site.module);
	if (rec->prefix & DYNDBG_PREFIX_FUNCTION)
		add(t, "%s:", h->site.function);
	if (rec->prefix & DYNDBG_PREFIX_FILE)
		add(t, "%s:", h->site.file);
	if (rec->prefix & DYNDBG_PREFIX_LINE)
		add(t, "%u:", h->site.line);
	if (t->len > start)
		add(t, " ");
}

/* Return: whether the message was cut. */
static bool add_message(struct text *t, const struct ddr_record *rec, const struct head *h,
			struct bytes *b)
{
	bool cut = rec->flags & DYNDBG_REC_TRUNCATED;
	size_t start = t->len;

	if (rec->flags & DYNDBG_REC_STACK) {
		add(t, "%s", take_string(b));
	} else if (h->site.format) {
		t->len += dd_shape_print(t->buf + t->len, t->size - t->len, h->site.format,
					 b->p, b->end - b->p, &cut);
	} else {
		add(t, "(lost: site 0x%08x is not known)", rec->site);
		return cut;
	}
	if (!cut && t->len > start && t->buf[t->len - 1] == '\n')
		t->buf[--t->len] = '\0';
	return cut;
}

static size_t message_of(const struct ddr_record *rec, struct bytes *b, const struct head *h,
			 char *out, size_t size)
{
	struct text text = { .buf = out, .size = size < PREFIX_MAX ? size : PREFIX_MAX };

	*out = '\0';
	add_prefix(&text, rec, h);
	text.size = size < DYNDBG_TEXT_MAX ? size : DYNDBG_TEXT_MAX;
	if (h->lead)
		add(&text, "%s: ", h->lead);
	if (add_message(&text, rec, h, b)) {
		text.size = size;
		add(&text, " [truncated]");
	}
	return text.len;
}

/**
 * ddr_decode_parts() - what a record says, by itself
 * @sites: the list of sites of the boot that made the record
 * @rec: the record
 * @site: filled in, as ddr_sites_find() would; "?" and "-" for what is not known
 * @device: set to the device's name; NULL without one
 * @out: filled with the message, NUL-terminated, without a newline at its end
 * @size: of @out, in bytes; DDR_DECODED_MAX is enough, what is more than @size is cut
 *
 * The strings are @sites' or in the record.
 *
 * Return: bytes in @out, the NUL not counted.
 */
size_t ddr_decode_parts(const struct ddr_sites *sites, const struct ddr_record *rec,
			struct ddr_site *site, const char **device, char *out, size_t size)
{
	struct bytes b = { rec->args, (const uint8_t *)rec->args + rec->len };
	struct head h = { 0 };

	take_head(sites, rec, &b, &h);
	*site = h.site;
	*device = rec->has_device ? h.device : NULL;
	return message_of(rec, &b, &h, out, size);
}

/**
 * ddr_decode() - the text of a record, as a trace file has it behind the event's name
 * @sites: the list of sites of the boot that made the record
 * @rec: the record
 * @out: filled, NUL-terminated, without a newline at its end
 * @size: of @out, in bytes; DDR_DECODED_MAX is enough, what is more than @size is cut
 *
 * Of a site that is not listed the text says so.
 *
 * Return: bytes in @out, the NUL not counted.
 */
size_t ddr_decode(const struct ddr_sites *sites, const struct ddr_record *rec, char *out,
		  size_t size)
{
	char message[DYNDBG_TEXT_MAX + sizeof(" [truncated]")];
	struct text line = { .buf = out, .size = size };
	struct ddr_site site;
	const char *device;

	ddr_decode_parts(sites, rec, &site, &device, message, sizeof(message));
	add(&line, "[%s]%s %s", site.module, site.function, site.class);
	if (device)
		add(&line, " %s minor=%d", device, rec->minor);
	add(&line, ": %s", message);
	return line.len;
}
