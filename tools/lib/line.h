/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_LINE_H
#define DDR_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ddrecorder.h"

/**
 * struct ddr_line - where things are in a line of an event
 * @comm: where the task's name begins.
 * @comm_len: its bytes.
 * @rest: where the event's name begins.
 * @pid: of the task.
 * @cpu: where.
 * @time_ns: nanoseconds, or what else the clock counts.
 */
struct ddr_line {
	size_t comm, comm_len, rest;
	int32_t pid;
	uint32_t cpu;
	uint64_t time_ns;
};

bool ddr_line_find(const char *line, struct ddr_line *at);
bool ddr_line_lost(const char *line, uint64_t *lost);
bool ddr_line_started(const char *line);
void ddr_line_event(char *line, const struct ddr_line *at, struct ddr_event *event);
void ddr_line_message(char *text, struct ddr_event *event);

#endif
