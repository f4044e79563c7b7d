// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder report: all that a bug report needs, in one archive. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/config-value.h"
#include "../lib/version.h"
#include "cmd.h"
#include "info-json.h"
#include "pack.h"
#include "redact.h"
#include "report.h"
#include "timeline-html.h"

#define PROGRAM "dd-recorder " DDR_VERSION

/**
 * report_progress() - say what is being done
 * @report: the report.
 * @what: a source.
 */
void report_progress(const struct report *report, const char *what)
{
	if (!report->quiet)
		fprintf(stderr, "dd-recorder: %s\n", what);
}

/**
 * report_redact() - make unreadable what identifies a machine, if that is wanted
 * @report: the report.
 * @text: what a source said, before anything is made of it; changed in place.
 * @len: bytes.
 */
void report_redact(struct report *report, char *text, size_t len)
{
	if (report->redact)
		report->redacted += redact_text(text, len, report->host);
}

/* What comes from elsewhere, into the manifest. */
static void add_redacted(struct report *report, struct json_object *to, const char *key, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return;
	report_redact(report, copy, strlen(copy));
	info_add(to, key, info_string(copy, strlen(copy)));
	free(copy);
}

/**
 * report_source() - note a source in the manifest
 * @report: the report.
 * @name: the source.
 * @why: why it could not be read; NULL: it was.
 *
 * Return: what the manifest says of it, to which more may be added.
 */
struct json_object *report_source(struct report *report, const char *name, const char *why)
{
	struct json_object *to = json_object_new_object();

	add_redacted(report, to, "source", name);
	info_add_bool(to, "read", !why);
	if (why) {
		add_redacted(report, to, "reason", why);
		if (!report->quiet)
			fprintf(stderr, "dd-recorder: without %s: %s\n", name, why);
	}
	json_object_array_add(report->sources, to);
	return to;
}

/**
 * report_clock() - note in the manifest what a source's times became CLOCK_MONOTONIC by
 * @source: of report_source().
 * @ahead_ns: what was added to them.
 * @how: how that was found.
 */
void report_clock(struct json_object *source, int64_t ahead_ns, const char *how)
{
	info_add_int(source, "ahead_ns", ahead_ns);
	info_add_string(source, "clock", how);
}

/**
 * report_add() - add a file
 * @report: the report.
 * @name: in the archive.
 * @data: what it holds, redacted already.
 * @len: bytes.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_add(struct report *report, const char *name, const char *data, size_t len)
{
	struct json_object *file = json_object_new_object();

	info_add_string(file, "name", name);
	info_add_uint(file, "size", len);
	json_object_array_add(report->files, file);
	return pack_add(report->pack, name, data, len);
}

/* As it is. Return: as report_add(). */
static int add_json(struct report *report, const char *name, struct json_object *object)
{
	const char *json = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	char *text = NULL;
	int err, len;

	len = json ? asprintf(&text, "%s\n", json) : -1;
	if (len < 0)
		return -1;
	err = report_add(report, name, text, (size_t)len);
	free(text);
	return err;
}

/**
 * report_add_json() - add a file
 * @report: the report.
 * @name: in the archive.
 * @object: what it holds, redacted in place if that is wanted; not put.
 *
 * Return: as report_add().
 */
int report_add_json(struct report *report, const char *name, struct json_object *object)
{
	if (report->redact)
		report->redacted += redact_json(object, report->host);
	return add_json(report, name, object);
}

static void print_text(const struct report *report, FILE *to)
{
	timeline_print(&report->timeline, to);
}

static void print_page(const struct report *report, FILE *to)
{
	const struct timeline_about about = {
		.program = PROGRAM,
		.mono_ns = report->mono_ns,
		.real_ns = report->real_ns,
		.since_ns = report->since_ns,
		.redact = report->redact,
	};

	timeline_html(&report->timeline, &about, to);
}

static int add_printed(struct report *report, const char *name,
		       void (*print)(const struct report *report, FILE *to))
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);
	int err = -1;

	if (!to)
		return -1;
	print(report, to);
	if (!fclose(to))
		err = report_add(report, name, text, len);
	free(text);
	return err;
}

static int add_timeline(struct report *report)
{
	timeline_sort(&report->timeline);
	return add_printed(report, "timeline.txt", print_text) || add_printed(report, "timeline.html", print_page);
}

static int add_manifest(struct report *report)
{
	struct json_object *to = json_object_new_object();
	int err;

	info_add_string(to, "program", PROGRAM);
	info_add_uint(to, "uid", geteuid());
	info_add_uint(to, "monotonic_ns", report->mono_ns);
	info_add_int(to, "realtime_ns", report->real_ns);
	info_add_uint(to, "since_ns", report->since_ns);
	info_add_bool(to, "redact", report->redact);
	info_add_uint(to, "redacted", report->redacted);
	info_add_uint(to, "timeline_lost", report->timeline.lost);
	info_add(to, "sources", json_object_get(report->sources));
	info_add(to, "files", json_object_get(report->files));
	info_add(to, "traces", json_object_get(report->traces));
	/* (redacted already: names in it are those of the files) */
	err = add_json(report, "manifest.json", to);
	json_object_put(to);
	return err;
}

static int fill(struct report *report)
{
	int err = report_streams(report) || report_kernel_log(report) || report_state(report) ||
		  report_logs(report) || report_units(report) || add_timeline(report) || add_manifest(report);

	return err || pack_finish(report->pack) ? -1 : 0;
}

