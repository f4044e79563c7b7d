// SPDX-License-Identifier: LGPL-2.1-or-later
/* The values of the configuration that say when a stream is saved. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"

/*
 * A mark's text becomes a glob of the kernel's event filters, between quotes: what is special in
 * either would mean something else there (Documentation/trace/events.rst of the kernel).
 */
static int add_marker(const char *text, struct ddr_save *save, struct ddr_complaint *c)
{
	size_t len = strlen(text), i;

	for (i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~' || strchr("\"*?[]\\", text[i]))
			return ddr_complain(c, "marker: not printable ASCII without \" * ? [ ] \\ in", text, len);
	}
	if (!len || len > 64)
		return ddr_complain(c, "marker: not 1 to 64 characters", text, len);
	if (save->marker.n == DDR_MAX_MARKERS)
		return ddr_complain(c, "more than 8 markers", text, len);
	if (ddr_list_add(&save->marker, text, len))
		return ddr_complain(c, strerror(ENOMEM), text, len);
	save->on |= DDR_ON_MARKER;
	return 0;
}

/**
 * ddr_parse_on() - read when a stream is to be saved
 * @value: "failed-commit", "drm-error" or "marker:TEXT", added to what @save has; empty: never.
 * @save: its @on and @marker are set.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_on(const char *value, struct ddr_save *save, struct ddr_complaint *c)
{
	if (!*value) {
		save->on = 0;
		ddr_list_clear(&save->marker);
		return 0;
	}
	if (strncmp(value, "marker:", 7) == 0)
		return add_marker(value + 7, save, c);
	if (strcmp(value, "failed-commit") == 0)
		save->on |= DDR_ON_FAILED_COMMIT;
	else if (strcmp(value, "drm-error") == 0)
		save->on |= DDR_ON_DRM_ERROR;
	else
		return ddr_complain(c, "not failed-commit, drm-error or marker:TEXT", value, strlen(value));
	return 0;
}

/**
 * ddr_parse_saves() - read how many files are kept
 * @value: 1 to DDR_MAX_SAVES; empty for the default.
 * @saves: set; 0 for the default.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_saves(const char *value, unsigned int *saves, struct ddr_complaint *c)
{
	size_t digits = strspn(value, "0123456789");
	unsigned long n;

	*saves = 0;
	if (!*value)
		return 0;
	n = digits && digits < 4 && !value[digits] ? strtoul(value, NULL, 10) : 0;
	if (!n || n > DDR_MAX_SAVES)
		return ddr_complain(c, "not 1 to 64", value, strlen(value));
	*saves = (unsigned int)n;
	return 0;
}

/**
 * ddr_parse_save_max() - read how large a file may get
 * @value: a size, up to DDR_SAVE_MAX_MOST; empty for the default.
 * @bytes: set; 0 for the default.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_save_max(const char *value, uint64_t *bytes, struct ddr_complaint *c)
{
	*bytes = 0;
	if (!*value)
		return 0;
	if (ddr_parse_size(value, bytes, c))
		return -1;
	if (*bytes < 65536 || *bytes > DDR_SAVE_MAX_MOST)
		return ddr_complain(c, "not 64K to 64M", value, strlen(value));
	return 0;
}
