// SPDX-License-Identifier: GPL-2.0-only
/* The times in compositors' logs. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../dd-recorder/logtime.h"
#include "ktap.h"

#define NS INT64_C(1000000000)
#define OF_DAY(h, m, s, ms) ((((h) * 60 + (m)) * INT64_C(60) + (s)) * NS + (ms) * INT64_C(1000000))
/* 2026-11-21 00:00:00 UTC; date -d ... +%s */
#define DAY INT64_C(1795219200)

static bool weston(const char *line, int64_t want)
{
	int64_t ns = -1;

	return logtime_weston(line, strlen(line), &ns) == (want >= 0) && (want < 0 || ns == want);
}

static bool wlroots(const char *line, int64_t want)
{
	int64_t ns = -1;

	return logtime_wlroots(line, strlen(line), &ns) == (want >= 0) && (want < 0 || ns == want);
}

/* Each beginning of the line is none, in memory of just that size; what is behind it does not matter. */
static bool cut(const char *line, size_t whole, bool (*is)(const char *line, size_t len))
{
	bool right = true;
	size_t i;

	for (i = 0; i <= whole; i++) {
		char *copy = malloc(i ? i : 1);

		memcpy(copy, line, i);
		right = right && is(copy, i) == (i == whole);
		free(copy);
	}
	return right;
}

static bool is_weston(const char *line, size_t len)
{
	int64_t ns;

	return logtime_weston(line, len, &ns);
}

static bool is_scope(const char *line, size_t len)
{
	struct tm day;
	int64_t ns;

	return logtime_scope(line, len, &day, &ns);
}

static bool is_date(const char *line, size_t len)
{
	struct tm day;
	bool utc;

	return logtime_date(line, len, &day, &utc);
}

static bool is_wlroots(const char *line, size_t len)
{
	int64_t ns;

	return logtime_wlroots(line, len, &ns);
}

static bool weston_lines(void)
{
	EXPECT(weston("[21:00:01.123] weston 14.0.2", OF_DAY(21, 0, 1, 123)));
	EXPECT(weston("[00:00:00.000]", 0) && weston("[23:59:60.999] a leap second", -1));
	EXPECT(weston("[12:34:60.000] x", OF_DAY(12, 35, 0, 0)) && weston("[12:34:61.000] x", -1));
	EXPECT(weston("[24:00:00.000] x", -1) && weston("[99:99:99.999] x", -1) && weston("[12:60:00.000] x", -1));
	EXPECT(weston("[1:00:00.000] x", -1) && weston("[001:00:00.000] x", -1) && weston("[01:00:00.00] x", -1));
	EXPECT(weston("[01:00:00.0000] x", -1) && weston("[-1:00:00.000] x", -1) && weston("[+1:00:00.000] x", -1));
	EXPECT(weston("[ 1:00:00.000] x", -1) && weston(" [01:00:00.000] x", -1) && weston("", -1) && weston("[", -1));
	EXPECT(weston("[(NULL)localtime] x", -1) && weston("01:00:00.000 x", -1));
	EXPECT(cut("[21:00:01.123]", 14, is_weston));
	return true;
}

static bool scope_lines(void)
{
	const char *line = "[2026-11-21 21:00:01.123][proto] client 0x55 rq wl_display@1.sync()";
	int64_t of_day = -1;
	struct tm day;

	EXPECT(logtime_scope(line, strlen(line), &day, &of_day) && of_day == OF_DAY(21, 0, 1, 123));
	EXPECT(day.tm_year == 126 && day.tm_mon == 10 && day.tm_mday == 21);
	EXPECT(!is_scope("[?][proto] x", 12) && !is_scope("[2026-13-21 21:00:01.123][a] x", 30));
	EXPECT(!is_scope("[2026-00-21 21:00:01.123][a] x", 30) && !is_scope("[2026-11-32 21:00:01.123][a] x", 30));
	EXPECT(!is_scope("[2026-11-21 21:00:01.123] x", 27) && !is_scope("[20026-11-21 21:00:01.123][a] x", 31));
	EXPECT(cut(line, 26, is_scope));
	return true;
}

