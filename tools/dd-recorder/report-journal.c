// SPDX-License-Identifier: GPL-2.0-only
/* A report's units: what systemd's journal has of them since the machine was booted. */
#include <errno.h>
#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#include "../lib/config-value.h"
#include "info-json.h"
#include "report.h"

#define UNIT_MAX_BYTES (16 << 20) /* of a unit's entries */
#define LINE_BYTES 128 /* what a line in the timeline takes beside its text, however short that is */
#define MESSAGE_MAX 65536 /* bytes of a message */
#define WHO_MAX 64 /* bytes of who said it */

/**
 * struct entry - one of the journal's
 * @us: CLOCK_MONOTONIC, when journald got it.
 * @real_us: CLOCK_REALTIME at the same moment.
 * @priority: of syslog(3); -1: none.
 * @who: bytes of @text before the message, "sway[123]".
 * @len: bytes of @text.
 * @cost: bytes that it is counted for.
 * @text: as it is in the journal: any bytes.
 */
struct entry {
	uint64_t us;
	uint64_t real_us;
	int priority;
	size_t who;
	size_t len;
	size_t cost;
	char text[];
};

/**
 * struct entries - a unit's, the newest of them
 * @entry: those from @first on, up to @n.
 * @first: what is before is freed.
 * @n: up to where.
 * @room: for so many.
 * @bytes: that they are counted for.
 * @left_out: older ones, for which there was no room.
 * @unplaced: of which no time is known.
 * @cut: longer than MESSAGE_MAX.
 */
struct entries {
	struct entry **entry;
	size_t first;
	size_t n;
	size_t room;
	size_t bytes;
	uint64_t left_out;
	uint64_t unplaced;
	uint64_t cut;
};

/**
 * report_unit_name() - the full name of a unit that the caller asks for
 * @to: filled in.
 * @room: its bytes.
 * @from: a service or scope; without a dot, a service.
 *
 * Return: 0; -1: there can be none of that name.
 */
int report_unit_name(char *to, size_t room, const char *from)
{
	struct ddr_complaint ignored;
	int n = snprintf(to, room, "%s%s", from, strchr(from, '.') ? "" : ".service");

	return n < 0 || (size_t)n >= room || ddr_check_unit(to, &ignored) ? -1 : 0;
}

static int match(sd_journal *journal, const char *field, const char *value)
{
	char *text;
	int ret;

	if (asprintf(&text, "%s=%s", field, value) < 0)
		return -ENOMEM;
	ret = sd_journal_add_match(journal, text, 0);
	free(text);
	return ret;
}

/*
 * What its processes said, and what systemd, the system's or a user's, said of it. The fields with an underscore are
 * journald's own (systemd.journal-fields(7)); the others anybody may set, so they count from a manager only.
 */
static int match_unit(sd_journal *journal, const char *unit)
{
	static const char *const said[][3] = {
		{ "_SYSTEMD_UNIT", NULL, NULL },
		{ "_SYSTEMD_USER_UNIT", NULL, NULL },
		{ "UNIT", "_PID", "1" },
		{ "USER_UNIT", "_SYSTEMD_USER_UNIT", "init.scope" },
	};
	char boot[SD_ID128_STRING_MAX];
	sd_id128_t id;
	size_t i;
	int ret;

	ret = sd_id128_get_boot(&id);
	if (ret >= 0)
		ret = match(journal, "_BOOT_ID", sd_id128_to_string(id, boot));
	if (ret >= 0)
		ret = sd_journal_add_conjunction(journal);
	for (i = 0; ret >= 0 && i < sizeof(said) / sizeof(said[0]); i++) {
		ret = match(journal, said[i][0], unit);
		if (ret >= 0 && said[i][1])
			ret = match(journal, said[i][1], said[i][2]);
		if (ret >= 0)
			ret = sd_journal_add_disjunction(journal);
	}
	return ret;
}

/* Return: 0 and the field's value, until the next call; otherwise as sd_journal_get_data(3). */
static int field(sd_journal *journal, const char *name, const char **value, size_t *len)
{
	const void *data;
	int ret = sd_journal_get_data(journal, name, &data, len);

	*value = "";
	if (ret < 0) {
		*len = 0;
		return ret;
	}
	*value = (const char *)data + strlen(name) + 1;
	*len -= strlen(name) + 1;
	return 0;
}

/* Return: the bytes of "sway[123]". */
static size_t who(sd_journal *journal, char *to)
{
	const char *value;
	size_t len, n;

	if (field(journal, "SYSLOG_IDENTIFIER", &value, &len))
		field(journal, "_COMM", &value, &len);
	n = len > WHO_MAX - 16 ? WHO_MAX - 16 : len;
	memcpy(to, value, n);
	if (!field(journal, "_PID", &value, &len) && len <= 10)
		n += (size_t)snprintf(to + n, WHO_MAX - n, "[%.*s]", (int)len, value);
	return n;
}

