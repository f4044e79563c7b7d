/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_STREAM_H
#define DD_STREAM_H

#include "../lib/config.h"
#include "trailer.h"

struct tracefs_instance;

/**
 * struct stream - one stream in the kernel
 * @conf: what it is; not owned.
 * @instance: its instance, NULL where that could not be had.
 * @dir: fd of the instance's directory, or -1.
 *
 * May be copied, if only one of the copies is used on and stopped.
 */
struct stream {
	const struct ddr_stream *conf;
	struct tracefs_instance *instance;
	int dir;
};

int stream_check(const struct ddr_stream *conf);
int stream_start(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer);
int stream_change(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer);
void stream_stop(struct stream *s, const struct trailer *trailer);
void stream_leave(struct stream *s);

#endif