static void look_at_clocks(struct report *report)
{
	struct timespec mono, real;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	report->mono_ns = (uint64_t)mono.tv_sec * 1000000000 + (uint64_t)mono.tv_nsec;
	report->real_ns = (int64_t)real.tv_sec * 1000000000 + real.tv_nsec;
}

static int make(struct report *report, const char *path)
{
	char top[64], name[sizeof(top) + 8];
	time_t now = report->real_ns / 1000000000;
	struct tm tm;
	int err;

	strftime(top, sizeof(top), "dd-recorder-%Y%m%d-%H%M%S", localtime_r(&now, &tm));
	snprintf(name, sizeof(name), "%s.tar.zst", top);
	if (!path)
		path = name;
	report->pack = pack_new(path, top);
	if (!report->pack) {
		fprintf(stderr, "dd-recorder: %s: %s\n", path, strerror(errno));
		return EXIT_FAILED;
	}
	report->sources = json_object_new_array();
	report->files = json_object_new_array();
	report->traces = json_object_new_array();
	err = fill(report);
	if (err)
		fprintf(stderr, "dd-recorder: %s\n", *pack_error(report->pack) ? pack_error(report->pack) :
									     strerror(ENOMEM));
	else
		puts(path);
	timeline_clear(&report->timeline);
	json_object_put(report->traces);
	json_object_put(report->files);
	json_object_put(report->sources);
	pack_free(report->pack);
	return err ? EXIT_FAILED : EXIT_OK;
}

/* "30s" before now, or a time of CLOCK_MONOTONIC in seconds. Return: 0 or -1. */
static int parse_since(struct report *report, const char *text)
{
	struct ddr_complaint ignored;
	unsigned int ago;
	double at;
	char *end;

	if (!ddr_parse_time(text, &ago, &ignored)) {
		if (report->mono_ns > ago * 1000000000ull)
			report->since_ns = report->mono_ns - ago * 1000000000ull;
		return 0;
	}
	errno = 0;
	at = strtod(text, &end);
	if (errno || end == text || *end || !(at >= 0 && at < 1e9))
		return -1;
	report->since_ns = (uint64_t)(at * 1e9);
	return 0;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "since", required_argument, NULL, 'S' },
		{ "log", required_argument, NULL, 'l' },
		{ "unit", required_argument, NULL, 'u' },
		{ "no-redact", no_argument, NULL, 'R' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct report report = { .redact = true };
	const char *path = NULL;
	struct report_log *log;
	int opt;

	look_at_clocks(&report);
	if (gethostname(report.host, sizeof(report.host) - 1))
		report.host[0] = '\0';
	/* a number is the name of nobody: times have it, too */
	if (!report.host[strspn(report.host, "0123456789.")])
		report.host[0] = '\0';
	while ((opt = getopt_long(argc, argv, "o:l:u:qs:h", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			path = optarg;
			break;
		case 'S':
			if (parse_since(&report, optarg))
				return cmd_usage_error(cmd, "not a time (up to 24h ago: 30s, 5m, 2h; or seconds "
							    "of CLOCK_MONOTONIC): '%s'", optarg);
			break;
		case 'l':
			if (report.n_logs == REPORT_LOGS_MAX)
				return cmd_usage_error(cmd, "more than %d logs", REPORT_LOGS_MAX);
			report.log[report.n_logs++].path = optarg;
			break;
		case 'u':
			if (report.n_units == REPORT_UNITS_MAX)
				return cmd_usage_error(cmd, "more than %d units", REPORT_UNITS_MAX);
			if (report_unit_name(report.unit[report.n_units++], REPORT_UNIT_MAX, optarg))
				return cmd_usage_error(cmd, "not a service or scope: '%s'", optarg);
			break;
		case 'R':
			report.redact = false;
			break;
		case 'q':
			report.quiet = true;
			break;
		case 's':
			report.socket_path = optarg;
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (optind != argc)
		return cmd_usage_error(cmd, "unexpected '%s'", argv[optind]);
	for (log = report.log; log < report.log + report.n_logs; log++) {
		log->fd = report_open_log(log->path);
		if (log->fd < 0)
			return EXIT_FAILED;
	}
	return make(&report, path);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "pack what a bug report needs",
	.usage = "usage: dd-recorder report [-o FILE] [--since TIME] [-l LOG]... [-u UNIT]...\n"
		 "                          [--no-redact] [-q] [-s SOCKET]\n\n"
		 "Packs into one archive (tar.zst), whose name it prints: each stream that you may read, also\n"
		 "for trace-cmd, and why ioctls failed in it, the state of the cards and of the recorder, as\n"
		 "root the kernel's log and the routes, logs of compositors, and all lines on one clock\n"
		 "(timeline.txt, and for the browser timeline.html). manifest.json says what could not be read.\n"
		 "Hardware addresses, UUIDs, serial numbers and the host's name are made unreadable.\n\n"
		 "  -o, --output FILE  the archive; it must not be there (dd-recorder-DATE-TIME.tar.zst)\n"
		 "      --since TIME   leave out what is older: 30s, 5m, 2h, or seconds of CLOCK_MONOTONIC\n"
		 "  -l, --log LOG      a file that Weston, sway or another compositor logged to; repeatable\n"
		 "  -u, --unit UNIT    a unit whose entries in systemd's journal are wanted; repeatable\n"
		 "      --no-redact    all as it is\n"
		 "  -q, --quiet        no progress\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
