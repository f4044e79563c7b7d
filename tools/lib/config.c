// SPDX-License-Identifier: LGPL-2.1-or-later
/* The configuration as data: made, found, freed, checked as a whole. Reading is config-read.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"
#include "config.h"

/**
 * ddr_list_add() - append a copy of a string
 * @list: to append to.
 * @item: need not be NUL-terminated.
 * @len: its bytes.
 *
 * Return: 0, or -1 with errno ENOMEM.
 */
int ddr_list_add(struct ddr_list *list, const char *item, size_t len)
{
	char **grown = realloc(list->item, (list->n + 1) * sizeof(*grown));

	if (!grown)
		return -1;
	list->item = grown;
	grown[list->n] = strndup(item, len);
	if (!grown[list->n])
		return -1;
	list->n++;
	return 0;
}

/**
 * ddr_list_has() - is a string in a list?
 * @list: where.
 * @item: which.
 */
bool ddr_list_has(const struct ddr_list *list, const char *item)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (strcmp(list->item[i], item) == 0)
			return true;
	}
	return false;
}

/**
 * ddr_list_clear() - free a list's strings and its array
 * @list: empty afterwards.
 */
void ddr_list_clear(struct ddr_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->item[i]);
	free(list->item);
	*list = (struct ddr_list){ 0 };
}

static bool same_list(const struct ddr_list *a, const struct ddr_list *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n && strcmp(a->item[i], b->item[i]) == 0; i++)
		;
	return i == a->n && i == b->n;
}

