/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_TIMELINE_H
#define DD_TIMELINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct timeline_entry - something that was said, somewhere
 * @time_ns: CLOCK_MONOTONIC.
 * @order: keeps those of the same time in the order of their source.
 * @source: static, or as long-lived as the timeline.
 * @text: a line.
 */
struct timeline_entry {
	int64_t time_ns;
	size_t order;
	const char *source;
	char *text;
};

/**
 * struct timeline - all of it
 * @entry: @n of them.
 * @n: how many.
 * @room: for so many.
 * @lost: lines that there was no memory for.
 */
struct timeline {
	struct timeline_entry *entry;
	size_t n;
	size_t room;
	size_t lost;
};

void timeline_add(struct timeline *timeline, int64_t time_ns, const char *source, const char *text,
		  size_t len);
void timeline_sort(struct timeline *timeline);
void timeline_print(const struct timeline *timeline, FILE *to);
void timeline_clear(struct timeline *timeline);

#endif
