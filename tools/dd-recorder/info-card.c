// SPDX-License-Identifier: GPL-2.0-only
/* One card as JSON: its node, driver, device and capabilities; info-kms.c has the rest. */
#include <errno.h>
#include <fcntl.h>
#include <json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-json.h"
#include "info.h"

#define DRM_MAJOR_NR 226 /* of Documentation/admin-guide/devices.txt */

/* Younger than the headers of Debian 12; it only adds planes, where a virtual card hides them. */
#ifndef DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT
#define DRM_CLIENT_CAP_CURSOR_PLANE_HOTSPOT 6
#endif
#ifndef DRM_CAP_ATOMIC_ASYNC_PAGE_FLIP
#define DRM_CAP_ATOMIC_ASYNC_PAGE_FLIP 0x15
#endif

struct cap {
	const char *name;
	uint64_t number;
};

#define CAP(name) { #name, DRM_CAP_##name }
static const struct cap caps[] = {
	CAP(DUMB_BUFFER), CAP(VBLANK_HIGH_CRTC), CAP(DUMB_PREFERRED_DEPTH),
	CAP(DUMB_PREFER_SHADOW), CAP(PRIME), CAP(TIMESTAMP_MONOTONIC), CAP(ASYNC_PAGE_FLIP),
	CAP(CURSOR_WIDTH), CAP(CURSOR_HEIGHT), CAP(ADDFB2_MODIFIERS), CAP(PAGE_FLIP_TARGET),
	CAP(CRTC_IN_VBLANK_EVENT), CAP(SYNCOBJ), CAP(SYNCOBJ_TIMELINE), CAP(ATOMIC_ASYNC_PAGE_FLIP),
};

/* Not those that take properties away (PLANE_COLOR_PIPELINE): what others see is to be seen. */
#define CLIENT_CAP(name) { #name, DRM_CLIENT_CAP_##name }
static const struct cap client_caps[] = {
	CLIENT_CAP(STEREO_3D), CLIENT_CAP(UNIVERSAL_PLANES), CLIENT_CAP(ATOMIC),
	CLIENT_CAP(ASPECT_RATIO), CLIENT_CAP(WRITEBACK_CONNECTORS),
	CLIENT_CAP(CURSOR_PLANE_HOTSPOT),
};

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

/**
 * info_card_error() - keep in mind what could not be read, and go on
 * @card: its card.
 * @what: what; static.
 * @id: which; 0: there is only one.
 *
 * Context: errno says why.
 */
void info_card_error(struct info_card *card, const char *what, uint32_t id)
{
	const char *why = strerror(errno);
	char text[160];

	if (id)
		snprintf(text, sizeof(text), "%s %u: %s", what, id, why);
	else
		snprintf(text, sizeof(text), "%s: %s", what, why);
	fprintf(stderr, "dd-recorder: %s: %s\n", card->name, text);
	if (!card->errors)
		card->errors = json_object_new_array();
	json_object_array_add(card->errors, info_string(text, strlen(text)));
}

/* What a link in sysfs leads to, in its last word; NULL where there is none. */
static struct json_object *last_of_link(unsigned int minor_nr, const char *link)
{
	char path[96], target[PATH_MAX];
	const char *last;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/dev/char/%d:%u/%s", DRM_MAJOR_NR, minor_nr, link);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return NULL;
	target[n] = '\0';
	last = strrchr(target, '/');
	return info_string(last ? last + 1 : target, sizeof(target));
}

static struct json_object *node_of(const struct info_card *card, unsigned int minor_nr)
{
	struct json_object *to = json_object_new_object();

	info_add_string(to, "path", card->name);
	info_add_uint(to, "minor", minor_nr);
	info_add(to, "bus", last_of_link(minor_nr, "device/subsystem"));
	info_add(to, "device", last_of_link(minor_nr, "device"));
	return to;
}

static struct json_object *kernel(void)
{
	struct json_object *to = json_object_new_object();
	unsigned long long tainted = 0;
	struct utsname uts;
	FILE *file;

	uname(&uts);
	info_add_string(to, "sysname", uts.sysname);
	info_add_string(to, "release", uts.release);
	info_add_string(to, "version", uts.version);
	file = fopen("/proc/sys/kernel/tainted", "re");
	if (file && fscanf(file, "%llu", &tainted) == 1)
		info_add_uint(to, "tainted", tainted);
	if (file)
		fclose(file);
	return to;
}

