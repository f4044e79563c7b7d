// SPDX-License-Identifier: GPL-2.0-only
/* Times in compositors' logs. Pure but for the caller's time zone. */
#include <string.h>

#include "logtime.h"

#define NS INT64_C(1000000000)
#define HALF_A_DAY (12 * 3600 * NS)
/* As far as a line can be older than one before it: threads that log at the same time */
#define SAME_START (NS / 10)

/* What is left of a line. */
struct rest {
	const char *p;
	const char *end;
};

static bool literal(struct rest *rest, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(rest->end - rest->p) < len || memcmp(rest->p, text, len))
		return false;
	rest->p += len;
	return true;
}

/* From @least to @most digits, all that there are. */
static bool number(struct rest *rest, unsigned int least, unsigned int most, int *value)
{
	unsigned int n = 0;

	for (*value = 0; rest->p < rest->end && *rest->p >= '0' && *rest->p <= '9'; rest->p++) {
		if (++n > most)
			return false;
		*value = *value * 10 + *rest->p - '0';
	}
	return n >= least;
}

/* "HH:MM:SS.mmm", the hours with up to @digits digits. */
static bool clock_time(struct rest *rest, unsigned int digits, int64_t *ns)
{
	int hours, minutes, seconds, milli;

	if (!number(rest, 2, digits, &hours) || !literal(rest, ":") || !number(rest, 2, 2, &minutes) || minutes > 59 ||
	    !literal(rest, ":") || !number(rest, 2, 2, &seconds) || seconds > 60 || !literal(rest, ".") ||
	    !number(rest, 3, 3, &milli))
		return false;
	*ns = ((int64_t)hours * 3600 + minutes * 60 + seconds) * NS + milli * (NS / 1000);
	return true;
}

static bool time_of_day(struct rest *rest, int64_t *ns)
{
	return clock_time(rest, 2, ns) && *ns < 24 * 3600 * NS;
}

/* "YYYY-MM-DD" */
static bool date(struct rest *rest, struct tm *day)
{
	int year, month, mday;

	if (!number(rest, 4, 4, &year) || !literal(rest, "-") || !number(rest, 2, 2, &month) || month < 1 || month > 12 ||
	    !literal(rest, "-") || !number(rest, 2, 2, &mday) || mday < 1 || mday > 31)
		return false;
	*day = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = mday };
	return true;
}

/**
 * logtime_date() - "Date: 2026-11-21 UTC", which Weston writes before the first line and when the day has changed
 * @line: a line.
 * @len: its bytes.
 * @day: set.
 * @utc: set: is the zone's name one of UTC's? Other names say little, and may mean several.
 *
 * Source: weston_log_timestamp() of Weston 10, compositor/main.c.
 *
 * Return: whether it is one; otherwise nothing that is set means anything.
 */
bool logtime_date(const char *line, size_t len, struct tm *day, bool *utc)
{
	struct rest rest = { line, line + len };

	if (!literal(&rest, "Date: ") || !date(&rest, day))
		return false;
	*utc = literal(&rest, " UTC") || literal(&rest, " GMT");
	*utc = *utc && (rest.p == rest.end || *rest.p == '\r');
	return true;
}

/**
 * logtime_weston() - "[21:00:01.123] text", a line of Weston's own log
 * @line: a line.
 * @len: its bytes.
 * @of_day: set, ns since the local midnight.
 *
 * Source: as of logtime_date().
 *
 * Return: as of logtime_date().
 */
bool logtime_weston(const char *line, size_t len, int64_t *of_day)
{
	struct rest rest = { line, line + len };

	return literal(&rest, "[") && time_of_day(&rest, of_day) && literal(&rest, "]");
}

/**
 * logtime_scope() - "[2026-11-21 21:00:01.123][scope] text", a line of a scope of Weston's
 * @line: a line.
 * @len: its bytes.
 * @day: set, local.
 * @of_day: set, ns since that day's midnight.
 *
 * Source: weston_log_scope_timestamp() of Weston 10, libweston/weston-log.c.
 *
 * Return: as of logtime_date().
 */
bool logtime_scope(const char *line, size_t len, struct tm *day, int64_t *of_day)
{
	struct rest rest = { line, line + len };

	return literal(&rest, "[") && date(&rest, day) && literal(&rest, " ") && time_of_day(&rest, of_day) &&
	       literal(&rest, "][");
}

/**
 * logtime_wlroots() - "00:00:01.123 [INFO] [file:line] text", a line of sway's or another compositor's with wlroots
 * @line: a line. On a terminal the level is not a word but a colour, as an escape sequence.
 * @len: its bytes.
 * @since_start: set, ns since the program's start, of CLOCK_MONOTONIC.
 *
 * swaybar and swaynag write the same to the same file; their lines are none, as they count from starts of their own.
 * Nor is a line of what they and sway have in common.
 * Source: log_stderr() of wlroots 0.15 and 0.18, util/log.c; and what sway 1.7 and 1.10 print.
 *
 * Return: as of logtime_date().
 */
bool logtime_wlroots(const char *line, size_t len, int64_t *since_start)
{
	struct rest rest = { line, line + len };

	if (!clock_time(&rest, 6, since_start) || !literal(&rest, " "))
		return false;
	if (literal(&rest, "\033[")) {
		while (rest.p < rest.end && *rest.p != 'm')
			rest.p++;
		if (!literal(&rest, "m"))
			return false;
	} else if (!literal(&rest, "[ERROR] ") && !literal(&rest, "[INFO] ") && !literal(&rest, "[DEBUG] ")) {
		return false;
	}
	return !literal(&rest, "[swaybar/") && !literal(&rest, "[swaynag/") && !literal(&rest, "[common/");
}

