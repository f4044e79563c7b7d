// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites with a descriptor: our side of them, 16 bytes each, only for those that carry
 * something that the stock kernel does not know (T, a label, a route).
 *
 * A site is found from its descriptor by a number in the descriptor's padding. The memory
 * of sites is given back at unload only, so the record path may follow a number that was
 * just taken away: it finds no plan, or another descriptor, and leaves.
 */
#include <linux/slab.h>
#include "dyndbg.h"

/* A chunk is a page of 4 KiB and no byte of it is lost. */
#define CHUNK_BITS	8
#define CHUNK_SITES	(1U << CHUNK_BITS)
#define MAX_CHUNKS	2048

static struct dd_site *chunks[MAX_CHUNKS];

/*
 * Numbers never given out begin at @fresh_id; those given back are chained through the
 * descriptors of their sites, which no number that small can be. Under dd_mutex.
 */
static u32 fresh_id = 1, free_ids;

/* Interned class names; index 0 is "unclassed". Written under dd_mutex, never removed. */
static const char *classes[1024] = { "-" };
static unsigned int n_classes = 1;

/*
 * Stock sites with a plan: the print hooks are needed while there is one. And those of them
 * that a hook module's functions serve. Under dd_mutex.
 */
unsigned int dd_sites_recording, dd_sites_hooked;

static struct dd_site *site_at(u32 id)
{
	struct dd_site *chunk;

	if (unlikely(id >= MAX_CHUNKS * CHUNK_SITES))
		return NULL;
	chunk = READ_ONCE(chunks[id >> CHUNK_BITS]);
	return chunk ? &chunk[id & (CHUNK_SITES - 1)] : NULL;
}

/**
 * dd_site_of() - our side of a descriptor
 * @desc: the descriptor
 *
 * Context: any, NMI included.
 * Return: the site, NULL if it has none. Without ddebug_lock it may be another's by now;
 * compare &dd_site.desc after reading what is wanted.
 */
struct dd_site *dd_site_of(const struct _ddebug *desc)
{
	u32 id = dd_hole(desc);

	return likely(id) ? site_at(id) : NULL;
}

/*
 * Context: process, dd_mutex held, may sleep.
 * Return: a number for a site, 0 when there is none left or no memory. Its chunk exists.
 */
static u32 new_id(void)
{
	struct dd_site *chunk;
	u32 id = free_ids;

	lockdep_assert_held(&dd_mutex);
	if (id) {
		free_ids = (u32)(unsigned long)site_at(id)->desc;
		WRITE_ONCE(site_at(id)->desc, 0);
		return id;
	}
	id = fresh_id;
	if (id == MAX_CHUNKS * CHUNK_SITES)
		return 0;
	if (!chunks[id >> CHUNK_BITS]) {
		chunk = kcalloc(CHUNK_SITES, sizeof(*chunk), GFP_KERNEL);
		if (!chunk)
			return 0;
		smp_store_release(&chunks[id >> CHUNK_BITS], chunk);
	}
	fresh_id++;
	return id;
}

/* Context: process, dd_mutex held. */
static void free_id(u32 id)
{
	lockdep_assert_held(&dd_mutex);
	WRITE_ONCE(site_at(id)->desc, (dd_desc_t)(unsigned long)free_ids);
	free_ids = id;
}

/* Numbers taken out ahead, so that a query either has all that it needs or does nothing. */
static u32 *reserve;
static unsigned int n_reserve, reserve_size;

/**
 * dd_sites_reserve() - make sure that so many sites can be taken
 * @n: how many
 *
 * Context: process, dd_mutex held, ddebug_lock not needed, may sleep.
 * Return: 0 or -ENOMEM.
 */
int dd_sites_reserve(unsigned int n)
{
	u32 *more;

	lockdep_assert_held(&dd_mutex);
	if (n > reserve_size) {
		more = kvmalloc_array(n, sizeof(*more), GFP_KERNEL);
		if (!more)
			return -ENOMEM;
		memcpy(more, reserve, n_reserve * sizeof(*more));
		kvfree(reserve);
		reserve = more;
		reserve_size = n;
	}
	while (n_reserve < n) {
		u32 id = new_id();

		if (!id)
			return -ENOMEM;
		reserve[n_reserve++] = id;
	}
	return 0;
}

/**
 * dd_sites_unreserve() - give back what was reserved and not taken
 *
 * Context: process, dd_mutex held.
 */
void dd_sites_unreserve(void)
{
	lockdep_assert_held(&dd_mutex);
	while (n_reserve)
		free_id(reserve[--n_reserve]);
	kvfree(reserve);
	reserve = NULL;
	reserve_size = 0;
}

