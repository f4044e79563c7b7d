// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a DDR_FORMATS reply brings (its parts: see protocol.h), and what records mean by it.
 *
 * Whoever reads pages trusts the daemon, but neither it nor the kernel need be of this version: a
 * part that is not known is left out, and a record has what its format says.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../decode/decode.h"
#include "formats.h"

/* @text: the event's; @seq: libtraceevent's own way to make one, kept for its memory. */
struct ddr_formats {
	struct tep_handle *tep;
	struct ddr_sites *sites;
	struct trace_seq seq;
	bool has_header, has_sites, cut;
	char text[DDR_TEXT_MAX + 1];
};

/* One part; @text is not terminated. */
struct part {
	const char *name;
	size_t name_len;
	const char *text;
	size_t len;
};

/* The part at @p. Return: what stands behind it; NULL: it is malformed. */
static const char *next_part(const char *p, const char *end, struct part *part)
{
	const char *line = memchr(p, '\n', (size_t)(end - p)), *blank, *digit;
	size_t len = 0;

	blank = line ? memrchr(p, ' ', (size_t)(line - p)) : NULL;
	if (!blank || blank + 1 == line)
		return NULL;
	for (digit = blank + 1; digit < line; digit++) {
		if (*digit < '0' || *digit > '9' || len > (size_t)(end - line))
			return NULL;
		len = len * 10 + (size_t)(*digit - '0');
	}
	if (len > (size_t)(end - line - 1))
		return NULL;
	*part = (struct part){ p, (size_t)(blank - p), line + 1, len };
	return part->text + len;
}

static bool is_named(const struct part *part, const char *name)
{
	return strlen(name) == part->name_len && memcmp(part->name, name, part->name_len) == 0;
}

static int take_header(struct ddr_formats *f, const char *text, size_t len)
{
	/* pages of a kernel with longs of another size cannot be read */
	f->has_header = !tep_parse_header_page(f->tep, (char *)text, len, sizeof(long)) &&
			tep_get_header_page_size(f->tep) == sizeof(long);
	return f->has_header ? 0 : -EBADMSG;
}

/*
 * Our own events are made text of here. What the kernel does for that is no expression that
 * libtraceevent knows, and it would complain on stderr.
 */
static int take_own_format(struct ddr_formats *f, const char *text, size_t len)
{
	static const char none[] = "print fmt: \"%s\", \"\"\n";
	const char *end = memmem(text, len, "print fmt:", 10);
	size_t fields = end ? (size_t)(end - text) : len;
	char *own = malloc(fields + sizeof(none));
	int err;

	if (!own)
		return -ENOMEM;
	memcpy(own, text, fields);
	memcpy(own + fields, none, sizeof(none));
	err = tep_parse_event(f->tep, own, fields + sizeof(none) - 1, "dyndbg");
	free(own);
	return err ? -EBADMSG : 0;
}

static int take_format(struct ddr_formats *f, const struct part *part, const char *text)
{
	char system[64];
	size_t len = part->name_len - strlen("format ");

	if (len >= sizeof(system))
		return -EBADMSG;
	memcpy(system, part->name + strlen("format "), len);
	system[len] = '\0';
	if (strcmp(system, "dyndbg") == 0)
		return take_own_format(f, text, part->len);
	/* one that libtraceevent does not understand has its fields, at least */
	tep_parse_event(f->tep, text, part->len, system);
	return 0;
}

static int take_sites(struct ddr_formats *f, char *text, size_t len)
{
	FILE *file = fmemopen(text, len, "r");
	int err;

	if (!file)
		return -errno;
	err = ddr_sites_read_file(f->sites, file, "sites", NULL);
	fclose(file);
	f->has_sites = !err;
	return err;
}

static int take_part(struct ddr_formats *f, const struct part *part)
{
	char *text = malloc(part->len + 1); /* libtraceevent's parser wants a NUL */
	int err = 0;

	if (!text)
		return -ENOMEM;
	memcpy(text, part->text, part->len);
	text[part->len] = '\0';
	if (is_named(part, "header_page"))
		err = take_header(f, text, part->len);
	else if (is_named(part, "sites"))
		err = take_sites(f, text, part->len);
	else if (part->name_len > strlen("format ") && memcmp(part->name, "format ", 7) == 0)
		err = take_format(f, part, text);
	free(text);
	return err;
}

/**
 * ddr_formats_new() - read all parts
 * @text: the file.
 * @len: its bytes.
 *
 * Return: to be freed with ddr_formats_free(); NULL with errno: ENOMEM; EBADMSG: malformed.
 */
struct ddr_formats *ddr_formats_new(const char *text, size_t len)
{
	struct ddr_formats *f = calloc(1, sizeof(*f));
	const char *p = text, *end = text + len;
	struct part part;
	int err = 0;

	if (!f)
		return NULL;
	trace_seq_init(&f->seq);
	f->sites = ddr_sites_new();
	f->tep = tep_alloc();
	if (!f->sites || !f->tep) {
		err = -ENOMEM;
		goto fail;
	}
	tep_set_long_size(f->tep, sizeof(long));
	tep_set_file_bigendian(f->tep, tep_is_local_bigendian(f->tep) ? TEP_BIG_ENDIAN
								      : TEP_LITTLE_ENDIAN);
	while (p < end && !err) {
		p = next_part(p, end, &part);
		err = p ? take_part(f, &part) : -EBADMSG;
	}
	if (!err && f->has_header && f->has_sites)
		return f;
	err = err ? err : -EBADMSG;
fail:
	ddr_formats_free(f);
	errno = -err;
	return NULL;
}

