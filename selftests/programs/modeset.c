// SPDX-License-Identifier: GPL-2.0-only
/*
 * modeset MINOR ROUNDS: sets two modes of a card's first connected connector in turn, ROUNDS
 * times, and prints the median of the nanoseconds that one took, from the ioctl's begin to its
 * end. Only a change of the mode is a mode-set to the driver; a frame buffer for both is enough.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("modeset: ", stderr);
	vfprintf(stderr, fmt, args);
	fprintf(stderr, ": %s\n", strerror(errno));
	va_end(args);
	exit(1);
}

static drmModeConnector *connected(int fd, const drmModeRes *res)
{
	int i;

	for (i = 0; i < res->count_connectors; i++) {
		drmModeConnector *c = drmModeGetConnector(fd, res->connectors[i]);

		if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes > 1 &&
		    c->count_encoders)
			return c;
		drmModeFreeConnector(c);
	}
	errno = ENODEV;
	die("no connector with two modes");
}

static uint32_t crtc_for(int fd, const drmModeRes *res, const drmModeConnector *c)
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
	return res->crtcs[i];
}

static uint32_t frame_buffer(int fd, uint32_t width, uint32_t height)
{
	uint32_t handle, pitch, fb;
	uint64_t size;

	if (drmModeCreateDumbBuffer(fd, width, height, 32, 0, &handle, &pitch, &size) ||
	    drmModeAddFB(fd, width, height, 24, 32, pitch, handle, &fb))
		die("no frame buffer of %u x %u", width, height);
	return fb;
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int main(int argc, char **argv)
{
	drmModeModeInfo *mode[2];
	drmModeConnector *c;
	uint32_t crtc, fb;
	uint64_t *took;
	char path[64];
	drmModeRes *res;
	int fd, i, rounds;

	if (argc != 3 || (rounds = atoi(argv[2])) < 1) {
		fputs("usage: modeset MINOR ROUNDS\n", stderr);
		return 2;
	}
	took = calloc(rounds, sizeof(*took));
	snprintf(path, sizeof(path), "/dev/dri/card%s", argv[1]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || !took)
		die("%s", path);
	res = drmModeGetResources(fd);
	if (!res)
		die("%s: no resources", path);
	c = connected(fd, res);
	crtc = crtc_for(fd, res, c);
	mode[0] = mode[1] = &c->modes[0];
	for (i = 1; i < c->count_modes && mode[1] == mode[0]; i++)
		if (c->modes[i].hdisplay < mode[0]->hdisplay &&
		    c->modes[i].vdisplay < mode[0]->vdisplay)
			mode[1] = &c->modes[i];
	if (mode[1] == mode[0])
		die("%s: no second mode", path);
	fb = frame_buffer(fd, mode[0]->hdisplay, mode[0]->vdisplay);

	/* One more before: which mode there was is not known. */
	for (i = -1; i < rounds; i++) {
		uint64_t start = now();

		if (drmModeSetCrtc(fd, crtc, fb, 0, 0, &c->connector_id, 1, mode[i & 1]))
			die("%s: mode %s", path, mode[i & 1]->name);
		if (i >= 0)
			took[i] = now() - start;
	}
	qsort(took, rounds, sizeof(*took), by_size);
	printf("%llu\n", (unsigned long long)took[rounds / 2]);
	return 0;
}
