// SPDX-License-Identifier: GPL-2.0-only
/* A report's kernel log, for root. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

#define KMSG_MAX 8192 /* bytes of a record, include/linux/printk.h of the kernel */

struct klog {
	int fd;
	/* how much CLOCK_MONOTONIC is ahead of the log's clock, and the line that told */
	int64_t ahead_ns;
	char mark[64];
	bool marked; /* it was written and found */
	int64_t marked_ns;
};

struct record {
	uint64_t us;
	char *text;
	size_t len;
};

/* "6,1234,5678901,-;text\n KEY=value\n": Documentation/ABI/testing/dev-kmsg of the kernel. Return: 1, or 0 at the end. */
static int next(struct klog *log, char *buf, struct record *record)
{
	ssize_t n;
	char *end;

	for (;;) {
		n = read(log->fd, buf, KMSG_MAX - 1);
		if (n < 0 && (errno == EINTR || errno == EPIPE)) /* EPIPE: overwritten before it was read */
			continue;
		if (n <= 0)
			return 0;
		buf[n] = '\0';
		record->text = strchr(buf, ';');
		if (!record->text || sscanf(buf, "%*u,%*u,%" SCNu64, &record->us) != 1)
			continue;
		record->text++;
		end = strchr(record->text, '\n'); /* a newline of the message itself is written as \x0a */
		record->len = end ? (size_t)(end - record->text) : strlen(record->text);
		record->text[record->len] = '\0';
		return 1;
	}
}

/* The log's clock is none that a program can read. So a line is written to it, at a time that is known. */
static void mark(struct klog *log)
{
	struct timespec now;
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	clock_gettime(CLOCK_MONOTONIC, &now);
	log->marked_ns = now.tv_sec * 1000000000 + now.tv_nsec;
	/* (a record without a newline could still go on, and is not shown) */
	snprintf(log->mark, sizeof(log->mark), "dd-recorder: a report is made, %" PRId64 "\n", log->marked_ns);
	log->marked = fd >= 0 && write(fd, log->mark, strlen(log->mark)) > 0;
	log->mark[strcspn(log->mark, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

static void look_for_mark(struct klog *log, char *buf)
{
	struct record record;
	bool found = false;

	while (log->marked && next(log, buf, &record)) {
		if (!strcmp(record.text, log->mark)) {
			log->ahead_ns = log->marked_ns - (int64_t)record.us * 1000;
			found = true;
			break;
		}
	}
	log->marked = found;
	lseek(log->fd, 0, SEEK_SET); /* to the oldest that there is */
}

static void print_all(const struct report *report, struct klog *log, char *buf, FILE *to)
{
	struct record record;

	while (next(log, buf, &record)) {
		if ((int64_t)record.us * 1000 + log->ahead_ns < (int64_t)report->since_ns)
			continue;
		fprintf(to, "[%5" PRIu64 ".%06" PRIu64 "] %s\n", record.us / 1000000, record.us % 1000000,
			record.text);
		if (log->marked && !strcmp(record.text, log->mark))
			break; /* what comes now may be our own doing */
	}
}

/* @text: of print_all(), redacted: "[  123.456789] text\n". */
static void add_lines(struct report *report, const struct klog *log, const char *text)
{
	struct timeline_entry entry = { .source = timeline_name(&report->timeline, "kernel") };
	uint64_t seconds, us;
	const char *end;
	char *p;

	for (; *text; text = end + 1) {
		end = strchrnul(text, '\n');
		seconds = strtoull(text + 1, &p, 10);
		us = strtoull(p + 1, &p, 10);
		entry.time_ns = (int64_t)((seconds * 1000000 + us) * 1000) + log->ahead_ns;
		timeline_add(&report->timeline, &entry, p + 2, (size_t)(end - p) - 2);
	}
}

/**
 * report_kernel_log() - what the kernel log holds
 * @report: the report.
 *
 * For root only, whatever kernel.dmesg_restrict says: it tells of other users and other cards.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_kernel_log(struct report *report)
{
	struct klog log = { .fd = -1 };
	char *text = NULL, *buf;
	size_t len = 0;
	int err = -1;
	FILE *to;

	if (geteuid() != 0) {
		report_source(report, "the kernel's log", "it is for root");
		return 0;
	}
	report_progress(report, "the kernel's log");
	log.fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log.fd < 0) {
		report_source(report, "the kernel's log", strerror(errno));
		return 0;
	}
	buf = malloc(KMSG_MAX);
	to = open_memstream(&text, &len);
	if (buf && to) {
		mark(&log);
		look_for_mark(&log, buf);
		print_all(report, &log, buf, to);
	}
	if (to && !fclose(to) && buf) {
		report_clock(report_source(report, "the kernel's log", NULL), log.ahead_ns,
			     log.marked ? "by a line that was written to it" : "not known; taken to be CLOCK_MONOTONIC");
		if (!log.marked)
			report_source(report, "the clock of the kernel's log",
				      "no line can be written to it (printk.devkmsg=off?); its times may be off");
		report_redact(report, text, len);
		add_lines(report, &log, text);
		err = report_add(report, "kernel.log", text, len);
	}
	free(buf);
	free(text);
	close(log.fd);
	return err;
}
