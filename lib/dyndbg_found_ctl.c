// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites without a descriptor, from the side of commands and of hook modules: their pool,
 * their plans, flags by query, and the hooks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/slab.h>
#include "dyndbg.h"
#include "dyndbg_found.h"

static unsigned long armed; /* classes whose hooks are installed; under dd_mutex */
static bool leaving; /* the hook module is on its way out; under dd_mutex */

static void refill_and_plan(struct work_struct *work);
static DECLARE_WORK(found_work, refill_and_plan);

static void kick(struct irq_work *work)
{
	schedule_work(&found_work);
}
struct irq_work dd_found_kick = IRQ_WORK_INIT(kick);

/* Context: process, dd_mutex held. Make room for @want more sites. */
static int refill(unsigned int want)
{
	struct dd_found *chunk;

	while (dd_found.capacity < DD_FOUND_MAX &&
	       atomic_read(&dd_found.n_used) + want > dd_found.capacity) {
		chunk = kvcalloc(DD_FOUND_CHUNK, sizeof(*chunk), GFP_KERNEL);
		if (!chunk)
			return -ENOMEM;
		dd_found.chunks[dd_found.capacity / DD_FOUND_CHUNK] = chunk;
		smp_store_release(&dd_found.capacity, dd_found.capacity + DD_FOUND_CHUNK);
	}
	return 0;
}

/* Context: both locks held. A plan, and what readers need if there is one. */
static void plan_one(struct dd_found *f, const struct dd_view *v)
{
	const struct dd_plan *plan;

	dd_site_set_plan(&f->site, NULL, v);
	plan = rcu_dereference_protected(f->site.plan, 1);
	if (plan && !f->meta)
		smp_store_release(&f->meta, dd_meta_get(v, f->fmt, NULL));
	smp_store_release(&f->fresh, false); /* a plan or "fresh": never neither */
	smp_store_release(&f->special, (f->site.flags & ~DD_T) ||
				       (plan && (!f->meta || plan->names)));
}

/* Context: both locks held. */
static void forget(struct dd_found *f)
{
	struct dd_plan *plan = rcu_dereference_protected(f->site.plan, 1);

	WRITE_ONCE(f->ip, 0);
	f->site.flags = 0;
	f->site.label = 0;
	RCU_INIT_POINTER(f->site.plan, NULL);
	dd_plan_put(plan);
}

/* Give plans to those that have none yet or, with @m, that it means. Context: dd_mutex held. */
static void replan(const struct dd_match *m)
{
	struct dd_found *f;
	struct dd_view v;
	unsigned int n;

	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++) {
		if (!smp_load_acquire(&f->ip)) {
			/* Its finder was second, but it had got a plan: rules must not be kept by it. */
			if (rcu_access_pointer(f->site.plan))
				forget(f);
			continue;
		}
		dd_found_view(f, &v);
		if (!f->fresh && !(m && dd_match_site(m, &v, true)))
			continue;
		plan_one(f, &v);
	}
	mutex_unlock(dd_stock.lock);
}

static void refill_and_plan(struct work_struct *work)
{
	mutex_lock(&dd_mutex);
	if (armed) {
		replan(NULL);
		if (refill(2 * DD_FOUND_LOW))
			pr_warn_ratelimited("no memory for more found sites\n");
	}
	mutex_unlock(&dd_mutex);
}

/**
 * dd_found_replan() - after routes changed: give the found sites that they mean their plans
 * @m: the match of the routes that came or went
 *
 * Context: process, dd_mutex held, may sleep; the new rules are published.
 */
void dd_found_replan(const struct dd_match *m)
{
	lockdep_assert_held(&dd_mutex);
	replan(m);
}

/**
 * dd_found_armed() - may sites be found just now?
 *
 * Context: dd_mutex held.
 */
bool dd_found_armed(void)
{
	return armed;
}

/**
 * dd_found_class() - is that the name of a class of found sites?
 * @name: whole name
 *
 * Context: dd_mutex held.
 */
bool dd_found_class(const char *name)
{
	unsigned int i;

	for (i = 0; dd_found.hooks && i < dd_found.hooks->n_classes; i++)
		if (!strcmp(dd_found.hooks->classes[i].name, name))
			return true;
	return false;
}

/**
 * dd_class_hooked() - do sites with a descriptor of that class call a hook module's functions?
 * @name: whole name, NULL for unclassed sites
 *
 * Context: any.
 */
bool dd_class_hooked(const char *name)
{
	return DD_DRM_SITES && name && strstarts(name, "DRM_UT_");
}

/**
 * dd_class_recordable() - can sites with a descriptor of that class be recorded now?
 * @name: whole name, NULL for unclassed sites
 *
 * Without the hook module they would print.
 *
 * Context: dd_mutex held.
 */
bool dd_class_recordable(const char *name)
{
	return !dd_class_hooked(name) || (dd_found.hooks && !leaving);
}

/**
 * dd_found_use() - does any found site carry the destination as its label?
 * @dest: the destination
 *
 * Context: dd_mutex held.
 */
bool dd_found_use(const struct dd_dest *dest)
{
	struct dd_found *f;
	unsigned int n;

	for (n = 0; (f = dd_found_nth(n)); n++)
		if (smp_load_acquire(&f->ip) && f->site.label == dest->idx)
			return true;
	return false;
}

/**
 * dd_found_apply() - apply a flags query to the found sites
 * @m: the sites
 * @ch: the change
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number of sites matched.
 */
