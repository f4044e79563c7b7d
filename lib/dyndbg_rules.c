// SPDX-License-Identifier: GPL-2.0-only
/*
 * Standing rules: routes, and flags for sites that are yet to be found. The whole set is
 * replaced at each change, so that the record path can ask it for a site just found.
 */
#include <linux/slab.h>
#include "dyndbg.h"

struct dd_rules __rcu *dd_rules;

/**
 * dd_rules_locked() - the rules in force, for who may change them
 *
 * Context: dd_mutex or ddebug_lock held.
 */
struct dd_rules *dd_rules_locked(void)
{
	return rcu_dereference_protected(dd_rules, lockdep_is_held(&dd_mutex) ||
					 lockdep_is_held(dd_stock.lock));
}

/**
 * dd_rules_alloc() - an empty set with room for so many
 * @n_routes: routes
 * @n_flags: flags rules
 *
 * Context: process, may sleep.
 */
struct dd_rules *dd_rules_alloc(unsigned int n_routes, unsigned int n_flags)
{
	struct dd_rules *r = kvzalloc(struct_size(r, slots, n_routes + n_flags), GFP_KERNEL);

	if (r) {
		r->routes = r->slots;
		r->flags = r->slots + n_routes;
	}
	return r;
}

/**
 * dd_rules_publish() - put a set into force
 * @rules: the set
 *
 * Sites may be found by the old rules until the record path has left them, which is waited
 * for; the caller then goes through all that were found.
 *
 * Context: process, dd_mutex held, may sleep.
 */
void dd_rules_publish(struct dd_rules *rules)
{
	mutex_lock(dd_stock.lock); /* the listing reads it */
	rcu_assign_pointer(dd_rules, rules);
	mutex_unlock(dd_stock.lock);
	if (dd_found_armed())
		synchronize_rcu();
}

static const char *keep(char **to, const char *from)
{
	char *at = *to;

	if (!from)
		return NULL;
	*to += strlen(from) + 1;
	return memcpy(at, from, *to - at);
}

/**
 * dd_rule_make() - a rule, with copies of all its strings
 * @m: the sites
 * @device: routes: the device SPEC
 * @f: flags: what to do; their label is that of @dest
 * @dest: where to, or NULL
 *
 * Context: process, may sleep.
 * Return: the rule, for kfree(); NULL without memory.
 */
struct dd_rule *dd_rule_make(const struct dd_match *m, const char *device,
			     const struct dd_flags *f, struct dd_dest *dest)
{
	const char *all[] = { m->module, m->function, m->file, m->format, m->class, m->label,
			      device };
	struct dd_rule *rule;
	size_t size = 0;
	unsigned int i;
	char *at;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		size += all[i] ? strlen(all[i]) + 1 : 0;
	rule = kzalloc(struct_size(rule, buf, size), GFP_KERNEL);
	if (!rule)
		return NULL;
	at = rule->buf;
	rule->match.module = keep(&at, m->module);
	rule->match.function = keep(&at, m->function);
	rule->match.file = keep(&at, m->file);
	rule->match.format = keep(&at, m->format);
	rule->match.class = keep(&at, m->class);
	rule->match.label = keep(&at, m->label);
	rule->match.first_line = m->first_line;
	rule->match.last_line = m->last_line;
	if (device)
		dd_spec_parse(keep(&at, device), &rule->spec);
	rule->dest = dest;
	rule->flags = *f;
	rule->flags.label = f->label && dest ? dest->name : NULL;
	return rule;
}

static bool match_empty(const struct dd_match *m)
{
	static const struct dd_match nothing;

	return dd_match_equal(m, &nothing);
}

static bool spec_equal(const struct dd_spec *a, const struct dd_spec *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == DD_SPEC_MINOR ? a->minor == b->minor : !strcmp(a->text, b->text);
}

/* Does the route @r go when @cmd (with the device @spec) comes? */
static bool route_goes(const struct dd_rule *r, const struct dd_cmd *cmd,
		       const struct dd_spec *spec, const struct dd_dest *dest)
{
	if (cmd->flags.op == '=')
		return dd_match_equal(&r->match, &cmd->match);
	if (cmd->flags.op == '-' && spec->kind == DD_SPEC_ANY && match_empty(&cmd->match))
		return r->dest == dest;
	return r->dest == dest && spec_equal(&r->spec, spec) &&
	       dd_match_equal(&r->match, &cmd->match);
}

