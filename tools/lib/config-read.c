// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading the configuration's files.
 *
 * inih splits lines into keys and values, with systemd's comments. It keeps no more than 49 bytes
 * of a section's name, says nothing of a section without keys, and passes no line numbers; so the
 * function that hands it the lines also notes the sections and counts.
 */
#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"
#include "config.h"
#include "names.h"

/* inih's line buffer is 200 bytes as distributions build it, with "\r\n" and the NUL. */
#define LINE_MAX_BYTES 197

struct reader {
	struct ddr_config *config;
	FILE *file;
	const char *name;
	unsigned int line;
	/* the section that the current line stands in: one of both, or none */
	struct ddr_stream *stream;
	struct ddr_subscriber *subscriber;
	/* a line that inih has to make a key and a value of */
	bool pending;
	char text[LINE_MAX_BYTES + 1];
	bool failed;
	char *error;
};

__attribute__((format(printf, 3, 4)))
static int fail_at(struct reader *r, unsigned int line, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (r->failed) /* the first error is the one to show */
		return -1;
	r->failed = true;
	n = line ? snprintf(r->error, DDR_CONFIG_ERROR_MAX, "%s:%u: ", r->name, line) :
		   snprintf(r->error, DDR_CONFIG_ERROR_MAX, "%s: ", r->name);
	if (n < 0 || n >= DDR_CONFIG_ERROR_MAX)
		return -1;
	va_start(ap, fmt);
	vsnprintf(r->error + n, DDR_CONFIG_ERROR_MAX - n, fmt, ap);
	va_end(ap);
	return -1;
}

#define fail(r, ...) fail_at(r, (r)->line, __VA_ARGS__)

static int no_memory(struct reader *r)
{
	return fail(r, "out of memory");
}

static int complained(struct reader *r, const char *key, const struct ddr_complaint *c)
{
	return fail(r, "%s: %s '%s'", key, c->what, c->word);
}

/* "[stream NAME]" or "[subscriber NAME]", blanks stripped from the front. */
static int begin_section(struct reader *r, const char *line)
{
	static const char blanks[] = " \t\r\n";
	char kind[LINE_MAX_BYTES + 1], name[LINE_MAX_BYTES + 1];
	const char *end = strchr(line, ']'), *rest;
	bool is_stream;
	int used = 0;

	r->stream = NULL;
	r->subscriber = NULL;
	if (!end)
		return fail(r, "no ']' after '%s'", line);
	rest = end + 1 + strspn(end + 1, blanks);
	if (*rest && *rest != ';' && *rest != '#')
		return fail(r, "text after ']': '%s'", rest);
	/* kind and name are as large as a line can be */
	if (sscanf(line + 1, " %[^] \t] %[^] \t] %n", kind, name, &used) != 2 ||
	    line + 1 + used != end)
		return fail(r, "not [stream NAME] nor [subscriber NAME]: '%.*s'",
			    (int)(end + 1 - line), line);

	is_stream = strcmp(kind, "stream") == 0;
	if (!is_stream && strcmp(kind, "subscriber") != 0)
		return fail(r, "unknown section '%s'", kind);
	if (!ddr_name_valid(name))
		return fail(r, "not a name (1 to %d of A-Z a-z 0-9 _): '%s'", DDR_NAME_MAX, name);

	if (is_stream) {
		r->stream = ddr_config_add_stream(r->config, name);
		if (!r->stream)
			return no_memory(r);
		if (r->config->n_streams > DDR_MAX_STREAMS)
			return fail(r, "more than %d streams: '%s'", DDR_MAX_STREAMS, name);
		if (!r->stream->file) {
			r->stream->file = r->name;
			r->stream->line = r->line;
		}
		return 0;
	}
	r->subscriber = ddr_config_add_subscriber(r->config, name);
	if (!r->subscriber)
		return no_memory(r);
	if (!r->subscriber->file) {
		r->subscriber->file = r->name;
		r->subscriber->line = r->line;
	}
	return 0;
}

static int set_string(struct reader *r, char **to, const char *value)
{
	char *copy = value ? strdup(value) : NULL;

	if (value && !copy)
		return no_memory(r);
	free(*to);
	*to = copy;
	return 0;
}

