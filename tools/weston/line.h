/* SPDX-License-Identifier: GPL-2.0-only */
/* An event as a line of the scope's. */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/ddrecorder.h"

#define DK_LINE_MAX 2048

size_t line_event(char *buf, size_t size, const char *stream, const struct ddr_event *event,
		  int64_t wall_ns);
size_t line_note(char *buf, size_t size, const char *stream, uint64_t time_ns, int64_t wall_ns,
		 const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
