// SPDX-License-Identifier: GPL-2.0-only
/*
 * Applying queries to the sites that have a descriptor.
 *
 * A query first counts what it will need, gets that without ddebug_lock, and then either
 * does everything or nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/slab.h>
#include <linux/parser.h>
#include "dyndbg.h"

enum walk_kind {
	WALK_FLAGS, WALK_ROUTE_ADDED, WALK_ROUTES_REMOVED, WALK_MODULE, WALK_HOOKED, WALK_UNHOOKED,
};

/*
 * What a walk over all sites does. @change: with WALK_FLAGS. @module NULL: all modules.
 * @refused: sites meant that cannot be recorded, @why: the last one's reason.
 */
struct walk {
	enum walk_kind kind;
	const struct dd_match *match;
	const struct dd_change *change;
	const char *module;
	unsigned int found, need, refused;
	const char *why;
	bool count_only;
};

/**
 * dd_label_is() - does the site carry that label?
 * @site: the site, or NULL for one that carries nothing
 * @name: the label
 *
 * Context: ddebug_lock held, or any where the site's label cannot change.
 */
bool dd_label_is(const struct dd_site *site, const char *name)
{
	return !strcmp(site ? dd_dests[site->label]->name : "0", name);
}

/**
 * dd_change_from() - what a query's flags do
 * @f: the flags
 * @dest: the destination named, or the default one for a T without a name, or NULL
 * @ch: filled
 *
 * Context: any; pure.
 */
void dd_change_from(const struct dd_flags *f, const struct dd_dest *dest, struct dd_change *ch)
{
	memset(ch, 0, sizeof(*ch));
	ch->keep = 0xff;
	if (f->has_flags || !dest) {
		ch->set = f->op == '-' ? 0 : f->bits;
		ch->keep = f->op == '+' ? 0xff : f->op == '-' ? ~f->bits : 0;
	}
	if (dest) {
		ch->label = dest->idx;
		ch->with_label = f->label;
		ch->default_label = !f->label;
	}
}

/**
 * dd_change_site() - change a site's flags and label
 * @site: the site; plan, descriptor and key are the caller's business
 * @ch: the change
 *
 * Context: both locks held; or any, for a found site that nobody else knows yet.
 */
void dd_change_site(struct dd_site *site, const struct dd_change *ch)
{
	u8 label = site->label;

	if (ch->with_label || (ch->default_label && !label))
		label = ch->label;
	if (site->desc && label != site->label) {
		if (site->label)
			dd_dests[site->label]->labels--;
		if (label)
			dd_dests[label]->labels++;
	}
	site->label = label;
	site->flags = (site->flags & ch->keep) | ch->set;
}

static void stock_change(struct _ddebug *desc, const struct dd_change *ch)
{
	u8 flags = ((desc->flags & ch->keep) | ch->set) & DD_STOCK;

	if (flags == desc->flags)
		return;
	if ((flags ^ desc->flags) & DD_P) {
		if (flags & DD_P)
			static_branch_enable(&desc->key.dd_key_true);
		else
			static_branch_disable(&desc->key.dd_key_true);
	}
	desc->flags = flags;
}

/* Can the site be ours yet? What is turned on before the keys are set up is never on. */
static bool key_ready(const struct _ddebug *desc)
{
	return !DD_SITES_BEFORE_KEYS ||
	       (desc->key.dd_key_true.key.type & ~JUMP_TYPE_MASK);
}

static bool change_needs_site(const struct dd_change *ch)
{
	return (ch->set & DD_T) || (ch->with_label && ch->label);
}

/* Context: both locks held. Is it refused? The first one by name, for there may be many. */
static bool refused(struct walk *w, const struct ddebug_table *dt, const struct _ddebug *desc,
		    const struct dd_view *v)
{
	const char *why = dd_refusal(dt, desc, v);

	if (!why)
		return false;
	if (!w->refused++ && !w->count_only)
		pr_warn("%s:%u [%s]%s cannot be recorded: %s\n", v->file, v->line, v->module,
			v->function, why);
	w->why = why;
	return true;
}

static void walk_flags(struct walk *w, const struct ddebug_table *dt, struct _ddebug *desc,
		       const struct dd_view *v)
{
	struct dd_site *site = dd_site_of(desc);

	if (!dd_match_site(w->match, v, false))
		return;
	if (w->match->label && !dd_label_is(site, w->match->label))
		return;
	if ((w->change->set & DD_T) && refused(w, dt, desc, v))
		return;
	w->found++;
	if (!site && !change_needs_site(w->change)) {
		if (!w->count_only)
			stock_change(desc, w->change);
		return;
	}
	if (!site && !key_ready(desc))
		return;
	w->need += !site;
	if (w->count_only)
		return;
	site = dd_site_take(desc, v);
	if (!site)
		return;
	dd_change_site(site, w->change);
	dd_site_set_plan(site, dt, v);
	dd_site_settle(site);
}

static bool any_route(const struct dd_view *v)
{
	const struct dd_rules *rules = dd_rules_locked();
	unsigned int i;

	for (i = 0; i < rules->n_routes; i++)
		if (dd_match_site(&rules->routes[i]->match, v, true))
			return true;
	return false;
}

/* Can anything be recorded after the walk that was not before? */
static bool comes(const struct walk *w)
{
	return w->kind != WALK_ROUTES_REMOVED && w->kind != WALK_UNHOOKED;
}

