// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's messages, to stderr. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

/* What clients can cause is logged at most so often. */
#define BURST 20
#define INTERVAL_S 10

static bool to_journal;

/**
 * log_init() - find out who reads stderr
 *
 * $JOURNAL_STREAM is "DEVICE:INODE" of the journal's socket (systemd.exec(5)); that stderr still
 * is that one has to be checked, as it may have been redirected since.
 */
void log_init(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	to_journal = stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
		     fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

/**
 * log_is_journal() - does what is logged come to the journal?
 */
bool log_is_journal(void)
{
	return to_journal;
}

static void log_va(enum log_level level, const char *fmt, va_list ap)
{
	char line[1024];

	/* one write a line, so that lines of several processes do not mix */
	vsnprintf(line, sizeof(line), fmt, ap);
	if (to_journal)
		fprintf(stderr, "<%d>%s\n", level, line);
	else
		fprintf(stderr, "dd-recorder: %s\n", line);
}

/**
 * log_msg() - log a line
 * @level: how bad.
 * @fmt: without newline.
 */
void log_msg(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_va(level, fmt, ap);
	va_end(ap);
}

/**
 * log_limited() - log a line that a client caused
 * @level: how bad.
 * @fmt: without newline.
 *
 * At most BURST lines in INTERVAL_S seconds, so that no client can flood the log; the next
 * interval's first line tells how many were left out.
 */
void log_limited(enum log_level level, const char *fmt, ...)
{
	static unsigned int said, left_out;
	static time_t since;
	struct timespec now;
	va_list ap;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!said || now.tv_sec - since >= INTERVAL_S) {
		if (left_out)
			log_msg(LOG_LEVEL_WARNING, "%u more messages like the last left out",
				left_out);
		said = 0;
		left_out = 0;
		since = now.tv_sec;
	}
	if (said == BURST) {
		left_out++;
		return;
	}
	said++;
	va_start(ap, fmt);
	log_va(level, fmt, ap);
	va_end(ap);
}
