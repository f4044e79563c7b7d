// SPDX-License-Identifier: GPL-2.0-only
/* What a monitor says of itself, as JSON, by libdisplay-info where there was one to build with. */
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "info-edid.h"
#include "info-json.h"

#ifdef HAVE_DISPLAY_INFO
#include <libdisplay-info/edid.h>
#include <libdisplay-info/info.h>

/* libdisplay-info's strings are the caller's to free, NULL where the monitor has none. */
static void add_owned(struct json_object *to, const char *key, char *value)
{
	info_add_string(to, key, value);
	free(value);
}

static void add_product(struct json_object *to, const struct di_edid *edid)
{
	const struct di_edid_vendor_product *p = di_edid_get_vendor_product(edid);

	info_add(to, "vendor", info_string(p->manufacturer, sizeof(p->manufacturer)));
	info_add_uint(to, "product", p->product);
	info_add_uint(to, "serial_number", p->serial);
	info_add_int(to, "manufacture_week", p->manufacture_week);
	info_add_int(to, "manufacture_year", p->manufacture_year);
	info_add_int(to, "model_year", p->model_year);
}

/* With a float's digits: those of the double that it becomes are not the monitor's. */
static void add_number(struct json_object *to, const char *key, float value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	info_add(to, key, json_object_new_double_s(value, text));
}

/* What the EDID has wrong, line by line */
static struct json_object *faults(const char *text)
{
	struct json_object *list = json_object_new_array();
	size_t len;

	for (; text && *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len)
			json_object_array_add(list, info_string(text, len));
	}
	return list;
}

static void add_hdr(struct json_object *to, const struct di_info *info)
{
	const struct di_hdr_static_metadata *hdr = di_info_get_hdr_static_metadata(info);
	struct json_object *obj = json_object_new_object();

	info_add_bool(obj, "type1", hdr->type1);
	info_add_bool(obj, "traditional_sdr", hdr->traditional_sdr);
	info_add_bool(obj, "traditional_hdr", hdr->traditional_hdr);
	info_add_bool(obj, "pq", hdr->pq);
	info_add_bool(obj, "hlg", hdr->hlg);
	add_number(obj, "max_luminance", hdr->desired_content_max_luminance);
	add_number(obj, "max_frame_avg_luminance", hdr->desired_content_max_frame_avg_luminance);
	add_number(obj, "min_luminance", hdr->desired_content_min_luminance);
	info_add(to, "hdr", obj);
}

static void decode(struct json_object *to, const void *data, size_t len)
{
	struct di_info *info = di_info_parse_edid(data, len);
	const struct di_edid_screen_size *screen;
	const struct di_edid *edid;

	if (!info) {
		info_add_string(to, "error", "not a valid EDID");
		return;
	}
	edid = di_info_get_edid(info);
	screen = di_edid_get_screen_size(edid);
	add_owned(to, "make", di_info_get_make(info));
	add_owned(to, "model", di_info_get_model(info));
	add_owned(to, "serial", di_info_get_serial(info));
	add_product(to, edid);
	info_add_int(to, "version", di_edid_get_version(edid));
	info_add_int(to, "revision", di_edid_get_revision(edid));
	info_add_int(to, "width_cm", screen->width_cm);
	info_add_int(to, "height_cm", screen->height_cm);
	add_number(to, "gamma", di_info_get_default_gamma(info));
	add_hdr(to, info);
	info_add(to, "faults", faults(di_info_get_failure_msg(info)));
	di_info_destroy(info);
}
#else
static void decode(struct json_object *to, const void *data, size_t len)
{
	(void)data;
	(void)len;
	info_add_string(to, "error", "built without libdisplay-info");
}
#endif

/**
 * info_edid() - say what an EDID says
 * @data: the EDID, of a monitor that may say anything.
 * @len: its bytes.
 *
 * Return: an object with its size, and what it says or the reason why that is not known.
 */
struct json_object *info_edid(const void *data, size_t len)
{
	struct json_object *to = json_object_new_object();

	info_add_uint(to, "size", len);
	decode(to, data, len);
	return to;
}
