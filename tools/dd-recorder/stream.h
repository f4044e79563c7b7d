/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_STREAM_H
#define DD_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/config.h"
#include "trailer.h"

struct tracefs_instance;

/**
 * struct stream - one stream in the kernel
 * @conf: what it is; not owned.
 * @instance: its instance, NULL where that could not be had.
 * @dir: fd of the instance's directory, or -1.
 * @seen: with keep=, for keep_size(); NULL before the first look.
 * @at_max: it was said that it cannot be kept so long.
 *
 * May be copied, if only one of the copies is used on and stopped.
 */
struct stream {
	const struct ddr_stream *conf;
	struct tracefs_instance *instance;
	int dir;
	uint64_t *seen;
	bool at_max;
};

int stream_check(const struct ddr_stream *conf);
int stream_start(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer);
int stream_change(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer);
void stream_close(const char *name);
void stream_stop(struct stream *s, const struct trailer *trailer);
void stream_leave(struct stream *s);
void stream_look(struct stream *s);

#endif
