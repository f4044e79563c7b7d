// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flags rules: queries of hooked classes, kept for the sites that are yet to be found. The
 * rules are applied to a new site in the order of the queries. What a later query undid is
 * taken out of the earlier ones, so that the rules do not grow with their history and a
 * destination that nobody names any more can be closed.
 *
 * A change makes a whole new set with copies of its own, so it can be had before anything
 * is done and thrown away if that fails.
 */
#include <linux/slab.h>
#include "dyndbg.h"

#define FLAGS_RULES_MAX	256

static bool covers(const char *wide, const char *narrow)
{
	return !wide || (narrow && !strcmp(wide, narrow));
}

/* Does the query mean every site that the rule means? Wildcards are not looked into. */
static bool query_covers(const struct dd_match *q, const struct dd_rule *r)
{
	const struct dd_match *m = &r->match;

	if (q->label && !(r->dest && !strcmp(q->label, r->dest->name)) &&
	    !covers(q->label, m->label))
		return false;
	if ((q->first_line || q->last_line) &&
	    (q->first_line != m->first_line || q->last_line != m->last_line))
		return false;
	return covers(q->module, m->module) && covers(q->function, m->function) &&
	       covers(q->file, m->file) && covers(q->format, m->format) &&
	       covers(q->class, m->class);
}

static bool adds(const struct dd_flags *f)
{
	return f->op != '-' && (f->bits || f->label);
}

/* What is left of a rule after the query. Return: false for nothing. */
static bool reduce(const struct dd_rule *r, const struct dd_cmd *cmd, struct dd_dest *dest,
		   struct dd_flags *f, struct dd_dest **d)
{
	struct dd_change ch;

	*f = r->flags;
	*d = r->dest;
	if (!query_covers(&cmd->match, r))
		return true;
	dd_change_from(&cmd->flags, dest, &ch);
	if (f->op == '-')
		return ch.keep;
	if (dd_match_equal(&r->match, &cmd->match) && f->op == cmd->flags.op && *d == dest &&
	    f->bits == cmd->flags.bits && !f->label == !cmd->flags.label)
		return false; /* it comes again, as the last one */
	f->bits &= ch.keep;
	if (cmd->flags.label || !(f->bits & DD_T)) {
		/* A label that came only with T, as the default, has no more reason. */
		if (cmd->flags.label || !f->label) {
			f->label = NULL;
			*d = NULL;
		}
	}
	return adds(f);
}

static int take(struct dd_rules *to, const struct dd_match *m, const struct dd_flags *f,
		struct dd_dest *dest)
{
	struct dd_rule *rule = dd_rule_make(m, NULL, f, dest);

	if (!rule)
		return -ENOMEM;
	to->flags[to->n_flags++] = rule;
	return 0;
}

/**
 * dd_flags_rule_prepare() - the rules that a query will make stand
 * @cmd: the query; it has a hooked class and no device
 * @dest: the destination that it names, or the default one for a T, or NULL
 * @to: the new set, for dd_flags_rule_commit() or dd_flags_rule_cancel()
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0, -ENOMEM, -ENOSPC.
 */
int dd_flags_rule_prepare(const struct dd_cmd *cmd, struct dd_dest *dest, struct dd_rules **to)
{
	struct dd_rules *old = dd_rules_locked(), *new;
	struct dd_flags f;
	struct dd_dest *d;
	bool any = false;
	unsigned int i;
	int rc = 0;

	lockdep_assert_held(&dd_mutex);
	for (i = 0; i < old->n_flags; i++)
		any |= reduce(old->flags[i], cmd, dest, &f, &d) && adds(&f);
	new = dd_rules_alloc(old->n_routes, old->n_flags + 1);
	if (!new)
		return -ENOMEM;
	memcpy(new->routes, old->routes, old->n_routes * sizeof(*old->routes));
	new->n_routes = old->n_routes;
	/* Without a rule that adds something there is nothing to take away either. */
	for (i = 0; i < old->n_flags && !rc && (any || adds(&cmd->flags)); i++)
		if (reduce(old->flags[i], cmd, dest, &f, &d))
			rc = take(new, &old->flags[i]->match, &f, d);
	if (!rc && (any || adds(&cmd->flags)))
		rc = take(new, &cmd->match, &cmd->flags, dest);
	if (!rc && new->n_flags > FLAGS_RULES_MAX)
		rc = -ENOSPC;
	if (rc)
		dd_flags_rule_cancel(new);
	else
		*to = new;
	return rc;
}

/**
 * dd_flags_rule_cancel() - throw a prepared set away
 * @rules: from dd_flags_rule_prepare()
 *
 * Context: process.
 */
void dd_flags_rule_cancel(struct dd_rules *rules)
{
	unsigned int i;

	for (i = 0; i < rules->n_flags; i++)
		kfree(rules->flags[i]);
	kvfree(rules);
}

/**
 * dd_flags_rule_commit() - put a prepared set into force
 * @rules: from dd_flags_rule_prepare()
 *
 * Context: process, dd_mutex held, may sleep.
 */
void dd_flags_rule_commit(struct dd_rules *rules)
{
	struct dd_rules *old = dd_rules_locked();

	lockdep_assert_held(&dd_mutex);
	dd_rules_publish(rules);
	synchronize_rcu();
	dd_flags_rule_cancel(old);
}

/**
 * dd_flags_rules_clear() - nothing stands any more
 *
 * Context: process, dd_mutex held, may sleep; nobody can find sites any more.
 */
void dd_flags_rules_clear(void)
{
	struct dd_rules *rules = dd_rules_locked();
	unsigned int i;

	mutex_lock(dd_stock.lock);
	for (i = 0; i < rules->n_flags; i++)
		kfree(rules->flags[i]);
	rules->n_flags = 0;
	mutex_unlock(dd_stock.lock);
}
