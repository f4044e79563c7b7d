/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What dyndbg_found.c (the record path's side) and dyndbg_found_ctl.c (the commands') share, and what
 * hook modules inline.
 */
#ifndef _DYNDBG_FOUND_H
#define _DYNDBG_FOUND_H

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/irq_work.h>
#include "dyndbg.h"

#define DD_FOUND_BITS	13
#define DD_FOUND_HASH	(1U << DD_FOUND_BITS)
#define DD_FOUND_MAX	(DD_FOUND_HASH / 4 * 3)
#define DD_FOUND_CHUNK	64
/* The pool is refilled when fewer than this are left. */
#define DD_FOUND_LOW	256

/**
 * struct dd_found_state - the found sites
 * @hooks: the hook module's; written under dd_mutex
 * @classes: interned names of its classes, by class number
 * @table: open addressing by address and format; entries are never removed
 * @chunks: the pool
 * @n_used: entries taken
 * @capacity: entries that exist; written under dd_mutex
 *
 * All but @hooks lives from dyndbg_register_hooks() until dyndbg_unregister_hooks() has
 * seen the last message leave.
 */
struct dd_found_state {
	struct dyndbg_hooks *hooks;
	u16 *classes;
	struct dd_found **table;
	struct dd_found *chunks[DD_FOUND_MAX / DD_FOUND_CHUNK];
	atomic_t n_used;
	unsigned int capacity;
};

extern struct dd_found_state dd_found;

/*
 * Context: any, NMI included, preemption disabled.
 * Return: the site; NULL when it is not known, then @slot is where it would go.
 */
static __always_inline struct dd_found *dd_found_lookup(unsigned long ip, const char *fmt,
							unsigned int *slot)
{
	unsigned int i = hash_long(ip ^ ((unsigned long)fmt << 16), DD_FOUND_BITS);
	struct dd_found *f;

	while ((f = smp_load_acquire(&dd_found.table[i]))) {
		if (f->ip == ip && f->fmt == fmt)
			return f;
		i = (i + 1) & (DD_FOUND_HASH - 1);
	}
	*slot = i;
	return NULL;
}

/**
 * dyndbg_find() - what is to be done with a message that came through a hooked function?
 * @ip: return address of the call
 * @fmt: the caller's format
 * @dev: the message's device, or NULL
 *
 * Most messages are nobody's, and are told from the others here with next to no cost.
 *
 * Context: any, NMI included, preemption disabled, until the answer was acted upon.
 * Return: no mask: nothing. With a site: dyndbg_hit_message(). A mask alone:
 * dyndbg_hook_message().
 */
static __always_inline struct dyndbg_hit dyndbg_find(unsigned long ip, const char *fmt,
						     const struct device *dev)
{
	struct dyndbg_hit slowly = { NULL, ~0ULL };
	const struct dd_plan *plan;
	unsigned int slot;
	struct dd_found *f;

	f = dd_found_lookup(ip, fmt, &slot);
	if (unlikely(!f || smp_load_acquire(&f->special))) /* before the plan */
		return slowly;
	plan = rcu_dereference_sched(f->site.plan);
	return (struct dyndbg_hit){ f, plan ? dd_plan_minors_mask(plan, dev) : 0 };
}

/* Asks the worker, from any context, for more entries and for plans. */
extern struct irq_work dd_found_kick;

#endif /* _DYNDBG_FOUND_H */
