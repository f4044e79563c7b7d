// SPDX-License-Identifier: GPL-2.0-only
/* What several sources said, on one clock. Pure. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "info-json.h"
#include "timeline.h"

static bool make_room(struct timeline *timeline)
{
	size_t room = timeline->room ? 2 * timeline->room : 1024;
	struct timeline_entry *grown;

	if (timeline->n < timeline->room)
		return true;
	grown = reallocarray(timeline->entry, room, sizeof(*grown));
	if (!grown)
		return false;
	timeline->entry = grown;
	timeline->room = room;
	return true;
}

static const char *find_name(struct timeline *timeline, const char *name, size_t max)
{
	char plain[256];
	size_t i;

	info_plain(plain, sizeof(plain), name, strnlen(name, sizeof(plain) / 4 - 1));
	for (i = 0; i < timeline->n_names; i++) {
		if (!strcmp(timeline->name[i], plain))
			return timeline->name[i];
	}
	if (i >= max)
		return "?";
	timeline->name[i] = strdup(plain);
	if (!timeline->name[i])
		return "?";
	return timeline->name[timeline->n_names++];
}

/**
 * timeline_name() - a source's name that lives as long as the timeline
 * @timeline: zeroed at first.
 * @name: copied, if it is not there yet.
 *
 * Return: it, without what a terminal could take for a command; "?" where there are too many already.
 */
const char *timeline_name(struct timeline *timeline, const char *name)
{
	return find_name(timeline, name, TIMELINE_NAMES_MAX);
}

/**
 * timeline_tag() - the same of a class or a device, as a line has it
 * @timeline: zeroed at first.
 * @name: copied, if it is not there yet.
 *
 * Return: as timeline_name(); "?" sooner than there.
 */
const char *timeline_tag(struct timeline *timeline, const char *name)
{
	return find_name(timeline, name, TIMELINE_TAGS_MAX);
}

/**
 * timeline_add() - add a line, or count it where there is no memory for it
 * @timeline: zeroed at first.
 * @what: all of it but @order and @text.
 * @text: the line; copied.
 * @len: its bytes, without a newline.
 */
void timeline_add(struct timeline *timeline, const struct timeline_entry *what, const char *text,
		  size_t len)
{
	char *copy = malloc(4 * len + 1), *fit;
	struct timeline_entry *entry;

	if (!copy || !make_room(timeline)) {
		free(copy);
		timeline->lost++;
		return;
	}
	/* whoever shows it on a terminal is not to be commanded by it */
	len = info_plain(copy, 4 * len + 1, text, len);
	fit = realloc(copy, len + 1);
	entry = &timeline->entry[timeline->n];
	*entry = *what;
	entry->order = timeline->n++;
	entry->text = fit ? fit : copy;
}

static int by_time(const void *a, const void *b)
{
	const struct timeline_entry *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/**
 * timeline_sort() - put it in the order of time
 * @timeline: all of it.
 */
void timeline_sort(struct timeline *timeline)
{
	if (timeline->n)
		qsort(timeline->entry, timeline->n, sizeof(*timeline->entry), by_time);
}

/**
 * timeline_print() - print it: seconds, source, text
 * @timeline: sorted.
 * @to: where to.
 */
void timeline_print(const struct timeline *timeline, FILE *to)
{
	static const char blanks[] = "            "; /* 12 columns for the source */
	size_t i, len;

	for (i = 0; i < timeline->n; i++) {
		const struct timeline_entry *e = &timeline->entry[i];
		uint64_t us = (e->time_ns < 0 ? -(uint64_t)e->time_ns : (uint64_t)e->time_ns) / 1000;
		char begin[512]; /* a source is of timeline_name() */
		struct append line = { begin, sizeof(begin), 0 };

		append(&line, e->time_ns < 0 ? "-" : "");
		append_digits(&line, us / 1000000, 1);
		append(&line, ".");
		append_digits(&line, us % 1000000, 6);
		append(&line, " ");
		append(&line, e->source);
		len = strlen(e->source);
		append(&line, len < sizeof(blanks) - 1 ? blanks + len : "");
		append(&line, " ");
		fwrite(begin, 1, line.len, to);
		fwrite(e->text, 1, strlen(e->text), to);
		fputc('\n', to);
	}
}

/**
 * timeline_clear() - free all
 * @timeline: zeroed afterwards.
 */
void timeline_clear(struct timeline *timeline)
{
	size_t i;

	for (i = 0; i < timeline->n; i++)
		free(timeline->entry[i].text);
	for (i = 0; i < timeline->n_names; i++)
		free(timeline->name[i]);
	free(timeline->entry);
	*timeline = (struct timeline){ 0 };
}
