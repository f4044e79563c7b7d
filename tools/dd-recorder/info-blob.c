// SPDX-License-Identifier: GPL-2.0-only
/*
 * What properties' blobs mean, as JSON. Some blobs come from other clients of the card: nothing
 * in them is taken for granted.
 */
#include <json.h>
#include <string.h>
#include <xf86drmMode.h>

#include "info-blob.h"
#include "info-json.h"

#define HEX_MAX 4096 /* bytes of an unknown blob that are shown */

/**
 * info_mode() - a mode as JSON
 * @mode: from the kernel.
 *
 * Return: the object.
 */
struct json_object *info_mode(const struct _drmModeModeInfo *mode)
{
	struct json_object *to = json_object_new_object();

	info_add_int(to, "clock", mode->clock);
	info_add_int(to, "hdisplay", mode->hdisplay);
	info_add_int(to, "hsync_start", mode->hsync_start);
	info_add_int(to, "hsync_end", mode->hsync_end);
	info_add_int(to, "htotal", mode->htotal);
	info_add_int(to, "hskew", mode->hskew);
	info_add_int(to, "vdisplay", mode->vdisplay);
	info_add_int(to, "vsync_start", mode->vsync_start);
	info_add_int(to, "vsync_end", mode->vsync_end);
	info_add_int(to, "vtotal", mode->vtotal);
	info_add_int(to, "vscan", mode->vscan);
	info_add_int(to, "vrefresh", mode->vrefresh);
	info_add_int(to, "flags", mode->flags);
	info_add_int(to, "type", mode->type);
	info_add(to, "name", info_string(mode->name, sizeof(mode->name)));
	return to;
}

static struct json_object *mode_id(const void *data, size_t len)
{
	struct drm_mode_modeinfo raw;
	drmModeModeInfo mode = { 0 };

	if (len < sizeof(raw))
		return NULL;
	/* libdrm's is the kernel's */
	_Static_assert(sizeof(mode) == sizeof(raw), "modes differ");
	memcpy(&mode, data, sizeof(mode));
	return info_mode(&mode);
}

/* The 64 formats of the list that one entry tells of, from @at on */
static struct json_object *formats_of(const struct drm_format_modifier *mod, const char *formats,
				      uint32_t count)
{
	struct json_object *list = json_object_new_array();
	uint32_t format;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		if (!(mod->formats & (1ull << bit)) || (uint64_t)mod->offset + bit >= count)
			continue;
		memcpy(&format, formats + ((size_t)mod->offset + bit) * sizeof(format),
		       sizeof(format));
		json_object_array_add(list, json_object_new_uint64(format));
	}
	return list;
}

/* Are @count things of @size bytes from @offset on within @len? */
static bool fits(uint32_t offset, uint32_t count, size_t size, size_t len)
{
	return offset <= len && count <= (len - offset) / size;
}

static struct json_object *in_formats(const void *data, size_t len)
{
	struct json_object *list, *entry;
	struct drm_format_modifier_blob head;
	struct drm_format_modifier mod;
	const char *bytes = data;
	uint32_t i;

	if (len < sizeof(head))
		return NULL;
	memcpy(&head, data, sizeof(head));
	if (head.version != FORMAT_BLOB_CURRENT ||
	    !fits(head.formats_offset, head.count_formats, sizeof(uint32_t), len) ||
	    !fits(head.modifiers_offset, head.count_modifiers, sizeof(mod), len))
		return NULL;
	list = json_object_new_array();
	for (i = 0; i < head.count_modifiers; i++) {
		memcpy(&mod, bytes + head.modifiers_offset + i * sizeof(mod), sizeof(mod));
		entry = json_object_new_object();
		info_add_uint(entry, "modifier", mod.modifier);
		info_add(entry, "formats",
			 formats_of(&mod, bytes + head.formats_offset, head.count_formats));
		json_object_array_add(list, entry);
	}
	return list;
}

static struct json_object *fourccs(const void *data, size_t len)
{
	struct json_object *list = json_object_new_array();
	uint32_t format;
	size_t i;

	for (i = 0; i < len / sizeof(format); i++) {
		memcpy(&format, (const char *)data + i * sizeof(format), sizeof(format));
		json_object_array_add(list, json_object_new_uint64(format));
	}
	return list;
}

static struct json_object *text(const void *data, size_t len)
{
	return info_string(data, len);
}

static struct json_object *chromaticity(uint16_t x, uint16_t y)
{
	struct json_object *to = json_object_new_object();

	info_add(to, "x", json_object_new_double(x / 50000.0));
	info_add(to, "y", json_object_new_double(y / 50000.0));
	return to;
}

static struct json_object *hdr(const void *data, size_t len)
{
	struct json_object *to, *primaries;
	const struct hdr_metadata_infoframe *frame;
	struct hdr_output_metadata meta;
	int i;