int dd_found_apply(const struct dd_match *m, const struct dd_change *ch)
{
	struct dd_found *f;
	struct dd_view v;
	unsigned int n;
	int hits = 0;

	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++) {
		if (!smp_load_acquire(&f->ip))
			continue;
		dd_found_view(f, &v);
		if (!dd_match_site(m, &v, false) ||
		    (m->label && !dd_label_is(&f->site, m->label)))
			continue;
		hits++;
		dd_change_site(&f->site, ch);
		plan_one(f, &v);
	}
	mutex_unlock(dd_stock.lock);
	return hits;
}

/* Context: as dd_found_update_hooks(). */
static int arm(unsigned long want)
{
	int rc = 0;

	if (want == armed)
		return 0;
	/* Who passed a key before it was turned off must not end in a function that prints. */
	if (DD_DRM_SITES && (armed & ~want))
		synchronize_rcu_tasks();
	if (!armed)
		rc = refill(2 * DD_FOUND_LOW);
	rc = rc ?: dd_found.hooks->arm(want);
	if (!rc)
		armed = want;
	return rc;
}

/**
 * dd_found_update_hooks() - install the hooks that anything wants, remove those that nothing does
 * @coming: of a command that is about to be carried out: if the hooks for it cannot be had, it is
 *	refused before it has changed anything; NULL: after a command
 * @route: it is a route's
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0 or -errno.
 */
int dd_found_update_hooks(const struct dd_match *coming, bool route)
{
	lockdep_assert_held(&dd_mutex);
	if (!dd_found.hooks)
		return 0;
	return arm(coming ? armed | dd_found_classes(coming, route) : dd_found_wanted());
}

/**
 * dd_found_forget() - a part of a module goes: forget the sites that lie there
 * @start: address of a text, or of constants
 * @size: its size in bytes
 *
 * A site lies where its return address does, and mostly its format with it. Where it does not,
 * what comes to lie at the format's place must not be taken for it; the site is found again.
 *
 * Context: process, no lock of ours held, may sleep.
 */
void dd_found_forget(unsigned long start, unsigned long size)
{
	struct dd_found *f;
	unsigned int n;

	mutex_lock(&dd_mutex);
	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++)
		if (f->ip && (f->ip - start < size || (unsigned long)f->fmt - start < size))
			forget(f);
	mutex_unlock(dd_stock.lock);
	mutex_unlock(&dd_mutex);
}

/* Context: process, dd_mutex held; nobody can be in the record path of found sites. */
static void free_all(void)
{
	struct dd_found *f;
	unsigned int n;

	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++)
		forget(f);
	atomic_set(&dd_found.n_used, 0);
	for (n = 0; n < dd_found.capacity / DD_FOUND_CHUNK; n++) {
		kvfree(dd_found.chunks[n]);
		dd_found.chunks[n] = NULL;
	}
	dd_found.capacity = 0;
	kvfree(dd_found.table);
	kfree(dd_found.classes);
	dd_found.table = NULL;
	dd_found.classes = NULL;
	mutex_unlock(dd_stock.lock);
	/* With nobody left to find sites, no query could name the rules any more. */
	dd_flags_rules_clear();
}

/**
 * dyndbg_register_hooks() - a hook module has come
 * @h: the module's; must live until dyndbg_unregister_hooks() returns
 *
 * Context: process, may sleep.
 * Return: 0, -EBUSY when another module has them, -ENOMEM, or what @h->arm() said.
 */
int dyndbg_register_hooks(struct dyndbg_hooks *h)
{
	unsigned int i;
	int rc = -EBUSY;

	mutex_lock(&dd_mutex);
	if (dd_found.hooks)
		goto out;
	rc = -ENOMEM;
	dd_found.table = kvcalloc(DD_FOUND_HASH, sizeof(*dd_found.table), GFP_KERNEL);
	dd_found.classes = kcalloc(h->n_classes, sizeof(*dd_found.classes), GFP_KERNEL);
	if (!dd_found.table || !dd_found.classes)
		goto err;
	for (i = 0; i < h->n_classes; i++)
		dd_found.classes[i] = dd_class_intern(h->classes[i].name);
	smp_store_release(&dd_found.hooks, h);
	rc = arm(dd_found_wanted() | (DD_DRM_SITES ? dd_found_classes(NULL, true) : 0));
	if (!rc) {
		dd_apply_hooked(true);
		dd_found_update_hooks(NULL, false);
		goto out;
	}
	WRITE_ONCE(dd_found.hooks, NULL);
	h->drain(); /* a part of the hooks may have been there for a moment */
	synchronize_rcu();
err:
	free_all();
out:
	mutex_unlock(&dd_mutex);
	return rc;
}
EXPORT_SYMBOL_GPL(dyndbg_register_hooks);

/**
 * dyndbg_unregister_hooks() - a hook module goes; its sites go with it
 * @h: the module's
 *
 * Context: process, may sleep. On return nothing of ours calls into @h any more.
 */
void dyndbg_unregister_hooks(struct dyndbg_hooks *h)
{
	mutex_lock(&dd_mutex);
	leaving = true;
	dd_apply_hooked(false);
	arm(0);
	WRITE_ONCE(dd_found.hooks, NULL);
	leaving = false;
	mutex_unlock(&dd_mutex);
	h->drain(); /* whoever is on the way may still ask for sites */
	synchronize_rcu();
	irq_work_sync(&dd_found_kick);
	cancel_work_sync(&found_work);

	mutex_lock(&dd_mutex);
	free_all();
	mutex_unlock(&dd_mutex);
}
EXPORT_SYMBOL_GPL(dyndbg_unregister_hooks);
