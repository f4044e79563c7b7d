// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own trace events in an instance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "instance.h"
#include "log.h"

/* Enables or disables "system:event". */
static int set_event(struct tracefs_instance *instance, const char *name, bool on)
{
	char *system = strdup(name);
	char *event = system ? strchr(system, ':') : NULL;
	int err = -1;

	if (event) {
		*event++ = '\0';
		err = on ? tracefs_event_enable(instance, system, event) :
			   tracefs_event_disable(instance, system, event);
	}
	free(system);
	return err;
}

/**
 * instance_event_exists() - does this kernel have a trace event?
 * @event: "system:event".
 */
bool instance_event_exists(const char *event)
{
	char *path = NULL, *full, *colon;
	bool exists = false;

	if (asprintf(&path, "events/%s", event) < 0)
		return false;
	colon = strchr(path, ':');
	if (colon) {
		*colon = '/';
		full = tracefs_get_tracing_file(path);
		exists = full && access(full, F_OK) == 0;
		tracefs_put_tracing_file(full);
	}
	free(path);
	return exists;
}

/**
 * instance_event_bares() - may the text of a trace event show addresses as they are?
 * @event: "system:event".
 *
 * By its format: the kernel hashes what is printed with %p, and nothing that is printed as a long
 * number in hexadecimal, which may be one.
 */
bool instance_event_bares(const char *event)
{
	char *path = NULL, *text = NULL, *fmt, *colon;
	bool bares = false;

	if (asprintf(&path, "events/%s/format", event) < 0)
		return false;
	colon = strchr(path, ':');
	if (colon) {
		*colon = '/';
		text = tracefs_instance_file_read(NULL, path, NULL);
	}
	fmt = text ? strstr(text, "print fmt: ") : NULL;
	for (; fmt && !bares && (fmt = strchr(fmt, '%')) != NULL; fmt++) {
		fmt += 1 + strspn(fmt + 1, "#-0123456789.*");
		bares = strncmp(fmt, "px", 2) == 0 || strncmp(fmt, "lx", 2) == 0 ||
			strncmp(fmt, "llx", 3) == 0;
	}
	free(text);
	free(path);
	return bares;
}

/**
 * instance_events() - enable stock trace events in the instance
 * @instance: the instance.
 * @events: each "system:event".
 *
 * Return: 0, or -1 when one could not be had, after a message.
 */
int instance_events(struct tracefs_instance *instance, const struct ddr_list *events)
{
	int err = 0;
	size_t i;

	for (i = 0; i < events->n; i++) {
		if (set_event(instance, events->item[i], true)) {
			log_msg(LOG_LEVEL_ERR, "stream %s: event %s cannot be enabled",
				tracefs_instance_get_name(instance), events->item[i]);
			err = -1;
		}
	}
	return err;
}

/**
 * instance_drop_events() - disable the stock trace events that are not wanted
 * @instance: the instance.
 * @keep: those that are, each "system:event". Our own stay, too.
 *
 * Whoever has the stream would get them, though the configuration says nothing of them any more.
 *
 * Return: 0, or -1 when it could not be found out or done, after a message.
 */
int instance_drop_events(struct tracefs_instance *instance, const struct ddr_list *keep)
{
	const char *name = tracefs_instance_get_name(instance);
	char *all = tracefs_instance_file_read(instance, "set_event", NULL);
	char *save = NULL, *event;
	/* (there is no text of an empty file) */
	int err = all || tracefs_file_exists(instance, "set_event") ? 0 : -1;

	for (event = all ? strtok_r(all, "\n", &save) : NULL; event;
	     event = strtok_r(NULL, "\n", &save)) {
		/* marks seem to be one as long as a trigger waits for them */
		if (strncmp(event, "dyndbg:", 7) != 0 && strcmp(event, "ftrace:print") != 0 && !ddr_list_has(keep, event) &&
		    set_event(instance, event, false))
			err = -1;
	}
	free(all);
	if (err)
		log_msg(LOG_LEVEL_ERR, "stream %s: events that it had may stay", name);
	return err;
}
