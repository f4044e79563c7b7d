// SPDX-License-Identifier: GPL-2.0-only
/*
 * commits MINOR WHAT...: atomic commits on a card's first connected connector, one for each WHAT, by
 * a process of its own if "and" stands before it, which goes on at the same time. After each a line:
 * "WHAT PROCESS RESULT", the last of which is 0 or what errno was.
 *
 * wait		none: wait for the processes so far
 * good*N	N correct ones, that show a picture, or another one
 * off		one that turns the CRTC off
 * test-WHAT	WHAT, to see whether it could be done
 * marked*N	N of these two in turn, 10 ms apart, and before and after each a line into fd 3 that says so
 * The others are wrong, each in its way:
 * clock	a mode without a pixel clock
 * source	a plane that shows more than its frame buffer has
 * connector	a CRTC with a mode and no connector
 * blob		a mode that is no mode's size
 * active	a value that a property cannot have
 * event	an event asked of a CRTC that is off and stays off
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "card.h"

static struct card card;
static uint32_t plane, fb[2], mode, bad_clock, no_mode;
static drmModeModeInfo good_mode;

static uint32_t property(uint32_t object, uint32_t type, const char *name, uint64_t *value)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(card.fd, object, type);
	uint32_t i, id = 0;

	for (i = 0; all && i < all->count_props && !id; i++) {
		drmModePropertyRes *p = drmModeGetProperty(card.fd, all->props[i]);

		if (p && !strcmp(p->name, name)) {
			id = p->prop_id;
			if (value)
				*value = all->prop_values[i];
		}
		drmModeFreeProperty(p);
	}
	drmModeFreeObjectProperties(all);
	errno = ENOENT;
	if (!id)
		die("no property %s", name);
	return id;
}

static void set(drmModeAtomicReq *req, uint32_t object, uint32_t type, const char *name, uint64_t value)
{
	if (drmModeAtomicAddProperty(req, object, property(object, type, name, NULL), value) < 0)
		die("%s", name);
}

static void find_plane(void)
{
	drmModePlaneRes *res = drmModeGetPlaneResources(card.fd);
	uint32_t i;

	for (i = 0; res && i < res->count_planes && !plane; i++) {
		drmModePlane *p = drmModeGetPlane(card.fd, res->planes[i]);
		uint64_t type;

		property(p->plane_id, DRM_MODE_OBJECT_PLANE, "type", &type);
		if (type == DRM_PLANE_TYPE_PRIMARY && p->possible_crtcs & 1u << card.pipe)
			plane = p->plane_id;
		drmModeFreePlane(p);
	}
	drmModeFreePlaneResources(res);
	errno = ENOENT;
	if (!plane)
		die("no primary plane");
}

static uint32_t blob(const void *data, size_t size)
{
	uint32_t id;

	if (drmModeCreatePropertyBlob(card.fd, data, size, &id))
		die("no blob");
	return id;
}

static void crtc(drmModeAtomicReq *req, uint64_t active, uint32_t mode_id)
{
	set(req, card.crtc, DRM_MODE_OBJECT_CRTC, "ACTIVE", active);
	set(req, card.crtc, DRM_MODE_OBJECT_CRTC, "MODE_ID", mode_id);
}

static void connector(drmModeAtomicReq *req, uint32_t crtc_id)
{
	set(req, card.connector->connector_id, DRM_MODE_OBJECT_CONNECTOR, "CRTC_ID", crtc_id);
}

static void picture(drmModeAtomicReq *req, uint32_t crtc_id, uint32_t fb_id, uint32_t more)
{
	static const char *const at[] = { "SRC_X", "SRC_Y", "CRTC_X", "CRTC_Y" };
	uint32_t w = crtc_id ? good_mode.hdisplay : 0, h = crtc_id ? good_mode.vdisplay : 0;
	unsigned int i;

	set(req, plane, DRM_MODE_OBJECT_PLANE, "FB_ID", fb_id);
	set(req, plane, DRM_MODE_OBJECT_PLANE, "CRTC_ID", crtc_id);
	for (i = 0; i < 4; i++)
		set(req, plane, DRM_MODE_OBJECT_PLANE, at[i], 0);
	set(req, plane, DRM_MODE_OBJECT_PLANE, "SRC_W", (uint64_t)(w + more) << 16);
	set(req, plane, DRM_MODE_OBJECT_PLANE, "SRC_H", (uint64_t)h << 16);
	set(req, plane, DRM_MODE_OBJECT_PLANE, "CRTC_W", w);
	set(req, plane, DRM_MODE_OBJECT_PLANE, "CRTC_H", h);
}

static void everything(drmModeAtomicReq *req, uint32_t mode_id, uint32_t more, int n)
{
	crtc(req, 1, mode_id);
	connector(req, card.crtc);
	picture(req, card.crtc, fb[n & 1], more);
}

static void off(drmModeAtomicReq *req)
{
	crtc(req, 0, 0);
	connector(req, 0);
	picture(req, 0, 0, 0);
}

/* Return: 0 or errno. */
static int commit(const char *what, int n)
{
	drmModeAtomicReq *req = drmModeAtomicAlloc();
	uint32_t flags = DRM_MODE_ATOMIC_ALLOW_MODESET;
	int rc;

	if (!req)
		die("%s", what);
	if (!strncmp(what, "test-", 5)) {
		flags |= DRM_MODE_ATOMIC_TEST_ONLY;
		what += 5;
	}
	if (!strcmp(what, "good")) {
		everything(req, mode, 0, n);
	} else if (!strcmp(what, "off")) {
		off(req);
	} else if (!strcmp(what, "clock")) {
		everything(req, bad_clock, 0, 0);
	} else if (!strcmp(what, "source")) {
		everything(req, mode, 1, 0);
	} else if (!strcmp(what, "connector")) {
		off(req);
		crtc(req, 1, mode);
	} else if (!strcmp(what, "blob")) {
		crtc(req, 1, no_mode);
	} else if (!strcmp(what, "active")) {
		crtc(req, 2, mode);
	} else if (!strcmp(what, "event")) {
		off(req);
		flags |= DRM_MODE_PAGE_FLIP_EVENT;
	} else {
		errno = EINVAL;
		die("%s", what);
	}
	/* a negative errno, not errno */
	rc = -drmModeAtomicCommit(card.fd, req, flags, NULL);
	drmModeAtomicFree(req);
	return rc;
}

