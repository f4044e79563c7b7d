// SPDX-License-Identifier: GPL-2.0-only
/* The figures of dd-recorder status, as JSON for programs. */
#include <json.h>
#include <stdio.h>

#include "../lib/names.h"
#include "info-json.h"
#include "ledger.h"

/* What streams and CPUs have in common */
#define ADD_FIGURES(to, s)                                              \
	do {                                                            \
		info_add_uint(to, "entries", (s)->entries);             \
		info_add_uint(to, "overrun", (s)->overrun);             \
		info_add_uint(to, "commit_overrun", (s)->commit_overrun); \
		info_add_uint(to, "dropped", (s)->dropped);             \
		info_add_uint(to, "read", (s)->read);                   \
		info_add_uint(to, "bytes", (s)->bytes);                 \
		info_add_uint(to, "oldest_ns", (s)->oldest_ns);         \
		info_add_uint(to, "now_ns", (s)->now_ns);               \
	} while (0)

static struct json_object *access_names(uint32_t access)
{
	struct json_object *list = json_object_new_array();
	uint32_t bit;

	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if (access & bit)
			json_object_array_add(list, json_object_new_string(ddr_access_name(bit)));
	}
	return list;
}

static struct json_object *cpus_of(const struct ddr_cpu_status *cpu, size_t n)
{
	struct json_object *list = json_object_new_array(), *to;
	size_t i;

	for (i = 0; i < n; i++) {
		to = json_object_new_object();
		info_add_uint(to, "cpu", cpu[i].cpu);
		ADD_FIGURES(to, &cpu[i]);
		json_object_array_add(list, to);
	}
	return list;
}

static struct json_object *holders_of(const struct ledger *ledger, size_t stream)
{
	const struct ledger_holder *h = ledger->holder, *end = h + ledger->n_holders;
	struct json_object *list = json_object_new_array(), *to;

	for (; h < end; h++) {
		if (h->stream != stream)
			continue;
		to = json_object_new_object();
		info_add_int(to, "pid", h->pid);
		info_add_uint(to, "uid", h->uid);
		info_add_string(to, "comm", h->comm);
		info_add_string(to, "files", h->files);
		json_object_array_add(list, to);
	}
	return list;
}

static struct json_object *stream_of(const struct ledger *ledger, size_t i)
{
	const struct ddr_stream_status *s = &ledger->stream[i];
	struct json_object *to = json_object_new_object();

	info_add_string(to, "stream", s->stream);
	info_add_string(to, "destination", s->destination);
	info_add(to, "access", access_names(s->access));
	info_add_uint(to, "routes", s->routes);
	info_add_uint(to, "size", s->size);
	ADD_FIGURES(to, s);
	info_add(to, "cpus", cpus_of(ledger->cpu[i], ledger->n_cpus[i]));
	info_add(to, "holders", holders_of(ledger, i));
	return to;
}

/**
 * ledger_object() - a ledger as a JSON object
 * @ledger: what to tell.
 *
 * Return: the caller's to put; NULL without memory.
 */
struct json_object *ledger_object(const struct ledger *ledger)
{
	struct json_object *to = json_object_new_object(), *list = json_object_new_array();
	struct json_object *kernel;
	size_t i;

	for (i = 0; i < ledger->n; i++)
		json_object_array_add(list, stream_of(ledger, i));
	info_add(to, "streams", list);
	if (ledger->has_kernel) {
		kernel = json_object_new_object();
		info_add_uint(kernel, "dropped", ledger->kernel.dropped);
		info_add_uint(kernel, "truncated", ledger->kernel.truncated);
		info_add_uint(kernel, "missed", ledger->kernel.missed);
		info_add_uint(kernel, "ioctls_missed", ledger->kernel.ioctls_missed);
		info_add(to, "kernel", kernel);
	}
	return to;
}

/**
 * ledger_json() - print a JSON object to stdout, in one line
 * @ledger: what to print.
 */
void ledger_json(const struct ledger *ledger)
{
	struct json_object *object = ledger_object(ledger);

	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