/**
 * ddr_formats_free() - free all
 * @formats: may be NULL.
 */
void ddr_formats_free(struct ddr_formats *formats)
{
	if (!formats)
		return;
	tep_free(formats->tep);
	ddr_sites_free(formats->sites);
	trace_seq_destroy(&formats->seq);
	free(formats);
}

/* A number of the record. Return: whether it has it. */
static bool number(struct tep_event *event, const struct tep_record *record, const char *name,
		   unsigned long long *val)
{
	struct tep_format_field *field = tep_find_any_field(event, name);

	if (!field || field->offset < 0 || field->size < 1 || field->size > 8 ||
	    field->size > record->size || field->offset > record->size - field->size)
		return false;
	*val = tep_read_number(event->tep, (char *)record->data + field->offset, field->size);
	return true;
}

static const char *known(const char *name)
{
	return strcmp(name, "?") == 0 || strcmp(name, "-") == 0 ? NULL : name;
}

/* A debug message. Return: false: the record is malformed. */
static bool take_message(struct ddr_formats *f, struct tep_event *format,
			 const struct tep_record *record, struct ddr_event *event)
{
	unsigned long long site, device = 0, minor = 0, flags, prefix, args;
	bool has_device = strcmp(format->name, "devdbg") == 0;
	struct ddr_record rec;
	struct ddr_site where;
	const char *name;

	if (!number(format, record, "site", &site) || !number(format, record, "flags", &flags) ||
	    !number(format, record, "prefix", &prefix) || !number(format, record, "args", &args) ||
	    (has_device && (!number(format, record, "device", &device) ||
			    !number(format, record, "minor", &minor))))
		return false;
	rec = (struct ddr_record){
		.site = (uint32_t)site, .device = (uint16_t)device, .minor = (int16_t)minor,
		.flags = (uint8_t)flags, .prefix = (uint8_t)prefix, .has_device = has_device,
		.args = (char *)record->data + (args & 0xffff), .len = args >> 16 & 0xffff,
	};
	if ((args & 0xffff) + rec.len > (unsigned int)record->size)
		return false;
	ddr_decode_parts(f->sites, &rec, &where, &name, f->text, sizeof(f->text));
	event->site = rec.site;
	event->module = known(where.module);
	event->function = known(where.function);
	event->file = known(where.file);
	event->line = where.line;
	event->class_name = known(where.class);
	event->device = name ? known(name) : NULL;
	event->minor = has_device ? rec.minor : -1;
	return true;
}

static void add(struct ddr_formats *f, const char *text, size_t len)
{
	size_t i;

	if (len && text[len - 1] == '\n')
		len--;
	if (len > DDR_TEXT_MAX) {
		len = DDR_TEXT_MAX;
		f->cut = true;
	}
	for (i = 0; i < len; i++)
		f->text[i] = text[i] ? text[i] : '?';
	f->text[len] = '\0';
}

/* What a mark says is the record's rest, from its last field on. */
static bool take_mark(struct ddr_formats *f, struct tep_event *format,
		      const struct tep_record *record)
{
	struct tep_format_field *field = tep_find_field(format, "buf");
	const char *text;

	if (!field || field->offset < 0 || field->offset > record->size)
		return false;
	text = (const char *)record->data + field->offset;
	add(f, text, strnlen(text, (size_t)(record->size - field->offset)));
	return true;
}

/**
 * ddr_formats_event() - what a record says
 * @formats: the formats.
 * @record: its data, size, CPU and time.
 * @event: all of it is filled in but .lost. Its strings are valid until the next call, and as long
 * as @record's data.
 */
void ddr_formats_event(struct ddr_formats *formats, struct tep_record *record,
		       struct ddr_event *event)
{
	struct tep_event *format = tep_find_event_by_record(formats->tep, record);
	unsigned long long pid;
	const char *name;
	bool is_ours, ok = true;

	formats->cut = false;
	formats->text[0] = '\0';
	event->text = formats->text;
	event->time_ns = record->ts;
	event->cpu = (uint32_t)record->cpu;
	if (!format) {
		strcpy(formats->text, "(an event whose format is not known)");
		return;
	}
	name = format->name;
	event->name = name;
	if (number(format, record, "common_pid", &pid))
		event->pid = (int32_t)pid;
	is_ours = strcmp(format->system, "dyndbg") == 0;
	if (is_ours && (strcmp(name, "devdbg") == 0 || strcmp(name, "prdbg") == 0)) {
		ok = take_message(formats, format, record, event);
	} else if (strcmp(format->system, "ftrace") == 0 && strcmp(name, "print") == 0) {
		ok = take_mark(formats, format, record);
	} else {
		trace_seq_reset(&formats->seq);
		tep_print_event(formats->tep, &formats->seq, record, "%s", TEP_PRINT_INFO);
		trace_seq_terminate(&formats->seq);
		if (formats->seq.state == TRACE_SEQ__GOOD)
			add(formats, formats->seq.buffer, formats->seq.len);
	}
	if (!ok)
		snprintf(formats->text, sizeof(formats->text), "(malformed record)");
}

/**
 * ddr_formats_cut() - was the last event's text cut?
 * @formats: the formats.
 *
 * Return: whether it was.
 */
int ddr_formats_cut(const struct ddr_formats *formats)
{
	return formats->cut;
}