/* Appends the words of @value, each of which @check has to accept; no word clears the list. */
static int add_words(struct reader *r, struct ddr_list *list, const char *key, const char *value,
		     int (*check)(const char *word, size_t len, struct ddr_complaint *c))
{
	struct ddr_complaint c;
	const char *word;
	size_t len;

	word = ddr_next_word(value, &len);
	if (!word)
		ddr_list_clear(list);
	for (; word; word = ddr_next_word(word + len, &len)) {
		if (check(word, len, &c))
			return complained(r, key, &c);
		if (ddr_list_add(list, word, len))
			return no_memory(r);
	}
	return 0;
}

static int check_stream_name(const char *word, size_t len, struct ddr_complaint *c)
{
	char name[DDR_NAME_MAX + 1];

	if (len < sizeof(name)) {
		memcpy(name, word, len);
		name[len] = '\0';
		if (ddr_name_valid(name))
			return 0;
	}
	return ddr_complain(c, "not a stream's name", word, len);
}

/* What says when the stream is saved. */
static int save_key(struct reader *r, struct ddr_stream *stream, const char *key, const char *value)
{
	struct ddr_save *save = &stream->save;
	struct ddr_complaint c;
	int err;

	if (strcmp(key, "on") == 0) {
		err = ddr_parse_on(value, save, &c);
	} else if (strcmp(key, "saves") == 0) {
		err = ddr_parse_saves(value, &save->keep, &c);
	} else if (strcmp(key, "save-max") == 0) {
		err = ddr_parse_save_max(value, &save->max, &c);
	} else if (strcmp(key, "save-every") == 0) {
		save->every_s = 0;
		err = *value ? ddr_parse_time(value, &save->every_s, &c) : 0;
	} else {
		return fail(r, "unknown key '%s' in [stream %s]", key, stream->name);
	}
	return err ? complained(r, key, &c) : 0;
}

static int stream_key(struct reader *r, struct ddr_stream *stream, const char *key,
		      const char *value)
{
	struct ddr_complaint c;
	uint64_t bytes;
	char **to;

	if (strcmp(key, "select") == 0) {
		if (!*value) {
			ddr_list_clear(&stream->select);
			return 0;
		}
		if (ddr_check_select(value, &c))
			return complained(r, key, &c);
		return ddr_list_add(&stream->select, value, strlen(value)) ? no_memory(r) : 0;
	}
	if (strcmp(key, "device") == 0)
		return add_words(r, &stream->device, key, value, ddr_check_device);
	if (strcmp(key, "events") == 0)
		return add_words(r, &stream->events, key, value, ddr_check_event);
	if (strcmp(key, "ioctls") == 0)
		return ddr_parse_ioctls(value, &stream->ioctls, &c) ? complained(r, key, &c) : 0;
	if (strcmp(key, "size") == 0 || strcmp(key, "max") == 0) {
		to = *key == 's' ? &stream->size : &stream->max;
		if (!*value)
			return set_string(r, to, NULL);
		if (ddr_parse_size(value, &bytes, &c))
			return complained(r, key, &c);
		return set_string(r, to, value);
	}
	if (strcmp(key, "keep") == 0) {
		stream->keep_s = 0;
		if (*value && ddr_parse_time(value, &stream->keep_s, &c))
			return complained(r, key, &c);
		return 0;
	}
	if (strcmp(key, "clock") == 0) {
		if (!*value)
			value = "mono";
		if (ddr_check_clock(value, &c))
			return complained(r, key, &c);
		return set_string(r, &stream->clock, value);
	}
	return save_key(r, stream, key, value);
}

