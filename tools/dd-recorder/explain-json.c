// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder explain, for programs: Documentation/schemas/explain.schema.json. */
#include <json.h>
#include <string.h>

#include "explain.h"
#include "info-json.h"

static struct json_object *asked(const struct bracket *b)
{
	struct json_object *to = json_object_new_object(), *list = json_object_new_array();
	char *name[ASKED_MAX];
	size_t i, n;

	info_add_uint(to, "flags", b->flags);
	for (i = 0; i < n_explain_flags; i++) {
		if (b->flags & explain_flags[i].bit)
			json_object_array_add(list, json_object_new_string(explain_flags[i].name));
	}
	info_add(to, "flag_names", list);
	info_add_uint(to, "objects", b->objects);
	list = json_object_new_array();
	n = explain_asked(b, name);
	for (i = 0; i < n; i++)
		json_object_array_add(list, info_string(name[i], strlen(name[i])));
	explain_free_asked(name, n);
	info_add(to, "named", list);
	return to;
}

static void add_text(struct json_object *to, const char *key, const char *text)
{
	info_add(to, key, text ? info_string(text, strlen(text)) : NULL);
}

static struct json_object *lines(const struct bracket *b)
{
	struct json_object *list = json_object_new_array(), *to;
	size_t i;

	for (i = b->n_lines; i-- > 0;) {
		const struct bracket_line *line = &b->line[i];

		to = json_object_new_object();
		info_add_uint(to, "time_ns", line->time_ns);
		add_text(to, "class", line->class_name);
		add_text(to, "module", line->module);
		add_text(to, "function", line->function);
		add_text(to, "text", line->text);
		json_object_array_add(list, to);
	}
	return list;
}

/**
 * explain_json() - a failed ioctl as a JSON object
 * @failure: it, and how often it was repeated.
 *
 * Return: the caller's to put; NULL without memory.
 */
struct json_object *explain_json(const struct failure *failure)
{
	const struct bracket *b = failure->first;
	const struct bracket_line *reason = failure->reason;
	struct json_object *to = json_object_new_object();
	char name[sizeof("DRM_IOCTL_") + BRACKET_NAME_MAX];

	snprintf(name, sizeof(name), "DRM_IOCTL_%s", b->name);
	add_text(to, "ioctl", name);
	info_add_uint(to, "cmd", b->cmd);
	info_add_int(to, "minor", b->minor);
	info_add_int(to, "node", b->node);
	info_add_int(to, "errno", -b->ret);
	add_text(to, "error", strerrorname_np((int)-b->ret));
	add_text(to, "why", reason ? reason->text : NULL);
	add_text(to, "comm", b->comm[0] ? b->comm : NULL);
	info_add_int(to, "pid", b->pid);
	info_add_int(to, "tid", b->tid);
	info_add_uint(to, "client", b->client);
	info_add_uint(to, "begin_ns", b->begin_ns);
	info_add_uint(to, "end_ns", b->end_ns);
	info_add_uint(to, "took_ns", b->took_ns);
	info_add_uint(to, "count", failure->count);
	info_add_uint(to, "last_ns", failure->last_ns);
	info_add_uint(to, "lost", b->lost);
	info_add_uint(to, "left_out", b->n_more);
	info_add(to, "asked", asked(b));
	info_add(to, "said", lines(b));
	return to;
}

/**
 * explain_json_summary() - all that was found, as a JSON object
 * @summary: what was looked at.
 * @failures: list of explain_json(), which the object owns from here on.
 *
 * Return: the caller's to put; NULL without memory.
 */
struct json_object *explain_json_summary(const struct explain_summary *summary,
					 struct json_object *failures)
{
	struct json_object *to = json_object_new_object();

	add_text(to, "stream", summary->stream);
	info_add_uint(to, "ended", summary->ended);
	info_add_uint(to, "failed", summary->failed);
	info_add_uint(to, "left_out", summary->left_out);
	info_add_uint(to, "open", summary->open);
	info_add_uint(to, "lost", summary->lost);
	info_add(to, "failures", failures);
	return to;
}