static void mark(int n, const char *what)
{
	if (dprintf(3, "commit %d %s\n", n, what) < 0)
		die("no mark");
}

/* Return: 0 or errno. */
static int marked(int n)
{
	int rc;

	mark(n, "begins");
	rc = commit(n & 1 ? "off" : "good", n / 2);
	mark(n, "ends");
	usleep(10000);
	return rc;
}

static void commits(const char *what)
{
	const char *star = strchr(what, '*');
	int i, rc = 0, times = star ? atoi(star + 1) : 1;
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(what, "*"), what);
	for (i = 0; i < times && !rc; i++)
		rc = strcmp(name, "marked") ? commit(name, i) : marked(i);
	printf("%s %d %d\n", what, getpid(), rc);
	fflush(stdout);
}

static void make_things(void)
{
	drmModeModeInfo bad;

	good_mode = card.connector->modes[0];
	bad = good_mode;
	bad.clock = 0;
	mode = blob(&good_mode, sizeof(good_mode));
	bad_clock = blob(&bad, sizeof(bad));
	no_mode = blob(&good_mode, 5);
	fb[0] = card_frame_buffer(&card, good_mode.hdisplay, good_mode.vdisplay);
	fb[1] = card_frame_buffer(&card, good_mode.hdisplay, good_mode.vdisplay);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3) {
		fputs("usage: commits MINOR WHAT...\n", stderr);
		return 2;
	}
	card_open(&card, argv[1], 1);
	if (drmSetClientCap(card.fd, DRM_CLIENT_CAP_ATOMIC, 1))
		die("no atomic commits");
	find_plane();
	make_things();
	for (i = 2; i < argc; i++) {
		pid_t child;

		if (!strcmp(argv[i], "wait")) {
			while (wait(NULL) > 0)
				;
			continue;
		}
		if (strcmp(argv[i], "and")) {
			commits(argv[i]);
			continue;
		}
		child = ++i < argc ? fork() : -1;
		if (child < 0)
			die("%s", argv[i - 1]);
		if (child == 0) {
			commits(argv[i]);
			return 0;
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
