/* SPDX-License-Identifier: GPL-2.0-only */
/* What dyndbg_found.c (the record path's side) and dyndbg_found_ctl.c (the commands') share. */
#ifndef _DYNDBG_FOUND_H
#define _DYNDBG_FOUND_H

#include <linux/atomic.h>
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
 * @hooks: the hook module's; written under dd_mutex, RCU for the record path
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
/* Asks the worker, from any context, for more entries and for plans. */
extern struct irq_work dd_found_kick;

#endif /* _DYNDBG_FOUND_H */
