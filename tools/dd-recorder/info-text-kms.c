// SPDX-License-Identifier: GPL-2.0-only
/* Connectors, encoders, CRTCs and planes as text, from their JSON. */
#include <inttypes.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-json.h"
#include "info-tree.h"
#include "info.h"

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_in(const char *const *names, size_t n, uint64_t value)
{
	return value < n && names[value] ? names[value] : "unknown";
}

/* A mode's timing bits as words, in @to */
static void mode_words(FILE *to, uint32_t type, uint32_t flags)
{
	static const struct {
		uint32_t bit;
		const char *word;
	} types[] = {
		{ DRM_MODE_TYPE_PREFERRED, "preferred" },
		{ DRM_MODE_TYPE_USERDEF, "userdef" },
		{ DRM_MODE_TYPE_DRIVER, "driver" },
	}, bits[] = {
		{ DRM_MODE_FLAG_PHSYNC, "phsync" },   { DRM_MODE_FLAG_NHSYNC, "nhsync" },
		{ DRM_MODE_FLAG_PVSYNC, "pvsync" },   { DRM_MODE_FLAG_NVSYNC, "nvsync" },
		{ DRM_MODE_FLAG_INTERLACE, "interlace" }, { DRM_MODE_FLAG_DBLSCAN, "dblscan" },
		{ DRM_MODE_FLAG_CSYNC, "csync" },     { DRM_MODE_FLAG_PCSYNC, "pcsync" },
		{ DRM_MODE_FLAG_NCSYNC, "ncsync" },   { DRM_MODE_FLAG_HSKEW, "hskew" },
		{ DRM_MODE_FLAG_DBLCLK, "dblclk" },   { DRM_MODE_FLAG_CLKDIV2, "clkdiv2" },
	};
	static const char *const aspects[] = { NULL, "4:3", "16:9", "64:27", "256:135" };
	static const char *const stereo[] = {
		NULL, "3d-frame-packing", "3d-field-alternative", "3d-line-alternative",
		"3d-side-by-side-full", "3d-l-depth", "3d-l-depth-gfx-gfx-depth",
		"3d-top-and-bottom", "3d-side-by-side-half",
	};
	uint32_t aspect = (flags & DRM_MODE_FLAG_PIC_AR_MASK) >> 19;
	uint32_t layout = (flags & DRM_MODE_FLAG_3D_MASK) >> 14;
	size_t i;

	for (i = 0; i < N_OF(types); i++) {
		if (type & types[i].bit)
			fprintf(to, " %s", types[i].word);
	}
	for (i = 0; i < N_OF(bits); i++) {
		if (flags & bits[i].bit)
			fprintf(to, " %s", bits[i].word);
	}
	if (aspect)
		fprintf(to, " %s", name_in(aspects, N_OF(aspects), aspect));
	if (layout)
		fprintf(to, " %s", name_in(stereo, N_OF(stereo), layout));
}

/* The exact rate, where the mode is not broken */
static double refresh(struct json_object *mode)
{
	double lines = info_get_uint(mode, "htotal") * (double)info_get_uint(mode, "vtotal");
	uint64_t flags = info_get_uint(mode, "flags"), vscan = info_get_uint(mode, "vscan");
	double rate;

	if (!lines)
		return 0;
	rate = info_get_uint(mode, "clock") * 1000.0 / lines;
	if (flags & DRM_MODE_FLAG_INTERLACE)
		rate *= 2;
	if (flags & DRM_MODE_FLAG_DBLSCAN)
		rate /= 2;
	return vscan > 1 ? rate / vscan : rate;
}

/**
 * info_text_mode() - a mode, in a line
 * @to: what it stands below.
 * @before: put before it, "" for nothing.
 * @mode: of info_mode().
 */
void info_text_mode(struct info_node *to, const char *before, struct json_object *mode)
{
	char *words = NULL;
	size_t len;
	FILE *file = open_memstream(&words, &len);

	if (!file)
		return;
	mode_words(file, (uint32_t)info_get_uint(mode, "type"),
		   (uint32_t)info_get_uint(mode, "flags"));
	fclose(file);
	info_node_add(to, "%s%" PRIu64 "x%" PRIu64 "@%.2f%s (%s)", before,
		      info_get_uint(mode, "hdisplay"), info_get_uint(mode, "vdisplay"),
		      refresh(mode), words, info_get_string(mode, "name"));
	free(words);
}

/**
 * info_text_format() - a pixel format, in a line
 * @to: what it stands below.
 * @format: DRM_FORMAT_.
 */
void info_text_format(struct info_node *to, uint32_t format)
{
	char *raw = drmGetFormatName(format), plain[64];

	info_plain(plain, sizeof(plain), raw ? raw : "", raw ? strlen(raw) : 0);
	info_node_add(to, "%s (0x%08" PRIx32 ")", plain, format);
	free(raw);
}

