// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connectors, encoders, CRTCs and planes as JSON. Nothing is probed: that is the compositor's
 * business.
 */
#include <errno.h>
#include <json.h>
#include <stdio.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-blob.h"
#include "info-edid.h"
#include "info-fb.h"
#include "info-json.h"
#include "info.h"

static struct json_object *ids(const uint32_t *list, int n)
{
	struct json_object *to = json_object_new_array();
	int i;

	for (i = 0; i < n; i++)
		json_object_array_add(to, json_object_new_uint64(list[i]));
	return to;
}

/* As the kernel names it, in its messages and in sysfs */
static void add_name(struct json_object *to, const drmModeConnector *connector)
{
	const char *type = drmModeGetConnectorTypeName(connector->connector_type);
	char name[64];

	snprintf(name, sizeof(name), "%s-%u", type ? type : "Unknown",
		 connector->connector_type_id);
	info_add_string(to, "name", name);
}

static struct json_object *edid_of(struct info_card *card, struct json_object *props)
{
	uint32_t id = (uint32_t)info_get_uint(info_get(props, "EDID"), "raw_value");
	drmModePropertyBlobRes *blob;
	struct json_object *to;

	blob = id ? drmModeGetPropertyBlob(card->fd, id) : NULL;
	if (!blob)
		return NULL;
	to = info_edid(blob->data, blob->length);
	drmModeFreePropertyBlob(blob);
	return to;
}

static struct json_object *connector(struct info_card *card, uint32_t id)
{
	drmModeConnector *conn = drmModeGetConnectorCurrent(card->fd, id);
	struct json_object *to, *modes, *props;
	int i;

	if (!conn) {
		info_card_error(card, "connector", id);
		return NULL;
	}
	to = json_object_new_object();
	info_add_uint(to, "id", conn->connector_id);
	add_name(to, conn);
	info_add_uint(to, "type", conn->connector_type);
	info_add_uint(to, "type_id", conn->connector_type_id);
	info_add_uint(to, "status", conn->connection);
	info_add_uint(to, "phy_width", conn->mmWidth);
	info_add_uint(to, "phy_height", conn->mmHeight);
	info_add_uint(to, "subpixel", conn->subpixel);
	info_add_uint(to, "encoder_id", conn->encoder_id);
	info_add(to, "encoders", ids(conn->encoders, conn->count_encoders));
	modes = json_object_new_array();
	for (i = 0; i < conn->count_modes; i++)
		json_object_array_add(modes, info_mode(&conn->modes[i]));
	info_add(to, "modes", modes);
	props = info_props(card, id, DRM_MODE_OBJECT_CONNECTOR);
	info_add(to, "edid", edid_of(card, props));
	info_add(to, "properties", props);
	drmModeFreeConnector(conn);
	return to;
}

static struct json_object *encoder(struct info_card *card, uint32_t id)
{
	drmModeEncoder *enc = drmModeGetEncoder(card->fd, id);
	struct json_object *to;

	if (!enc) {
		info_card_error(card, "encoder", id);
		return NULL;
	}
	to = json_object_new_object();
	info_add_uint(to, "id", enc->encoder_id);
	info_add_uint(to, "type", enc->encoder_type);
	info_add_uint(to, "crtc_id", enc->crtc_id);
	info_add_uint(to, "possible_crtcs", enc->possible_crtcs);
	info_add_uint(to, "possible_clones", enc->possible_clones);
	drmModeFreeEncoder(enc);
	return to;
}

static struct json_object *crtc(struct info_card *card, uint32_t id)
{
	drmModeCrtc *c = drmModeGetCrtc(card->fd, id);
	struct json_object *to;

	if (!c) {
		info_card_error(card, "CRTC", id);
		return NULL;
	}
	to = json_object_new_object();
	info_add_uint(to, "id", c->crtc_id);
	info_add_uint(to, "fb_id", c->buffer_id);
	info_add(to, "fb", info_fb(card, c->buffer_id));
	info_add_uint(to, "x", c->x);
	info_add_uint(to, "y", c->y);
	info_add(to, "mode", c->mode_valid ? info_mode(&c->mode) : NULL);
	info_add_int(to, "gamma_size", c->gamma_size);
	info_add(to, "properties", info_props(card, id, DRM_MODE_OBJECT_CRTC));
	drmModeFreeCrtc(c);
	return to;
}

static struct json_object *plane(struct info_card *card, uint32_t id)
{
	drmModePlane *p = drmModeGetPlane(card->fd, id);
	struct json_object *to;

	if (!p) {
		info_card_error(card, "plane", id);
		return NULL;
	}
	to = json_object_new_object();
	info_add_uint(to, "id", p->plane_id);
	info_add_uint(to, "possible_crtcs", p->possible_crtcs);
	info_add_uint(to, "crtc_id", p->crtc_id);
	info_add_uint(to, "fb_id", p->fb_id);
	info_add_uint(to, "crtc_x", p->crtc_x);
	info_add_uint(to, "crtc_y", p->crtc_y);
	info_add_uint(to, "x", p->x);
	info_add_uint(to, "y", p->y);
	info_add_uint(to, "gamma_size", p->gamma_size);
	info_add(to, "fb", info_fb(card, p->fb_id));
	info_add(to, "formats", ids(p->formats, (int)p->count_formats));
	info_add(to, "properties", info_props(card, id, DRM_MODE_OBJECT_PLANE));
	drmModeFreePlane(p);
	return to;
}

/* What cannot be read is missing in the list, and its error is told. */
static struct json_object *objects(struct info_card *card, const uint32_t *list, int n,
				   struct json_object *(*read)(struct info_card *, uint32_t))
{
	struct json_object *to = json_object_new_array(), *object;
	int i;

	for (i = 0; i < n; i++) {
		object = read(card, list[i]);
		if (object)
			json_object_array_add(to, object);
	}
	return to;
}

/**
 * info_kms() - read what a card shows, and how
 * @card: the card.
 * @to: gets fb_size, connectors, encoders, crtcs and planes.
 */
void info_kms(struct info_card *card, struct json_object *to)
{
	drmModeRes *res = drmModeGetResources(card->fd);
	struct json_object *size;
	drmModePlaneRes *planes;

	if (!res) {
		info_card_error(card, "resources", 0);
		return;
	}
	size = json_object_new_object();
	info_add_uint(size, "min_width", res->min_width);
	info_add_uint(size, "max_width", res->max_width);
	info_add_uint(size, "min_height", res->min_height);
	info_add_uint(size, "max_height", res->max_height);
	info_add(to, "fb_size", size);
	info_add(to, "connectors",
		 objects(card, res->connectors, res->count_connectors, connector));
	info_add(to, "encoders", objects(card, res->encoders, res->count_encoders, encoder));
	info_add(to, "crtcs", objects(card, res->crtcs, res->count_crtcs, crtc));
	drmModeFreeResources(res);

	planes = drmModeGetPlaneResources(card->fd);
	if (!planes) {
		info_card_error(card, "planes", 0);
		return;
	}
	info_add(to, "planes", objects(card, planes->planes, (int)planes->count_planes, plane));
	drmModeFreePlaneResources(planes);
}
