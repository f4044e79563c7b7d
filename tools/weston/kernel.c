// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the streams into the scope, in the order of their time stamps: when the event loop finds
 * that a stream has something, and before each line of the scopes in order.c.
 *
 * The compositor has better things to do. The loop brings at most TURN_MAX messages, and then
 * the streams rest for PAUSE_MS, whatever they have; it is the ring buffer's job to hold what
 * comes meanwhile, and what does not fit is counted there.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dd-kernel.h"

#define TURN_MAX 256	/* messages for one turn of the event loop */
#define BEFORE_MAX 1024 /* messages before one line of the compositor's */
#define PAUSE_MS 20
#define SETTLE_MS 1	/* what is younger than the compositor's line may come after it */
#define NOTE_MAX 256	/* bytes of a line of our own */

/* in ns */
static uint64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static int64_t wall_offset(void)
{
	return (int64_t)(now(CLOCK_REALTIME) - now(CLOCK_MONOTONIC));
}

static void pause_streams(struct dd_kernel *dd, int ms)
{
	struct stream *s;

	dd->paused = true;
	wl_event_source_timer_update(dd->pace, ms);
	wl_list_for_each(s, &dd->streams, link)
		if (s->source)
			wl_event_source_fd_update(s->source, 0);
}

static void resume_streams(struct dd_kernel *dd)
{
	struct stream *s;

	dd->paused = false;
	wl_list_for_each(s, &dd->streams, link)
		if (s->source)
			wl_event_source_fd_update(s->source, WL_EVENT_READABLE);
}

static void broken(struct stream *s, int err)
{
	if (s->said != err)
		weston_log("dd-recorder: stream %s: %s\n", s->name,
			   err ? strerror(err) : "has ended");
	s->said = err;
	kernel_close(s);
	ask_again(s->dd);
}

/* Fills s->line, if the stream has a line. Takes from *@budget what it looked at. */
static void fetch(struct stream *s, int64_t wall_ns, unsigned int *budget)
{
	struct ddr_event event;
	size_t len = 0;
	int ret;

	while (!s->line[0] && !s->dry && *budget) {
		ret = ddr_reader_next(s->reader, &event);
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret < 0) {
			broken(s, errno);
			return;
		}
		if (ret == 0) {
			s->dry = true;
			return;
		}
		(*budget)--;
		if (event.time_ns < s->dd->since_ns) {
			s->n_older++;
			continue;
		}
		if (s->n_older)
			len += line_note(s->line + len, NOTE_MAX, s->name, event.time_ns,
					 wall_ns, "%" PRIu64 " older messages left out",
					 s->n_older);
		s->n_older = 0;
		if (event.lost)
			len += line_note(s->line + len, NOTE_MAX, s->name, event.time_ns,
					 wall_ns, "%" PRIu64 " messages lost on CPU %u",
					 event.lost, event.cpu);
		line_event(s->line + len, sizeof(s->line) - len, s->name, &event, wall_ns);
		s->line_ns = event.time_ns;
	}
}

/*
 * Writes what the streams have up to the time @until, at most @budget messages, merged. Return:
 * whether there may be more.
 */
static bool take(struct dd_kernel *dd, uint64_t until, unsigned int budget)
{
	int64_t wall_ns = wall_offset();
	struct stream *s, *first;

	wl_list_for_each(s, &dd->streams, link)
		s->dry = false;
	for (;;) {
		first = NULL;
		wl_list_for_each(s, &dd->streams, link) {
			if (s->state != STREAM_OPEN)
				continue;
			fetch(s, wall_ns, &budget);
			if (s->line[0] && (!first || s->line_ns < first->line_ns))
				first = s;
		}
		if (!first)
			return budget == 0;
		if (first->line_ns > until)
			return true;
		weston_log_scope_write(dd->scope, first->line, strlen(first->line));
		first->line[0] = '\0';
		if (!budget)
			return true;
	}
}

static bool kernel_take(struct dd_kernel *dd, uint64_t until, unsigned int budget)
{
	dd->busy = true;
	dd->more = take(dd, until, budget);
	dd->busy = false;
	return dd->more;
}

static int on_readable(int fd, uint32_t mask, void *data)
{
	struct stream *s = data;

	(void)fd;
	(void)mask;
	if (s->dd->paused) /* another one had its turn just now */
		return 0;
	kernel_take(s->dd, UINT64_MAX, TURN_MAX);
	pause_streams(s->dd, PAUSE_MS);
	return 0;
}

