// SPDX-License-Identifier: GPL-2.0-only
/* What has to be written to the control file for a stream. Pure: text from data. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "route.h"

/* Adds a command to the last batch, or to a new one where it does not fit any more. */
__attribute__((format(printf, 2, 3)))
static int add(struct ddr_list *batches, const char *fmt, ...)
{
	char *command, *joined, **last;
	va_list ap;
	int n, err;

	va_start(ap, fmt);
	n = vasprintf(&command, fmt, ap);
	va_end(ap);
	if (n < 0)
		return -1;
	if (n > BATCH_MAX) {
		free(command);
		errno = E2BIG;
		return -1;
	}
	last = batches->n ? &batches->item[batches->n - 1] : NULL;
	if (!last || strlen(*last) + (size_t)n > BATCH_MAX) {
		err = ddr_list_add(batches, command, (size_t)n);
		free(command);
		return err;
	}
	n = asprintf(&joined, "%s%s", *last, command);
	free(command);
	if (n < 0)
		return -1;
	free(*last);
	*last = joined;
	return 0;
}

static size_t n_devices(const struct ddr_stream *stream)
{
	return stream->device.n ? stream->device.n : 1;
}

static const char *device(const struct ddr_stream *stream, size_t i)
{
	return stream->device.n ? stream->device.item[i] : "*";
}

/* The match that means the ioctls that the stream wants; NULL if it wants none. */
static const char *ioctls(const struct ddr_stream *stream)
{
	size_t i;

	switch (stream->ioctls) {
	case DDR_IOCTLS_NONE:
		return NULL;
	case DDR_IOCTLS_ALL:
		return "class DRM_IOCTL*";
	case DDR_IOCTLS_ATOMIC:
		return "class DRM_IOCTL_ATOMIC";
	case DDR_IOCTLS_DEFAULT:
		break;
	}
	for (i = 0; i < stream->select.n; i++) {
		if (route_means_drm(stream->select.item[i]))
			return "class DRM_IOCTL_ATOMIC";
	}
	return NULL;
}

/* The stream's matches, the one for ioctls behind those of select=. */
static size_t n_matches(const struct ddr_stream *stream)
{
	return stream->select.n + (ioctls(stream) ? 1 : 0);
}

static const char *match(const struct ddr_stream *stream, size_t i)
{
	return i < stream->select.n ? stream->select.item[i] : ioctls(stream);
}

/**
 * batch_n_routes() - how many routes a stream needs
 * @stream: the stream.
 */
unsigned int batch_n_routes(const struct ddr_stream *stream)
{
	return (unsigned int)(n_matches(stream) * n_devices(stream));
}

/* Is "MATCH device SPEC" one of the stream's routes? The kernel lists it in words of its own. */
static bool is_wanted(const struct ddr_stream *stream, const char *route)
{
	bool same = false;
	size_t i, j;
	char *ours;

	for (i = 0; i < n_matches(stream) && !same; i++) {
		for (j = 0; j < n_devices(stream) && !same; j++) {
			if (asprintf(&ours, "%s device %s", match(stream, i), device(stream, j)) < 0)
				return false;
			same = route_same(ours, route);
			free(ours);
		}
	}
	return same;
}

static int add_open(struct ddr_list *batches, const struct ddr_stream *stream,
		    const struct trailer *trailer, const struct start_options *options)
{
	bool size = options->say_size && stream->size;

	if (add(batches, "open %s%s%s%s%s\n", stream->name, size ? " size=" : "",
		size ? stream->size : "", options->say_clock ? " clock=" : "",
		options->say_clock ? stream->clock : ""))
		return -1;
	/* open also makes it the default, which is the administrator's to choose */
	return add(batches, "open %s\n", trailer->default_dest ? trailer->default_dest : "0");
}

/**
 * batch_start() - open a stream's destination and route to it
 * @batches: batches are appended, to be written in this order.
 * @stream: the stream.
 * @trailer: as it is now. Routes to the destination that are left from a daemon that was killed
 * stay where they are still wanted, without a gap, and go otherwise.
 * @options: what to say of the destination: both were better left out where they already hold.
 *
 * Return: 0, or -1 with errno: E2BIG when a single command does not fit, ENOMEM.
 */
int batch_start(struct ddr_list *batches, const struct ddr_stream *stream,
		const struct trailer *trailer, const struct start_options *options)
{
	const char *route;
	size_t i, j;

	if (add_open(batches, stream, trailer, options))
		return -1;
	for (i = 0; i < trailer->routes.n; i++) {
		route = trailer_route_of(trailer->routes.item[i], stream->name);
		if (!route || is_wanted(stream, route))
			continue;
		if (add(batches, "%s -T:%s\n", route, stream->name))
			return -1;
	}
	for (i = 0; i < n_matches(stream); i++) {
		for (j = 0; j < n_devices(stream); j++) {
			if (add(batches, "%s device %s +T:%s\n", match(stream, i), device(stream, j),
				stream->name))
				return -1;
		}
	}
	return 0;
}

/**
 * batch_stop() - take back what batch_start() did; the instance keeps its records
 * @batches: batches are appended.
 * @name: the stream's name.
 *
 * Return: 0, or -1 with errno.
 */
int batch_stop(struct ddr_list *batches, const char *name)
{
	return add(batches, "device * -T:%s\nclose %s\n", name, name);
}