	if (len < sizeof(meta))
		return NULL;
	memcpy(&meta, data, sizeof(meta));
	to = json_object_new_object();
	info_add_uint(to, "type", meta.metadata_type);
	if (meta.metadata_type != 0) /* static metadata type 1 is the only one there is */
		return to;
	frame = &meta.hdmi_metadata_type1;
	info_add_uint(to, "eotf", frame->eotf);
	primaries = json_object_new_array();
	for (i = 0; i < 3; i++)
		json_object_array_add(primaries, chromaticity(frame->display_primaries[i].x,
							      frame->display_primaries[i].y));
	info_add(to, "display_primaries", primaries);
	info_add(to, "white_point", chromaticity(frame->white_point.x, frame->white_point.y));
	info_add_uint(to, "max_display_mastering_luminance",
		      frame->max_display_mastering_luminance);
	info_add(to, "min_display_mastering_luminance",
		 json_object_new_double(frame->min_display_mastering_luminance / 10000.0));
	info_add_uint(to, "max_cll", frame->max_cll);
	info_add_uint(to, "max_fall", frame->max_fall);
	return to;
}

/* Arrays of numbers: 32 bit, signed, @each in a row */
static struct json_object *rows32(const void *data, size_t len, size_t each)
{
	struct json_object *list = json_object_new_array(), *row;
	size_t i, j;
	int32_t n;

	for (i = 0; i < len / (each * sizeof(n)); i++) {
		row = json_object_new_array();
		for (j = 0; j < each; j++) {
			memcpy(&n, (const char *)data + (i * each + j) * sizeof(n), sizeof(n));
			json_object_array_add(row, json_object_new_int64(n));
		}
		json_object_array_add(list, row);
	}
	return list;
}

static struct json_object *damage(const void *data, size_t len)
{
	return rows32(data, len, 4);
}

static struct json_object *sizes(const void *data, size_t len)
{
	struct json_object *list = json_object_new_array(), *row;
	uint16_t n[2];
	size_t i;

	for (i = 0; i < len / sizeof(n); i++) {
		memcpy(n, (const char *)data + i * sizeof(n), sizeof(n));
		row = json_object_new_array();
		json_object_array_add(row, json_object_new_int64(n[0]));
		json_object_array_add(row, json_object_new_int64(n[1]));
		json_object_array_add(list, row);
	}
	return list;
}

/* A colour transformation: fixed point of 31 and 32 bits, the highest bit the sign */
static struct json_object *ctm(const void *data, size_t len)
{
	struct json_object *list;
	struct drm_color_ctm m;
	double v;
	int i;

	if (len < sizeof(m))
		return NULL;
	memcpy(&m, data, sizeof(m));
	list = json_object_new_array();
	for (i = 0; i < 9; i++) {
		v = (double)(m.matrix[i] & ~(1ull << 63)) / 4294967296.0;
		json_object_array_add(list,
				      json_object_new_double(m.matrix[i] >> 63 ? -v : v));
	}
	return list;
}

struct meaning {
	const char *prop;
	struct json_object *(*read)(const void *data, size_t len);
};

static struct json_object *look_up(const struct meaning *list, const char *prop,
				   const void *data, size_t len)
{
	for (; list->prop; list++) {
		if (strcmp(list->prop, prop) == 0)
			return list->read(data, len);
	}
	return NULL;
}

/**
 * info_blob_data() - the blobs that drm_info knows, laid out as there
 * @prop: the property's name.
 * @data: the blob.
 * @len: its bytes.
 *
 * Return: NULL where it is another one, or broken.
 */
struct json_object *info_blob_data(const char *prop, const void *data, size_t len)
{
	static const struct meaning known[] = {
		{ "IN_FORMATS", in_formats },
		{ "MODE_ID", mode_id },
		{ "WRITEBACK_PIXEL_FORMATS", fourccs },
		{ "PATH", text },
		{ "HDR_OUTPUT_METADATA", hdr },
		{ NULL, NULL },
	};

	return look_up(known, prop, data, len);
}

/**
 * info_blob_more() - what else there is to say about a blob
 * @prop: the property's name.
 * @data: the blob.
 * @len: its bytes.
 *
 * Return: an object with its size and what it means or, where that is not known, its bytes.
 */
struct json_object *info_blob_more(const char *prop, const void *data, size_t len)
{
	static const struct meaning known[] = {
		{ "IN_FORMATS_ASYNC", in_formats },
		{ "TILE", text },
		{ "FB_DAMAGE_CLIPS", damage },
		{ "SIZE_HINTS", sizes },
		{ "CTM", ctm },
		{ NULL, NULL },
	};
	struct json_object *to = json_object_new_object(), *means;
	char hex[2 * HEX_MAX];
	size_t i;

	info_add_uint(to, "size", len);
	means = look_up(known, prop, data, len);
	if (means) {
		info_add(to, "means", means);
		return to;
	}
	for (i = 0; i < len && i < HEX_MAX; i++) {
		hex[2 * i] = "0123456789abcdef"[((const unsigned char *)data)[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[((const unsigned char *)data)[i] & 15];
	}
	info_add(to, "hex", json_object_new_string_len(hex, (int)(2 * i)));
	return to;
}
