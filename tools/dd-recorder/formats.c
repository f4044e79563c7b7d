// SPDX-License-Identifier: GPL-2.0-only
/* What is needed to read a stream's raw pages, in one file: see DDR_FORMATS in protocol.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>

#include "formats.h"
#include "stdio-fd.h"

#define SITES_FILE "/proc/dynamic_debug/sites"

static int add_part(FILE *to, const char *name, const char *text, size_t len)
{
	return fprintf(to, "%s %zu\n", name, len) < 0 || fwrite(text, 1, len, to) != len ? -1 : 0;
}

static int add_header_page(FILE *to)
{
	int len = 0, err;
	char *text = tracefs_instance_file_read(NULL, "events/header_page", &len);

	if (!text)
		return -1;
	err = add_part(to, "header_page", text, (size_t)len);
	free(text);
	return err;
}

static int add_event(FILE *to, const char *system, const char *event)
{
	char *text, *path, *name;
	int len = 0, err = -1;

	if (asprintf(&path, "events/%s/%s/format", system, event) < 0)
		return -1;
	text = tracefs_instance_file_read(NULL, path, &len);
	if (text && asprintf(&name, "format %s", system) >= 0) {
		err = add_part(to, name, text, (size_t)len);
		free(name);
	}
	free(text);
	free(path);
	return err;
}

static int add_stock_event(FILE *to, const char *event)
{
	const char *colon = strchr(event, ':');
	char *system = strndup(event, (size_t)(colon - event)); /* the configuration checked it */
	int err = system ? add_event(to, system, colon + 1) : -1;

	free(system);
	return err;
}

/* Its size shows when it was read: /proc says 0. */
static int add_sites(FILE *to)
{
	FILE *file = fopen(SITES_FILE, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int err;

	if (!file)
		return -1;
	len = getdelim(&text, &room, '\0', file);
	err = len < 0 || ferror(file) ? -1 : add_part(to, "sites", text, (size_t)len);
	free(text);
	fclose(file);
	return err;
}

/**
 * formats_write() - write all parts
 * @fd: where to; stays open.
 * @conf: the stream.
 *
 * Return: 0, or -1 with errno.
 */
int formats_write(int fd, const struct ddr_stream *conf)
{
	static const char *const ours[] = { "devdbg", "prdbg" };
	FILE *to = file_of(fcntl(fd, F_DUPFD_CLOEXEC, 0), "w");
	size_t i;
	int err;

	if (!to)
		return -1;
	err = add_header_page(to);
	for (i = 0; i < sizeof(ours) / sizeof(ours[0]) && !err; i++)
		err = add_event(to, "dyndbg", ours[i]);
	if (!err)
		err = add_event(to, "ftrace", "print"); /* marks */
	for (i = 0; i < conf->events.n && !err; i++)
		err = add_stock_event(to, conf->events.item[i]);
	if (!err)
		err = add_sites(to);
	if (fclose(to))
		err = -1;
	return err;
}