static bool date_lines(void)
{
	struct tm day;
	bool utc;

	EXPECT(logtime_date("Date: 2026-11-21 UTC", 20, &day, &utc) && utc && day.tm_mday == 21 && day.tm_mon == 10);
	EXPECT(logtime_date("Date: 2026-11-21 CET", 20, &day, &utc) && !utc);
	EXPECT(logtime_date("Date: 2026-11-21 UTCX", 21, &day, &utc) && !utc);
	EXPECT(logtime_date("Date: 2026-11-21", 16, &day, &utc) && !utc);
	EXPECT(!is_date("Date: 21.11.2026 UTC", 20) && !is_date("date: 2026-11-21 UTC", 20));
	EXPECT(cut("Date: 2026-11-21", 16, is_date));
	return true;
}

static bool wlroots_lines(void)
{
	EXPECT(wlroots("00:00:01.234 [INFO] [sway/main.c:317] Sway version 1.7", OF_DAY(0, 0, 1, 234)));
	EXPECT(wlroots("00:00:01.234 [ERROR] [wlr] [backend/drm/drm.c:1] x", OF_DAY(0, 0, 1, 234)));
	EXPECT(wlroots("00:00:00.000 [DEBUG] x", 0) && wlroots("123:00:00.001 [DEBUG] x", OF_DAY(123, 0, 0, 1)));
	EXPECT(wlroots("00:00:01.234 \033[1;34m[sway/main.c:317] x\033[0m", OF_DAY(0, 0, 1, 234)));
	EXPECT(wlroots("999999:59:59.999 [INFO] x", OF_DAY(999999, 59, 59, 999)));
	EXPECT(wlroots("9999999:00:00.000 [INFO] x", -1) && wlroots("00:60:00.000 [INFO] x", -1));
	EXPECT(wlroots("00:00:01.234 [WARN] x", -1) && wlroots("00:00:01.234 x", -1));
	EXPECT(wlroots("-01:00:01.234 [INFO] x", -1));
	EXPECT(wlroots("00:00:01.234 \033[1;34", -1) && wlroots("00:00:01.234 \033[", -1));
	/* their times count from other starts */
	EXPECT(wlroots("00:00:00.001 [INFO] [swaybar/bar.c:1] x", -1));
	EXPECT(wlroots("00:00:00.001 \033[1;34m[swaynag/main.c:1] x", -1));
	EXPECT(wlroots("00:00:00.001 [ERROR] [common/ipc-client.c:86] x", -1));
	EXPECT(cut("00:00:00.000 [INFO] ", 20, is_wlroots));
	return true;
}

/* @want: for each line when it was, "-" where that is not known, with a blank behind each; ns only if there are some */
static bool reads(const char *text, time_t written, enum logtime_format format, const char *want)
{
	char got[4096] = "";
	const char *end = text + strlen(text);
	struct logtime log;
	size_t len, n = 0;
	int64_t ns;

	logtime_begin(&log, text, (size_t)(end - text), written);
	for (; text < end; text += len + 1) {
		len = logtime_len(text, end);
		ns = -4711;
		if (!logtime_line(&log, text, len, &ns))
			n += (size_t)sprintf(got + n, ns == -4711 ? "- " : "changed ");
		else if (ns % NS)
			n += (size_t)sprintf(got + n, "%" PRId64 ".%03" PRId64 " ",
					     ns / NS - (format == LOGTIME_WESTON) * DAY, ns % NS / 1000000);
		else
			n += (size_t)sprintf(got + n, "%" PRId64 " ", ns / NS - (format == LOGTIME_WESTON) * DAY);
	}
	if (log.format == format && !strcmp(got, want))
		return true;
	printf("# format %d, '%s', not %d, '%s'\n", log.format, got, format, want);
	return false;
}