/* Return: the journal's present entry, to be freed; NULL without memory. */
static struct entry *make_entry(sd_journal *journal, struct entries *all)
{
	char name[WHO_MAX], why[64];
	size_t len, name_len = who(journal, name);
	int priority = -1, ret;
	struct entry *entry;
	const char *value;
	size_t i;

	if (!field(journal, "PRIORITY", &value, &len) && len == 1 && *value >= '0' && *value <= '7')
		priority = *value - '0';
	ret = field(journal, "MESSAGE", &value, &len);
	if (ret && ret != -ENOENT) {
		len = (size_t)snprintf(why, sizeof(why), "(cannot be read: %s)", strerror(-ret));
		value = why;
	}
	all->cut += len > MESSAGE_MAX;
	len = len > MESSAGE_MAX ? MESSAGE_MAX : len;
	entry = malloc(sizeof(*entry) + name_len + len);
	if (!entry)
		return NULL;
	*entry = (struct entry){ .priority = priority, .who = name_len, .len = name_len + len };
	entry->cost = sizeof(*entry) + entry->len + LINE_BYTES;
	for (i = 0; i < len; i++)
		entry->cost += value[i] == '\n' ? name_len + LINE_BYTES : 0;
	memcpy(entry->text, name, name_len);
	memcpy(entry->text + name_len, value, len);
	return entry;
}

/* Takes @entry, in place of the oldest where there is no room. Return: 0, or -1 without memory. */
static int keep(struct entries *all, struct entry *entry)
{
	struct entry **grown, *oldest;
	size_t room;

	if (all->n == all->room && all->first > all->n / 2) {
		all->n -= all->first;
		memmove(all->entry, all->entry + all->first, all->n * sizeof(*all->entry));
		all->first = 0;
	}
	if (all->n == all->room) {
		room = all->room ? 2 * all->room : 1024;
		grown = reallocarray(all->entry, room, sizeof(*grown));
		if (!grown) {
			free(entry);
			return -1;
		}
		all->entry = grown;
		all->room = room;
	}
	all->entry[all->n++] = entry;
	all->bytes += entry->cost;
	for (; all->bytes > UNIT_MAX_BYTES; all->left_out++) {
		oldest = all->entry[all->first++];
		all->bytes -= oldest->cost;
		free(oldest);
	}
	return 0;
}

/* All that there was when it began, for who logs without end is not to hold the report up. Return: 0, or -errno. */
static int take_all(struct report *report, sd_journal *journal, struct entries *all)
{
	uint64_t us, real_us, until;
	struct timespec now;
	struct entry *entry;
	int ret;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	sd_journal_set_data_threshold(journal, MESSAGE_MAX + 64);
	for (;;) {
		ret = sd_journal_next(journal);
		if (ret <= 0)
			return ret;
		if (sd_journal_get_monotonic_usec(journal, &us, NULL) < 0 ||
		    sd_journal_get_realtime_usec(journal, &real_us) < 0) {
			all->unplaced++;
			continue;
		}
		if (us > until)
			return 0;
		if (us * 1000 < report->since_ns)
			continue;
		entry = make_entry(journal, all);
		if (!entry)
			return -ENOMEM;
		entry->us = us;
		entry->real_us = real_us;
		if (keep(all, entry))
			return -ENOMEM;
	}
}

/* "[   12.345678] 2026-11-21 21:00:01.123456 +0000 <6> sway[123]: text", the message's further lines behind blanks */
static void print_entry(struct report *report, const char *unit, const struct entry *entry, char *buf, size_t room,
			FILE *to)
{
	const char *line = entry->text + entry->who, *end = entry->text + entry->len, *newline;
	time_t seconds = (time_t)(entry->real_us / 1000000);
	char when[64] = "", offset[16] = "", name[4 * WHO_MAX + 1];
	const struct timeline_entry at = {
		.time_ns = (int64_t)entry->us * 1000, .source = timeline_name(&report->timeline, unit),
	};
	size_t n;
	struct tm tm;

	info_plain(name, sizeof(name), entry->text, entry->who);
	if (localtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%F %T", &tm);
		strftime(offset, sizeof(offset), "%z", &tm);
	}
	fprintf(to, "[%5" PRIu64 ".%06" PRIu64 "] %s.%06" PRIu64 " %s ", entry->us / 1000000, entry->us % 1000000, when,
		entry->real_us % 1000000, offset);
	if (entry->priority >= 0)
		fprintf(to, "<%d> ", entry->priority);
	fprintf(to, "%s: ", name);
	for (;; line = newline + 1) {
		newline = memchr(line, '\n', (size_t)(end - line));
		n = (size_t)((newline ? newline : end) - line);
		info_plain(buf, room, line, n);
		fprintf(to, "%s%s\n", line == entry->text + entry->who ? "" : "    ", buf);
		memcpy(buf, entry->text, entry->who); /* not printf's: there may be a NUL */
		memcpy(buf + entry->who, ": ", 2);
		memcpy(buf + entry->who + 2, line, n);
		timeline_add(&report->timeline, &at, buf, entry->who + 2 + n);
		if (!newline)
			return;
	}
}

