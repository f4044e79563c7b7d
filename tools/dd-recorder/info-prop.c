// SPDX-License-Identifier: GPL-2.0-only
/* Properties of KMS objects as JSON: what they may be and what they are. */
#include <errno.h>
#include <json.h>
#include <stdio.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-blob.h"
#include "info-fb.h"
#include "info-json.h"
#include "info.h"

/* The key of a property is its name, which the kernel ends by NUL, but let us see to it. */
struct prop_name {
	char text[4 * DRM_PROP_NAME_LEN + 1];
};

static struct json_object *range(const drmModePropertyRes *prop, bool is_signed)
{
	struct json_object *to = json_object_new_object();

	if (prop->count_values < 2)
		return to;
	if (is_signed) {
		info_add_int(to, "min", (int64_t)prop->values[0]);
		info_add_int(to, "max", (int64_t)prop->values[1]);
	} else {
		info_add_uint(to, "min", prop->values[0]);
		info_add_uint(to, "max", prop->values[1]);
	}
	return to;
}

static struct json_object *enums(const drmModePropertyRes *prop)
{
	struct json_object *list = json_object_new_array(), *entry;
	int i;

	for (i = 0; i < prop->count_enums; i++) {
		entry = json_object_new_object();
		info_add(entry, "name",
			 info_string(prop->enums[i].name, sizeof(prop->enums[i].name)));
		info_add_uint(entry, "value", prop->enums[i].value);
		json_object_array_add(list, entry);
	}
	return list;
}

/* What the property may be */
static struct json_object *spec_of(const drmModePropertyRes *prop, uint32_t type)
{
	switch (type) {
	case DRM_MODE_PROP_RANGE:
		return range(prop, false);
	case DRM_MODE_PROP_SIGNED_RANGE:
		return range(prop, true);
	case DRM_MODE_PROP_ENUM:
	case DRM_MODE_PROP_BITMASK:
		return enums(prop);
	case DRM_MODE_PROP_OBJECT:
		return prop->count_values ? json_object_new_uint64(prop->values[0]) : NULL;
	default:
		return NULL;
	}
}

static struct json_object *value_of(uint32_t type, uint64_t value)
{
	switch (type) {
	case DRM_MODE_PROP_RANGE:
	case DRM_MODE_PROP_ENUM:
	case DRM_MODE_PROP_BITMASK:
	case DRM_MODE_PROP_OBJECT:
		return json_object_new_uint64(value);
	case DRM_MODE_PROP_SIGNED_RANGE:
		return json_object_new_int64((int64_t)value);
	default:
		return NULL;
	}
}

/* Puts what the blob says into @to, returns what drm_info knows of it. */
static struct json_object *read_blob(struct info_card *card, const char *name, uint32_t id,
				     struct json_object *to)
{
	drmModePropertyBlobRes *blob = drmModeGetPropertyBlob(card->fd, id);
	struct json_object *data;

	if (!blob) {
		/* another client may have put the next in its place meanwhile */
		if (errno != ENOENT)
			info_card_error(card, "blob", id);
		return NULL;
	}
	data = info_blob_data(name, blob->data, blob->length);
	if (!data)
		info_add(to, "blob", info_blob_more(name, blob->data, blob->length));
	drmModeFreePropertyBlob(blob);
	return data;
}

/* What the value stands for */
static struct json_object *data_of(struct info_card *card, const char *name, uint32_t type,
				   uint64_t value, struct json_object *to)
{
	switch (type) {
	case DRM_MODE_PROP_RANGE:
		/* fixed point */
		return strncmp(name, "SRC_", 4) == 0 ? json_object_new_uint64(value >> 16) : NULL;
	case DRM_MODE_PROP_BLOB:
		return value ? read_blob(card, name, (uint32_t)value, to) : NULL;
	case DRM_MODE_PROP_OBJECT:
		return value && strcmp(name, "FB_ID") == 0 ? info_fb(card, (uint32_t)value) : NULL;
	default:
		return NULL;
	}
}

static void add_prop(struct info_card *card, struct json_object *to, uint32_t id, uint64_t value)
{
	drmModePropertyRes *prop = drmModeGetProperty(card->fd, id);
	struct json_object *obj;
	struct prop_name name;
	uint32_t type;

	if (!prop) {
		info_card_error(card, "property", id);
		return;
	}
	type = prop->flags & (DRM_MODE_PROP_LEGACY_TYPE | DRM_MODE_PROP_EXTENDED_TYPE);
	info_plain(name.text, sizeof(name.text), prop->name,
		   strnlen(prop->name, sizeof(prop->name)));
	obj = json_object_new_object();
	info_add_uint(obj, "id", id);
	info_add_uint(obj, "flags", prop->flags);
	info_add_uint(obj, "type", type);
	info_add_bool(obj, "atomic", prop->flags & DRM_MODE_PROP_ATOMIC);
	info_add_bool(obj, "immutable", prop->flags & DRM_MODE_PROP_IMMUTABLE);
	info_add_uint(obj, "raw_value", value);
	info_add(obj, "spec", spec_of(prop, type));
	info_add(obj, "value", value_of(type, value));
	info_add(obj, "data", data_of(card, name.text, type, value, obj));
	info_add(to, name.text, obj);
	drmModeFreeProperty(prop);
}

/**
 * info_props() - an object's properties
 * @card: its card.
 * @object: its ID.
 * @type: DRM_MODE_OBJECT_.
 *
 * Return: an object with the properties by their names; NULL where they cannot be read.
 */
struct json_object *info_props(struct info_card *card, uint32_t object, uint32_t type)
{
	drmModeObjectProperties *props = drmModeObjectGetProperties(card->fd, object, type);
	struct json_object *to;
	uint32_t i;

	if (!props) {
		info_card_error(card, "properties of object", object);
		return NULL;
	}
	to = json_object_new_object();
	for (i = 0; i < props->count_props; i++)
		add_prop(card, to, props->props[i], props->prop_values[i]);
	drmModeFreeObjectProperties(props);
	return to;
}
