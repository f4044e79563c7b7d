// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans: where a site's messages go, worked out when a command is written. Sites that
 * agree share one plan; with a few routes there are a few plans for thousands of sites.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include "dyndbg.h"

static LIST_HEAD(plans); /* under dd_mutex */
static const struct dd_spec any_device = { .kind = DD_SPEC_ANY, .text = "*" };

/**
 * dd_spec_hit() - is this a route's device?
 * @spec: the route's
 * @dev: the message's, or NULL
 * @minor: the message's, or DYNDBG_NO_MINOR
 *
 * Context: any, NMI included.
 */
bool dd_spec_hit(const struct dd_spec *spec, const struct device *dev, int minor)
{
	const char *name;

	switch (spec->kind) {
	case DD_SPEC_ANY:
		return true;
	case DD_SPEC_MINOR:
		return minor == spec->minor;
	case DD_SPEC_NAME:
		name = dev ? dev_name(dev) : NULL; /* a device may not have one yet */
		return name && !strcmp(name, spec->text);
	}
	return false;
}

static unsigned int collect(struct dd_leg *legs, const struct dd_rules *rules,
			    const struct dd_site *site, const struct dd_view *v)
{
	unsigned int i, n = 0;

	if (site->flags & DD_T) {
		if (legs)
			legs[n] = (struct dd_leg){ dd_dests[site->label], &any_device, true };
		n++;
	}
	for (i = 0; i < rules->n_routes; i++) {
		struct dd_rule *r = rules->routes[i];

		if (!dd_match_site(&r->match, v, true))
			continue;
		if (legs)
			legs[n] = (struct dd_leg){ r->dest, &r->spec, false };
		n++;
	}
	return n;
}

static bool same_legs(const struct dd_plan *a, const struct dd_plan *b)
{
	unsigned int i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->legs[i].dest != b->legs[i].dest || a->legs[i].spec != b->legs[i].spec)
			return false;
	return true;
}

/**
 * dd_plan_get() - the plan that a site ought to have
 * @rules: the rules in force
 * @site: its flags and label
 * @v: its texts
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the plan with a reference for the caller; NULL when the site records nowhere.
 */
struct dd_plan *dd_plan_get(const struct dd_rules *rules, const struct dd_site *site,
			    const struct dd_view *v)
{
	unsigned int n = collect(NULL, rules, site, v);
	struct dd_plan *plan, *old;

	lockdep_assert_held(&dd_mutex);
	if (!n)
		return NULL;
	/* Hundreds of bytes mostly; it waits for memory, for nothing could be undone here. */
	plan = kvzalloc(struct_size(plan, legs, n), GFP_KERNEL | __GFP_NOFAIL);
	plan->n = collect(plan->legs, rules, site, v);
	list_for_each_entry(old, &plans, link) {
		if (same_legs(old, plan)) {
			kvfree(plan);
			old->refs++;
			return old;
		}
	}
	plan->refs = 1;
	list_add(&plan->link, &plans);
	return plan;
}

/**
 * dd_plan_put() - give a reference back
 * @plan: the plan, or NULL
 *
 * Context: process, dd_mutex held; freed once the record path has left it.
 */
void dd_plan_put(struct dd_plan *plan)
{
	lockdep_assert_held(&dd_mutex);
	if (!plan || --plan->refs)
		return;
	list_del(&plan->link);
	kvfree_rcu(plan, rcu);
}

/**
 * dd_site_set_plan() - give a site the plan that it ought to have
 * @site: the site
 * @dt: its table, NULL for a found site
 * @v: its texts
 *
 * A site that cannot be recorded gets none, whatever leads somewhere.
 *
 * Context: both locks held, may sleep. Descriptor and key follow with dd_site_settle().
 */
void dd_site_set_plan(struct dd_site *site, const struct ddebug_table *dt,
		      const struct dd_view *v)
{
	struct dd_plan *old = rcu_dereference_protected(site->plan, 1);
	struct dd_plan *plan;

	dd_assert_locked();
	plan = dd_plan_get(dd_rules_locked(), site, v);
	if (plan && dt && (old ? !dd_class_recordable(v->class) :
				 !!dd_refusal(dt, dd_desc_unpack(site->desc), v))) {
		dd_plan_put(plan);
		plan = NULL;
	}
	if (site->desc) {
		dd_sites_recording += !!plan - !!old;
		if (dd_class_hooked(v->class))
			dd_sites_hooked += !!plan - !!old;
		if (plan && !old)
			dd_hex_learn(dd_desc_unpack(site->desc));
	}
	rcu_assign_pointer(site->plan, plan);
	dd_plan_put(old);
}