static int on_pace(void *data)
{
	struct dd_kernel *dd = data;

	/* What a reader has read, or a line that was held back, shows on no fd. */
	if (dd->more && kernel_take(dd, UINT64_MAX, TURN_MAX))
		pause_streams(dd, PAUSE_MS);
	else
		resume_streams(dd);
	return 0;
}

static void mark_line(struct dd_kernel *dd, const char *line, int len)
{
	struct stream *s;

	wl_list_for_each(s, &dd->streams, link) {
		if (s->mark_fd < 0 || ddr_mark(s->mark_fd, "%.*s", len, line) >= 0)
			continue;
		weston_log("dd-recorder: stream %s: mark: %s\n", s->name, strerror(errno));
		close(s->mark_fd);
		s->mark_fd = -1;
	}
}

/**
 * kernel_mark() - mark a text of the compositor's in the streams that may be
 * @dd: the module.
 * @text: one line or more, or a part of one.
 * @len: its bytes.
 */
void kernel_mark(struct dd_kernel *dd, const char *text, size_t len)
{
	const char *end = text + len, *eol;

	dd->busy = true;
	for (; text < end; text = eol + 1) {
		eol = memchr(text, '\n', (size_t)(end - text));
		if (!eol)
			eol = end;
		if (eol > text)
			mark_line(dd, text, (int)(eol - text));
	}
	dd->busy = false;
}

/**
 * kernel_write() - write what the kernel said until now, before a line of the compositor's
 * @dd: the module.
 */
void kernel_write(struct dd_kernel *dd)
{
	if (kernel_take(dd, now(CLOCK_MONOTONIC), BEFORE_MAX) && !dd->paused)
		pause_streams(dd, SETTLE_MS);
}

/**
 * kernel_since() - leave out what the kernel said before now
 * @dd: the module.
 */
void kernel_since(struct dd_kernel *dd)
{
	dd->since_ns = now(CLOCK_MONOTONIC);
}

/**
 * kernel_init() - make ready for streams
 * @dd: the module.
 *
 * Return: 0, or -1 if there is no memory.
 */
int kernel_init(struct dd_kernel *dd)
{
	wl_list_init(&dd->streams);
	dd->pace = wl_event_loop_add_timer(dd->loop, on_pace, dd);
	return dd->pace ? 0 : -1;
}

/**
 * kernel_add() - have one more stream, to be asked for
 * @dd: the module.
 * @name: the stream's.
 *
 * Return: it, or NULL if there is no memory.
 */
struct stream *kernel_add(struct dd_kernel *dd, const char *name)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dd = dd;
	s->mark_fd = -1;
	s->state = STREAM_WANTED;
	snprintf(s->name, sizeof(s->name), "%s", name);
	wl_list_insert(dd->streams.prev, &s->link);
	return s;
}

/**
 * kernel_open() - follow a stream
 * @s: the stream.
 * @live_fd: taken over, also on failure.
 * @mark_fd: the same; -1: no marks.
 *
 * Return: 0, or -1 with errno.
 */
int kernel_open(struct stream *s, int live_fd, int mark_fd)
{
	s->mark_fd = mark_fd;
	s->n_older = 0;
	s->line[0] = '\0';
	s->reader = ddr_reader_new(live_fd);
	if (s->reader)
		s->source = wl_event_loop_add_fd(s->dd->loop, ddr_reader_fd(s->reader),
						 s->dd->paused ? 0 : WL_EVENT_READABLE,
						 on_readable, s);
	if (!s->source) {
		kernel_close(s);
		return -1;
	}
	s->state = STREAM_OPEN;
	return 0;
}

/**
 * kernel_close() - leave a stream
 * @s: the stream; it is wanted then, unless it was refused.
 */
void kernel_close(struct stream *s)
{
	if (s->source)
		wl_event_source_remove(s->source);
	s->source = NULL;
	ddr_reader_free(s->reader);
	s->reader = NULL;
	if (s->mark_fd >= 0)
		close(s->mark_fd);
	s->mark_fd = -1;
	s->line[0] = '\0';
	if (s->state == STREAM_OPEN)
		s->state = STREAM_WANTED;
}

/**
 * kernel_forget() - leave all streams and know none
 * @dd: the module.
 */
void kernel_forget(struct dd_kernel *dd)
{
	struct stream *s, *next;

	wl_list_for_each_safe(s, next, &dd->streams, link) {
		kernel_close(s);
		wl_list_remove(&s->link);
		free(s);
	}
}
