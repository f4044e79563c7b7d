// SPDX-License-Identifier: GPL-2.0-only
/* Properties as text, from their JSON. */
#include <inttypes.h>
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "info-json.h"
#include "info-tree.h"
#include "info.h"

/* Ends of ranges that are a type's, which nobody wants to read as a number */
static const char *limit(int64_t value, bool is_signed)
{
	if (!is_signed && (uint64_t)value == UINT64_MAX)
		return "UINT64_MAX";
	if (is_signed && value == INT64_MAX)
		return "INT64_MAX";
	if (is_signed && value == INT64_MIN)
		return "INT64_MIN";
	if (value == UINT32_MAX)
		return "UINT32_MAX";
	if (value == INT32_MAX)
		return "INT32_MAX";
	if (is_signed && value == INT32_MIN)
		return "INT32_MIN";
	return NULL;
}

static void print_limit(FILE *to, struct json_object *spec, const char *key, bool is_signed)
{
	int64_t value = is_signed ? info_get_int(spec, key) : (int64_t)info_get_uint(spec, key);
	const char *name = limit(value, is_signed);

	if (name)
		fputs(name, to);
	else if (is_signed)
		fprintf(to, "%" PRId64, value);
	else
		fprintf(to, "%" PRIu64, (uint64_t)value);
}

static void print_range(FILE *to, struct json_object *prop, bool is_signed)
{
	struct json_object *spec = info_get(prop, "spec");

	fputs(is_signed ? "srange [" : "range [", to);
	print_limit(to, spec, "min", is_signed);
	fputs(", ", to);
	print_limit(to, spec, "max", is_signed);
	fputs("] = ", to);
	if (is_signed)
		fprintf(to, "%" PRId64, info_get_int(prop, "value"));
	else
		fprintf(to, "%" PRIu64, info_get_uint(prop, "value"));
	if (info_get(prop, "data"))
		fprintf(to, " (%" PRIu64 ")", info_get_uint(prop, "data"));
}

static void print_names(FILE *to, struct json_object *spec)
{
	size_t i, n = info_count(spec);

	for (i = 0; i < n; i++)
		fprintf(to, "%s%s", i ? ", " : "",
			info_get_string(json_object_array_get_idx(spec, i), "name"));
}

static void print_enum(FILE *to, struct json_object *prop)
{
	struct json_object *spec = info_get(prop, "spec"), *entry;
	uint64_t value = info_get_uint(prop, "value");
	size_t i, n = info_count(spec);

	fputs("enum {", to);
	print_names(to, spec);
	fputs("} = ", to);
	for (i = 0; i < n; i++) {
		entry = json_object_array_get_idx(spec, i);
		if (info_get_uint(entry, "value") == value) {
			fputs(info_get_string(entry, "name"), to);
			return;
		}
	}
	fprintf(to, "invalid (%" PRIu64 ")", value);
}

/* The names' values are numbers of bits. */
static void print_bitmask(FILE *to, struct json_object *prop)
{
	struct json_object *spec = info_get(prop, "spec"), *entry;
	uint64_t value = info_get_uint(prop, "value"), bit;
	size_t i, n = info_count(spec);
	const char *bar = "";

	fputs("bitmask {", to);
	print_names(to, spec);
	fputs("} = (", to);
	for (i = 0; i < n; i++) {
		entry = json_object_array_get_idx(spec, i);
		bit = info_get_uint(entry, "value");
		if (bit >= 64 || !(value & (1ull << bit)))
			continue;
		fprintf(to, "%s%s", bar, info_get_string(entry, "name"));
		bar = " | ";
	}
	fputs(")", to);
}

static const char *object_name(uint64_t type)
{
	switch (type) {
	case DRM_MODE_OBJECT_CRTC:
		return "CRTC";
	case DRM_MODE_OBJECT_CONNECTOR:
		return "connector";
	case DRM_MODE_OBJECT_ENCODER:
		return "encoder";
	case DRM_MODE_OBJECT_PROPERTY:
		return "property";
	case DRM_MODE_OBJECT_FB:
		return "framebuffer";
	case DRM_MODE_OBJECT_BLOB:
		return "blob";
	case DRM_MODE_OBJECT_PLANE:
		return "plane";
	default:
		return "any";
	}
}

static void print_value(FILE *to, struct json_object *prop)
{
	uint64_t type = info_get_uint(prop, "type");

	switch (type) {
	case DRM_MODE_PROP_RANGE:
		print_range(to, prop, false);
		break;
	case DRM_MODE_PROP_SIGNED_RANGE:
		print_range(to, prop, true);
		break;
	case DRM_MODE_PROP_ENUM:
		print_enum(to, prop);
		break;
	case DRM_MODE_PROP_BITMASK:
		print_bitmask(to, prop);
		break;
	case DRM_MODE_PROP_BLOB:
		fprintf(to, "blob = %" PRIu64, info_get_uint(prop, "raw_value"));
		break;
	case DRM_MODE_PROP_OBJECT:
		fprintf(to, "object %s = %" PRIu64, object_name(info_get_uint(prop, "spec")),
			info_get_uint(prop, "value"));
		break;
	default:
		fprintf(to, "unknown type (%" PRIu64 ") = %" PRIu64, type,
			info_get_uint(prop, "raw_value"));
	}
}

static const char *flags(struct json_object *prop)
{
	bool atomic = json_object_get_boolean(info_get(prop, "atomic"));

	if (json_object_get_boolean(info_get(prop, "immutable")))
		return atomic ? " (atomic, immutable)" : " (immutable)";
	return atomic ? " (atomic)" : "";
}

static void fourccs(struct info_node *to, struct json_object *list)
{
	size_t i, n = info_count(list);

	for (i = 0; i < n; i++)
		info_text_format(to, json_object_get_uint64(json_object_array_get_idx(list, i)));
}

/* What stands below a property: what its blob or its object is */
static void details(struct info_node *to, const char *name, struct json_object *prop)
{
	struct json_object *data = info_get(prop, "data"), *blob = info_get(prop, "blob");
	struct json_object *means = info_get(blob, "means");

	if (blob)
		info_node_add(to, "%" PRIu64 " bytes", info_get_uint(blob, "size"));
	if (means)
		info_node_add(to, "%s", json_object_to_json_string_ext(means,
								       JSON_C_TO_STRING_PLAIN));
	if (!data || json_object_is_type(data, json_type_int))
		return;
	if (strcmp(name, "IN_FORMATS") == 0)
		info_text_formats(to, data);
	else if (strcmp(name, "WRITEBACK_PIXEL_FORMATS") == 0)
		fourccs(to, data);
	else if (strcmp(name, "MODE_ID") == 0)
		info_text_mode(to, "", data);
	else if (strcmp(name, "FB_ID") == 0)
		info_text_fb(to, "Framebuffer", data);
	else
		info_node_add(to, "%s", json_object_to_json_string_ext(data,
								       JSON_C_TO_STRING_PLAIN));
}

/**
 * info_text_props() - an object's properties
 * @to: the object's line.
 * @props: of info_props(); NULL: none.
 */
void info_text_props(struct info_node *to, struct json_object *props)
{
	struct info_node *list = info_node_add(to, "Properties"), *line;
	char *text;
	size_t len;
	FILE *file;

	if (!props)
		return;
	json_object_object_foreach(props, name, prop) {
		text = NULL;
		file = open_memstream(&text, &len);
		if (!file)
			continue;
		print_value(file, prop);
		fclose(file);
		line = info_node_add(list, "\"%s\"%s: %s", name, flags(prop), text);
		free(text);
		details(line, name, prop);
	}
}
