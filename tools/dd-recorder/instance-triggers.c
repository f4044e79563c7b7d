// SPDX-License-Identifier: GPL-2.0-only
/* Filters and triggers of an instance's events: Documentation/trace/events.rst of the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "instance.h"

#define MARK_TRIGGER "events/ftrace/print/trigger"
/* By which ours is known. An administrator's own would be another. */
#define MARK_FILTER " if buf ~ \"*"
#define FILE_BYTES 4096

static int write_file(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC), saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	saved = errno;
	close(fd);
	errno = saved;
	return n < 0 ? -1 : 0;
}

/**
 * instance_filter_event() - record only some of a stock trace event
 * @dir: fd of instance_open_dir().
 * @event: "system/event".
 * @filter: in the kernel's words.
 *
 * Return: 0, or -1 with errno.
 */
int instance_filter_event(int dir, const char *event, const char *filter)
{
	char path[128];

	snprintf(path, sizeof(path), "events/%s/filter", event);
	return write_file(dir, path, filter);
}

/*
 * Our trigger as the kernel shows it: "stacktrace:count=1 if buf ~ ...". Return: what stands behind the first
 * colon; NULL: there is none.
 */
static const char *find_trigger(int dir, char *text, size_t room)
{
	int fd = openat(dir, MARK_TRIGGER, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, room - 1) : 0;
	char *line, *save = NULL;

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "stacktrace:", 11) && strstr(line, MARK_FILTER))
			return line + 11;
	}
	return NULL;
}

/**
 * instance_watch_marks() - have the kernel take note of the next mark that has one of some texts in it
 * @dir: fd of instance_open_dir().
 * @texts: as ddr_parse_on() has checked them; none: of no mark any more.
 *
 * It is a trigger that fires once. The stack that it records behind the mark is of no use, but no other one
 * that may be set on marks shows in its file whether it has fired, and changes nothing else.
 *
 * Context: may wait for the kernel's grace periods.
 *
 * Return: 0, or -1 with errno.
 */
int instance_watch_marks(int dir, const struct ddr_list *texts)
{
	char trigger[1024], text[FILE_BYTES];
	size_t n, i;

	if (find_trigger(dir, text, sizeof(text)) && write_file(dir, MARK_TRIGGER, "!stacktrace"))
		return -1;
	if (!texts->n)
		return 0;
	n = (size_t)snprintf(trigger, sizeof(trigger), "stacktrace:1 if");
	for (i = 0; i < texts->n && n < sizeof(trigger); i++)
		n += (size_t)snprintf(trigger + n, sizeof(trigger) - n, "%s buf ~ \"*%s*\"", i ? " ||" : "",
				      texts->item[i]);
	if (n >= sizeof(trigger)) {
		errno = E2BIG;
		return -1;
	}
	return write_file(dir, MARK_TRIGGER, trigger);
}

/**
 * instance_mark_seen() - was there one since instance_watch_marks()?
 * @dir: fd of instance_open_dir().
 *
 * What is left of its count may be 0, or below that where two marks came at once: the kernel does not lock it. -1 is
 * shown as unlimited.
 */
bool instance_mark_seen(int dir)
{
	char text[FILE_BYTES];
	const char *shown = find_trigger(dir, text, sizeof(text));

	return shown && strncmp(shown, "count=1 ", 8);
}
