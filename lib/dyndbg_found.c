// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites without a descriptor, found as they are first reached: a hook module hands us a
 * return address and a format pointer, which together are the site's identity.
 *
 * Finding must not allocate: entries come from a pool that a worker refills. Entries stay
 * until the hook module goes; those of an unloaded module lose their address and match
 * nothing any more.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/hash.h>
#include <linux/irq_work.h>
#include <linux/kallsyms.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "dyndbg.h"

#define HASH_BITS	13
#define HASH_SIZE	(1U << HASH_BITS)
#define FOUND_MAX	(HASH_SIZE / 4 * 3)
#define CHUNK		64
/* The pool is refilled when fewer than this are left. */
#define LOW_WATER	256

static struct dyndbg_hooks *hooks;	/* under dd_mutex, RCU for the record path */
static u16 *hook_classes;		/* interned names, by class number */
static bool armed;			/* under dd_mutex */

static struct dd_found **table;		/* open addressing; entries never removed */
static struct dd_found *chunks[FOUND_MAX / CHUNK];
static atomic_t n_used = ATOMIC_INIT(0);
static unsigned int capacity;		/* entries that exist; written by the worker */

static void refill_and_plan(struct work_struct *work);
static DECLARE_WORK(found_work, refill_and_plan);

static void kick(struct irq_work *work)
{
	schedule_work(&found_work);
}
static DEFINE_IRQ_WORK(found_kick, kick);

/**
 * dd_minor_of() - the DRM minor of a message's device
 * @dev: the device, or NULL
 *
 * Context: any, NMI included, preemption disabled.
 * Return: the primary minor, or DYNDBG_NO_MINOR.
 */
int dd_minor_of(const struct device *dev)
{
	struct dyndbg_hooks *h = READ_ONCE(hooks);

	return h && dev ? h->minor(dev) : DYNDBG_NO_MINOR;
}

/**
 * dd_found_view() - the texts of a found site
 * @f: the site
 * @v: filled with pointers into @f
 *
 * Context: any, NMI included.
 */
void dd_found_view(const struct dd_found *f, struct dd_view *v)
{
	v->module = f->module;
	v->function = f->function;
	v->file = "-";
	v->format = f->format;
	v->class = dd_class_name(f->site.class);
	v->line = 0;
	v->unknown_class = false;
}

/**
 * dd_found_nth() - found sites by number, in the order of their finding
 * @n: from 0
 *
 * Context: any.
 * Return: the site; NULL past the last one. One whose module is gone has no address.
 */
struct dd_found *dd_found_nth(unsigned int n)
{
	unsigned int used = min_t(unsigned int, atomic_read(&n_used), READ_ONCE(capacity));

	return n < used ? &chunks[n / CHUNK][n % CHUNK] : NULL;
}

static unsigned int slot_of(unsigned long ip, const char *fmt)
{
	return hash_long(ip ^ ((unsigned long)fmt << 16), HASH_BITS);
}

static struct dd_found *lookup(unsigned long ip, const char *fmt, unsigned int *slot)
{
	unsigned int i = slot_of(ip, fmt);
	struct dd_found *f;

	while ((f = smp_load_acquire(&table[i]))) {
		if (f->ip == ip && f->fmt == fmt)
			return f;
		i = (i + 1) & (HASH_SIZE - 1);
	}
	*slot = i;
	return NULL;
}

/* "function [module]", as %ps writes it; of the call, which lies before its return address. */
static void name_function(struct dd_found *f, unsigned long ip)
{
	char sym[sizeof(f->function) + sizeof(f->module) + 8], *mod;

	snprintf(sym, sizeof(sym), "%ps", (void *)(ip - 1));
	mod = strstr(sym, " [");
	if (mod) {
		*mod = '\0';
		mod += 2;
		mod[strcspn(mod, "]")] = '\0';
	}
	sym[strcspn(sym, ".")] = '\0'; /* the compiler's .isra.0, .cold */
	strscpy(f->function, sym, sizeof(f->function));
	strscpy(f->module, mod ?: "kernel", sizeof(f->module));
}

/* What the rules in force say of a site that was just found. */
static void decide(struct dd_found *f)
{
	const struct dd_rules *rules = rcu_dereference_sched(dd_rules);
	struct dd_change ch;
	struct dd_view v;
	unsigned int i;

	dd_found_view(f, &v);
	for (i = 0; i < rules->n_flags; i++) {
		const struct dd_rule *r = rules->flags[i];

		if (!dd_match_site(&r->match, &v, false) ||
		    (r->match.label && !dd_label_is(&f->site, r->match.label)))
			continue;
		dd_change_from(&r->flags, r->dest, &ch);
		if (r->dest) { /* named or default was settled when the rule was made */
			ch.with_label = true;
			ch.default_label = false;
		}
		dd_change_site(&f->site, &ch);
	}
}