/* The client's are set for as long as the file is open, and what is read later depends on them. */
static struct json_object *set_client_caps(const struct info_card *card)
{
	struct json_object *to = json_object_new_object();
	size_t i;

	for (i = 0; i < N_OF(client_caps); i++)
		info_add_bool(to, client_caps[i].name,
			      !drmSetClientCap(card->fd, client_caps[i].number, 1));
	return to;
}

static struct json_object *caps_of(const struct info_card *card)
{
	struct json_object *to = json_object_new_object();
	uint64_t value;
	size_t i;

	for (i = 0; i < N_OF(caps); i++) {
		if (drmGetCap(card->fd, caps[i].number, &value))
			info_add(to, caps[i].name, NULL);
		else
			info_add_uint(to, caps[i].name, value);
	}
	return to;
}

static struct json_object *driver(struct info_card *card)
{
	struct json_object *to, *version;
	drmVersion *v = drmGetVersion(card->fd);

	if (!v) {
		info_card_error(card, "driver", 0);
		return NULL;
	}
	to = json_object_new_object();
	info_add_string(to, "name", v->name);
	info_add_string(to, "desc", v->desc);
	version = json_object_new_object();
	info_add_int(version, "major", v->version_major);
	info_add_int(version, "minor", v->version_minor);
	info_add_int(version, "patch", v->version_patchlevel);
	info_add_string(version, "date", v->date);
	info_add(to, "version", version);
	info_add(to, "kernel", kernel());
	info_add(to, "client_caps", set_client_caps(card));
	info_add(to, "caps", caps_of(card));
	drmFreeVersion(v);
	return to;
}

/*
 * Only a card's master may list who leased from it. Where we were made it by opening the card,
 * there is nobody who could have.
 */
static struct json_object *leases(bool was_master)
{
	struct json_object *to = json_object_new_object();

	info_add(to, "lessees", was_master ? json_object_new_array() : NULL);
	if (!was_master)
		info_add_string(to, "reason", "only the card's master may list them");
	return to;
}

/* Return: the open node, -1 with @why. @was_master: nobody else was it. */
static int open_card(const char *path, unsigned int *minor_nr, bool *was_master, const char **why)
{
	struct stat st;
	int fd;

	/* opening what is no card might do something */
	if (stat(path, &st)) {
		*why = strerror(errno);
		return -1;
	}
	*why = "not a card";
	if (!S_ISCHR(st.st_mode) || major(st.st_rdev) != DRM_MAJOR_NR)
		return -1;
	*minor_nr = minor(st.st_rdev);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		*why = errno == EACCES ? "Permission denied (group video may open it)" :
					 strerror(errno);
		return -1;
	}
	/*
	 * Whoever opens a card that has no master becomes it. A compositor that starts now should:
	 * nothing goes before this.
	 */
	*was_master = !drmDropMaster(fd);
	if (drmGetNodeTypeFromFd(fd) != DRM_NODE_PRIMARY) {
		close(fd);
		return -1;
	}
	return fd;
}

/**
 * info_card() - all about a card
 * @path: its node.
 * @name: the same, printable.
 * @failed: set when it, or part of it, could not be read; a message was given.
 *
 * Return: an object; with "error" and nothing else where it could not be opened.
 */
struct json_object *info_card(const char *path, const char *name, bool *failed)
{
	struct json_object *to = json_object_new_object();
	struct info_card card = { .name = name };
	const char *why = NULL;
	unsigned int minor_nr;
	bool was_master;

	card.fd = open_card(path, &minor_nr, &was_master, &why);
	if (card.fd < 0) {
		fprintf(stderr, "dd-recorder: %s: %s\n", name, why);
		info_add_string(to, "error", why);
		*failed = true;
		return to;
	}
	info_add(to, "node", node_of(&card, minor_nr));
	info_add(to, "leases", leases(was_master));
	info_add(to, "driver", driver(&card));
	info_add(to, "device", info_device(&card));
	info_kms(&card, to);
	if (card.errors) {
		info_add(to, "errors", card.errors);
		*failed = true;
	}
	close(card.fd);
	return to;
}