static void zone(const char *name)
{
	setenv("TZ", name, 1);
}

static bool a_log_of_weston(void)
{
	zone("UTC");
	EXPECT(reads("Date: 2026-11-21 UTC\n[00:00:01.500] weston\n    more of it\n\n[00:00:02.000] x", 0, LOGTIME_WESTON,
		     "- 1.500 - - 2 "));
	/* midnight, with its date and without, and a clock that goes back a little */
	EXPECT(reads("Date: 2026-11-21 UTC\n[23:59:59.000] a\nDate: 2026-11-22 UTC\n[00:00:00.000] b\n", 0, LOGTIME_WESTON,
		     "- 86399 - 86400 "));
	EXPECT(reads("Date: 2026-11-21 UTC\n[23:59:59.000] a\n[00:00:00.000] b\n[00:00:01.000] c\n", 0, LOGTIME_WESTON,
		     "- 86399 86400 86401 "));
	EXPECT(reads("Date: 2026-11-21 UTC\n[10:00:00.000] a\n[09:59:59.000] b\n", 0, LOGTIME_WESTON, "- 36000 35999 "));
	/* one log after another */
	EXPECT(reads("Date: 2026-11-22 UTC\n[00:00:05.000] a\nDate: 2026-11-21 UTC\n[23:00:00.000] b\n", 0, LOGTIME_WESTON,
		     "- 86405 - 82800 "));
	/* scopes between, as with --logger-scopes=log,proto, and what one more than a line says */
	EXPECT(reads("[2026-11-21 00:00:01.000][proto] a\n[00:00:02.000] b\n\tc\n[2026-11-21 00:00:03.000][proto] d\n", 0,
		     LOGTIME_WESTON, "1 2 - 3 "));
	return true;
}

static bool beginnings_that_are_lost(void)
{
	zone("UTC");
	/* a flight recorder: half a line, and the day by what follows */
	EXPECT(reads("lf a line\n[23:59:58.000] a\n[00:00:01.000] b\n[2026-11-21 00:00:02.000][proto] c\n", 0,
		     LOGTIME_WESTON, "- -2 1 2 "));
	EXPECT(reads("[23:59:58.000] a\n[2026-11-21 00:00:02.000][proto] c\n", 0, LOGTIME_WESTON, "-2 2 "));
	/* Weston writes a date when the day has changed, whatever the time */
	EXPECT(reads("[09:00:00.000] a\nDate: 2026-11-22 UTC\n[10:00:00.000] b\n", 0, LOGTIME_WESTON, "32400 - 122400 "));
	/* weston-debug: the day by when it was written */
	EXPECT(reads("[09:00:00.000] a\n[10:00:00.000] b\n", DAY + 36000, LOGTIME_WESTON, "32400 36000 "));
	EXPECT(reads("[23:00:00.000] a\n[00:10:00.000] b\n", DAY + 86400 + 600, LOGTIME_WESTON, "82800 87000 "));
	EXPECT(reads("[22:00:00.000] a\n[23:59:59.000] b\n", DAY + 86400 + 600, LOGTIME_WESTON, "79200 86399 "));
	/* a file's time is a tick behind */
	EXPECT(reads("[10:00:00.003] b\n", DAY + 35999, LOGTIME_WESTON, "36000.003 "));
	return true;
}

static bool zones(void)
{
	zone("XXX-2"); /* two hours before UTC */
	EXPECT(reads("Date: 2026-11-21 XXX\n[03:00:00.000] a\n", 0, LOGTIME_WESTON, "- 3600 "));
	EXPECT(reads("[2026-11-21 03:00:00.000][a] a\n", 0, LOGTIME_WESTON, "3600 "));
	EXPECT(reads("Date: 2026-11-21 UTC\n[03:00:00.000] a\n", 0, LOGTIME_WESTON, "- 10800 "));
	EXPECT(reads("[03:00:00.000] a\n", DAY + 3600, LOGTIME_WESTON, "3600 "));
	zone("UTC");
	return true;
}

