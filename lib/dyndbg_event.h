/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Our trace events as they stand in the ring buffers: an image made once for each message, and
 * copied into each instance that wants it. For dyndbg_record.c alone.
 *
 * Context of everything here: any, NMI included, preemption disabled.
 */
#ifndef _DYNDBG_EVENT_H
#define _DYNDBG_EVENT_H

#include "dyndbg.h"
#include <trace/events/dyndbg.h>

/**
 * struct level - an event as it will stand in the ring buffers; one for each that nests on a CPU
 * @fb: of the reserve; here, for on the stack it would be zeroed each time
 * @ops: the shape of a site that was not registered yet
 * @image: the event, its head (struct trace_entry) left out
 */
struct level {
	struct trace_event_buffer fb;
	struct dd_op ops[DD_OPS_MAX];
	u64 image[(64 + DYNDBG_REC_MAX) / sizeof(u64)];
};

/* Return: where the arguments begin in the image of an event. */
static __always_inline u8 *image_args(struct level *l, bool dev)
{
	struct trace_event_raw_devdbg *devdbg = (void *)l->image;
	struct trace_event_raw_prdbg *prdbg = (void *)l->image;

	return dev ? devdbg->__data : prdbg->__data;
}

/* copy() takes two words at least. */
#define EVENT_MIN	(sizeof(struct trace_entry) + 2 * sizeof(u64))

/* Fills in the event's fields. @len: of the arguments. Return: the event's size. */
static __always_inline unsigned int finish_image(struct level *l, bool dev, u32 site,
						 struct dd_id device, u8 flags, u8 prefix,
						 unsigned int len)
{
	if (dev) {
		struct trace_event_raw_devdbg *e = (void *)l->image;

		e->site = site;
		e->__data_loc_args = len << 16 | offsetof(typeof(*e), __data);
		e->device = device.number;
		e->minor = device.minor;
		e->flags = flags;
		e->prefix = prefix;
		return max_t(unsigned int, offsetof(typeof(*e), __data) + len, EVENT_MIN);
	} else {
		struct trace_event_raw_prdbg *e = (void *)l->image;

		e->site = site;
		e->__data_loc_args = len << 16 | offsetof(typeof(*e), __data);
		e->flags = flags;
		e->prefix = prefix;
		return max_t(unsigned int, offsetof(typeof(*e), __data) + len, EVENT_MIN);
	}
}

/* Some dozen bytes mostly, for which memcpy() would take longer to begin than to copy. */
static __always_inline void copy(u8 *to, const u8 *from, unsigned int size)
{
	const u8 *last = from + size - 2 * sizeof(u64);

	for (; from < last; to += 2 * sizeof(u64), from += 2 * sizeof(u64)) {
		memcpy(to, from, sizeof(u64));
		memcpy(to + sizeof(u64), from + sizeof(u64), sizeof(u64));
	}
	to += last - from; /* what was copied already may be copied again */
	memcpy(to, last, sizeof(u64));
	memcpy(to + sizeof(u64), last + sizeof(u64), sizeof(u64));
}

/* Writes an image into one instance, as the function that the macros generate would. */
static __always_inline void write_event(struct trace_event_file *file, struct level *l,
					unsigned int size)
{
	const unsigned int skip = sizeof(struct trace_entry); /* which the reserve fills in */
	u8 *entry;

	if (!(READ_ONCE(file->flags) & EVENT_FILE_FL_ENABLED) || trace_trigger_soft_disabled(file))
		return;
	entry = trace_event_buffer_reserve(&l->fb, file, size);
	if (!entry)
		return;
	copy(entry + skip, (u8 *)l->image + skip, size - skip);
	trace_event_buffer_commit(&l->fb);
}

static __always_inline void write_events(u64 mask, struct level *l, bool dev, unsigned int size)
{
	do {
		const struct dd_dest *dest = READ_ONCE(dd_dests[__ffs64(mask)]);

		if (likely(dest))
			write_event(dev ? dest->devdbg : dest->prdbg, l, size);
		mask &= mask - 1;
	} while (mask);
}

#endif /* _DYNDBG_EVENT_H */
