// SPDX-License-Identifier: GPL-2.0-only
/* A report's logs of compositors: files that the caller names. */
#include <errno.h>
#include <fcntl.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "info-json.h"
#include "logtime.h"
#include "report.h"

#define LOG_MAX (64 << 20) /* bytes */
#define LINES_MAX 200000 /* of a log in the timeline, where each takes memory, however short it is */

/* For the manifest: lines that are not in the timeline, or not whole. */
struct count {
	uint64_t unplaced;
	uint64_t left_out;
	uint64_t cut;
};

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

/* What there was when @st was; what is written meanwhile is younger than its time. Return: to be freed; NULL with errno. */
static char *read_log(int fd, struct stat *st, size_t *len)
{
	ssize_t n;
	char *text;

	if (fstat(fd, st))
		return NULL;
	if (st->st_size > LOG_MAX) {
		errno = EFBIG;
		return NULL;
	}
	text = malloc((size_t)st->st_size + 1);
	*len = 0;
	while (text && *len < (size_t)st->st_size) {
		n = read(fd, text + *len, (size_t)st->st_size - *len);
		if (n < 0 && errno != EINTR) {
			free(text);
			return NULL;
		}
		if (n == 0)
			break;
		*len += n > 0 ? (size_t)n : 0;
	}
	return text;
}

/* How much CLOCK_MONOTONIC is ahead of the log's times, and how that is known. */
static int64_t ahead(const struct report *report, const struct logtime *log, const struct stat *st, const char **how)
{
	int64_t ns = (int64_t)report->mono_ns - report->real_ns;

	if (log->format == LOGTIME_WLROOTS) {
		*how = "the file's time of modification is taken to be its last line's";
		return ns + st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec - log->end_ns;
	}
	*how = log->by_file ? "as CLOCK_REALTIME stood when the report was begun; the file's time of modification is taken "
			      "to be of its last line's day" :
			      "as CLOCK_REALTIME stood when the report was begun";
	return ns;
}

static size_t count_lines(const char *text, size_t size)
{
	const char *end = text + size;
	size_t n = 0;

	for (; text < end; text += logtime_len(text, end) + 1)
		n++;
	return n;
}

static void add_lines(struct report *report, const char *name, struct logtime *log, int64_t ahead_ns, const char *text,
		      size_t size, struct count *count)
{
	size_t len, left = count_lines(text, size);
	struct timeline_entry entry = { .source = timeline_name(&report->timeline, name) };
	const char *end = text + size;
	bool placed = false;
	int64_t ns = 0;

	for (; text < end; text += len + 1, left--) {
		len = logtime_len(text, end);
		placed |= logtime_line(log, text, len, &ns);
		if (!placed) {
			count->unplaced++;
		} else if (left > LINES_MAX) {
			count->left_out++;
		} else if (!report->since_ns || ns + ahead_ns >= (int64_t)report->since_ns) { /* (or before the boot) */
			count->cut += len > REPORT_LINE_MAX;
			entry.time_ns = ns + ahead_ns;
			timeline_add(&report->timeline, &entry, text, len > REPORT_LINE_MAX ? REPORT_LINE_MAX : len);
		}
	}
}

static void place(struct report *report, const char *name, const char *text, size_t len, const struct stat *st,
		  struct json_object *entry)
{
	static const char *const formats[] = {
		[LOGTIME_NONE] = "none: no line with a time that is known",
		[LOGTIME_WESTON] = "weston",
		[LOGTIME_WLROOTS] = "sway/wlroots",
	};
	bool absurd = st->st_mtim.tv_sec < 0 || st->st_mtim.tv_sec >= LOGTIME_END;
	struct count count = { 0 };
	struct logtime log;
	const char *how;
	int64_t ahead_ns = 0;

	logtime_begin(&log, text, len, absurd ? 0 : st->st_mtim.tv_sec);
	info_add_string(entry, "format", formats[log.format]);
	if (absurd && (log.format == LOGTIME_WLROOTS || log.by_file)) {
		report_clock(entry, 0, "not known: the file's time of modification is absurd");
		log.format = LOGTIME_NONE;
	} else if (log.format != LOGTIME_NONE) {
		ahead_ns = ahead(report, &log, st, &how);
		report_clock(entry, ahead_ns, how);
	}
	if (log.format == LOGTIME_NONE && !report->quiet)
		fprintf(stderr, "dd-recorder: log %s: not in the timeline, its times are not known\n", name);
	add_lines(report, name, &log, ahead_ns, text, len, &count);
	info_add_uint(entry, "unplaced", count.unplaced);
	info_add_uint(entry, "cut", count.cut);
	info_add_uint(entry, "left_out", count.left_out);
}

static int add_log(struct report *report, struct report_log *log)
{
	char source[REPORT_NAME_MAX + 8], path[REPORT_NAME_MAX + 8];
	struct json_object *entry;
	struct stat st;
	size_t len;
	char *text;
	int err;

	report_name(report, log->name, sizeof(log->name), "logs/", log->path, "");
	snprintf(source, sizeof(source), "log %s", log->name);
	snprintf(path, sizeof(path), "logs/%s", log->name);
	report_progress(report, source);
	text = read_log(log->fd, &st, &len);
	entry = report_source(report, source, text ? NULL : strerror(errno));
	close(log->fd);
	if (!text)
		return 0;
	report_redact(report, text, len);
	place(report, log->name, text, len, &st, entry);
	err = report_add(report, path, text, len);
	free(text);
	return err;
}

/**
 * report_logs() - the files that compositors logged to
 * @report: the report. Its logs are read as far as they go now, and closed.
 *
 * Wall time becomes CLOCK_MONOTONIC by how both stand when the report is made: a clock that was set meanwhile puts older
 * lines elsewhere. Time since a program's start does so by when the file was last written to.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_logs(struct report *report)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < report->n_logs; i++)
		err = add_log(report, &report->log[i]);
	return err;
}
