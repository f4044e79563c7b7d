// SPDX-License-Identifier: GPL-2.0-only
/* What streams are saved at: from an event to which streams it concerns. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "incident.h"

/**
 * incident_name() - the word for it that on= has
 * @incident: the incident.
 */
const char *incident_name(const struct incident *incident)
{
	switch (incident->on) {
	case DDR_ON_FAILED_COMMIT:
		return "failed-commit";
	case DDR_ON_DRM_ERROR:
		return "drm-error";
	default:
		return "marker";
	}
}

/* DYNDBG_IOCTL_FAILED of include/uapi/linux/dyndbg.h */
static bool failed_commit(struct incident *incident, const struct ddr_event *event)
{
	long result;
	int pid;

	if (!event->module || strcmp(event->module, "dyndbg_drm") || !event->class_name ||
	    strcmp(event->class_name, "DRM_ATOMIC_FAILED") ||
	    sscanf(event->text, "DRM_IOCTL_%*s failed cmd=%*x node=%*d client=%*u pid=%d ret=%ld", &pid,
		   &result) != 2 || result >= 0 || result < -4095)
		return false;
	/* whoever opens a card without being its master gets that, and a compositor that does not show any more */
	if (result == -EACCES)
		return false;
	incident->on = DDR_ON_FAILED_COMMIT;
	incident->error = (int)-result;
	incident->pid = pid;
	incident->minor = event->minor;
	snprintf(incident->device, sizeof(incident->device), "%s", event->device ? event->device : "");
	return true;
}

/* A word of printable ASCII. Return: what stands behind it and @end; NULL: there is none. */
static const char *word(const char *text, const char *end, int *len)
{
	for (*len = 0; text[*len] > ' ' && text[*len] < 0x7f; (*len)++) {
		if (*len && !strncmp(text + *len, end, strlen(end)))
			return text + *len + strlen(end);
	}
	return *len && !strncmp(text + *len, end, strlen(end)) ? text + *len + strlen(end) : NULL;
}

/*
 * printk:console, of drm_err() and the like (drivers/gpu/drm/drm_print.c of the kernel): "[drm:f [m]] *ERROR* text",
 * or "driver 0000:00:01.0: [drm] *ERROR* text". What others log has it at another place, at most.
 */
static bool drm_error(struct incident *incident, const struct ddr_event *event)
{
	const char *drm = event->text, *device = NULL;
	int len = 0;

	if (strcmp(event->name, "console"))
		return false;
	if (strncmp(drm, "[drm", 4)) {
		device = word(drm, " ", &len);
		drm = device ? word(device, ": ", &len) : NULL;
	}
	if (!drm || (strncmp(drm, "[drm]", 5) && strncmp(drm, "[drm:", 5)) || !strstr(drm, "] *ERROR* "))
		return false;
	incident->on = DDR_ON_DRM_ERROR;
	incident->minor = -1;
	if (device)
		snprintf(incident->device, sizeof(incident->device), "%.*s", len, device);
	return true;
}

/**
 * incident_of_event() - is an event something that streams are saved at?
 * @incident: filled in if it is.
 * @event: of the stream that the daemon watches.
 *
 * Return: whether it is.
 */
bool incident_of_event(struct incident *incident, const struct ddr_event *event)
{
	*incident = (struct incident){ .time_ns = event->time_ns, .minor = -1 };
	if (!event->name || (!failed_commit(incident, event) && !drm_error(incident, event)))
		return false;
	snprintf(incident->text, sizeof(incident->text), "%s", event->text);
	return true;
}

/* The minor that a SPEC means: "drm:N" or "cardN". Return: it, or -1: it is a device's name. */
static int32_t spec_minor(const char *spec)
{
	int32_t minor = -1;
	char more;

	if (sscanf(spec, "drm:%d%c", &minor, &more) == 1 || sscanf(spec, "card%d%c", &minor, &more) == 1)
		return minor;
	return -1;
}

/* May it be the DRM device of that minor? While that is not there (a driver begins), it may be. */
static bool may_have(int32_t minor, const char *device)
{
	char path[64], to[512];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/class/drm/card%d/device", minor);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return true;
	to[n] = '\0';
	return strrchr(to, '/') && !strcmp(strrchr(to, '/') + 1, device);
}

static bool is_device(const struct incident *incident, const char *spec)
{
	int32_t minor = spec_minor(spec);

	if (!strcmp(spec, "*") || !strcmp(spec, incident->device))
		return true;
	if (minor < 0)
		return false;
	return incident->minor >= 0 ? incident->minor == minor : may_have(minor, incident->device);
}

/**
 * incident_concerns() - is a stream to be saved at it?
 * @incident: the incident.
 * @stream: the stream. An incident of which no device is known concerns all.
 *
 * Return: whether it is.
 */
bool incident_concerns(const struct incident *incident, const struct ddr_stream *stream)
{
	bool known = incident->minor >= 0 || *incident->device;
	size_t i;

	if (!(stream->save.on & incident->on))
		return false;
	for (i = 0; i < stream->device.n && known; i++) {
		if (is_device(incident, stream->device.item[i]))
			return true;
	}
	return !stream->device.n || !known;
}
