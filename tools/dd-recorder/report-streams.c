// SPDX-License-Identifier: GPL-2.0-only
/* A report's streams: as text, explained, and in the timeline. */
#include <errno.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/line.h"
#include "cmd.h"
#include "explain.h"
#include "info-json.h"
#include "ledger.h"
#include "report.h"

/* How long a status may be on its way. */
#define SAME_CLOCK_NS 2000000000ll

/* A stream and how much CLOCK_MONOTONIC is ahead of its clock. */
struct source {
	const char *name; /* as long-lived as the timeline */
	int64_t ahead_ns;
};

enum line_is { NO_EVENT, TOO_OLD, WANTED };

/* A line of the text: into the timeline, unless it is too old. */
static enum line_is add_line(struct report *report, const struct source *source, char *line, size_t len)
{
	enum line_is is = NO_EVENT;
	char end = line[len], *text;
	struct ddr_line at;
	int64_t ns;
	int n;

	line[len] = '\0';
	if (ddr_line_find(line, &at)) {
		ns = (int64_t)at.time_ns + source->ahead_ns;
		is = ns >= (int64_t)report->since_ns ? WANTED : TOO_OLD;
		if (is == WANTED) {
			n = asprintf(&text, "%.*s-%d %s", (int)at.comm_len, line + at.comm, at.pid,
				     line + at.rest);
			if (n >= 0) {
				timeline_add(&report->timeline, ns, source->name, text, (size_t)n);
				free(text);
			}
		}
	}
	line[len] = end;
	return is;
}

/* Leaves out what is too old: an event and what hangs on to it. Return: the bytes that are left. */
static size_t cut(struct report *report, const struct source *source, char *text, size_t len)
{
	char *p = text, *to = text, *end = text + len, *newline;
	enum line_is is;
	bool keep = true;
	size_t n;

	for (; p < end; p += n) {
		newline = memchr(p, '\n', (size_t)(end - p));
		n = newline ? (size_t)(newline - p) + 1 : (size_t)(end - p);
		is = add_line(report, source, p, newline ? n - 1 : n);
		if (is != NO_EVENT)
			keep = is == WANTED;
		if (keep) {
			memmove(to, p, n);
			to += n;
		}
	}
	*to = '\0';
	return (size_t)(to - text);
}

static int add_explained(struct report *report, const char *stream, struct failures *all,
			 const struct explain_summary *summary)
{
	struct json_object *list = json_object_new_array(), *object;
	char name[DDR_NAME_MAX + 32], *text = NULL;
	size_t i, len = 0;
	FILE *to = open_memstream(&text, &len);
	int err = -1;

	for (i = 0; to && i < all->n; i++) {
		explain_text(to, &all->failure[i]);
		json_object_array_add(list, explain_json(&all->failure[i]));
	}
	object = explain_json_summary(summary, list);
	if (to) {
		explain_text_summary(to, summary);
		if (!fclose(to)) {
			snprintf(name, sizeof(name), "streams/%s.explain.txt", stream);
			err = report_add(report, name, text, len);
		}
	}
	snprintf(name, sizeof(name), "streams/%s.explain.json", stream);
	err = err ? err : report_add_json(report, name, object);
	json_object_put(object);
	free(text);
	return err;
}

static int explain(struct report *report, const char *stream, const char *text, size_t len)
{
	int fd = memfd_create("dd-recorder", MFD_CLOEXEC), err;
	struct brackets *brackets = brackets_new();
	struct explain_summary summary = { .stream = stream };
	struct ddr_reader *reader = NULL;
	struct failures all = { 0 };
	struct failure *failed;
	struct ddr_event event;
	struct bracket *ended;

	if (fd >= 0 && !cmd_write_all(fd, text, len) && !lseek(fd, 0, SEEK_SET))
		reader = ddr_reader_new(fd);
	err = reader && brackets ? 0 : -1;
	while (!err && ddr_reader_next(reader, &event) > 0) {
		err = brackets_take(brackets, &event, &ended);
		if (!err && ended)
			err = failures_add(&all, ended, &failed);
	}
	if (!err) {
		summary.ended = all.ended;
		summary.failed = all.total;
		summary.left_out = all.left_out;
		summary.open = brackets_open(brackets);
		summary.lost = ddr_reader_lost(reader);
		err = add_explained(report, stream, &all, &summary);
	}
	failures_clear(&all);
	brackets_free(brackets);
	if (reader)
		ddr_reader_free(reader);
	else if (fd >= 0)
		close(fd);
	return err;
}

/* A stream's clock counts what CLOCK_MONOTONIC counts, but for this much. @asked_ns: when the status came. */
static int64_t ahead(const struct ddr_stream_status *stream, int64_t asked_ns)
{
	int64_t ns = asked_ns - (int64_t)stream->now_ns;

	/* the same clock, read a moment before */
	return !stream->now_ns || (ns >= 0 && ns < SAME_CLOCK_NS) ? 0 : ns;
}

static int add_stream(struct report *report, struct ddr_client *client, const struct ddr_stream_status *stream,
		      int64_t asked_ns)
{
	const struct source source = { stream->stream, ahead(stream, asked_ns) };
	/* a copy has a limit */
	uint32_t access = stream->access & DDR_SNAPSHOT ? DDR_SNAPSHOT : DDR_COPY;
	char name[DDR_NAME_MAX + 16], *text = NULL;
	struct ddr_answer answer;
	size_t len = 0;
	int err;

	snprintf(name, sizeof(name), "stream %s", source.name);
	report_progress(report, name);
	if (cmd_try(client, DDR_OPEN, source.name, access, &answer)) {
		report_source(report, name, strerror(errno));
		return 0;
	}
	if (answer.error) {
		report_source(report, name, strerror(answer.error));
		return 0;
	}
	text = cmd_read_all(answer.fd[0], &len);
	if (!text) {
		report_source(report, name, strerror(errno));
		close(answer.fd[0]);
		return 0;
	}
	close(answer.fd[0]);
	len = cut(report, &source, text, len);
	report_source(report, name, NULL);
	err = explain(report, source.name, text, len);
	snprintf(name, sizeof(name), "streams/%s.txt", source.name);
	err = err ? err : report_add(report, name, text, len);
	free(text);
	return err;
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
	static struct ledger ledger; /* its names are the timeline's sources */
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
	return err;
}
