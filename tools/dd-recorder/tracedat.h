/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_TRACEDAT_H
#define DD_TRACEDAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/ddrecorder.h"

#define TRACEDAT_PAGE 4096
/* What one event may take up: a page without its head (16), a count of lost events (8), the event's own head (8). */
#define TRACEDAT_EVENT_MAX (TRACEDAT_PAGE - 32)
/* The largest NR_CPUS of x86-64 (arch/x86/Kconfig of the kernel); text may claim any number. */
#define TRACEDAT_CPUS_MAX 8192

/* Our events, as their formats in tracedat-file.c number them. */
enum tracedat_event { TRACEDAT_MESSAGE = 501, TRACEDAT_MARK, TRACEDAT_OTHER };

/**
 * struct tracedat_counts - what became of a stream's events
 * @events: in the file.
 * @cut: of those, whose text or names were too long for a page and are cut.
 * @moved: of those, whose time was none and is the nearest one: before 0, or 2^63 ns and more.
 * @left_out: not in the file: lines that are no events, CPUs from TRACEDAT_CPUS_MAX on, what there was no
 * memory for; and what was lost before those.
 */
struct tracedat_counts {
	size_t events;
	size_t cut;
	size_t moved;
	uint64_t left_out;
};

/**
 * struct tracedat_bytes - bytes that become more
 * @byte: @len of them.
 * @len: how many.
 * @room: for so many.
 */
struct tracedat_bytes {
	unsigned char *byte;
	size_t len;
	size_t room;
};

/**
 * struct tracedat_record - an event
 * @time_ns: CLOCK_MONOTONIC.
 * @at: where in the bytes of all.
 * @len: its bytes.
 * @lost: how many were lost before it.
 */
struct tracedat_record {
	uint64_t time_ns;
	size_t at;
	uint32_t len;
	uint32_t lost;
};

/**
 * struct tracedat_cpu - a CPU's events
 * @record: @n of them.
 * @n: how many.
 * @room: for so many.
 * @unsorted: they are not in the order of time.
 */
struct tracedat_cpu {
	struct tracedat_record *record;
	size_t n;
	size_t room;
	bool unsorted;
};

/**
 * struct tracedat - a stream's events for trace-cmd and KernelShark, while they are gathered
 * @cpu: @n_cpus of them.
 * @n_cpus: from 0 to the highest that there was.
 * @bytes: of all events.
 * @names: tasks, by pid, for tsearch().
 * @last_ns: the time of the last event.
 * @same: how many before it had that, too.
 * @counts: for the report.
 */
struct tracedat {
	struct tracedat_cpu *cpu;
	size_t n_cpus;
	struct tracedat_bytes bytes;
	void *names;
	uint64_t last_ns;
	uint32_t same;
	struct tracedat_counts counts;
};

/* tracedat.c */
void tracedat_add(struct tracedat *to, const struct ddr_event *event, int64_t ahead_ns);
int tracedat_names(const struct tracedat *from, struct tracedat_bytes *to);
bool tracedat_room(struct tracedat_bytes *bytes, size_t more);
void tracedat_clear(struct tracedat *of);
/* tracedat-file.c */
int tracedat_file(struct tracedat *from, struct tracedat_bytes *to);

#endif
