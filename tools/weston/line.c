// SPDX-License-Identifier: GPL-2.0-only
/*
 * A line: "[HH:MM:SS.mmm] [SECONDS.MICROSECONDS] STREAM: ...": the wall time as Weston's log has
 * it, CLOCK_MONOTONIC as the kernel stamped the message. What comes then is for people.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "line.h"

struct out {
	char *buf;
	size_t size, len;
	bool cut;
};

__attribute__((format(printf, 2, 0)))
static void vput(struct out *out, const char *fmt, va_list ap)
{
	int n = vsnprintf(out->buf + out->len, out->size - out->len, fmt, ap);

	if (n > 0)
		out->len += (size_t)n;
	if (out->len > out->size - 2) { /* a newline has to fit, too */
		out->len = out->size - 2;
		out->cut = true;
	}
}

__attribute__((format(printf, 2, 3)))
static void put(struct out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vput(out, fmt, ap);
	va_end(ap);
}

static void begin(struct out *out, const char *stream, uint64_t time_ns, int64_t wall_ns)
{
	int64_t wall = (int64_t)time_ns + wall_ns;
	time_t seconds = (time_t)(wall / 1000000000);
	struct tm tm;
	char clock[16] = "??:??:??";

	if (localtime_r(&seconds, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	put(out, "[%s.%03d] [%5" PRIu64 ".%06" PRIu64 "] %s:", clock,
	    (int)(wall / 1000000 % 1000), time_ns / 1000000000, time_ns / 1000 % 1000000, stream);
}

/* Ends it. Names of processes are whatever these like, so nothing but text goes to a terminal. */
static size_t end(struct out *out)
{
	size_t i;

	while (out->len > 0 && out->buf[out->len - 1] == '\n')
		out->len--;
	for (i = 0; i < out->len; i++)
		if ((unsigned char)out->buf[i] < ' ' || out->buf[i] == 0x7f)
			out->buf[i] = out->buf[i] == '\n' || out->buf[i] == '\t' ? ' ' : '?';
	if (out->cut && out->len > 3)
		memset(out->buf + out->len - 3, '.', 3);
	out->buf[out->len++] = '\n';
	out->buf[out->len] = '\0';
	return out->len;
}

/**
 * line_event() - an event's line
 * @buf: gets it, with a newline; cut, which "..." at the end shows, if it does not fit.
 * @size: bytes of @buf, 64 at least.
 * @stream: where it is from.
 * @event: the event.
 * @wall_ns: CLOCK_REALTIME less CLOCK_MONOTONIC.
 *
 * Return: bytes, without the NUL.
 */
size_t line_event(char *buf, size_t size, const char *stream, const struct ddr_event *event,
		  int64_t wall_ns)
{
	struct out out = { .buf = buf, .size = size };
	const char *text = event->text ? event->text : "";
	bool message = event->module || event->function;

	begin(&out, stream, event->time_ns, wall_ns);
	if (event->minor >= 0)
		put(&out, " drm:%d", event->minor);
	if (event->device)
		put(&out, " %s", event->device);
	if (event->class_name)
		put(&out, " %s", event->class_name);
	if (!message)
		put(&out, " %s", !event->name ? "event" :
				  strcmp(event->name, "print") ? event->name : "mark");
	put(&out, " %s-%d", event->comm ? event->comm : "?", event->pid);
	if (event->module)
		put(&out, " %s", event->module);
	if (event->function)
		put(&out, "%s%s", event->module ? ":" : " ", event->function);
	if (event->function && event->line)
		put(&out, ":%u", event->line);
	put(&out, ": %s", text);
	return end(&out);
}

/**
 * line_note() - a line of our own
 * @buf: as of line_event().
 * @size: as of line_event().
 * @stream: what it is about.
 * @time_ns: CLOCK_MONOTONIC.
 * @wall_ns: as of line_event().
 * @fmt: what it says.
 *
 * Return: bytes, without the NUL.
 */
size_t line_note(char *buf, size_t size, const char *stream, uint64_t time_ns, int64_t wall_ns,
		 const char *fmt, ...)
{
	struct out out = { .buf = buf, .size = size };
	va_list ap;

	begin(&out, stream, time_ns, wall_ns);
	put(&out, " ");
	va_start(ap, fmt);
	vput(&out, fmt, ap);
	va_end(ap);
	return end(&out);
}
