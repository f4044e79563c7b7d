// SPDX-License-Identifier: GPL-2.0-only
/* What streams were saved to, in a report. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/config.h"
#include "../lib/ddrecorder.h"
#include "bootid.h"
#include "cmd.h"
#include "report.h"

/* @stream: its @until_ns becomes the times of what is the first now. */
static int add(struct report *report, struct report_stream *stream, unsigned int number, int fd)
{
	char name[REPORT_NAME_MAX], file[REPORT_NAME_MAX - 5];
	struct report_stream saved = *stream;
	int64_t first_ns[REPORT_CPUS];
	size_t len = 0, cpu;
	char *text = cmd_read_all(fd, &len);
	bool now;
	int err;

	snprintf(file, sizeof(file), "saved/%s.%u", stream->name, number);
	snprintf(name, sizeof(name), "%s.txt", file);
	if (!text) {
		report_source(report, name, strerror(errno));
		return 0;
	}
	report_clock(report_source(report, name, NULL), stream->ahead_ns, "as the stream's");
	saved.file = file;
	/* what was saved before the machine was booted has times of another CLOCK_MONOTONIC */
	now = bootid_is_now(text, len);
	for (cpu = 0; cpu < REPORT_CPUS && !now; cpu++)
		saved.until_ns[cpu] = INT64_MIN;
	report_redact(report, text, len);
	err = report_events(report, &saved, text, len, first_ns);
	err = err ? err : report_add(report, name, text, len);
	free(text);
	for (cpu = 0; cpu < REPORT_CPUS && now; cpu++) {
		if (first_ns[cpu] < stream->until_ns[cpu])
			stream->until_ns[cpu] = first_ns[cpu];
	}
	return err;
}

/**
 * report_saved() - what a stream held when it was saved (recorder.conf(5), on=)
 * @report: the report.
 * @client: connected.
 * @stream: of which the caller may have a snapshot or a copy. What it does not hold any more is for the timeline;
 *	its @until_ns is changed.
 *
 * All there is: what is too old for --since may be why it was saved.
 *
 * Context: waits for the daemon, see cmd_try().
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_saved(struct report *report, struct ddr_client *client, struct report_stream *stream)
{
	struct ddr_answer answer;
	char what[REPORT_NAME_MAX];
	unsigned int i;
	int err = 0;

	snprintf(what, sizeof(what), "saved stream %s", stream->name);
	for (i = 0; !err && i < DDR_SAVE_KINDS * DDR_MAX_SAVES; i++) {
		if (cmd_try(client, DDR_SAVED, stream->name, i, &answer)) {
			report_source(report, what, strerror(errno));
			break;
		}
		/* a daemon of before knows nothing of it */
		if (answer.error == ENOENT || answer.error == EOPNOTSUPP)
			break;
		if (answer.error) {
			report_source(report, what, strerror(answer.error));
			break;
		}
		if (!i)
			report_progress(report, what);
		err = add(report, stream, i, answer.fd[0]);
		close(answer.fd[0]);
	}
	return err;
}