static int subscriber_key(struct reader *r, struct ddr_subscriber *sub, const char *key,
			  const char *value)
{
	struct ddr_complaint c;

	if (strcmp(key, "user") == 0) {
		if (ddr_parse_user(value, &sub->uid, &c))
			return complained(r, key, &c);
		sub->has_user = true;
		return 0;
	}
	if (strcmp(key, "group") == 0) {
		if (ddr_parse_group(value, &sub->gid, &c))
			return complained(r, key, &c);
		sub->has_group = true;
		return 0;
	}
	if (strcmp(key, "unit") == 0) {
		if (ddr_check_unit(value, &c))
			return complained(r, key, &c);
		return set_string(r, &sub->unit, value);
	}
	if (strcmp(key, "seat") == 0) {
		if (ddr_check_seat(value, &c))
			return complained(r, key, &c);
		return set_string(r, &sub->seat, value);
	}
	if (strcmp(key, "streams") == 0)
		return add_words(r, &sub->streams, key, value, check_stream_name);
	if (strcmp(key, "access") == 0) {
		if (ddr_parse_access(value, &sub->access, &c))
			return complained(r, key, &c);
		return 0;
	}
	return fail(r, "unknown key '%s' in [subscriber %s]", key, sub->name);
}

/* inih's callback for a key; its idea of the section is not used, see above. */
static int on_key(void *user, const char *section, const char *key, const char *value)
{
	struct reader *r = user;

	(void)section;
	r->pending = false;
	if (r->failed)
		return 0;
	if (r->stream)
		return stream_key(r, r->stream, key, value) == 0;
	if (r->subscriber)
		return subscriber_key(r, r->subscriber, key, value) == 0;
	fail(r, "'%s' stands before any section", key);
	return 0;
}

static int check_pending(struct reader *r)
{
	if (!r->pending)
		return 0;
	r->pending = false;
	return fail(r, "neither a section nor key=value: '%s'", r->text);
}

/* Notes what the line is, and that inih must call on_key() for one that is a key and value. */
static int look_at_line(struct reader *r, const char *line)
{
	if (!*line || *line == ';' || *line == '#')
		return 0;
	if (*line == '[')
		return begin_section(r, line);
	memcpy(r->text, line, strlen(line) + 1);
	r->pending = true;
	return 0;
}

/* inih's callback for the next line; NULL ends the reading. */
static char *on_line(char *buf, int num, void *user)
{
	static const char blanks[] = " \t\r\n";
	struct reader *r = user;
	char *line = NULL, *start;
	size_t room = 0, len;
	ssize_t got;

	if (r->failed || check_pending(r))
		return NULL;
	got = getline(&line, &room, r->file);
	if (got < 0) {
		if (ferror(r->file))
			fail(r, "cannot be read: %s", strerror(errno));
		free(line);
		return NULL;
	}
	r->line++;
	/* inih takes a line that begins with a blank for more of the value before */
	start = line + strspn(line, blanks);
	len = strlen(start);
	if ((size_t)got != (size_t)(start - line) + len) {
		fail(r, "a NUL byte in the line");
		goto stop;
	}
	while (len && strchr(blanks, start[len - 1]))
		start[--len] = '\0';
	if (len > LINE_MAX_BYTES || len + 1 > (size_t)num) {
		fail(r, "longer than %d bytes: '%.32s...'", LINE_MAX_BYTES, start);
		goto stop;
	}
	if (look_at_line(r, start))
		goto stop;
	memcpy(buf, start, len + 1);
	free(line);
	return buf;
stop:
	free(line);
	return NULL;
}

/**
 * ddr_config_read() - read one file into a configuration
 * @config: what was read before is kept: lists are added to, single values replaced.
 * @file: open for reading; not closed.
 * @name: how messages call it.
 * @error: DDR_CONFIG_ERROR_MAX bytes for the first error: file, line, what, word.
 *
 * Follow the last file with ddr_config_finish().
 *
 * Return: 0, or -1 with @error set; @config is then only good for freeing.
 */
int ddr_config_read(struct ddr_config *config, FILE *file, const char *name, char *error)
{
	struct reader r = { .config = config, .file = file, .error = error };
	int err;

	if (ddr_list_add(&config->files, name, strlen(name))) {
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: out of memory", name);
		return -1;
	}
	r.name = config->files.item[config->files.n - 1];
	err = ini_parse_stream(on_line, &r, on_key, &r);
	check_pending(&r);
	if (err && !r.failed)
		fail_at(&r, err > 0 ? err : 0, "cannot be parsed");
	return r.failed ? -1 : 0;
}
