// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites with a descriptor, at their first message: that one is recorded with the site's names
 * and format, and a worker registers the site, for the record path may not allocate. Until the
 * worker has come, so are further ones.
 */
#include <linux/irq_work.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "dyndbg.h"

/* By the site's number; a page of 4 KiB each. Written under dd_mutex. */
#define CHUNK_BITS	8
#define CHUNK_SLOTS	(1U << CHUNK_BITS)
#define MAX_CHUNKS	2048

/**
 * struct dd_slot - what was registered of a site with a descriptor
 * @meta: the entry, NULL if there is none
 * @fmt: the format of the messages that it is for; NULL where nobody asked yet
 */
struct dd_slot {
	struct dd_meta *meta;
	const char *fmt;
};

static struct dd_slot *chunks[MAX_CHUNKS];

/* Whoever finds no place here asks again with his next message. */
static struct {
	const struct _ddebug *desc;
	const char *fmt;
} wanted[64];

static void register_wanted(struct work_struct *work);
static DECLARE_WORK(work, register_wanted);

static void kick(struct irq_work *unused)
{
	schedule_work(&work);
}
static struct irq_work kick_work = IRQ_WORK_INIT(kick);

/* Context: any, NMI included. */
static void ask(const struct _ddebug *desc, const char *fmt)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		if (READ_ONCE(wanted[i].desc) == desc)
			return;
		if (!READ_ONCE(wanted[i].desc) && !cmpxchg(&wanted[i].desc, NULL, desc)) {
			smp_store_release(&wanted[i].fmt, fmt);
			/* Forgotten in between, as its module went: not for who comes next. */
			if (READ_ONCE(wanted[i].desc) != desc)
				cmpxchg(&wanted[i].fmt, fmt, NULL);
			irq_work_queue(&kick_work);
			return;
		}
	}
}

/**
 * dd_registered() - what was registered of a site
 * @desc: its descriptor
 * @id: the number that the descriptor carries
 * @fmt: the message's format
 *
 * A site that has not been registered will be.
 *
 * Context: any, NMI included. As for dd_site_of(), the site may be another's by now.
 * Return: the entry; NULL if there is none, or for another format.
 */
const struct dd_meta *dd_registered(const struct _ddebug *desc, u32 id, const char *fmt)
{
	struct dd_slot *chunk = READ_ONCE(chunks[id >> CHUNK_BITS]), *slot;
	const struct dd_meta *meta;
	const char *known = NULL;

	if (likely(chunk)) {
		slot = &chunk[id & (CHUNK_SLOTS - 1)];
		meta = smp_load_acquire(&slot->meta); /* the format before it */
		known = READ_ONCE(slot->fmt);
		smp_rmb(); /* the two belong together if the first has not changed meanwhile */
		if (likely(meta && known == fmt && READ_ONCE(slot->meta) == meta))
			return meta;
	}
	if (!known) /* otherwise it has another format, or one that is not constant */
		ask(desc, fmt);
	return NULL;
}

/* Context: both locks held. The table of a descriptor that may be gone. */
static const struct ddebug_table *table_of(const struct _ddebug *desc)
{
	const struct ddebug_table *dt;
	unsigned long offset;

	list_for_each_entry(dt, dd_stock.tables, link) {
		offset = (unsigned long)desc - (unsigned long)dt->ddebugs;
		/* Another module's table may begin in the middle of what was a descriptor. */
		if (offset < dt->num_ddebugs * sizeof(*desc) && offset % sizeof(*desc) == 0)
			return dt;
	}
	return NULL;
}

static void register_one(const struct _ddebug *desc, const char *fmt)
{
	const struct ddebug_table *dt = table_of(desc);
	struct dd_slot *chunk, *slot;
	struct dd_meta *meta;
	struct dd_view v;
	u32 id;

	dd_assert_locked();
	if (!dt)
		return;
	id = dd_hole(desc);
	if (!id || id >= MAX_CHUNKS * CHUNK_SLOTS)
		return;
	chunk = chunks[id >> CHUNK_BITS];
	if (!chunk) {
		chunk = kcalloc(CHUNK_SLOTS, sizeof(*chunk), GFP_KERNEL);
		if (!chunk)
			return;
		smp_store_release(&chunks[id >> CHUNK_BITS], chunk);
	}
	slot = &chunk[id & (CHUNK_SLOTS - 1)];
	if (slot->fmt)
		return;
	dd_view_of(dt, desc, &v);
	v.class = dd_class_name(dd_site_of(desc)->class);
	meta = dd_meta_get(&v, fmt, dt->mod_name);
	WRITE_ONCE(slot->fmt, fmt);
	smp_store_release(&slot->meta, meta);
}

static void register_wanted(struct work_struct *unused)
{
	const struct _ddebug *desc;
	const char *fmt;
	unsigned int i;

	mutex_lock(&dd_mutex);
	mutex_lock(dd_stock.lock);
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		desc = READ_ONCE(wanted[i].desc);
		fmt = smp_load_acquire(&wanted[i].fmt);
		if (!desc || !fmt)
			continue;
		if (dd_live)
			register_one(desc, fmt);
		WRITE_ONCE(wanted[i].fmt, NULL);
		smp_store_release(&wanted[i].desc, NULL);
	}
	mutex_unlock(dd_stock.lock);
	mutex_unlock(&dd_mutex);
}

/**
 * dd_unregister() - a site's number is given back
 * @id: the number
 *
 * Context: both locks held. What was registered stays, for what was recorded.
 */
void dd_unregister(u32 id)
{
	struct dd_slot *chunk = chunks[id >> CHUNK_BITS];

	dd_assert_locked();
	if (!chunk)
		return;
	WRITE_ONCE(chunk[id & (CHUNK_SLOTS - 1)].meta, NULL);
	smp_wmb(); /* before the format can become that of other messages */
	WRITE_ONCE(chunk[id & (CHUNK_SLOTS - 1)].fmt, NULL);
	smp_wmb(); /* before another descriptor carries the number */
}

/**
 * dd_register_forget() - the sites of a table are about to go
 * @dt: the table
 *
 * What comes to lie there is not to be registered with their formats.
 *
 * Context: both locks held.
 */
void dd_register_forget(const struct ddebug_table *dt)
{
	unsigned int i;

	dd_assert_locked();
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct _ddebug *desc = READ_ONCE(wanted[i].desc);

		if (desc < dt->ddebugs || desc >= dt->ddebugs + dt->num_ddebugs)
			continue;
		WRITE_ONCE(wanted[i].fmt, NULL);
		smp_store_release(&wanted[i].desc, NULL);
	}
}

/**
 * dd_register_exit() - give all memory back
 *
 * Context: process, no lock held; nobody can be in the record path any more.
 */
void dd_register_exit(void)
{
	unsigned int i;

	irq_work_sync(&kick_work);
	cancel_work_sync(&work);
	for (i = 0; i < MAX_CHUNKS; i++)
		kfree(chunks[i]);
}
