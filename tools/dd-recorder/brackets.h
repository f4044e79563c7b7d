/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_BRACKETS_H
#define DD_BRACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/ddrecorder.h"

#define BRACKET_NAME_MAX 64 /* bytes of an ioctl's name, with its NUL */
#define BRACKET_LINES_MAX 1024 /* of what is said in between, the newest are kept */

/**
 * struct bracket_line - something that a task said while it was in an ioctl
 * @time_ns: by the stream's clock.
 * @class_name: or NULL.
 * @module: or NULL.
 * @function: or NULL.
 * @text: the message.
 */
struct bracket_line {
	uint64_t time_ns;
	char *class_name;
	char *module;
	char *function;
	char *text;
};

/**
 * struct bracket - a DRM ioctl, from its begin to its end
 * @name: without DRM_IOCTL_.
 * @comm: the task's name, "" where it is not known.
 * @tid: the task.
 * @pid: its process.
 * @minor: the card's.
 * @node: the minor of the file that it was called on.
 * @client: that file's drm-client-id, 0 where it is not known.
 * @cmd: the command.
 * @flags: an atomic commit's.
 * @objects: how many objects an atomic commit is about.
 * @begin_ns: by the stream's clock; 0: the begin was not recorded, or is overwritten.
 * @end_ns: by the same.
 * @took_ns: by the kernel's own count.
 * @ret: what it returned.
 * @line: @n_lines that the task said in between, the oldest first.
 * @n_lines: how many.
 * @n_more: how many older ones were not kept.
 * @lost: records that the stream lost in between, at least; any of them may have been this task's.
 */
struct bracket {
	char name[BRACKET_NAME_MAX];
	char comm[32];
	int tid;
	int pid;
	int minor;
	int node;
	uint64_t client;
	uint32_t cmd;
	uint32_t flags;
	uint32_t objects;
	uint64_t begin_ns;
	uint64_t end_ns;
	uint64_t took_ns;
	long ret;
	struct bracket_line *line;
	size_t n_lines;
	size_t n_more;
	uint64_t lost;
};

struct brackets;

struct brackets *brackets_new(void);
void brackets_free(struct brackets *brackets);
int brackets_take(struct brackets *brackets, const struct ddr_event *event, struct bracket **ended);
size_t brackets_open(const struct brackets *brackets);
void bracket_free(struct bracket *bracket);
bool bracket_failed(const struct bracket *bracket);
const struct bracket_line *bracket_reason(const struct bracket *bracket);

#endif
