/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_BATCH_H
#define DD_BATCH_H

#include <stdbool.h>

#include "../lib/config.h"
#include "trailer.h"

#define BATCH_MAX 4095 /* bytes in one write() to the control file: control-language */

struct start_options {
	bool say_size;
	bool say_clock;
};

unsigned int batch_n_routes(const struct ddr_stream *stream);
int batch_start(struct ddr_list *batches, const struct ddr_stream *stream,
		const struct trailer *trailer, const struct start_options *options);
int batch_stop(struct ddr_list *batches, const char *name);

#endif
