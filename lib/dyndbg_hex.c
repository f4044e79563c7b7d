// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hex dumps: print_hex_dump() gets no descriptor, so a site is known by the address that
 * the call returns to. Calls from elsewhere are the stock function's business.
 */
#include <linux/slab.h>
#include "dyndbg.h"

/* Calls of one site: one for each place that its function was inlined into. */
#define CALLS_MAX	8

struct hex_call {
	unsigned long ip;
	const struct _ddebug *desc;
};

/* All calls that we answer for; replaced as a whole, RCU. Under both locks. */
struct hex_calls {
	struct rcu_head rcu;
	unsigned int n;
	struct hex_call at[];
};

static struct hex_calls __rcu *calls;

static struct hex_calls *calls_locked(void)
{
	dd_assert_locked();
	return rcu_dereference_protected(calls, 1);
}

/**
 * dd_hex_site() - whose hex dump is that?
 * @ip: where the call of print_hex_dump() returns to
 *
 * Context: any, NMI included; it must not be preempted, or the call not have returned.
 * Return: the descriptor, NULL for a call that is no site's that we know.
 */
const struct _ddebug *dd_hex_site(unsigned long ip)
{
	const struct _ddebug *desc = NULL;
	const struct hex_calls *c;
	unsigned int i;

	preempt_disable_notrace();
	c = rcu_dereference_sched(calls);
	for (i = 0; c && ip && i < c->n; i++) /* 0: forgotten */
		if (READ_ONCE(c->at[i].ip) == ip)
			desc = c->at[i].desc;
	preempt_enable_notrace();
	return desc;
}

static bool shared(const struct ddebug_table *dt, const struct _ddebug *desc,
		   const unsigned long *ips, int n)
{
	unsigned long others[CALLS_MAX];
	int i, k, m, have;

	for (i = 0; i < dt->num_ddebugs; i++) {
		if (&dt->ddebugs[i] == desc || strcmp(dt->ddebugs[i].function, desc->function))
			continue;
		have = dd_code_look(&dt->ddebugs[i], others, CALLS_MAX);
		for (k = 0; k < have; k++)
			for (m = 0; m < n; m++)
				if (others[k] == ips[m])
					return true;
	}
	return false;
}

/**
 * dd_refusal() - why can a site not be recorded?
 * @dt: its table
 * @desc: its descriptor
 * @v: its texts
 *
 * Context: process, both locks held.
 * Return: the reason; NULL for a site that can.
 */
const char *dd_refusal(const struct ddebug_table *dt, const struct _ddebug *desc,
		       const struct dd_view *v)
{
	unsigned long ips[CALLS_MAX];
	int n;

	dd_assert_locked();
	/* It may be one of DRM's, which would print. */
	if (DD_DRM_SITES && v->unknown_class)
		return "its module declares no name for its class";
	if (!dd_class_recordable(v->class))
		return "its class needs dyndbg_drm";
	n = dd_code_look(desc, ips, CALLS_MAX);
	if (n < 0)
		return "it calls a function that is not told its site";
	if (n && shared(dt, desc, ips, n))
		return "it shares the call of a hex dump with another site";
	return NULL;
}

/**
 * dd_hex_learn() - a site is to be recorded: if it dumps, know its calls
 * @desc: its descriptor, which dd_refusal() has nothing against
 *
 * Context: process, both locks held, may sleep.
 */
void dd_hex_learn(const struct _ddebug *desc)
{
	struct hex_calls *old = calls_locked(), *new;
	unsigned long ips[CALLS_MAX];
	unsigned int i, have = 0;
	int k, n;

	n = dd_code_look(desc, ips, CALLS_MAX);
	if (n <= 0 || dd_hex_site(ips[0]) == desc)
		return;
	/* A few entries; it waits for memory, for nothing could be undone here. */
	new = kvmalloc(struct_size(new, at, (old ? old->n : 0) + n), GFP_KERNEL | __GFP_NOFAIL);
	for (i = 0; old && i < old->n; i++)
		if (old->at[i].ip)
			new->at[have++] = old->at[i];
	for (k = 0; k < n; k++)
		new->at[have++] = (struct hex_call){ ips[k], desc };
	new->n = have;
	rcu_assign_pointer(calls, new);
	if (old)
		kvfree_rcu(old, rcu);
}

/**
 * dd_hex_knows() - are there hex dumps of a table that we answer for?
 * @dt: the table
 *
 * Context: process, both locks held.
 */
bool dd_hex_knows(const struct ddebug_table *dt)
{
	const struct hex_calls *c = calls_locked();
	unsigned int i;

	for (i = 0; c && i < c->n; i++)
		if (c->at[i].ip && c->at[i].desc >= dt->ddebugs &&
		    c->at[i].desc < dt->ddebugs + dt->num_ddebugs)
			return true;
	return false;
}

/**
 * dd_hex_forget() - forget the hex dumps of a table that goes, or all
 * @dt: the table, NULL for all
 *
 * A site that is only switched off is not forgotten: whoever passed its key before must still
 * end with us and not in the kernel log.
 *
 * Context: process, both locks held; nobody who passed a key is on his way any more.
 */
void dd_hex_forget(const struct ddebug_table *dt)
{
	struct hex_calls *c = calls_locked();
	unsigned int i;

	if (c && !dt) {
		RCU_INIT_POINTER(calls, NULL);
		kvfree_rcu(c, rcu);
		return;
	}
	for (i = 0; c && i < c->n; i++)
		if (c->at[i].desc >= dt->ddebugs && c->at[i].desc < dt->ddebugs + dt->num_ddebugs)
			WRITE_ONCE(c->at[i].ip, 0);
}

/**
 * dd_hex_forget_text() - forget the hex dumps in code that goes
 * @start: address of the code
 * @size: its size in bytes
 *
 * Context: process, no lock of ours held, may sleep.
 */
void dd_hex_forget_text(unsigned long start, unsigned long size)
{
	struct hex_calls *c;
	unsigned int i;

	mutex_lock(&dd_mutex);
	mutex_lock(dd_stock.lock);
	c = calls_locked();
	for (i = 0; c && i < c->n; i++)
		if (c->at[i].ip - start < size)
			WRITE_ONCE(c->at[i].ip, 0);
	mutex_unlock(dd_stock.lock);
	mutex_unlock(&dd_mutex);
}
