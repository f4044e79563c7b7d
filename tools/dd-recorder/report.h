/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_REPORT_H
#define DD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/protocol.h"
#include "timeline.h"

struct ddr_client;
struct json_object;
struct pack;

#define REPORT_LOGS_MAX 16
#define REPORT_UNITS_MAX 16
#define REPORT_UNIT_MAX 256 /* bytes of a unit's name and a NUL, systemd.unit(5) */
#define REPORT_NAME_MAX 128 /* bytes of a name in the archive and a NUL */
#define REPORT_LINE_MAX 16384 /* bytes of a log's line in the timeline */

/**
 * struct report_log - a file that the caller wants in the report
 * @path: what it is called.
 * @fd: of report_open_log().
 * @name: what it is called in the archive, and in the timeline.
 */
struct report_log {
	const char *path;
	int fd;
	char name[REPORT_NAME_MAX];
};

/**
 * struct report - a bug report that is being made
 * @pack: the archive.
 * @timeline: what goes into timeline.txt and timeline.html.
 * @sources: for the manifest: what was read, and what could not be.
 * @files: for the manifest: what is in the archive.
 * @traces: for the manifest: what became of events in files for trace-cmd.
 * @log: @n_logs of them.
 * @n_logs: how many.
 * @unit: @n_units of them, of report_unit_name().
 * @n_units: how many.
 * @since_ns: what is older is left out; CLOCK_MONOTONIC, 0: nothing is.
 * @mono_ns: CLOCK_MONOTONIC when it was begun.
 * @real_ns: CLOCK_REALTIME at the same moment.
 * @host: the host's name, to be redacted.
 * @redact: whether to.
 * @redacted: in how many places it was.
 * @quiet: no progress.
 * @socket_path: the daemon's, NULL for the default.
 */
struct report {
	struct pack *pack;
	struct timeline timeline;
	struct json_object *sources;
	struct json_object *files;
	struct json_object *traces;
	struct report_log log[REPORT_LOGS_MAX];
	unsigned int n_logs;
	char unit[REPORT_UNITS_MAX][REPORT_UNIT_MAX];
	unsigned int n_units;
	uint64_t since_ns;
	uint64_t mono_ns;
	int64_t real_ns;
	char host[256];
	bool redact;
	size_t redacted;
	bool quiet;
	const char *socket_path;
};

#define REPORT_CPUS 256 /* that are told apart; the last one stands for all others */

/**
 * struct report_stream - a stream whose text is read
 * @name: its name.
 * @file: what is made of the text is called so, with an ending each.
 * @has_clock: its clock counts time.
 * @ahead_ns: then, how much CLOCK_MONOTONIC is ahead of it.
 * @until_ns: by CPU: what is from then on is not for the timeline, as it is there already. Each CPU's ring reaches
 *	back as far as it can.
 */
struct report_stream {
	const char *name;
	const char *file;
	bool has_clock;
	int64_t ahead_ns;
	int64_t until_ns[REPORT_CPUS];
};

/* report.c: what the parts share */
void report_progress(const struct report *report, const char *what);
struct json_object *report_source(struct report *report, const char *name, const char *why);
void report_clock(struct json_object *source, int64_t ahead_ns, const char *how);
void report_redact(struct report *report, char *text, size_t len);
int report_add(struct report *report, const char *name, const char *data, size_t len);
int report_add_json(struct report *report, const char *name, struct json_object *object);

/* report-name.c */
void report_name(const struct report *report, char *to, size_t room, const char *dir, const char *from,
		 const char *ending);

/* the parts; each returns 0, or -1 when the archive cannot be written */
int report_streams(struct report *report);
int report_events(struct report *report, const struct report_stream *stream, const char *text,
		  size_t len, int64_t first_ns[REPORT_CPUS]);
int report_saved(struct report *report, struct ddr_client *client, struct report_stream *stream);
int report_kernel_log(struct report *report);
int report_state(struct report *report);
int report_open_log(const char *path);
int report_logs(struct report *report);
int report_unit_name(char *to, size_t room, const char *from);
int report_units(struct report *report);

#endif
