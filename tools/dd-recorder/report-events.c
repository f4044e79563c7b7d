// SPDX-License-Identifier: GPL-2.0-only
/* A report's streams, event by event: into the timeline, into a file for trace-cmd, and explained. */
#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "append.h"
#include "cmd.h"
#include "explain.h"
#include "info-json.h"
#include "report.h"
#include "tracedat.h"

/* All of an event's strings come from a text of DDR_TEXT_MAX bytes at most; and numbers, brackets, blanks. */
#define LINE_MAX_BYTES (DDR_TEXT_MAX + 256)

/* An event's line: "Xorg-1234 [drm]f DRM_UT_KMS a minor=0: text". Return: its bytes. */
static size_t make_line(char line[LINE_MAX_BYTES], const struct ddr_event *event)
{
	struct append to = { line, LINE_MAX_BYTES, 0 };

	append(&to, event->comm ? event->comm : "<...>");
	append(&to, "-");
	append_number(&to, event->pid);
	if (event->function) {
		append(&to, " [");
		append(&to, event->module ? event->module : "?");
		append(&to, "]");
		append(&to, event->function);
	} else {
		append(&to, " ");
		append(&to, event->name);
	}
	if (event->class_name) {
		append(&to, " ");
		append(&to, event->class_name);
	}
	if (event->device) {
		append(&to, " ");
		append(&to, event->device);
	}
	if (event->minor >= 0) {
		append(&to, " minor=");
		append_number(&to, event->minor);
	}
	append(&to, ": ");
	append(&to, event->text);
	return to.len;
}

/* What a stream lost is told where it is missing. */
static void add_lost(struct timeline *timeline, struct timeline_entry entry, const struct ddr_event *event)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "%" PRIu64 " or more records of CPU %" PRIu32 " are lost before this", event->lost,
			 event->cpu);

	entry.class_name = entry.device = NULL;
	entry.failed = false;
	timeline_add(timeline, &entry, text, (size_t)n);
}

static void add_line(struct report *report, const struct report_stream *stream, const struct ddr_event *event,
		     bool failed)
{
	struct timeline *timeline = &report->timeline;
	struct timeline_entry entry = {
		.time_ns = (int64_t)event->time_ns + stream->ahead_ns,
		.source = timeline_name(timeline, stream->name),
		.failed = failed,
	};
	static char line[LINE_MAX_BYTES];
	char device[16];
	struct append to = { device, sizeof(device), 0 };

	if (event->class_name)
		entry.class_name = timeline_tag(timeline, event->class_name);
	if (event->minor >= 0) {
		append(&to, "drm:");
		append_number(&to, event->minor);
		entry.device = timeline_tag(timeline, device);
	}
	if (event->lost)
		add_lost(timeline, entry, event);
	timeline_add(timeline, &entry, line, make_line(line, event));
}

static int add_explained(struct report *report, const char *file, struct failures *all,
			 const struct explain_summary *summary)
{
	struct json_object *list = json_object_new_array(), *object;
	char name[REPORT_NAME_MAX], *text = NULL;
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
			snprintf(name, sizeof(name), "%s.explain.txt", file);
			err = report_add(report, name, text, len);
		}
	}
	snprintf(name, sizeof(name), "%s.explain.json", file);
	err = err ? err : report_add_json(report, name, object);
	json_object_put(object);
	free(text);
	return err;
}

static int add_trace(struct report *report, const char *file_name, struct tracedat *trace)
{
	struct json_object *object = json_object_new_object();
	struct tracedat_bytes file = { 0 };
	char name[REPORT_NAME_MAX];
	int err;

	snprintf(name, sizeof(name), "%s.trace.dat", file_name);
	info_add_string(object, "name", name);
	info_add_uint(object, "events", trace->counts.events);
	info_add_uint(object, "cut", trace->counts.cut);
	info_add_uint(object, "moved", trace->counts.moved);
	info_add_uint(object, "left_out", trace->counts.left_out);
	json_object_array_add(report->traces, object);
	err = tracedat_file(trace, &file);
	err = err ? err : report_add(report, name, (char *)file.byte, file.len);
	free(file.byte);
	return err;
}

/**
 * report_events() - what a stream holds, in the timeline, for trace-cmd and explained
 * @report: the report.
 * @stream: the stream.
 * @text: its text, redacted.
 * @len: bytes.
 * @first_ns: set to the time of each CPU's first event, by CLOCK_MONOTONIC; INT64_MAX: there is none.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_events(struct report *report, const struct report_stream *stream, const char *text, size_t len,
		  int64_t first_ns[REPORT_CPUS])
{
	int fd = memfd_create("dd-recorder", MFD_CLOEXEC), err;
	struct explain_summary summary = { .stream = stream->name };
	struct brackets *brackets = brackets_new();
	struct ddr_reader *reader = NULL;
	struct tracedat trace = { 0 };
	struct failures all = { 0 };
	struct failure *failed;
	struct ddr_event event;
	struct bracket *ended;
	int64_t at_ns;
	size_t cpu;

	for (cpu = 0; cpu < REPORT_CPUS; cpu++)
		first_ns[cpu] = INT64_MAX;
	if (fd >= 0 && !cmd_write_all(fd, text, len) && !lseek(fd, 0, SEEK_SET))
		reader = ddr_reader_new(fd);
	err = reader && brackets ? 0 : -1;
	while (!err && ddr_reader_next(reader, &event) > 0) {
		tracedat_add(&trace, &event, stream->ahead_ns);
		err = brackets_take(brackets, &event, &ended);
		at_ns = (int64_t)event.time_ns + stream->ahead_ns;
		cpu = event.cpu < REPORT_CPUS ? event.cpu : REPORT_CPUS - 1;
		if (event.name && at_ns < first_ns[cpu])
			first_ns[cpu] = at_ns;
		if (event.name && at_ns < stream->until_ns[cpu] && at_ns >= (int64_t)report->since_ns)
			add_line(report, stream, &event, !err && ended && bracket_failed(ended));
		if (!err && ended)
			err = failures_add(&all, ended, &failed);
	}
	if (!err) {
		summary.ended = all.ended;
		summary.failed = all.total;
		summary.left_out = all.left_out;
		summary.open = brackets_open(brackets);
		summary.lost = ddr_reader_lost(reader);
		err = add_explained(report, stream->file, &all, &summary);
	}
	err = err ? err : add_trace(report, stream->file, &trace);
	tracedat_clear(&trace);
	failures_clear(&all);
	brackets_free(brackets);
	if (reader)
		ddr_reader_free(reader);
	else if (fd >= 0)
		close(fd);
	return err;
}