/**
 * dd_site_take() - our side of a descriptor, made if there is none
 * @desc: the descriptor
 * @v: its texts
 *
 * Context: both locks held; needs a number reserved with dd_sites_reserve().
 */
struct dd_site *dd_site_take(struct _ddebug *desc, const struct dd_view *v)
{
	struct dd_site *site = dd_site_of(desc);
	u32 id;

	dd_assert_locked();
	if (site)
		return site;
	if (WARN_ON_ONCE(!n_reserve))
		return NULL;
	id = reserve[--n_reserve];
	site = site_at(id);
	site->flags = desc->flags;
	site->label = 0;
	site->class = dd_class_intern(v->class);
	WRITE_ONCE(site->desc, dd_desc_pack(desc));
	dd_hole_set(desc, id);
	return site;
}

static void key_set(struct _ddebug *desc, bool on)
{
	if (on)
		static_branch_enable(&desc->key.dd_key_true);
	else
		static_branch_disable(&desc->key.dd_key_true);
}

/* What of a site's flags its descriptor may have: d only with p, see dd_site_settle(). */
static u8 stock_flags(const struct dd_site *site)
{
	u8 flags = site->flags & DD_STOCK;

	return flags & DD_P ? flags : flags & ~DD_D_FLAG;
}

/**
 * dd_site_settle() - make descriptor and key agree with the site
 * @site: the site; its plan is set
 *
 * A site that is only recorded must not reach the kernel log: the stack dump (d) is done by
 * the caller's own code, after our functions, so it is kept from the descriptor until p comes
 * along. For the same reason a site with d and without p stays ours: who passed its key
 * before has yet to look.
 *
 * Context: both locks held. The site may be gone on return, when it had nothing to keep.
 */
void dd_site_settle(struct dd_site *site)
{
	struct _ddebug *desc = dd_desc_unpack(site->desc);
	bool recorded = rcu_access_pointer(site->plan);
	u8 stock = stock_flags(site);

	dd_assert_locked();
	desc->flags = stock;
	key_set(desc, recorded || (stock & DD_P));

	if (!recorded && !site->label && stock == site->flags)
		dd_site_drop(site);
}

/**
 * dd_site_silence() - a site that is about to be dropped: record no more
 * @site: the site
 *
 * Key and descriptor become those of the stock kernel, but for a d that would be a stack dump
 * for somebody on his way.
 *
 * Context: both locks held.
 */
void dd_site_silence(struct dd_site *site)
{
	struct dd_plan *plan = rcu_dereference_protected(site->plan, 1);
	struct _ddebug *desc = dd_desc_unpack(site->desc);

	dd_assert_locked();
	if (plan) {
		dd_sites_recording--;
		if (site->class && dd_class_hooked(dd_class_name(site->class)))
			dd_sites_hooked--;
	}
	RCU_INIT_POINTER(site->plan, NULL);
	dd_plan_put(plan);
	desc->flags = stock_flags(site);
	key_set(desc, site->flags & DD_P);
}

/**
 * dd_site_drop() - give a site up
 * @site: the site; its descriptor is as it is to stay
 *
 * Context: both locks held.
 */
void dd_site_drop(struct dd_site *site)
{
	struct _ddebug *desc = dd_desc_unpack(site->desc);
	u32 id = dd_hole(desc);

	dd_assert_locked();
	if (rcu_access_pointer(site->plan))
		dd_site_silence(site);
	dd_hole_set(desc, 0);
	dd_unregister(id);
	if (site->label)
		dd_dests[site->label]->labels--;
	free_id(id);
}

/**
 * dd_class_intern() - a number for a class name
 * @name: the name; NULL for unclassed. It is copied, for it may lie in a module
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number; that of "-" where there is no room for another.
 */
u16 dd_class_intern(const char *name)
{
	unsigned int i;
	char *copy;

	if (!name)
		return 0;
	for (i = 1; i < n_classes; i++)
		if (!strcmp(classes[i], name))
			return i;
	if (n_classes == ARRAY_SIZE(classes))
		return 0;
	copy = kstrdup(name, GFP_KERNEL);
	if (!copy)
		return 0;
	classes[n_classes] = copy;
	smp_wmb(); /* the name before anybody can hold its number */
	return n_classes++;
}

/**
 * dd_class_name() - the name that belongs to a number
 * @class: from dd_class_intern()
 *
 * Context: any, NMI included.
 */
const char *dd_class_name(u16 class)
{
	return classes[class];
}

/**
 * dd_sites_exit() - give all memory back
 *
 * Context: process; nobody can be in the record path any more.
 */
void dd_sites_exit(void)
{
	unsigned int i;

	for (i = 0; i < MAX_CHUNKS; i++)
		kfree(chunks[i]);
	for (i = 1; i < n_classes; i++)
		kfree(classes[i]);
	kvfree(reserve);
}