static struct info_node *modifier(struct info_node *to, const char *before, uint64_t number)
{
	char *vendor = drmGetFormatModifierVendor(number), *name = drmGetFormatModifierName(number);
	struct info_node *line;

	line = info_node_add(to, "%s%s%s%s (0x%" PRIx64 ")", before, vendor ? vendor : "",
			     vendor && name ? "_" : "", name ? name : vendor ? "" : "unknown",
			     number);
	free(vendor);
	free(name);
	return line;
}

/**
 * info_text_formats() - modifiers, and the formats that each can be used with
 * @to: what they stand below.
 * @list: of an IN_FORMATS property's data.
 */
void info_text_formats(struct info_node *to, struct json_object *list)
{
	size_t i, j, n = info_count(list);
	struct json_object *entry, *formats;
	struct info_node *line;

	for (i = 0; i < n; i++) {
		entry = json_object_array_get_idx(list, i);
		line = modifier(to, "", info_get_uint(entry, "modifier"));
		formats = info_get(entry, "formats");
		for (j = 0; j < info_count(formats); j++)
			info_text_format(line, (uint32_t)json_object_get_uint64(
						       json_object_array_get_idx(formats, j)));
	}
}

/**
 * info_text_fb() - a framebuffer
 * @to: what it stands below.
 * @name: for its line.
 * @fb: of info_fb(); NULL: none.
 */
void info_text_fb(struct info_node *to, const char *name, struct json_object *fb)
{
	struct json_object *planes = info_get(fb, "planes"), *plane;
	struct info_node *line;
	size_t i;

	if (!fb)
		return;
	line = info_node_add(to, "%s %" PRIu64 ": %" PRIu64 "x%" PRIu64, name,
			     info_get_uint(fb, "id"), info_get_uint(fb, "width"),
			     info_get_uint(fb, "height"));
	info_text_format(line, (uint32_t)info_get_uint(fb, "format"));
	if (info_get(fb, "modifier"))
		modifier(line, "Modifier: ", info_get_uint(fb, "modifier"));
	for (i = 0; i < info_count(planes); i++) {
		plane = json_object_array_get_idx(planes, i);
		info_node_add(line, "Plane %zu: offset %" PRIu64 ", pitch %" PRIu64 " bytes", i,
			      info_get_uint(plane, "offset"), info_get_uint(plane, "pitch"));
	}
}

/* Positions in a list, of a mask, as {0, 2} */
static void mask(struct info_node *to, const char *name, uint64_t bits)
{
	char text[256] = "", *end = text;
	unsigned int i;

	for (i = 0; i < 32; i++) {
		if (bits & (1ull << i))
			end += sprintf(end, "%s%u", end == text ? "" : ", ", i);
	}
	info_node_add(to, "%s: {%s}", name, text);
}

/* Where in a list an object with that ID is: masks count by that. Return: -1: nowhere. */
static int index_of(struct json_object *list, uint64_t id)
{
	size_t i;

	for (i = 0; i < info_count(list); i++) {
		if (info_get_uint(json_object_array_get_idx(list, i), "id") == id)
			return (int)i;
	}
	return -1;
}

static void edid(struct info_node *to, struct json_object *e)
{
	static const char *const shown[] = {
		"make", "model", "serial", "vendor", "product", "serial_number",
		"manufacture_week", "manufacture_year", "model_year", "version", "revision",
		"width_cm", "height_cm", "gamma", "hdr", "error",
	};
	struct json_object *list;
	struct info_node *line;
	size_t i;

	if (!e)
		return;
	line = info_node_add(to, "EDID: %" PRIu64 " bytes", info_get_uint(e, "size"));
	for (i = 0; i < N_OF(shown); i++) {
		if (info_get(e, shown[i]))
			info_node_add(line, "%s: %s", shown[i], info_get_string(e, shown[i]));
	}
	list = info_get(e, "faults");
	if (info_count(list))
		line = info_node_add(line, "faults");
	for (i = 0; i < info_count(list); i++)
		info_node_add(line, "%s",
			      json_object_get_string(json_object_array_get_idx(list, i)));
}