/**
 * logtime_len() - how long a line is
 * @line: where it begins.
 * @end: of the text.
 *
 * Return: its bytes, without the newline, which the last one may lack.
 */
size_t logtime_len(const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line));

	return (size_t)((newline ? newline : end) - line);
}

/* The format of most lines. */
static enum logtime_format format_of(const char *text, const char *end)
{
	size_t weston = 0, wlroots = 0, len;
	int64_t ignored;
	struct tm day;

	for (; text < end; text += len + 1) {
		len = logtime_len(text, end);
		weston += logtime_weston(text, len, &ignored) || logtime_scope(text, len, &day, &ignored);
		wlroots += logtime_wlroots(text, len, &ignored);
	}
	if (!weston && !wlroots)
		return LOGTIME_NONE;
	return weston >= wlroots ? LOGTIME_WESTON : LOGTIME_WLROOTS;
}

/*
 * The day that a log of Weston's begins with. Where its beginning is lost, as in a flight recorder, or weston-debug
 * came later, that follows from the first line that has a date, or from when the last was written.
 */
static void find_day(struct logtime *log, const char *text, const char *end, time_t written)
{
	int64_t last = -1, of_day;
	bool dated = false;
	int midnights = 0;
	struct tm now;
	size_t len;

	for (; text < end && !dated; text += len + 1) {
		len = logtime_len(text, end);
		if (logtime_date(text, len, &log->day, &log->utc)) {
			midnights += last >= 0; /* it stands there because the day changed */
			dated = true;
		} else if (logtime_scope(text, len, &log->day, &of_day)) {
			midnights += last - of_day > HALF_A_DAY;
			dated = true;
		} else if (logtime_weston(text, len, &of_day)) {
			midnights += last - of_day > HALF_A_DAY;
			last = of_day;
		}
	}
	if (!dated) {
		if (!localtime_r(&written, &now))
			return;
		log->by_file = true;
		log->day = (struct tm){ .tm_year = now.tm_year, .tm_mon = now.tm_mon, .tm_mday = now.tm_mday };
		/* (whole seconds, of a clock that is some ms behind) */
		midnights += last - 2 * NS > (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec) * NS;
	}
	log->day.tm_mday -= midnights;
}

/* A time far before the one above it: the program was started again. What is above has no place on any clock. */
static void find_start(struct logtime *log, const char *text, const char *end)
{
	int64_t ns;
	size_t len;

	log->begin = text;
	for (; text < end; text += len + 1) {
		len = logtime_len(text, end);
		if (!logtime_wlroots(text, len, &ns))
			continue;
		if (ns + SAME_START < log->end_ns)
			log->begin = text;
		log->end_ns = ns;
	}
}

/**
 * logtime_begin() - look at a log
 * @log: filled in.
 * @text: all of it; as long-lived as @log.
 * @size: its bytes.
 * @written: when it was last written to, seconds since the epoch.
 *
 * Context: reads the environment's TZ (tzset(3)).
 */
void logtime_begin(struct logtime *log, const char *text, size_t size, time_t written)
{
	*log = (struct logtime){ .format = format_of(text, text + size), .last_ns = -1 };
	tzset();
	if (log->format == LOGTIME_WESTON)
		find_day(log, text, text + size, written);
	else if (log->format == LOGTIME_WLROOTS)
		find_start(log, text, text + size);
}

/* Weston's. Without a date at midnight, a time that goes back by half a day and more is the next day's. */
static bool wall_time(struct logtime *log, const char *line, size_t len, int64_t *ns)
{
	struct tm at, day;
	int64_t of_day;
	time_t seconds;
	bool utc;

	if (logtime_date(line, len, &day, &utc)) {
		log->day = day;
		log->utc = utc;
		log->last_ns = -1;
		return false;
	}
	if (logtime_scope(line, len, &day, &of_day))
		log->day = day;
	else if (!logtime_weston(line, len, &of_day))
		return false;
	else if (log->last_ns - of_day > HALF_A_DAY)
		log->day.tm_mday++;
	log->last_ns = of_day;
	at = log->day;
	at.tm_hour = (int)(of_day / NS / 3600);
	at.tm_min = (int)(of_day / NS / 60 % 60);
	at.tm_sec = (int)(of_day / NS % 60);
	at.tm_isdst = -1;
	seconds = log->utc ? timegm(&at) : mktime(&at);
	if (seconds < 0 || seconds >= LOGTIME_END)
		return false;
	*ns = seconds * NS + of_day % NS;
	return true;
}

/**
 * logtime_line() - when was a line written?
 * @log: of logtime_begin().
 * @line: the next of the text; all have to be shown, in their order.
 * @len: its bytes.
 * @ns: set: CLOCK_REALTIME for LOGTIME_WESTON, since the start for LOGTIME_WLROOTS.
 *
 * Return: false where no time is known, and @ns is as it was: the line belongs to the one before it, if that has one.
 */
bool logtime_line(struct logtime *log, const char *line, size_t len, int64_t *ns)
{
	bool known = false;
	int64_t at;

	if (log->format == LOGTIME_WESTON)
		known = wall_time(log, line, len, &at);
	else if (log->format == LOGTIME_WLROOTS)
		known = line >= log->begin && logtime_wlroots(line, len, &at);
	if (known)
		*ns = at;
	return known;
}
