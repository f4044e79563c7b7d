// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "card.h"

void die(const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, args);
	fprintf(stderr, ": %s\n", strerror(error));
	va_end(args);
	exit(1);
}

static drmModeConnector *connected(int fd, const drmModeRes *res, int modes)
{
	int i;

	for (i = 0; i < res->count_connectors; i++) {
		drmModeConnector *c = drmModeGetConnector(fd, res->connectors[i]);

		if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes >= modes &&
		    c->count_encoders)
			return c;
		drmModeFreeConnector(c);
	}
	errno = ENODEV;
	die("no connector with %d modes", modes);
}

static int pipe_for(int fd, const drmModeRes *res, const drmModeConnector *c)
{
	drmModeEncoder *encoder = drmModeGetEncoder(fd, c->encoders[0]);
	int i;

	if (!encoder)
		die("no encoder");
	for (i = 0; i < res->count_crtcs; i++)
		if (encoder->possible_crtcs & 1u << i)
			break;
	if (i == res->count_crtcs)
		die("no crtc");
	drmModeFreeEncoder(encoder);
	return i;
}

void card_open(struct card *card, const char *minor, int modes)
{
	drmModeRes *res;
	char path[64];

	snprintf(path, sizeof(path), "/dev/dri/card%s", minor);
	card->fd = open(path, O_RDWR | O_CLOEXEC);
	if (card->fd < 0)
		die("%s", path);
	res = drmModeGetResources(card->fd);
	if (!res)
		die("%s: no resources", path);
	card->connector = connected(card->fd, res, modes);
	card->pipe = pipe_for(card->fd, res, card->connector);
	card->crtc = res->crtcs[card->pipe];
	drmModeFreeResources(res);
}

uint32_t card_frame_buffer(const struct card *card, uint32_t width, uint32_t height)
{
	uint32_t handle, pitch, fb;
	uint64_t size;

	if (drmModeCreateDumbBuffer(card->fd, width, height, 32, 0, &handle, &pitch, &size) ||
	    drmModeAddFB(card->fd, width, height, 24, 32, pitch, handle, &fb))
		die("no frame buffer of %u x %u", width, height);
	return fb;
}
