// SPDX-License-Identifier: GPL-2.0-only
/* A report's log of the compositor. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "report.h"

#define LOG_MAX (64 << 20) /* bytes */

/*
 * Weston's: "[21:00:01.123] text" by the local time, and before the first and whenever the day changes
 * "Date: 2026-11-21 UTC" (weston_log_timestamp(), weston_vlog() in frontend/main.c of Weston). What has no
 * time belongs to the line before it. Return: 0 and the time, or -1.
 */
static int weston_time(const char *line, struct tm *day, time_t *seconds, long *ns)
{
	unsigned int hour, minute, second, milli;
	struct tm at;
	char *end;

	end = strncmp(line, "Date: ", 6) ? NULL : strptime(line + 6, "%Y-%m-%d", day);
	if (end)
		return -1;
	/* (sscanf() looks for the string's end first, which is far) */
	if (*line != '[' || sscanf(line, "[%2u:%2u:%2u.%3u]", &hour, &minute, &second, &milli) != 4 || !day->tm_mday)
		return -1;
	at = *day;
	at.tm_hour = (int)hour;
	at.tm_min = (int)minute;
	at.tm_sec = (int)second;
	at.tm_isdst = -1;
	*seconds = mktime(&at);
	*ns = milli * 1000000;
	return 0;
}

static void add_lines(struct report *report, char *text, size_t size)
{
	int64_t ahead = (int64_t)report->mono_ns - report->real_ns, last = -1;
	struct timeline_entry entry = { .source = timeline_name(&report->timeline, "compositor") };
	char *end = text + size, *newline;
	struct tm day = { 0 };
	time_t seconds;
	size_t len;
	long ns;

	for (; text < end; text += len + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		len = newline ? (size_t)(newline - text) : (size_t)(end - text);
		text[len] = '\0'; /* there is one behind the last line, too */
		if (!weston_time(text, &day, &seconds, &ns))
			last = (int64_t)seconds * 1000000000 + ns;
		entry.time_ns = last + ahead;
		if (last >= 0 && entry.time_ns >= (int64_t)report->since_ns)
			timeline_add(&report->timeline, &entry, text, len);
		text[len] = newline ? '\n' : '\0';
	}
}

/**
 * report_open_log() - open a file that the caller wants in the report
 * @path: the file: a regular one, of at most LOG_MAX.
 *
 * Return: the fd; -1 after a message.
 */
int report_open_log(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	const char *why = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		why = strerror(errno);
	else if (!S_ISREG(st.st_mode))
		why = "not a regular file";
	else if (st.st_size > LOG_MAX)
		why = "larger than 64 MiB";
	if (!why)
		return fd;
	fprintf(stderr, "dd-recorder: %s: %s\n", path, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

/**
 * report_compositor() - a file that Weston logged to
 * @report: the report.
 * @fd: of report_open_log(); closed.
 *
 * Its wall time becomes CLOCK_MONOTONIC by how both stand when the report is made: a clock that was set
 * meanwhile puts older lines elsewhere.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_compositor(struct report *report, int fd)
{
	size_t len;
	char *text;
	int err = 0;

	report_progress(report, "the compositor's log");
	text = cmd_read_all(fd, &len);
	report_source(report, "the compositor's log", text ? NULL : strerror(errno));
	close(fd);
	if (text) {
		report_redact(report, text, len);
		add_lines(report, text, len);
		err = report_add(report, "compositor.log", text, len);
	}
	free(text);
	return err;
}
