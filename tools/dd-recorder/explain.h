/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_EXPLAIN_H
#define DD_EXPLAIN_H

#include <stdio.h>

#include "failures.h"

struct json_object;

#define ASKED_MAX 64 /* objects that are named of one ioctl */

/**
 * struct explain_flag - a bit of an atomic commit's flags
 * @bit: as in include/uapi/drm/drm_mode.h.
 * @name: without DRM_MODE_.
 */
struct explain_flag {
	uint32_t bit;
	const char *name;
};

extern const struct explain_flag explain_flags[];
extern const size_t n_explain_flags;

/**
 * struct explain_summary - what was looked at
 * @stream: or a file's name.
 * @ended: ioctls that ended.
 * @failed: those of them that failed.
 * @left_out: kinds of failures that were too many to be kept.
 * @open: ioctls that had begun and not ended.
 * @lost: records that are missing between those that there are.
 */
struct explain_summary {
	const char *stream;
	uint64_t ended;
	uint64_t failed;
	uint64_t left_out;
	size_t open;
	uint64_t lost;
};

size_t explain_asked(const struct bracket *b, char *name[ASKED_MAX]);
void explain_free_asked(char **name, size_t n);
void explain_text(FILE *to, const struct failure *failure);
void explain_text_summary(FILE *to, const struct explain_summary *summary);
struct json_object *explain_json(const struct failure *failure);
struct json_object *explain_json_summary(const struct explain_summary *summary,
					 struct json_object *failures);

#endif