/* Only what the routes that changed mean can have another plan than before. */
static void walk_routes(struct walk *w, const struct ddebug_table *dt, struct _ddebug *desc,
			const struct dd_view *v)
{
	struct dd_site *site = dd_site_of(desc);

	if (w->kind == WALK_UNHOOKED && (!site || !dd_class_hooked(v->class)))
		return;
	if (w->kind == WALK_HOOKED && (!dd_class_hooked(v->class) || (!site && !any_route(v))))
		return;
	if (w->kind == WALK_MODULE && !any_route(v))
		return;
	if (w->match && !dd_match_site(w->match, v, true))
		return;
	if ((!site || !rcu_access_pointer(site->plan)) && comes(w) && refused(w, dt, desc, v))
		return;
	if (!site && !key_ready(desc))
		return;
	w->found++;
	if (!site && !comes(w))
		return;
	w->need += !site;
	if (w->count_only)
		return;
	site = dd_site_take(desc, v);
	if (!site)
		return;
	dd_site_set_plan(site, dt, v);
	dd_site_settle(site);
}

static void walk_sites(struct walk *w)
{
	struct ddebug_table *dt;
	struct dd_view v;
	unsigned int i;

	w->found = 0;
	w->need = 0;
	w->refused = 0;
	list_for_each_entry(dt, dd_stock.tables, link) {
		if (dd_module_leaving(dt->mod_name) || (w->module && w->module != dt->mod_name))
			continue;
		if (w->match && w->match->module &&
		    !match_wildcard(w->match->module, dt->mod_name))
			continue;
		for (i = 0; i < dt->num_ddebugs; i++) {
			dd_view_of(dt, &dt->ddebugs[i], &v);
			if (w->kind == WALK_FLAGS)
				walk_flags(w, dt, &dt->ddebugs[i], &v);
			else
				walk_routes(w, dt, &dt->ddebugs[i], &v);
		}
		cond_resched();
	}
}

/*
 * Modules may come while ddebug_lock is not held, so what is reserved is checked again
 * before anything is done.
 */
static int walk_and_apply(struct walk *w)
{
	bool records = w->kind == WALK_FLAGS ? w->change->set & DD_T : comes(w);
	unsigned int reserved = 0;
	bool armed = !records;
	int rc = 0;

	lockdep_assert_held(&dd_mutex);
	while (!rc) {
		mutex_lock(dd_stock.lock);
		w->count_only = true;
		walk_sites(w);
		if (w->need <= reserved && (armed || !w->found)) {
			w->count_only = false;
			walk_sites(w);
			mutex_unlock(dd_stock.lock);
			break;
		}
		mutex_unlock(dd_stock.lock);
		reserved = w->need;
		rc = dd_sites_reserve(reserved);
		if (!rc && !armed) { /* before the first key is turned on */
			rc = dd_print_hooks_arm();
			armed = true;
		}
	}
	dd_sites_unreserve();
	if (!dd_sites_recording)
		dd_print_hooks_disarm();
	if (!rc && w->refused > 1)
		pr_warn("%u sites in all cannot be recorded\n", w->refused);
	return rc ?: w->found;
}

/**
 * dd_apply_flags() - apply a flags query to all sites
 * @m: the sites
 * @ch: the change
 * @why: set to the reason of -EOPNOTSUPP
 *
 * Sites that cannot be recorded are left alone by a change that sets T, and warned of.
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number of sites changed; -EOPNOTSUPP when there are only sites that cannot be
 * recorded; -errno and nothing has changed.
 */
int dd_apply_flags(const struct dd_match *m, const struct dd_change *ch, const char **why)
{
	struct walk w = { .kind = WALK_FLAGS, .match = m, .change = ch };
	int rc = walk_and_apply(&w);

	if (!rc && w.refused) {
		*why = w.why;
		return -EOPNOTSUPP;
	}
	return rc;
}

/**
 * dd_apply_routes() - after routes changed: give the sites that they mean their plans
 * @m: the match of the routes that came or went
 * @added: one came (others may have gone); false: they only went
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number of sites that @m matches and that can be recorded; -errno and nothing has
 * changed.
 */
int dd_apply_routes(const struct dd_match *m, bool added)
{
	struct walk w = {
		.kind = added ? WALK_ROUTE_ADDED : WALK_ROUTES_REMOVED,
		.match = m,
	};

	return walk_and_apply(&w);
}

/**
 * dd_apply_hooked() - a hook module came or goes: plans for the sites that need it
 * @coming: it came
 *
 * Context: process, dd_mutex held, may sleep.
 */
void dd_apply_hooked(bool coming)
{
	struct walk w = { .kind = coming ? WALK_HOOKED : WALK_UNHOOKED };

	if (DD_DRM_SITES && walk_and_apply(&w) < 0)
		pr_warn("DRM's sites are not recorded: out of memory\n");
}

/**
 * dd_apply_module() - a module's sites have come: give them the plans of the standing routes
 * @mod_name: the pointer that its table holds
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number of sites concerned; -errno and nothing has changed.
 */
int dd_apply_module(const char *mod_name)
{
	struct walk w = { .kind = WALK_MODULE, .module = mod_name };

	return walk_and_apply(&w);
}
