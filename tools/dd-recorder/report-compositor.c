// SPDX-License-Identifier: GPL-2.0-only
/* A report's log of the compositor. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report.h"

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
	if (sscanf(line, "[%2u:%2u:%2u.%3u]", &hour, &minute, &second, &milli) != 4 || !day->tm_mday)
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

static void add_lines(struct report *report, char *text)
{
	int64_t ahead = (int64_t)report->mono_ns - report->real_ns, last = -1, at;
	struct tm day = { 0 };
	time_t seconds;
	char *newline;
	size_t len;
	long ns;

	for (; *text; text += len + (newline != NULL)) {
		newline = strchr(text, '\n');
		len = newline ? (size_t)(newline - text) : strlen(text);
		if (!weston_time(text, &day, &seconds, &ns))
			last = (int64_t)seconds * 1000000000 + ns;
		at = last + ahead;
		if (last >= 0 && at >= (int64_t)report->since_ns)
			timeline_add(&report->timeline, at, "compositor", text, len);
	}
}

/**
 * report_compositor() - a file that Weston logged to
 * @report: the report.
 * @path: the file.
 *
 * Its wall time becomes CLOCK_MONOTONIC by how both stand when the report is made: a clock that was set
 * meanwhile puts older lines elsewhere.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_compositor(struct report *report, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	report_progress(report, "the compositor's log");
	errno = 0;
	len = file ? getdelim(&text, &room, '\0', file) : -1;
	if (len < 0 && (!file || errno)) {
		report_source(report, "the compositor's log", strerror(errno));
	} else {
		report_source(report, "the compositor's log", NULL);
		if (len > 0)
			add_lines(report, text);
		err = report_add(report, "compositor.log", len > 0 ? text : (char[]){ "" }, len > 0 ? (size_t)len : 0);
	}
	free(text);
	if (file)
		fclose(file);
	return err;
}
