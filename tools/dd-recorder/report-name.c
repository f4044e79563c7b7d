// SPDX-License-Identifier: GPL-2.0-only
/* A report's names for files that have one already. */
#include <json.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "info-json.h"
#include "redact.h"
#include "report.h"

#define SUFFIX_ROOM 4 /* for "-15", of REPORT_LOGS_MAX */

static void hide(const struct report *report, char *name)
{
	if (report->redact)
		redact_text(name, strlen(name), report->host);
}

/* Some file systems take A for a. */
static bool is_taken(const struct report *report, const char *path)
{
	size_t i, n = json_object_array_length(report->files);

	for (i = 0; i < n; i++) {
		if (!strcasecmp(info_get_string(json_object_array_get_idx(report->files, i), "name"), path))
			return true;
	}
	return false;
}

/**
 * report_name() - what a file may be called in the archive
 * @report: the report.
 * @to: filled in: a name of letters, digits and -._+@ only, which the files added so far leave free.
 * @room: its bytes, at least 8.
 * @dir: the archive's directory that it goes into, with a slash.
 * @from: its own name; what is above its directory is left out.
 * @ending: what the archive puts behind it, ".txt".
 */
void report_name(const struct report *report, char *to, size_t room, const char *dir, const char *from, const char *ending)
{
	const char *slash = strrchr(from, '/');
	char path[REPORT_NAME_MAX + 64];
	unsigned int n = 1;
	size_t len, i;

	snprintf(to, room - SUFFIX_ROOM, "%s", slash ? slash + 1 : from);
	/* before, for a MAC address has colons, and after, for the manifest is redacted, too */
	hide(report, to);
	len = strlen(to);
	for (i = 0; i < len; i++) {
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._+@", to[i]) ||
		    (i == 0 && strchr(".-", to[i])))
			to[i] = '_';
	}
	hide(report, to);
	for (;;) {
		snprintf(path, sizeof(path), "%s%s%s", dir, to, ending);
		if (!is_taken(report, path))
			return;
		snprintf(to + len, SUFFIX_ROOM, "-%u", ++n);
	}
}
