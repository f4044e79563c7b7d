// SPDX-License-Identifier: GPL-2.0-only
/* Sites without a descriptor: whose hooks have to be there at all. */
#include "dyndbg.h"
#include "dyndbg_found.h"

/**
 * dd_found_classes() - of which classes could a match mean a site?
 * @m: the match; NULL: of which could sites with a descriptor be, too?
 * @route: by the rule of routes for classes
 *
 * Context: dd_mutex held, a hook module is there.
 * Return: BIT() of the numbers of its classes.
 */
unsigned long dd_found_classes(const struct dd_match *m, bool route)
{
	unsigned long classes = 0;
	unsigned int i;

	for (i = 0; i < dd_found.hooks->n_classes; i++) {
		const struct dyndbg_class *c = &dd_found.hooks->classes[i];
		struct dd_view v = { .class = c->name, .module = c->module };
		struct dd_match part = {};

		if (m) {
			part.class = m->class;
			part.module = c->module ? m->module : NULL;
		}
		if (m ? dd_match_site(&part, &v, route) : !c->module)
			classes |= BIT(i);
	}
	return classes;
}

/**
 * dd_found_wanted() - of which classes is anything wanted?
 *
 * Context: process, dd_mutex held, a hook module is there.
 * Return: as dd_found_classes().
 */
unsigned long dd_found_wanted(void)
{
	const struct dd_rules *rules = dd_rules_locked();
	unsigned long classes = 0;
	struct dd_found *f;
	unsigned int i, n;

	if (dd_sites_hooked)
		classes |= dd_found_classes(NULL, true);
	for (n = 0; n < rules->n_routes; n++)
		classes |= dd_found_classes(&rules->routes[n]->match, true);
	for (n = 0; n < rules->n_flags; n++)
		if (rules->flags[n]->flags.op != '-' &&
		    (rules->flags[n]->flags.bits & (DD_P | DD_T)))
			classes |= dd_found_classes(&rules->flags[n]->match, false);
	for (n = 0; (f = dd_found_nth(n)); n++) {
		if (!smp_load_acquire(&f->ip) || !(f->site.flags & (DD_P | DD_T)))
			continue;
		for (i = 0; i < dd_found.hooks->n_classes; i++)
			if (dd_found.classes[i] == f->site.class)
				classes |= BIT(i);
	}
	return classes;
}
