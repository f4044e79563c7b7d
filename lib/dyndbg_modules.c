// SPDX-License-Identifier: GPL-2.0-only
/* Sites that come and go: with their modules, and when we go. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include "dyndbg.h"

/* Our side of a table's sites, where there is one. @i: unsigned int. */
#define for_each_site(dt, site, i)				\
	for ((i) = 0; (i) < (dt)->num_ddebugs; (i)++)		\
		if (((site) = dd_site_of(&(dt)->ddebugs[i])))

/* Modules on their way out, whose table the stock code has not removed yet. */
struct leaving {
	struct list_head link;
	const char *mod_name;
};

static LIST_HEAD(leaving_modules); /* under dd_mutex */

/**
 * dd_module_leaving() - is that module on its way out?
 * @mod_name: the pointer that its table holds
 *
 * Context: dd_mutex held.
 */
bool dd_module_leaving(const char *mod_name)
{
	struct leaving *l;

	list_for_each_entry(l, &leaving_modules, link)
		if (l->mod_name == mod_name)
			return true;
	return false;
}

/* A module that comes may lie where one that left did. */
static void not_leaving(const char *mod_name)
{
	struct leaving *l, *next;

	list_for_each_entry_safe(l, next, &leaving_modules, link) {
		if (l->mod_name == mod_name) {
			list_del(&l->link);
			kfree(l);
		}
	}
}

/**
 * dd_module_coming() - a module's table has come: routes stand, so they hold for it
 * @mod_name: the pointer that its table holds
 *
 * Context: process, no lock of ours held, may sleep.
 */
void dd_module_coming(const char *mod_name)
{
	mutex_lock(&dd_mutex);
	not_leaving(mod_name);
	if (dd_live && dd_rules_locked()->n_routes && dd_apply_module(mod_name) < 0)
		pr_warn("routes do not hold for module %s: out of memory\n",
			mod_name);
	mutex_unlock(&dd_mutex);
}

/* Context: both locks held. Forget those whose table is gone by now. */
static void prune_leaving(void)
{
	struct leaving *l, *next;
	struct ddebug_table *dt;

	list_for_each_entry_safe(l, next, &leaving_modules, link) {
		bool there = false;

		list_for_each_entry(dt, dd_stock.tables, link)
			there |= dt->mod_name == l->mod_name;
		if (!there) {
			list_del(&l->link);
			kfree(l);
		}
	}
}

/**
 * dd_module_going() - a module's table is about to go: forget its sites
 * @mod_name: the pointer that its table holds
 *
 * Its code may still be reached, through its files in sysfs for one, so its keys are given
 * back as for any site.
 *
 * Context: process, no lock of ours held, may sleep.
 */
void dd_module_going(const char *mod_name)
{
	struct leaving *l = kzalloc(sizeof(*l), GFP_KERNEL | __GFP_NOFAIL);
	struct ddebug_table *dt;
	struct dd_site *site;
	unsigned int i;

	mutex_lock(&dd_mutex);
	if (!dd_live) {
		mutex_unlock(&dd_mutex);
		kfree(l);
		return;
	}
	mutex_lock(dd_stock.lock);
	prune_leaving();
	/* Nobody takes a site of it any more, nor does it go while we hold up the notifiers. */
	l->mod_name = mod_name;
	list_add(&l->link, &leaving_modules);
	list_for_each_entry(dt, dd_stock.tables, link) {
		if (dt->mod_name != mod_name)
			continue;
		for_each_site(dt, site, i) {
			dd_site_silence(site);
			dd_site_drop(site);
		}
		dd_register_forget(dt);
		if (!dd_hex_knows(dt))
			continue;
		mutex_unlock(dd_stock.lock); /* who passed a key before ends with us */
		synchronize_rcu_tasks();
		synchronize_rcu();
		mutex_lock(dd_stock.lock);
		dd_hex_forget(dt);
		break;
	}
	mutex_unlock(dd_stock.lock);
	if (!dd_sites_recording)
		dd_print_hooks_disarm();
	mutex_unlock(&dd_mutex);
}

/**
 * dd_silence_all() - before dd_restore_stock(): nothing is recorded any more
 *
 * Context: both locks held, may sleep.
 */
void dd_silence_all(void)
{
	struct ddebug_table *dt;
	struct dd_site *site;
	unsigned int i;

	list_for_each_entry(dt, dd_stock.tables, link)
		for_each_site(dt, site, i)
			dd_site_silence(site);
}

/**
 * dd_restore_stock() - give every descriptor back as the stock kernel knows it
 *
 * Context: both locks held; everybody who was on his way when all was silenced has arrived.
 */
void dd_restore_stock(void)
{
	struct ddebug_table *dt;
	struct leaving *l, *next;
	struct dd_site *site;
	unsigned int i;

	dd_assert_locked();
	list_for_each_entry(dt, dd_stock.tables, link)
		for_each_site(dt, site, i) {
			dt->ddebugs[i].flags = site->flags & DD_STOCK;
			dd_site_drop(site);
		}
	list_for_each_entry_safe(l, next, &leaving_modules, link) {
		list_del(&l->link);
		kfree(l);
	}
}