/**
 * dd_route_query() - add or remove routes
 * @cmd: the query; it has a device
 * @dest: its destination
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: the number of sites concerned or routes removed, -ENOMEM, -ENOSPC; on an error
 * nothing has changed.
 */
int dd_route_query(const struct dd_cmd *cmd, struct dd_dest *dest)
{
	struct dd_rules *old = dd_rules_locked(), *new;
	bool add = cmd->flags.op != '-';
	struct dd_rule *rule = NULL;
	struct dd_spec spec;
	unsigned int i, gone = 0;
	int rc = 0;

	lockdep_assert_held(&dd_mutex);
	dd_spec_parse(cmd->device, &spec);
	for (i = 0; i < old->n_routes; i++)
		gone += route_goes(old->routes[i], cmd, &spec, dest);
	if (!add && !gone)
		return 0;
	if (add && old->n_routes - gone >= DYNDBG_ROUTE_MAX)
		return -ENOSPC;

	new = dd_rules_alloc(old->n_routes - gone + add, old->n_flags);
	if (add)
		rule = dd_rule_make(&cmd->match, cmd->device, &cmd->flags, dest);
	if (!new || (add && !rule)) {
		kvfree(new);
		kfree(rule);
		return -ENOMEM;
	}
	for (i = 0; i < old->n_routes; i++)
		if (!route_goes(old->routes[i], cmd, &spec, dest))
			new->routes[new->n_routes++] = old->routes[i];
	if (add)
		new->routes[new->n_routes++] = rule;
	memcpy(new->flags, old->flags, old->n_flags * sizeof(*old->flags));
	new->n_flags = old->n_flags;

	if (add)
		rc = dd_dest_enable(dest);
	if (rc) {
		kvfree(new);
		kfree(rule);
		return rc;
	}
	dd_rules_publish(new);
	rc = dd_apply_routes(&cmd->match, add);
	if (rc < 0 && add) { /* the hooks cannot be had: back to what was */
		dd_rules_publish(old);
		dd_apply_routes(&cmd->match, false);
		dd_found_replan(&cmd->match);
		synchronize_rcu();
		kvfree(new);
		kfree(rule);
		return rc;
	}
	dd_found_replan(&cmd->match);
	if (gone) { /* no plan names them any more; nor does anybody read one that did */
		synchronize_rcu();
		for (i = 0; i < old->n_routes; i++)
			if (route_goes(old->routes[i], cmd, &spec, dest))
				kfree(old->routes[i]);
	}
	kvfree_rcu(old, rcu);
	return add ? rc : gone;
}

/**
 * dd_rules_use() - does any rule lead to the destination?
 * @dest: the destination
 *
 * Context: dd_mutex held.
 */
bool dd_rules_use(const struct dd_dest *dest)
{
	const struct dd_rules *r = dd_rules_locked();
	unsigned int i;

	for (i = 0; i < r->n_routes + r->n_flags; i++) {
		const struct dd_rule *rule = i < r->n_routes ? r->routes[i] :
							       r->flags[i - r->n_routes];

		if (rule->dest == dest)
			return true;
	}
	return false;
}

/**
 * dd_rules_init() - start with no rules
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int dd_rules_init(void)
{
	struct dd_rules *r = dd_rules_alloc(0, 0);

	if (!r)
		return -ENOMEM;
	RCU_INIT_POINTER(dd_rules, r);
	return 0;
}

/**
 * dd_rules_exit() - free all rules
 *
 * Context: process; nobody can be in the record path any more.
 */
void dd_rules_exit(void)
{
	struct dd_rules *r = rcu_dereference_protected(dd_rules, 1);
	unsigned int i;

	for (i = 0; i < r->n_routes; i++)
		kfree(r->routes[i]);
	for (i = 0; i < r->n_flags; i++)
		kfree(r->flags[i]);
	kvfree(r);
	RCU_INIT_POINTER(dd_rules, NULL);
}