static void connector(struct info_node *to, struct json_object *c, struct json_object *card)
{
	static const char *const states[] = { NULL, "connected", "disconnected", "unknown" };
	static const char *const subpixels[] = {
		NULL, "unknown", "horizontal RGB", "horizontal BGR", "vertical RGB",
		"vertical BGR", "none",
	};
	struct json_object *modes = info_get(c, "modes"), *encoders = info_get(c, "encoders");
	struct info_node *list;
	size_t i;
	int at;

	info_node_add(to, "Object ID: %" PRIu64, info_get_uint(c, "id"));
	info_node_add(to, "Status: %s",
		      name_in(states, N_OF(states), info_get_uint(c, "status")));
	info_node_add(to, "Physical size: %" PRIu64 "x%" PRIu64 " mm",
		      info_get_uint(c, "phy_width"), info_get_uint(c, "phy_height"));
	info_node_add(to, "Subpixel: %s",
		      name_in(subpixels, N_OF(subpixels), info_get_uint(c, "subpixel")));
	list = info_node_add(to, "Encoders");
	for (i = 0; i < info_count(encoders); i++) {
		uint64_t id = json_object_get_uint64(json_object_array_get_idx(encoders, i));

		at = index_of(info_get(card, "encoders"), id);
		info_node_add(list, "Encoder %d (object %" PRIu64 ")%s", at, id,
			      id == info_get_uint(c, "encoder_id") ? ", in use" : "");
	}
	list = info_node_add(to, "Modes");
	for (i = 0; i < info_count(modes); i++)
		info_text_mode(list, "", json_object_array_get_idx(modes, i));
	edid(to, info_get(c, "edid"));
	info_text_props(to, info_get(c, "properties"));
}

static void encoder(struct info_node *to, struct json_object *e, struct json_object *card)
{
	static const char *const types[] = { "none", "DAC", "TMDS", "LVDS", "TV DAC", "virtual",
					     "DSI", "DP MST", "DPI" };

	(void)card;
	info_node_add(to, "Object ID: %" PRIu64, info_get_uint(e, "id"));
	info_node_add(to, "Type: %s", name_in(types, N_OF(types), info_get_uint(e, "type")));
	info_node_add(to, "CRTC object: %" PRIu64, info_get_uint(e, "crtc_id"));
	mask(to, "CRTCs", info_get_uint(e, "possible_crtcs"));
	mask(to, "Clones", info_get_uint(e, "possible_clones"));
}

static void crtc(struct info_node *to, struct json_object *c, struct json_object *card)
{
	(void)card;
	info_node_add(to, "Object ID: %" PRIu64, info_get_uint(c, "id"));
	if (info_get(c, "mode"))
		info_text_mode(to, "Mode: ", info_get(c, "mode"));
	else
		info_node_add(to, "Mode: none");
	info_node_add(to, "Position: %" PRIu64 ",%" PRIu64, info_get_uint(c, "x"),
		      info_get_uint(c, "y"));
	info_text_fb(to, "Framebuffer", info_get(c, "fb"));
	info_node_add(to, "Gamma size: %" PRIu64, info_get_uint(c, "gamma_size"));
	info_text_props(to, info_get(c, "properties"));
}

static void plane(struct info_node *to, struct json_object *p, struct json_object *card)
{
	struct json_object *formats = info_get(p, "formats");
	struct info_node *list;
	size_t i;

	info_node_add(to, "Object ID: %" PRIu64, info_get_uint(p, "id"));
	mask(to, "CRTCs", info_get_uint(p, "possible_crtcs"));
	if (info_get_uint(p, "crtc_id"))
		info_node_add(to, "In use by CRTC %d (object %" PRIu64 ")",
			      index_of(info_get(card, "crtcs"), info_get_uint(p, "crtc_id")),
			      info_get_uint(p, "crtc_id"));
	info_text_fb(to, "Framebuffer", info_get(p, "fb"));
	list = info_node_add(to, "Formats");
	for (i = 0; i < info_count(formats); i++)
		info_text_format(list, (uint32_t)json_object_get_uint64(
					       json_object_array_get_idx(formats, i)));
	info_text_props(to, info_get(p, "properties"));
}

static void objects(struct info_node *to, const char *title, const char *one, const char *key,
		    struct json_object *card,
		    void (*show)(struct info_node *, struct json_object *, struct json_object *))
{
	struct json_object *list = info_get(card, key), *object;
	struct info_node *branch, *line;
	size_t i;

	if (!list)
		return;
	branch = info_node_add(to, "%s", title);
	for (i = 0; i < info_count(list); i++) {
		object = json_object_array_get_idx(list, i);
		line = info_node_add(branch, "%s %zu%s%s", one, i,
				     info_get(object, "name") ? ": " : "",
				     info_get_string(object, "name"));
		show(line, object, card);
	}
}

/**
 * info_text_kms() - what a card shows, and how
 * @to: the card's line.
 * @card: of info_card().
 */
void info_text_kms(struct info_node *to, struct json_object *card)
{
	struct json_object *size = info_get(card, "fb_size");

	if (size)
		info_node_add(to,
			      "Framebuffers: width %" PRIu64 " to %" PRIu64 ", height %" PRIu64
			      " to %" PRIu64,
			      info_get_uint(size, "min_width"), info_get_uint(size, "max_width"),
			      info_get_uint(size, "min_height"),
			      info_get_uint(size, "max_height"));
	objects(to, "Connectors", "Connector", "connectors", card, connector);
	objects(to, "Encoders", "Encoder", "encoders", card, encoder);
	objects(to, "CRTCs", "CRTC", "crtcs", card, crtc);
	objects(to, "Planes", "Plane", "planes", card, plane);
}
