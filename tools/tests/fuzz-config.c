// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: configuration files, one after another as drop-ins are, with a form feed between. What
 * is accepted is turned into batches for the control file, and these are read with the kernel
 * side's own parser: whatever stands in a configuration, they are routes to its streams and no
 * other command.
 */
#include "../dd-recorder/batch.h"
#include "../lib/names.h"
#include "dyndbg_parse.h"
#include "fuzz.h"

static const struct start_options say_all = { .say_size = true, .say_clock = true };

/* An error names the file, and is one line that a terminal can be shown. */
static void check_error(const char *error)
{
	MUST(memchr(error, '\0', DDR_CONFIG_ERROR_MAX));
	MUST(!strncmp(error, "file", 4) && strchr(error, ':') && !strchr(error, '\n'));
}

static bool read_files(struct ddr_config *config, const uint8_t *data, size_t size)
{
	char error[DDR_CONFIG_ERROR_MAX], name[16];
	const uint8_t *end;
	unsigned int i;
	size_t len;
	FILE *file;
	int err;

	for (i = 0; size; i++) {
		end = memchr(data, '\f', size);
		len = end ? (size_t)(end - data) : size;
		if (len) {
			snprintf(name, sizeof(name), "file%u", i % 100);
			file = fmemopen((void *)data, len, "r");
			MUST(file);
			memset(error, 0, sizeof(error));
			err = ddr_config_read(config, file, name, error);
			fclose(file);
			if (err) {
				check_error(error);
				return false;
			}
			MUST(!*error);
		}
		data += len + !!end;
		size -= len + !!end;
	}
	memset(error, 0, sizeof(error));
	if (!ddr_config_finish(config, error))
		return true;
	check_error(error);
	return false;
}

static void check_subscriber(const struct ddr_config *config, const struct ddr_subscriber *sub)
{
	size_t i;

	MUST(sub->has_user || sub->has_group || sub->unit || sub->seat);
	MUST(sub->streams.n && sub->access && !(sub->access & ~DDR_ACCESS_ALL));
	for (i = 0; i < sub->streams.n; i++)
		MUST(ddr_config_stream(config, sub->streams.item[i]));
}

/* The commands of one batch: how many routes they add, and how many they are. */
static size_t read_batch(const char *text, const struct ddr_stream *stream, size_t *n)
{
	char *buf = copy_of(text, strlen(text));
	struct dd_batch batch = { .pos = buf, .known_flags = DD_STOCK };
	struct dd_cmd cmd;
	size_t routes = 0;
	int rc;

	MUST(strlen(text) <= BATCH_MAX);
	while ((rc = dd_parse_next(&batch, &cmd)) != 0) {
		++*n;
		/* A value may be none that the kernel side takes: then it does nothing. */
		if (rc < 0)
			continue;
		if (cmd.verb == DD_OPEN) {
			MUST(!strcmp(cmd.name, stream->name) || !strcmp(cmd.name, "0"));
			continue;
		}
		MUST(cmd.verb == DD_QUERY && cmd.device && cmd.flags.op == '+');
		MUST(cmd.flags.bits == DD_T && !strcmp(cmd.flags.label, stream->name));
		MUST(cmd.match.module || cmd.match.function || cmd.match.file ||
		     cmd.match.format || cmd.match.class || cmd.match.first_line ||
		     cmd.match.last_line || strstr(text, "line"));
		routes++;
	}
	free(buf);
	return routes;
}

static void check_stream(const struct ddr_stream *stream)
{
	const struct trailer none = { 0 };
	struct ddr_list batches = { 0 };
	size_t i, routes = 0, commands = 0;

	MUST(ddr_name_valid(stream->name) && stream->select.n && stream->clock);
	MUST(ddr_stream_same(stream, stream));
	if (batch_start(&batches, stream, &none, &say_all)) {
		MUST(errno == E2BIG);
	} else {
		for (i = 0; i < batches.n; i++)
			routes += read_batch(batches.item[i], stream, &commands);
		MUST(routes <= batch_n_routes(stream));
		/* and two opens: no value can hold a command more */
		MUST(commands == batch_n_routes(stream) + 2);
	}
	ddr_list_clear(&batches);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ddr_config *config = ddr_config_new();
	size_t i;

	MUST(config);
	if (read_files(config, data, size)) {
		for (i = 0; i < config->n_streams; i++)
			check_stream(config->stream[i]);
		for (i = 0; i < config->n_subscribers; i++)
			check_subscriber(config, config->subscriber[i]);
	}
	ddr_config_free(config);
	return 0;
}