static bool same_word(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/**
 * ddr_stream_same() - do two configurations say the same of a stream?
 * @a: as one has it.
 * @b: as the other has it.
 *
 * In the same words: what is only written otherwise counts as another. When it is saved is no
 * matter of how it is recorded.
 */
bool ddr_stream_same(const struct ddr_stream *a, const struct ddr_stream *b)
{
	return strcmp(a->name, b->name) == 0 && same_list(&a->select, &b->select) &&
	       same_list(&a->device, &b->device) && same_list(&a->events, &b->events) &&
	       a->ioctls == b->ioctls &&
	       strcmp(a->clock, b->clock) == 0 && a->keep_s == b->keep_s &&
	       same_word(a->size, b->size) && same_word(a->max, b->max);
}

static void free_stream(struct ddr_stream *stream)
{
	ddr_list_clear(&stream->select);
	ddr_list_clear(&stream->device);
	ddr_list_clear(&stream->events);
	ddr_list_clear(&stream->save.marker);
	free(stream->size);
	free(stream->max);
	free(stream->clock);
	free(stream->name);
	free(stream);
}

static void free_subscriber(struct ddr_subscriber *subscriber)
{
	ddr_list_clear(&subscriber->streams);
	free(subscriber->unit);
	free(subscriber->seat);
	free(subscriber->name);
	free(subscriber);
}

/**
 * ddr_config_new() - an empty configuration
 *
 * Return: to be freed with ddr_config_free(); NULL with errno ENOMEM.
 */
struct ddr_config *ddr_config_new(void)
{
	return calloc(1, sizeof(struct ddr_config));
}

/**
 * ddr_config_free() - free a configuration and all that hangs from it
 * @config: may be NULL.
 */
void ddr_config_free(struct ddr_config *config)
{
	size_t i;

	if (!config)
		return;
	for (i = 0; i < config->n_streams; i++)
		free_stream(config->stream[i]);
	for (i = 0; i < config->n_subscribers; i++)
		free_subscriber(config->subscriber[i]);
	free(config->stream);
	free(config->subscriber);
	ddr_list_clear(&config->files);
	free(config);
}

static struct ddr_stream *find_stream(const struct ddr_config *config, const char *name)
{
	size_t i;

	for (i = 0; i < config->n_streams; i++) {
		if (strcmp(config->stream[i]->name, name) == 0)
			return config->stream[i];
	}
	return NULL;
}

/**
 * ddr_config_stream() - find a stream
 * @config: where.
 * @name: its name.
 *
 * Return: the stream, owned by @config, or NULL.
 */
const struct ddr_stream *ddr_config_stream(const struct ddr_config *config, const char *name)
{
	return find_stream(config, name);
}

/**
 * ddr_config_add_stream() - the stream of that name, made if there is none
 * @config: where; more than one file may say something about a stream.
 * @name: its name.
 *
 * Return: the stream, owned by @config; NULL with errno ENOMEM.
 */
struct ddr_stream *ddr_config_add_stream(struct ddr_config *config, const char *name)
{
	struct ddr_stream *stream = find_stream(config, name);
	struct ddr_stream **grown;

	if (stream)
		return stream;
	grown = realloc(config->stream, (config->n_streams + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	config->stream = grown;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return NULL;
	stream->name = strdup(name);
	stream->clock = strdup("mono");
	if (!stream->name || !stream->clock) {
		free_stream(stream);
		errno = ENOMEM;
		return NULL;
	}
	grown[config->n_streams++] = stream;
	return stream;
}

/**
 * ddr_config_add_subscriber() - the subscriber of that name, made if there is none
 * @config: where.
 * @name: its name.
 *
 * Return: the subscriber, owned by @config; NULL with errno ENOMEM.
 */
struct ddr_subscriber *ddr_config_add_subscriber(struct ddr_config *config, const char *name)
{
	struct ddr_subscriber **grown, *subscriber;
	size_t i;

	for (i = 0; i < config->n_subscribers; i++) {
		if (strcmp(config->subscriber[i]->name, name) == 0)
			return config->subscriber[i];
	}
	grown = realloc(config->subscriber, (config->n_subscribers + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	config->subscriber = grown;
	subscriber = calloc(1, sizeof(*subscriber));
	if (!subscriber)
		return NULL;
	subscriber->name = strdup(name);
	if (!subscriber->name) {
		free_subscriber(subscriber);
		errno = ENOMEM;
		return NULL;
	}
	grown[config->n_subscribers++] = subscriber;
	return subscriber;
}

static int check_subscriber(const struct ddr_config *config, const struct ddr_subscriber *sub,
			    char *error)
{
	const char *missing = NULL;
	size_t i;

	/* Without one it would match everybody, which nobody means to write by leaving out. */
	if (!sub->has_user && !sub->has_group && !sub->unit && !sub->seat)
		missing = "has none of user=, group=, unit=, seat=";
	else if (!sub->streams.n)
		missing = "has no streams=";
	else if (!sub->access)
		missing = "has no access=";
	if (missing) {
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s:%u: subscriber %s %s", sub->file,
			 sub->line, sub->name, missing);
		return -1;
	}
	for (i = 0; i < sub->streams.n; i++) {
		if (ddr_config_stream(config, sub->streams.item[i]))
			continue;
		snprintf(error, DDR_CONFIG_ERROR_MAX,
			 "%s:%u: subscriber %s: no [stream %s] is defined", sub->file, sub->line,
			 sub->name, sub->streams.item[i]);
		return -1;
	}
	return 0;
}

/* Clocks of kernel/trace/trace.c, trace_clocks[], that count something else than nanoseconds. */
static bool counts_no_time(const char *clock)
{
	static const char *const others[] = { "counter", "uptime", "x86-tsc" };
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(clock, others[i]) == 0)
			return true;
	}
	return false;
}

static int check_stream(const struct ddr_stream *s, char *error)
{
	uint64_t size = 0, max = 0;
	struct ddr_complaint ignored; /* they were read before */
	const char *what = NULL, *word = "", *end = "";

	if (s->size)
		ddr_parse_size(s->size, &size, &ignored);
	ddr_parse_size(s->max ? s->max : DDR_KEEP_MAX, &max, &ignored);
	if (!s->select.n) {
		what = "has no select=";
	} else if (s->max && !s->keep_s) {
		what = "has max= and no keep=";
	} else if (s->keep_s && counts_no_time(s->clock)) {
		what = "has keep= and clock ";
		word = s->clock;
		end = ", which counts no time";
	} else if (s->keep_s && size > max) {
		what = "has a size= above its max=";
	} else if (!s->save.on && (s->save.keep || s->save.every_s || s->save.max)) {
		what = "has saves=, save-every= or save-max= and no on=";
	}
	if (!what)
		return 0;
	snprintf(error, DDR_CONFIG_ERROR_MAX, "%s:%u: stream %s %s%s%s", s->file, s->line, s->name,
		 what, word, end);
	return -1;
}

/**
 * ddr_config_finish() - check what only shows when every file has been read
 * @config: all of it.
 * @error: DDR_CONFIG_ERROR_MAX bytes for the reason.
 *
 * Return: 0, or -1 with @error set.
 */
int ddr_config_finish(const struct ddr_config *config, char *error)
{
	size_t i;

	for (i = 0; i < config->n_streams; i++) {
		if (check_stream(config->stream[i], error))
			return -1;
	}
	for (i = 0; i < config->n_subscribers; i++) {
		if (check_subscriber(config, config->subscriber[i], error))
			return -1;
	}
	return 0;
}