static bool a_log_of_wlroots(void)
{
	EXPECT(reads("00:00:00.001 [INFO] a\nmore\n00:01:00.000 [ERROR] b\n", 0, LOGTIME_WLROOTS, "0.001 - 60 "));
	/* a bar's lines belong to sway's before them */
	EXPECT(reads("00:00:05.000 [INFO] a\n00:00:00.001 [INFO] [swaybar/main.c:1] b\n00:00:06.000 [INFO] c\n", 0,
		     LOGTIME_WLROOTS, "5 - 6 "));
	/* of another start: nobody knows when */
	EXPECT(reads("00:00:01.000 [INFO] a\n00:00:07.000 [INFO] b\n00:00:00.500 [INFO] c\n00:00:01.000 [INFO] d\n", 0,
		     LOGTIME_WLROOTS, "- - 0.500 1 "));
	EXPECT(reads("00:00:01.050 [INFO] a\n00:00:01.000 [INFO] b\n", 0, LOGTIME_WLROOTS, "1.050 1 "));
	EXPECT(reads("00:00:01.000 \033[1;90m[a.c:1] a\033[0m\r\n00:00:02.000 \033[1;31m[a.c:1] b\033[0m\r\n", 0,
		     LOGTIME_WLROOTS, "1 2 "));
	return true;
}

static bool others(void)
{
	char *text = malloc(2001);
	struct logtime log;
	int64_t ns;
	size_t i;

	EXPECT(reads("", 0, LOGTIME_NONE, "") && reads("\n\n", 0, LOGTIME_NONE, "- - "));
	EXPECT(reads("Nov 21 21:00:01 host weston[1]: x\n[   12.345678] x\n", 0, LOGTIME_NONE, "- - "));
	/* most lines decide */
	EXPECT(reads("00:00:01.000 [INFO] a\n[10:00:00.000] b\n00:00:02.000 [INFO] c\n", 0, LOGTIME_WLROOTS, "1 - 2 "));
	/* days that no clock shows */
	EXPECT(reads("Date: 9999-12-31 UTC\n[00:00:01.000] a\nDate: 1969-12-31 UTC\n[00:00:01.000] b\n", 0,
		     LOGTIME_WESTON, "- - - - "));
	EXPECT(reads("Date: 0000-01-01 UTC\n[00:00:01.000] a\n", 0, LOGTIME_WESTON, "- - "));
	/* every beginning of a log, and any byte */
	snprintf(text, 2001, "Date: 2026-11-21 UTC\n[21:00:01.123] a\n[2026-11-21 21:00:01.123][a] b\n"
			     "00:00:01.000 [INFO] c\n");
	for (i = strlen(text); i; i--) {
		char *copy = malloc(i);

		memcpy(copy, text, i);
		logtime_begin(&log, copy, i, DAY);
		logtime_line(&log, copy, logtime_len(copy, copy + i), &ns);
		free(copy);
	}
	memset(text, 0xff, 2000);
	text[2000] = '\0';
	EXPECT(reads(text, 0, LOGTIME_NONE, "- "));
	free(text);
	return true;
}

static const struct ktap_case cases[] = {
	{ "lines of Weston's log", weston_lines },
	{ "lines of Weston's scopes", scope_lines },
	{ "dates in Weston's log", date_lines },
	{ "lines of wlroots", wlroots_lines },
	{ "a log of Weston's", a_log_of_weston },
	{ "a log whose beginning is lost", beginnings_that_are_lost },
	{ "time zones", zones },
	{ "a log of wlroots", a_log_of_wlroots },
	{ "other logs, and damaged ones", others },
};

KTAP_MAIN(cases)
