/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LOGTIME_H
#define DD_LOGTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Seconds since the epoch: from the year 2200 on times are absurd. int64_t holds those before as ns, and sums with them. */
#define LOGTIME_END 7258118400ll

enum logtime_format { LOGTIME_NONE, LOGTIME_WESTON, LOGTIME_WLROOTS };

/**
 * struct logtime - where in a log we are, and what its times count from
 * @format: of the lines that have a time.
 * @day: Weston's: the day that the next line is of.
 * @utc: Weston's: it is UTC's day, not the caller's.
 * @by_file: Weston's: no line tells the day; it was found by when the file was last written to.
 * @last_ns: Weston's: the time of day of the line before, -1 for none.
 * @begin: wlroots': the first line of the program's last start, which times count from.
 * @end_ns: wlroots': the last line's time.
 */
struct logtime {
	enum logtime_format format;
	struct tm day;
	bool utc;
	bool by_file;
	int64_t last_ns;
	const char *begin;
	int64_t end_ns;
};

/* the formats; each: is this line one? */
bool logtime_date(const char *line, size_t len, struct tm *day, bool *utc);
bool logtime_weston(const char *line, size_t len, int64_t *of_day);
bool logtime_scope(const char *line, size_t len, struct tm *day, int64_t *of_day);
bool logtime_wlroots(const char *line, size_t len, int64_t *since_start);

size_t logtime_len(const char *line, const char *end);
void logtime_begin(struct logtime *log, const char *text, size_t size, time_t written);
bool logtime_line(struct logtime *log, const char *line, size_t len, int64_t *ns);

#endif