/*
 * All that was said, redacted as one text: what is in several entries, an EDID's lines, shows only there. It keeps its
 * length. Return: 0, or -1 without memory.
 */
static int redact_all(struct report *report, const struct entries *all)
{
	size_t len = 0, at, i;
	struct entry *entry;
	char *text;

	for (i = all->first; i < all->n; i++)
		len += all->entry[i]->len + 3;
	text = malloc(len + 1);
	if (!text)
		return -1;
	for (i = all->first, at = 0; i < all->n; i++, at++) {
		entry = all->entry[i];
		memcpy(text + at, entry->text, entry->who);
		memcpy(text + at + entry->who, ": ", 2);
		memcpy(text + at + entry->who + 2, entry->text + entry->who, entry->len - entry->who);
		at += entry->len + 2;
		text[at] = '\n';
	}
	report_redact(report, text, len);
	for (i = all->first, at = 0; i < all->n; i++) {
		entry = all->entry[i];
		memcpy(entry->text, text + at, entry->who);
		memcpy(entry->text + entry->who, text + at + entry->who + 2, entry->len - entry->who);
		at += entry->len + 3;
	}
	free(text);
	return 0;
}

static int add_file(struct report *report, const char *unit, const struct entries *all)
{
	char name[REPORT_NAME_MAX], path[REPORT_NAME_MAX + 16], *text = NULL, *buf;
	size_t room = 4 * (MESSAGE_MAX + WHO_MAX) + 1, len = 0, i;
	FILE *to = open_memstream(&text, &len);
	char source[REPORT_UNIT_MAX];
	int err = -1;

	snprintf(source, sizeof(source), "%s", unit);
	report_redact(report, source, strlen(source));
	buf = redact_all(report, all) ? NULL : malloc(room);
	for (i = all->first; to && buf && i < all->n; i++)
		print_entry(report, source, all->entry[i], buf, room, to);
	if (to && !fclose(to) && buf) {
		report_name(report, name, sizeof(name), "journal/", unit, ".txt");
		snprintf(path, sizeof(path), "journal/%s.txt", name);
		err = report_add(report, path, text, len);
	}
	free(buf);
	free(text);
	return err;
}

static int add_unit(struct report *report, const char *unit)
{
	char source[REPORT_UNIT_MAX + 8], why[96] = "";
	struct entries all = { 0 };
	sd_journal *journal = NULL;
	struct json_object *entry;
	bool any = true;
	int ret, err = 0;
	size_t i;

	snprintf(source, sizeof(source), "unit %s", unit);
	report_progress(report, source);
	ret = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
	if (ret >= 0) {
		any = sd_journal_has_runtime_files(journal) > 0 || sd_journal_has_persistent_files(journal) > 0;
		ret = match_unit(journal, unit);
	}
	if (ret >= 0)
		ret = take_all(report, journal, &all);
	sd_journal_close(journal);
	if (ret < 0)
		snprintf(why, sizeof(why), "%s", strerror(-ret));
	else if (all.first == all.n)
		snprintf(why, sizeof(why), "no %s that uid %u may read", any ? "entry" : "journal", geteuid());
	entry = report_source(report, source, *why ? why : NULL);
	if (all.first < all.n) {
		report_clock(entry, 0, "journald has CLOCK_MONOTONIC of each entry");
		info_add_uint(entry, "unplaced", all.unplaced);
		info_add_uint(entry, "cut", all.cut);
		info_add_uint(entry, "left_out", all.left_out);
		err = add_file(report, unit, &all);
	}
	for (i = all.first; i < all.n; i++)
		free(all.entry[i]);
	free(all.entry);
	return err;
}

/**
 * report_units() - what the journal has of the units that the caller names
 * @report: the report.
 *
 * Of this boot, and what the caller may read: an unprivileged user his own.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_units(struct report *report)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < report->n_units; i++)
		err = add_unit(report, report->unit[i]);
	return err;
}
