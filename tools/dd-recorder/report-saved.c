// SPDX-License-Identifier: GPL-2.0-only
/* What streams were saved to, in a report. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/config.h"
#include "../lib/ddrecorder.h"
#include "cmd.h"
#include "report.h"

static int add(struct report *report, const char *stream, unsigned int number, int fd)
{
	char name[DDR_NAME_MAX + 32];
	size_t len = 0;
	char *text = cmd_read_all(fd, &len);
	int err;

	snprintf(name, sizeof(name), "saved/%s.%u.txt", stream, number);
	report_source(report, name, text ? NULL : strerror(errno));
	if (!text)
		return 0;
	report_redact(report, text, len);
	err = report_add(report, name, text, len);
	free(text);
	return err;
}

/**
 * report_saved() - what a stream held when it was saved (recorder.conf(5), on=)
 * @report: the report.
 * @client: connected.
 * @stream: the stream's name, of which the caller may have a snapshot or a copy.
 *
 * All there is: what is too old for --since is why it was saved.
 *
 * Context: waits for the daemon, see cmd_try().
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_saved(struct report *report, struct ddr_client *client, const char *stream)
{
	char what[DDR_NAME_MAX + 32];
	struct ddr_answer answer;
	unsigned int i;
	int err = 0;

	snprintf(what, sizeof(what), "what was saved of stream %s", stream);
	for (i = 0; !err && i < DDR_MAX_SAVES; i++) {
		if (cmd_try(client, DDR_SAVED, stream, i, &answer)) {
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
		err = add(report, stream, i, answer.fd[0]);
		close(answer.fd[0]);
	}
	return err;
}
