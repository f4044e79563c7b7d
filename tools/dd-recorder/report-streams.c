// SPDX-License-Identifier: GPL-2.0-only
/* A report's streams, by the daemon. */
#include <errno.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/line.h"
#include "cmd.h"
#include "ledger.h"
#include "report.h"

/* Bytes of a text that is not known to have an end */
#define UNTIMED_MAX (256u << 20)
/* How long a status may be on its way. */
#define SAME_CLOCK_NS 2000000000ll

/* Leaves out what is too old: an event and what hangs on to it. Return: the bytes that are left. */
static size_t cut(const struct report *report, const struct report_stream *stream, char *text, size_t len)
{
	char *p = text, *to = text, *end = text + len, *newline, last;
	struct ddr_line at;
	bool keep = true;
	size_t n;

	for (; p < end; p += n) {
		newline = memchr(p, '\n', (size_t)(end - p));
		n = newline ? (size_t)(newline - p) + 1 : (size_t)(end - p);
		last = p[n - 1];
		p[n - 1] = '\0'; /* of the very last line that may cost a letter of its text */
		if (ddr_line_find(p, &at))
			keep = (int64_t)at.time_ns + stream->ahead_ns >= (int64_t)report->since_ns;
		p[n - 1] = last;
		if (keep) {
			memmove(to, p, n);
			to += n;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

/* A stream's clock counts what CLOCK_MONOTONIC counts, but for this much. @asked_ns: when the status came. */
static int64_t ahead(const struct ddr_stream_status *stream, int64_t asked_ns)
{
	int64_t ns = asked_ns - (int64_t)stream->now_ns;

	/* the same clock, read a moment before */
	return !stream->now_ns || (ns >= 0 && ns < SAME_CLOCK_NS) ? 0 : ns;
}

/*
 * While more comes than the kernel makes text of, a stream's text has no end. What is younger than the report is not of it.
 * @arg: a time by the stream's clock.
 */
static bool is_younger(char *text, size_t *len, void *arg)
{
	char *end = memrchr(text, '\n', *len), *line;
	const int64_t *until_ns = arg;
	struct ddr_line at;
	bool younger;

	if (!end)
		return false;
	line = memrchr(text, '\n', (size_t)(end - text));
	line = line ? line + 1 : text;
	*end = '\0';
	younger = ddr_line_find(line, &at) && (int64_t)at.time_ns > *until_ns;
	*end = '\n';
	/* all before an event's first line is whole */
	if (younger)
		*len = (size_t)(line - text);
	return younger;
}

/* Of a clock that counts no time nobody knows what is younger. */
static bool is_too_long(char *text, size_t *len, void *arg)
{
	(void)text;
	(void)arg;
	return *len > UNTIMED_MAX;
}

/* Return: as cmd_read_all(). */
static char *read_stream(int fd, const struct report_stream *stream, size_t *len)
{
	struct timespec now;
	int64_t until_ns;

	if (!stream->has_clock)
		return cmd_read_until(fd, len, is_too_long, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	/* the clock's difference is known to so much */
	until_ns = now.tv_sec * 1000000000 + now.tv_nsec + SAME_CLOCK_NS - stream->ahead_ns;
	return cmd_read_until(fd, len, is_younger, &until_ns);
}

/* What it holds. @first_ns: as of report_events(), if it can be read. */
static int add_text(struct report *report, struct ddr_client *client, const struct report_stream *stream,
		    uint32_t access, int64_t first_ns[REPORT_CPUS])
{
	char name[REPORT_NAME_MAX], *text = NULL;
	struct ddr_answer answer;
	size_t len = 0;
	int err;

	snprintf(name, sizeof(name), "stream %s", stream->name);
	report_progress(report, name);
	if (cmd_try(client, DDR_OPEN, stream->name, access, &answer)) {
		report_source(report, name, strerror(errno));
		return 0;
	}
	if (answer.error) {
		report_source(report, name, strerror(answer.error));
		return 0;
	}
	text = read_stream(answer.fd[0], stream, &len);
	if (!text) {
		report_source(report, name, strerror(errno));
		close(answer.fd[0]);
		return 0;
	}
	close(answer.fd[0]);
	if (report->since_ns)
		len = cut(report, stream, text, len);
	report_redact(report, text, len);
	report_clock(report_source(report, name, NULL), stream->ahead_ns,
		     "by the daemon's status; 0: it is CLOCK_MONOTONIC");
	err = report_events(report, stream, text, len, first_ns);
	snprintf(name, sizeof(name), "%s.txt", stream->file);
	err = err ? err : report_add(report, name, text, len);
	free(text);
	return err;
}

static int add_stream(struct report *report, struct ddr_client *client, const struct ddr_stream_status *status,
		      int64_t asked_ns)
{
	char file[REPORT_NAME_MAX];
	struct report_stream stream = {
		.name = status->stream, .file = file, .has_clock = status->now_ns != 0,
		.ahead_ns = ahead(status, asked_ns),
	};
	int64_t first_ns[REPORT_CPUS];
	size_t cpu;

	for (cpu = 0; cpu < REPORT_CPUS; cpu++)
		stream.until_ns[cpu] = first_ns[cpu] = INT64_MAX;
	snprintf(file, sizeof(file), "streams/%s", stream.name);
	/* a copy has a limit */
	if (add_text(report, client, &stream, status->access & DDR_SNAPSHOT ? DDR_SNAPSHOT : DDR_COPY, first_ns))
		return -1;
	memcpy(stream.until_ns, first_ns, sizeof(first_ns));
	return report_saved(report, client, &stream);
}

static int add_ledger(struct report *report, const struct ledger *ledger)
{
	struct json_object *object = ledger_object(ledger);
	int err = report_add_json(report, "status.json", object);

	json_object_put(object);
	return err;
}

/**
 * report_streams() - what the daemon grants: its streams, and what was lost
 * @report: the report.
 *
 * Context: waits for the daemon, see cmd_try().
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_streams(struct report *report)
{
	struct ddr_client *client = cmd_connect(report->socket_path);
	static struct ledger ledger; /* large */
	struct timespec asked;
	char why[LEDGER_WHY];
	int err = 0;
	size_t i;

	if (!client || ledger_ask(&ledger, client, true, why)) {
		report_source(report, "the daemon's streams", client ? why : strerror(errno));
		ddr_client_free(client);
		return 0;
	}
	clock_gettime(CLOCK_MONOTONIC, &asked);
	report_source(report, "status", NULL);
	err = add_ledger(report, &ledger);
	for (i = 0; !err && i < ledger.n; i++) {
		if (ledger.stream[i].access & (DDR_SNAPSHOT | DDR_COPY))
			err = add_stream(report, client, &ledger.stream[i],
					 asked.tv_sec * 1000000000 + asked.tv_nsec);
	}
	ledger_free(&ledger);
	ddr_client_free(client);
	return err ? -1 : 0;
}
