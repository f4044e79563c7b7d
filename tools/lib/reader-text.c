// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events from a trace file's text: an instance's trace and trace_pipe, and copies of them.
 *
 * A message may have newlines in it, so an event goes on until the next one begins, or until there
 * is nothing more for now: the kernel hands out whole records.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "line.h"
#include "reader.h"

/* More than the kernel makes of one read(), so that each gives whole records. */
#define READ_BYTES 65536
/* That a call may read at most, whatever there is. */
#define CALL_BYTES (4 * READ_BYTES)

/* A line or an event's lines, NUL-terminated. */
struct lines {
	char text[DDR_TEXT_MAX + 1];
	size_t len;
	bool cut;
};

/*
 * @line is read into until its newline comes. If it begins an event it becomes @event by changing
 * places, and what comes until the next event is put behind that.
 */
struct text_reader {
	struct ddr_reader base;
	bool live, ended;
	bool header;	/* nothing but the header was seen yet */
	bool waiting;	/* @line is complete, and begins the next event */
	bool has_event; /* @event is being put together */
	bool is_event;	/* and began with an event's line */
	struct ddr_line line_at;  /* where things are in @line, if @waiting */
	struct ddr_line event_at; /* the same of @event, if @is_event */
	uint64_t lost_before; /* records, before the event in @line */
	uint64_t lost;	      /* records, before @event */
	struct lines *event, *line;
	struct lines buf[2];
	size_t in_pos, in_len;
	char in[READ_BYTES];
};

static void lines_clear(struct lines *lines)
{
	lines->len = 0;
	lines->text[0] = '\0';
	lines->cut = false;
}

static void lines_add(struct lines *lines, const char *text, size_t len)
{
	char *to = lines->text + lines->len, *nul;
	size_t room = DDR_TEXT_MAX - lines->len;

	if (len > room) {
		len = room;
		lines->cut = true;
	}
	memcpy(to, text, len);
	/* A message can have a NUL, and what stands behind it is not to be hidden. */
	for (nul = to; (nul = memchr(nul, '\0', len - (size_t)(nul - to))); nul++)
		*nul = '?';
	lines->len += len;
	lines->text[lines->len] = '\0';
}

/* Return: 1, 0 at the end or when there is nothing now, -1 with errno. */
static int fill(struct text_reader *r)
{
	ssize_t n;

	do {
		n = read(r->base.fd, r->in, sizeof(r->in));
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN)
		return -1;
	r->in_pos = 0;
	r->in_len = n > 0 ? (size_t)n : 0;
	/* the end of a live one comes when recording is switched off, and goes again */
	r->ended = n == 0 && !r->live;
	return n > 0;
}

/* Puts what is there of a line into @line. Return: whether it is complete. */
static bool take_line(struct text_reader *r)
{
	const char *from = r->in + r->in_pos;
	size_t n = r->in_len - r->in_pos;
	const char *end = memchr(from, '\n', n);

	if (end)
		n = (size_t)(end - from);
	lines_add(r->line, from, n);
	r->in_pos += n + (end != NULL);
	return end != NULL;
}

/* Begins an event with @line, whether that is one's or not. */
static void begin(struct text_reader *r)
{
	bool is_event = r->waiting;
	struct lines *line = r->line;

	r->line = r->event;
	r->event = line;
	lines_clear(r->line);
	r->waiting = false;
	r->has_event = true;
	r->is_event = is_event;
	r->header = false;
	r->lost = is_event ? r->lost_before : 0;
	if (is_event) {
		r->event_at = r->line_at;
		r->lost_before = 0;
	}
}

/* Hands out what was put together. Return: 1. */
static int deliver(struct text_reader *r, struct ddr_event *event)
{
	r->base.cut += r->event->cut;
	event->lost = r->lost;
	event->text = r->event->text;
	if (r->is_event)
		ddr_line_event(r->event->text, &r->event_at, event);
	r->has_event = false;
	return 1;
}