static void fill(struct dd_found *f, const struct dyndbg_call *call)
{
	f->fmt = call->fmt;
	strscpy(f->format, call->fmt, sizeof(f->format));
	name_function(f, call->ip);
	f->site.class = hook_classes[call->class];
	f->site.flags = 0;
	f->site.label = 0;
	f->fresh = true;
	decide(f);
	f->ip = call->ip;
}

/*
 * Context: any, NMI included, preemption disabled.
 * Return: the site, new or by somebody else meanwhile; NULL when the pool is empty.
 */
static struct dd_found *find(const struct dyndbg_call *call, unsigned int slot)
{
	struct dd_found *f, *other;
	unsigned int n, have = smp_load_acquire(&capacity);

	n = atomic_fetch_add_unless(&n_used, 1, have);
	if (n + LOW_WATER >= have || n >= have)
		irq_work_queue(&found_kick);
	if (n >= have)
		return NULL;
	f = &chunks[n / CHUNK][n % CHUNK];
	fill(f, call);
	for (;;) {
		other = cmpxchg(&table[slot], NULL, f);
		if (!other)
			break;
		if (other->ip == call->ip && other->fmt == call->fmt) {
			WRITE_ONCE(f->ip, 0); /* ours was second: an entry is wasted */
			return other;
		}
		slot = (slot + 1) & (HASH_SIZE - 1);
	}
	irq_work_queue(&found_kick);
	return f;
}

static u64 routes_mask(const struct dd_found *f, const struct dd_view *v,
		       const struct device *dev, int minor)
{
	const struct dd_rules *rules = rcu_dereference_sched(dd_rules);
	u64 mask = f->site.flags & DD_T ? BIT_ULL(f->site.label) : 0;
	unsigned int i;

	for (i = 0; i < rules->n_routes; i++) {
		const struct dd_rule *r = rules->routes[i];

		if (dd_match_site(&r->match, v, true) && dd_spec_hit(&r->spec, dev, minor))
			mask |= BIT_ULL(r->dest->idx);
	}
	return mask;
}

static void record_found(struct dd_found *f, const struct dyndbg_call *call,
			 struct va_format *vaf)
{
	bool fresh = smp_load_acquire(&f->fresh); /* before the plan that ends it */
	struct dd_plan *plan = rcu_dereference_sched(f->site.plan);
	struct dd_rec rec;
	u64 mask;

	if (!plan && !fresh)
		return;
	dd_found_view(f, &rec.view);
	rec.site = f->site.id;
	rec.prefix = f->site.flags & DD_PREFIX;
	rec.rec_flags = DYNDBG_REC_HOOKED;
	rec.dev = call->dev;
	rec.minor = dd_minor_of(call->dev);
	rec.lead = NULL;
	if (plan) {
		dd_record(plan, &rec, vaf);
		return;
	}
	mask = routes_mask(f, &rec.view, call->dev, rec.minor);
	if (mask)
		dd_record_mask(mask, &rec, vaf);
}

/**
 * dyndbg_hook_message() - a message came through a hooked function
 * @call: where from
 * @vaf: format and arguments; the arguments can be used again afterwards
 *
 * Context: any, NMI included.
 * Return: whether the site has p, so that the caller prints the message.
 */
bool dyndbg_hook_message(const struct dyndbg_call *call, struct va_format *vaf)
{
	struct dd_found *f, once;
	unsigned int slot;
	bool print;

	preempt_disable_notrace();
	f = lookup(call->ip, call->fmt, &slot);
	if (unlikely(!f))
		f = find(call, slot);
	if (unlikely(!f)) { /* it is not listed, but it is not lost either */
		memset(&once.site, 0, sizeof(once.site));
		fill(&once, call);
		f = &once;
	}
	print = f->site.flags & DD_P;
	record_found(f, call, vaf);
	preempt_enable_notrace();
	return print;
}
EXPORT_SYMBOL_GPL(dyndbg_hook_message);

/* Context: process, dd_mutex held. Make room for @want more sites. */
static int refill(unsigned int want)
{
	struct dd_found *chunk;
	unsigned int i;

	while (capacity < FOUND_MAX && capacity - atomic_read(&n_used) < want) {
		chunk = kvcalloc(CHUNK, sizeof(*chunk), GFP_KERNEL);
		if (!chunk)
			return -ENOMEM;
		for (i = 0; i < CHUNK; i++)
			chunk[i].site.id = dd_site_new_id();
		chunks[capacity / CHUNK] = chunk;
		smp_store_release(&capacity, capacity + CHUNK);
	}
	return 0;
}

