/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the library: a reader is one of text or one of pages. */
#ifndef DDR_READER_H
#define DDR_READER_H

#include "ddrecorder.h"

/**
 * struct ddr_reader_ops - what a kind of reader does
 * @next: as ddr_reader_next().
 * @rewind: as ddr_reader_rewind().
 * @free: frees the reader and closes its fds.
 */
struct ddr_reader_ops {
	int (*next)(struct ddr_reader *reader, struct ddr_event *event);
	int (*rewind)(struct ddr_reader *reader);
	void (*free)(struct ddr_reader *reader);
};

/**
 * struct ddr_reader - what all readers have; begins the one of each kind
 * @ops: of the kind.
 * @fd: what the caller polls.
 * @lost: records lost so far.
 * @cut: events whose text was cut so far.
 */
struct ddr_reader {
	const struct ddr_reader_ops *ops;
	int fd;
	uint64_t lost;
	uint64_t cut;
};

#endif
