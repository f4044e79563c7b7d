// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plans: where a site's messages go, worked out when a command is written. Sites that
 * agree share one plan; with a few routes there are a few plans for thousands of sites.
 */
#include <linux/device.h>
#include <linux/slab.h>
#include "dyndbg.h"

static LIST_HEAD(plans); /* under dd_mutex */

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

/**
 * dd_plan_names_mask() - where a message goes by its device's name
 * @plan: its site's
 * @dev: its device, or NULL
 *
 * Context: any, NMI included.
 */
u64 dd_plan_names_mask(const struct dd_plan *plan, const struct device *dev)
{
	unsigned int i;
	u64 mask = 0;

	for (i = 0; i < plan->n; i++)
		if (plan->legs[i].spec->kind == DD_SPEC_NAME &&
		    dd_spec_hit(plan->legs[i].spec, dev, DYNDBG_NO_MINOR))
			mask |= plan->legs[i].bit;
	return mask;
}

/* Return: legs; with @legs, they are filled. */
static unsigned int collect(struct dd_leg *legs, const struct dd_rules *rules,
			    const struct dd_site *site, const struct dd_view *v, u64 *all)
{
	unsigned int i, n = 0;

	*all = site->flags & DD_T ? BIT_ULL(site->label) : 0;
	for (i = 0; i < rules->n_routes; i++) {
		struct dd_rule *r = rules->routes[i];
		u64 bit = BIT_ULL(r->dest->idx);

		if (!dd_match_site(&r->match, v, true))
			continue;
		if (r->spec.kind == DD_SPEC_ANY)
			*all |= bit;
		if (legs) {
			bool by_minor = r->spec.kind == DD_SPEC_MINOR &&
					r->spec.minor < DD_DEVICES_MAX;

			legs[n].bit = bit;
			legs[n].at = &dd_devices[by_minor ? r->spec.minor : DD_DEVICES_MAX];
			legs[n].spec = &r->spec;
			legs[n].dest = r->dest;
		}
		n++;
	}
	return n;
}

static bool same_legs(const struct dd_plan *a, const struct dd_plan *b)
{
	unsigned int i;

	if (a->n != b->n || a->all != b->all)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->legs[i].bit != b->legs[i].bit || a->legs[i].at != b->legs[i].at ||
		    a->legs[i].spec != b->legs[i].spec)
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
	struct dd_plan *plan, *old;
	unsigned int n;
	u64 all;

	lockdep_assert_held(&dd_mutex);
	n = collect(NULL, rules, site, v, &all);
	if (!n && !all)
		return NULL;
	/* Hundreds of bytes mostly; it waits for memory, for nothing could be undone here. */
	plan = kvzalloc(struct_size(plan, legs, n), GFP_KERNEL | __GFP_NOFAIL);
	plan->n = collect(plan->legs, rules, site, v, &plan->all);
	plan->end = &plan->legs[plan->n];
	for (n = 0; n < plan->n; n++)
		plan->names |= plan->legs[n].spec->kind == DD_SPEC_NAME;
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
