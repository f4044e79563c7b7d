/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_TIMELINE_H
#define DD_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* of sources, classes and devices, all together; what is more is told apart no more */
#define TIMELINE_NAMES_MAX 256
/* Of classes and devices, which a mark may make up; there is room for all sources then. */
#define TIMELINE_TAGS_MAX 128

/**
 * struct timeline_entry - something that was said, somewhere
 * @time_ns: CLOCK_MONOTONIC.
 * @order: keeps those of the same time in the order of their source.
 * @source: of timeline_name(), as the next two.
 * @class_name: a debug message's; NULL: none.
 * @device: the DRM device that it is about, "drm:0"; NULL: none.
 * @failed: this is the end of an ioctl that failed.
 * @text: a line.
 */
struct timeline_entry {
	int64_t time_ns;
	size_t order;
	const char *source;
	const char *class_name;
	const char *device;
	bool failed;
	char *text;
};

/**
 * struct timeline - all of it
 * @entry: @n of them.
 * @n: how many.
 * @room: for so many.
 * @lost: lines that there was no memory for.
 * @name: @n_names of them.
 * @n_names: how many.
 */
struct timeline {
	struct timeline_entry *entry;
	size_t n;
	size_t room;
	size_t lost;
	char *name[TIMELINE_NAMES_MAX];
	size_t n_names;
};

const char *timeline_name(struct timeline *timeline, const char *name);
const char *timeline_tag(struct timeline *timeline, const char *name);
void timeline_add(struct timeline *timeline, const struct timeline_entry *what, const char *text,
		  size_t len);
void timeline_sort(struct timeline *timeline);
void timeline_print(const struct timeline *timeline, FILE *to);
void timeline_clear(struct timeline *timeline);

#endif
