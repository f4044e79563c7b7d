// SPDX-License-Identifier: GPL-2.0-only
/*
 * libtraceevent's plugin for dyndbg:prdbg and dyndbg:devdbg: gives trace-cmd, KernelShark and
 * whoever else reads raw buffers the text that the kernel's trace files have.
 *
 * The sites come from the option dyndbg:sites=FILE, the environment's DYNDBG_SITES, or
 * /proc/dynamic_debug/sites. Record and event format may come from anybody's trace.dat.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "decode.h"

#define SITES_FILE	"/proc/dynamic_debug/sites"

#pragma GCC visibility push(default)
int TEP_PLUGIN_LOADER(struct tep_handle *tep);
int TEP_PLUGIN_UNLOADER(struct tep_handle *tep);
extern const char TEP_PLUGIN_ALIAS[];
extern struct tep_plugin_option TEP_PLUGIN_OPTIONS[];

const char TEP_PLUGIN_ALIAS[] = "dyndbg";

struct tep_plugin_option TEP_PLUGIN_OPTIONS[] = {
	{
		.name = "sites",
		.value = "", /* without one it would be a switch */
		.description = "the file of sites (" SITES_FILE ") of the kernel that recorded",
	},
	{ .name = NULL },
};
#pragma GCC visibility pop

/* NULL until a record needs them. @read_at: in seconds. @users: handles that have the plugin. */
static struct ddr_sites *sites;
static time_t read_at;
static unsigned int users;
/* The handler's context for dyndbg:devdbg; the other has none. */
static int devdbg;

static const char *sites_path(void)
{
	const char *path = TEP_PLUGIN_OPTIONS[0].value;

	if (!*path)
		path = getenv("DYNDBG_SITES");
	return path && *path ? path : SITES_FILE;
}

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

/*
 * The list, with the site if there is one: sites get on the list with their first message, so
 * it is read again, but not more than once in a second. Messages are for the first time.
 */
static const struct ddr_sites *sites_with(uint32_t key)
{
	bool first = !sites;
	int rc;

	if (first) {
		sites = ddr_sites_new();
		if (!sites)
			return NULL;
	} else if (!key || ddr_sites_find(sites, key) || now() == read_at) {
		return sites;
	}
	read_at = now();
	rc = ddr_sites_read(sites, sites_path(), first ? stderr : NULL);
	if (rc && first)
		fprintf(stderr, "plugin_dyndbg: %s: %s\n", sites_path(),
			rc == -EBADMSG ? "not a list of sites" : strerror(-rc));
	return sites;
}

/* A number of the record. Return: 0 if the record does not have it. */
static int number(struct tep_event *event, struct tep_record *record, const char *name,
		  unsigned long long *val)
{
	struct tep_format_field *field = tep_find_field(event, name);

	if (!field || field->offset < 0 || field->size < 1 || field->size > 8 ||
	    field->offset > record->size - field->size)
		return 0;
	*val = tep_read_number(event->tep, (char *)record->data + field->offset, field->size);
	return 1;
}

static int print(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		 void *context)
{
	unsigned long long site, device = 0, minor = 0, flags, prefix, args;
	bool has_device = context != NULL;
	const struct ddr_sites *known;
	char text[DDR_DECODED_MAX];
	unsigned int at, len;
	struct ddr_record rec;

	if (tep_is_file_bigendian(event->tep) != tep_is_local_bigendian(event->tep) ||
	    tep_get_long_size(event->tep) != sizeof(long)) {
		trace_seq_puts(s, "(recorded on another kind of machine)");
		return 0;
	}
	if (!number(event, record, "site", &site) || !number(event, record, "flags", &flags) ||
	    !number(event, record, "prefix", &prefix) || !number(event, record, "args", &args) ||
	    (has_device && (!number(event, record, "device", &device) ||
			    !number(event, record, "minor", &minor))))
		goto malformed;
	at = args & 0xffff;
	len = args >> 16 & 0xffff;
	if (record->size < 0 || at + len > record->size)
		goto malformed;
	known = sites_with(site);
	if (!known)
		return -1;
	rec = (struct ddr_record){
		.site = site, .device = device, .minor = minor, .flags = flags, .prefix = prefix,
		.has_device = has_device, .args = (char *)record->data + at, .len = len,
	};
	ddr_decode(known, &rec, text, sizeof(text));
	trace_seq_puts(s, text);
	return 0;
malformed:
	trace_seq_puts(s, "(malformed record)");
	return 0;
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	tep_register_event_handler(tep, -1, "dyndbg", "prdbg", print, NULL);
	tep_register_event_handler(tep, -1, "dyndbg", "devdbg", print, &devdbg);
	users++;
	return 0;
}

int TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	tep_unregister_event_handler(tep, -1, "dyndbg", "prdbg", print, NULL);
	tep_unregister_event_handler(tep, -1, "dyndbg", "devdbg", print, &devdbg);
	if (!--users) {
		ddr_sites_free(sites);
		sites = NULL;
	}
	return 0;
}