/* Give plans to those that have none yet or, with @m, that it means. Context: dd_mutex held. */
static void replan(const struct dd_match *m)
{
	struct dd_found *f;
	struct dd_view v;
	unsigned int n;

	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++) {
		if (!READ_ONCE(f->ip))
			continue;
		dd_found_view(f, &v);
		if (!f->fresh && !(m && dd_match_site(m, &v, true)))
			continue;
		dd_site_set_plan(&f->site, &v);
		smp_store_release(&f->fresh, false); /* a plan or "fresh": never neither */
	}
	mutex_unlock(dd_stock.lock);
}

static void refill_and_plan(struct work_struct *work)
{
	mutex_lock(&dd_mutex);
	if (armed) {
		replan(NULL);
		if (refill(2 * LOW_WATER))
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

	for (i = 0; hooks && i < hooks->n_classes; i++)
		if (!strcmp(hooks->classes[i], name))
			return true;
	return false;
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
		if (READ_ONCE(f->ip) && f->site.label == dest->idx)
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
		if (!READ_ONCE(f->ip))
			continue;
		dd_found_view(f, &v);
		if (!dd_match_site(m, &v, false) ||
		    (m->label && !dd_label_is(&f->site, m->label)))
			continue;
		hits++;
		dd_change_site(&f->site, ch);
		dd_site_set_plan(&f->site, &v);
		smp_store_release(&f->fresh, false);
	}
	mutex_unlock(dd_stock.lock);
	return hits;
}

static bool wanted(void)
{
	const struct dd_rules *rules = dd_rules_locked();
	struct dd_found *f;
	unsigned int n;

	if (!hooks)
		return false;
	if (rules->n_routes)
		return true;
	for (n = 0; n < rules->n_flags; n++)
		if (rules->flags[n]->flags.op != '-' &&
		    (rules->flags[n]->flags.bits & (DD_P | DD_T)))
			return true;
	for (n = 0; (f = dd_found_nth(n)); n++)
		if (READ_ONCE(f->ip) && (f->site.flags & (DD_P | DD_T)))
			return true;
	return false;
}

/**
 * dd_found_update_hooks() - install the hooks if anything wants them, remove them if not
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0 or -errno.
 */
int dd_found_update_hooks(void)
{
	int rc;

	lockdep_assert_held(&dd_mutex);
	if (wanted() == armed)
		return 0;
	if (armed) {
		hooks->disarm();
		armed = false;
		return 0;
	}
	rc = refill(2 * LOW_WATER) ?: hooks->arm();
	if (!rc)
		armed = true;
	return rc;
}

static void forget(struct dd_found *f)
{
	struct dd_plan *plan = rcu_dereference_protected(f->site.plan, 1);

	WRITE_ONCE(f->ip, 0);
	f->site.flags = 0;
	f->site.label = 0;
	RCU_INIT_POINTER(f->site.plan, NULL);
	dd_plan_put(plan);
}

/**
 * dd_found_forget() - a module goes: forget the sites that lie in its text
 * @start: address of the text
 * @size: its size in bytes
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
		if (f->ip >= start && f->ip < start + size)
			forget(f);
	mutex_unlock(dd_stock.lock);
	mutex_unlock(&dd_mutex);
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
	if (hooks)
		goto out;
	rc = -ENOMEM;
	table = kvcalloc(HASH_SIZE, sizeof(*table), GFP_KERNEL);
	hook_classes = kcalloc(h->n_classes, sizeof(*hook_classes), GFP_KERNEL);
	if (!table || !hook_classes)
		goto err;
	for (i = 0; i < h->n_classes; i++)
		hook_classes[i] = dd_class_intern(h->classes[i]);
	smp_store_release(&hooks, h);
	rc = dd_found_update_hooks();
	if (!rc)
		goto out;
	WRITE_ONCE(hooks, NULL);
	synchronize_rcu();
err:
	kvfree(table);
	kfree(hook_classes);
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
	struct dd_found *f;
	unsigned int n;

	mutex_lock(&dd_mutex);
	if (armed)
		h->disarm();
	armed = false;
	WRITE_ONCE(hooks, NULL);
	mutex_unlock(&dd_mutex);
	h->drain(); /* whoever is on the way may still ask for sites */
	synchronize_rcu();
	irq_work_sync(&found_kick);
	cancel_work_sync(&found_work);

	mutex_lock(&dd_mutex);
	mutex_lock(dd_stock.lock);
	for (n = 0; (f = dd_found_nth(n)); n++)
		forget(f);
	for (n = 0; n < capacity; n++)
		dd_site_free_id(chunks[n / CHUNK][n % CHUNK].site.id);
	atomic_set(&n_used, 0);
	for (n = 0; n < capacity / CHUNK; n++) {
		kvfree(chunks[n]);
		chunks[n] = NULL;
	}
	capacity = 0;
	kvfree(table);
	kfree(hook_classes);
	table = NULL;
	hook_classes = NULL;
	mutex_unlock(dd_stock.lock);
	mutex_unlock(&dd_mutex);
}
EXPORT_SYMBOL_GPL(dyndbg_unregister_hooks);
