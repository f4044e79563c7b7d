/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_NEWEST_H
#define DD_NEWEST_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct newest - the newest part of a stream's text
 * @text: @max bytes, which are written to round and round; NULL at first.
 * @max: bytes that are kept.
 * @bytes: that were read.
 * @until_ns: by the stream's clock: what is younger is not wanted; 0: it counts no time.
 */
struct newest {
	char *text;
	size_t max;
	uint64_t bytes;
	uint64_t until_ns;
};

int newest_read(struct newest *newest, int fd);
uint64_t newest_left_out(const struct newest *newest);
int newest_write(const struct newest *newest, int fd);

#endif
