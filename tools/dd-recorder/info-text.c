// SPDX-License-Identifier: GPL-2.0-only
/* All of info as text, from its JSON, so that both say the same. */
#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <string.h>

#include "info-json.h"
#include "info-tree.h"
#include "info.h"

static void strings(struct info_node *to, const char *title, struct json_object *list)
{
	struct info_node *branch;
	size_t i;

	if (!list)
		return;
	branch = info_node_add(to, "%s", title);
	for (i = 0; i < info_count(list); i++)
		info_node_add(branch, "%s",
			      json_object_get_string(json_object_array_get_idx(list, i)));
}

static void caps(struct info_node *to, struct json_object *driver)
{
	struct json_object *list = info_get(driver, "client_caps");

	if (list) {
		json_object_object_foreach(list, name, set)
			info_node_add(to, "DRM_CLIENT_CAP_%s %s", name,
				      json_object_get_boolean(set) ? "supported" :
								     "not supported");
	}
	list = info_get(driver, "caps");
	if (list) {
		json_object_object_foreach(list, cap, value) {
			if (value)
				info_node_add(to, "DRM_CAP_%s = %" PRIu64, cap,
					      json_object_get_uint64(value));
			else
				info_node_add(to, "DRM_CAP_%s not supported", cap);
		}
	}
}

static void driver(struct info_node *to, struct json_object *d)
{
	struct json_object *version = info_get(d, "version"), *kernel = info_get(d, "kernel");
	struct info_node *line;

	if (!d)
		return;
	line = info_node_add(to, "Driver: %s (%s) version %" PRId64 ".%" PRId64 ".%" PRId64 " (%s)",
			     info_get_string(d, "name"), info_get_string(d, "desc"),
			     info_get_int(version, "major"), info_get_int(version, "minor"),
			     info_get_int(version, "patch"), info_get_string(version, "date"));
	info_node_add(line, "Kernel: %s %s %s, tainted %" PRIu64,
		      info_get_string(kernel, "sysname"), info_get_string(kernel, "release"),
		      info_get_string(kernel, "version"), info_get_uint(kernel, "tainted"));
	caps(line, d);
}

static void device(struct info_node *to, struct json_object *node, struct json_object *d)
{
	struct json_object *data = info_get(d, "device_data");
	struct info_node *line;

	line = info_node_add(to, "Device: %s %s", info_get_string(node, "bus"),
			     info_get_string(node, "device"));
	if (info_get(data, "vendor"))
		info_node_add(line, "ID: %04" PRIx64 ":%04" PRIx64, info_get_uint(data, "vendor"),
			      info_get_uint(data, info_get(data, "device") ? "device" : "product"));
	if (info_get(data, "subsystem_vendor"))
		info_node_add(line, "Subsystem: %04" PRIx64 ":%04" PRIx64,
			      info_get_uint(data, "subsystem_vendor"),
			      info_get_uint(data, "subsystem_device"));
	strings(line, "Compatible", info_get(data, "compatible"));
}

static void leases(struct info_node *to, struct json_object *l)
{
	struct json_object *list = info_get(l, "lessees");

	if (list)
		info_node_add(to, "Lessees: %s",
			      json_object_to_json_string_ext(list, JSON_C_TO_STRING_PLAIN));
	else
		info_node_add(to, "Lessees: not known: %s", info_get_string(l, "reason"));
}

static void card(struct info_node *root, const char *path, struct json_object *c)
{
	struct info_node *to = info_node_add(root, "Node: %s", path);

	if (info_get(c, "error")) {
		info_node_add(to, "Error: %s", info_get_string(c, "error"));
		return;
	}
	driver(to, info_get(c, "driver"));
	device(to, info_get(c, "node"), info_get(c, "device"));
	leases(to, info_get(c, "leases"));
	info_text_kms(to, c);
	strings(to, "Errors", info_get(c, "errors"));
}

static void stream(struct info_node *to, struct json_object *s)
{
	struct info_node *line = info_node_add(to, "Stream %s", info_get_string(s, "stream"));
	static const char *const figures[] = { "routes", "size", "entries", "overrun",
					       "commit_overrun", "dropped", "read" };
	struct json_object *holders = info_get(s, "holders"), *h;
	size_t i;

	info_node_add(line, "access: %s", info_get_string(s, "access"));
	for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		info_node_add(line, "%s: %" PRIu64, figures[i], info_get_uint(s, figures[i]));
	for (i = 0; i < info_count(holders); i++) {
		h = json_object_array_get_idx(holders, i);
		info_node_add(line, "held open by %s (process %" PRId64 " of uid %" PRIu64 "): %s",
			      info_get_string(h, "comm"), info_get_int(h, "pid"),
			      info_get_uint(h, "uid"), info_get_string(h, "files"));
	}
}

static void recorder(struct info_node *root, struct json_object *r)
{
	struct info_node *to = info_node_add(root, "Recorder");
	struct json_object *status = info_get(r, "status"), *streams, *kernel;
	size_t i;

	if (!status) {
		info_node_add(to, "Not known: %s", info_get_string(r, "reason"));
		return;
	}
	streams = info_get(status, "streams");
	for (i = 0; i < info_count(streams); i++)
		stream(to, json_object_array_get_idx(streams, i));
	kernel = info_get(status, "kernel");
	if (kernel)
		info_node_add(to, "Kernel: %" PRIu64 " dropped, %" PRIu64 " truncated, %" PRIu64
				  " missed", info_get_uint(kernel, "dropped"),
			      info_get_uint(kernel, "truncated"), info_get_uint(kernel, "missed"));
}

/**
 * info_text() - print all as a tree
 * @all: the JSON object that -j prints.
 * @to: where to.
 */
void info_text(struct json_object *all, FILE *to)
{
	struct info_node *root = info_node_new();

	json_object_object_foreach(all, key, value) {
		if (strcmp(key, "recorder") == 0)
			recorder(root, value);
		else
			card(root, key, value);
	}
	info_node_print(root, to);
	info_node_free(root);
}