/* @line is complete. Return: whether @event is, too. */
static bool sort_line(struct text_reader *r)
{
	struct lines *line = r->line;
	uint64_t lost;

	if ((r->header && line->text[0] == '#') || ddr_line_started(line->text)) {
		lines_clear(line);
		return false;
	}
	if (ddr_line_lost(line->text, &lost)) {
		r->lost_before += lost;
		r->base.lost += lost;
		lines_clear(line);
		/* More of the event's text cannot come. */
		return r->has_event;
	}
	if (ddr_line_find(line->text, &r->line_at)) {
		r->waiting = true;
		return r->has_event;
	}
	if (!r->has_event) {
		begin(r);
		return false;
	}
	/* a line that was cut already is too long for both */
	lines_add(r->event, "\n", 1);
	lines_add(r->event, line->text, line->len);
	lines_clear(line);
	return false;
}

/* The end, or nothing now. Return: as ddr_reader_next(). */
static int out_of_input(struct text_reader *r, struct ddr_event *event)
{
	/* What has no newline at the end of a file is a line all the same. */
	if (r->ended && r->line->len) {
		if (sort_line(r) && r->has_event)
			return deliver(r, event);
		if (r->waiting)
			begin(r);
	}
	/* What follows a part of a line belongs to that. */
	if (r->has_event && (r->ended || !r->line->len))
		return deliver(r, event);
	return 0;
}

static int text_next(struct ddr_reader *reader, struct ddr_event *event)
{
	struct text_reader *r = (struct text_reader *)reader;
	size_t bytes = 0;
	int ret;

	for (;;) {
		if (r->waiting)
			begin(r);
		while (r->in_pos < r->in_len) {
			if (!take_line(r))
				break;
			if (sort_line(r) && r->has_event)
				return deliver(r, event);
			if (r->waiting)
				break;
		}
		if (r->waiting)
			continue;
		if (r->ended)
			return out_of_input(r, event);
		if (bytes >= CALL_BYTES) {
			/* No kernel writes such: out with it, as it is. */
			if (!r->has_event)
				begin(r);
			return deliver(r, event);
		}
		ret = fill(r);
		if (ret < 0)
			/* what was read before is not lost with it; the error comes again */
			return r->has_event && !r->line->len ? deliver(r, event) : -1;
		if (ret == 0)
			return out_of_input(r, event);
		bytes += r->in_len;
	}
}

static void reset(struct text_reader *r)
{
	lines_clear(r->line);
	r->in_pos = r->in_len = 0;
	r->lost_before = 0;
	r->base.lost = r->base.cut = 0;
	r->ended = r->waiting = r->has_event = false;
	r->header = true;
}

static int text_rewind(struct ddr_reader *reader)
{
	struct text_reader *r = (struct text_reader *)reader;

	if (lseek(r->base.fd, 0, SEEK_SET) < 0)
		return -1;
	reset(r);
	return 0;
}

static void text_free(struct ddr_reader *reader)
{
	close(reader->fd);
	free(reader);
}

static const struct ddr_reader_ops text_ops = {
	.next = text_next,
	.rewind = text_rewind,
	.free = text_free,
};

/**
 * ddr_reader_new() - read a stream's text
 * @fd: of DDR_SNAPSHOT, DDR_LIVE or DDR_COPY, or another trace file. Taken over: ddr_reader_free()
 * closes it. If this fails it is still the caller's.
 *
 * What @fd still has is read from where it stands. A live one is made O_NONBLOCK.
 *
 * A message that has newlines in it is one event. One that was made up to look like the kernel's
 * lines behind a newline is taken for more events; ddr_reader_new_raw() is not deceived.
 *
 * Context: does not wait.
 *
 * Return: to be freed with ddr_reader_free(); NULL with errno: EBADF, ENOMEM.
 */
struct ddr_reader *ddr_reader_new(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct text_reader *r;

	if (flags < 0)
		return NULL;
	if (!(flags & O_NONBLOCK) && fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->base.ops = &text_ops;
	r->base.fd = fd;
	r->live = lseek(fd, 0, SEEK_CUR) < 0 && errno == ESPIPE;
	r->event = &r->buf[0];
	r->line = &r->buf[1];
	reset(r);
	return &r->base;
}
