// SPDX-License-Identifier: GPL-2.0-only
/* Filters and triggers of an instance's events: Documentation/trace/events.rst of the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "instance.h"

#define MARK_TRIGGER "events/ftrace/print/trigger"
/* How the kernel shows ours. An administrator's own would be another. */
#define MARK_SHOWN "stacktrace:count="

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

/* What the kernel shows of our trigger; "" if there is none. */
static void read_trigger(int dir, char *text, size_t room)
{
	int fd = openat(dir, MARK_TRIGGER, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, text, room - 1) : 0;

	text[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
	if (strncmp(text, MARK_SHOWN, strlen(MARK_SHOWN)))
		text[0] = '\0';
}

/**
 * instance_watch_marks() - have the kernel take note of the next mark that has one of some texts in it
 * @dir: fd of instance_open_dir().
 * @texts: as ddr_parse_on() has checked them; none: of no mark any more.
 *
 * It is a trigger that fires once. The stack that it records behind the mark is of no use, but no other one
 * that may be set on marks shows in its file whether it has fired, and changes nothing else.
 *
 * Return: 0, or -1 with errno.
 */
int instance_watch_marks(int dir, const struct ddr_list *texts)
{
	char trigger[1024];
	size_t n, i;

	read_trigger(dir, trigger, sizeof(trigger));
	if (*trigger && write_file(dir, MARK_TRIGGER, "!stacktrace"))
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
 */
bool instance_mark_seen(int dir)
{
	char text[64];

	read_trigger(dir, text, sizeof(text));
	return !strncmp(text, MARK_SHOWN "0", strlen(MARK_SHOWN "0"));
}
