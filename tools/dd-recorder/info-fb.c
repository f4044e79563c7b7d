// SPDX-License-Identifier: GPL-2.0-only
/* Framebuffers as JSON. */
#include <errno.h>
#include <json.h>
#include <stdbool.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-fb.h"
#include "info-json.h"
#include "info.h"

/* Who may have the pixels gets handles of them, and they are his until he gives them back. */
static void give_back(int fd, const uint32_t handles[4])
{
	int i, j;

	for (i = 0; i < 4; i++) {
		/* planes may share one */
		for (j = 0; j < i && handles[j] != handles[i]; j++)
			;
		if (handles[i] && j == i)
			drmCloseBufferHandle(fd, handles[i]);
	}
}

static struct json_object *planes_of(const drmModeFB2 *fb)
{
	struct json_object *list = json_object_new_array(), *plane;
	int i;

	for (i = 0; i < 4 && fb->pitches[i]; i++) {
		plane = json_object_new_object();
		info_add_uint(plane, "offset", fb->offsets[i]);
		info_add_uint(plane, "pitch", fb->pitches[i]);
		json_object_array_add(list, plane);
	}
	return list;
}

/**
 * info_fb() - a framebuffer
 * @card: its card.
 * @id: its ID; 0: none.
 *
 * Return: an object; NULL where there is none, also because its client has removed it meanwhile.
 */
struct json_object *info_fb(struct info_card *card, uint32_t id)
{
	struct json_object *to;
	drmModeFB2 *fb;

	if (!id)
		return NULL;
	fb = drmModeGetFB2(card->fd, id);
	if (!fb) {
		if (errno != ENOENT)
			info_card_error(card, "framebuffer", id);
		return NULL;
	}
	to = json_object_new_object();
	info_add_uint(to, "id", fb->fb_id);
	info_add_uint(to, "width", fb->width);
	info_add_uint(to, "height", fb->height);
	info_add_uint(to, "format", fb->pixel_format);
	if (fb->flags & DRM_MODE_FB_MODIFIERS)
		info_add_uint(to, "modifier", fb->modifier);
	info_add(to, "planes", planes_of(fb));
	give_back(card->fd, fb->handles);
	drmModeFreeFB2(fb);
	return to;
}
