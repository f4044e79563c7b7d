/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the library's readers: one, and its event. */
#ifndef DDR_TEST_READER_H
#define DDR_TEST_READER_H

#include <poll.h>
#include <string.h>

#include "../lib/ddrecorder.h"
#include "ktap.h"

static struct ddr_reader *reader;
static struct ddr_event e;

static inline bool next(void)
{
	return ddr_reader_next(reader, &e) == 1;
}

static inline bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static inline bool ready(void)
{
	struct pollfd pfd = { .fd = ddr_reader_fd(reader), .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

#endif
