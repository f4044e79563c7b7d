// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sites without a descriptor, found as they are first reached: a hook module hands us a
 * return address and a format pointer, which together are the site's identity.
 *
 * Finding must not allocate: entries come from a pool that a worker refills. Entries stay
 * until the hook module goes; those of an unloaded module lose their address and match
 * nothing any more.
 */
#include <linux/export.h>
#include "dyndbg.h"
#include "dyndbg_found.h"

struct dd_found_state dd_found;
EXPORT_SYMBOL_GPL(dd_found);

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
	unsigned int used = min_t(unsigned int, atomic_read(&dd_found.n_used),
				  READ_ONCE(dd_found.capacity));

	return n < used ? &dd_found.chunks[n / DD_FOUND_CHUNK][n % DD_FOUND_CHUNK] : NULL;
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
		dd_change_site(&f->site, &ch);
	}
}

static void fill(struct dd_found *f, const struct dyndbg_call *call)
{
	f->fmt = call->fmt;
	strscpy(f->format, call->fmt, sizeof(f->format));
	name_function(f, call->ip);
	f->site.class = dd_found.classes[call->class];
	f->site.flags = 0;
	f->site.label = 0;
	f->fresh = f->special = true;
	decide(f);
	smp_store_release(&f->ip, call->ip); /* from here on it is listed */
}

/*
 * Context: any, NMI included, preemption disabled.
 * Return: the site, new or by somebody else meanwhile; NULL when the pool is empty.
 */
static struct dd_found *find(const struct dyndbg_call *call, unsigned int slot)
{
	struct dd_found *f, *other;
	int n, have = smp_load_acquire(&dd_found.capacity);

	n = atomic_read(&dd_found.n_used);
	do {
		if (n >= have)
			break;
	} while (!atomic_try_cmpxchg(&dd_found.n_used, &n, n + 1));
	if (n + DD_FOUND_LOW >= have && have < DD_FOUND_MAX)
		irq_work_queue(&dd_found_kick);
	if (n >= have)
		return NULL;
	f = &dd_found.chunks[n / DD_FOUND_CHUNK][n % DD_FOUND_CHUNK];
	fill(f, call);
	for (;;) {
		other = cmpxchg(&dd_found.table[slot], NULL, f);
		if (!other)
			break;
		if (other->ip == call->ip && other->fmt == call->fmt) {
			WRITE_ONCE(f->ip, 0); /* ours was second: an entry is wasted */
			return other;
		}
		slot = (slot + 1) & (DD_FOUND_HASH - 1);
	}
	irq_work_queue(&dd_found_kick);
	return f;
}

/* Of a site that has no plan yet: the rules themselves are asked. */
static u64 fresh_mask(const struct dd_found *f, const struct dyndbg_call *call)
{
	const struct dd_rules *rules = rcu_dereference_sched(dd_rules);
	int minor = dd_device_of(call->dev).minor;
	u64 mask = f->site.flags & DD_T ? BIT_ULL(f->site.label) : 0;
	struct dd_view v;
	unsigned int i;

	dd_found_view(f, &v);
	for (i = 0; i < rules->n_routes; i++) {
		const struct dd_rule *r = rules->routes[i];

		if (dd_match_site(&r->match, &v, true) &&
		    dd_spec_hit(&r->spec, call->dev, minor))
			mask |= BIT_ULL(r->dest->idx);
	}
	return mask;
}

/**
 * dd_found_record() - record a message of a found site, whatever is special about it
 * @mask: bits of the destinations; not 0
 * @f: the site
 * @dev: the message's device, or NULL
 * @vaf: format and arguments; the arguments are used up
 *
 * Context: any, NMI included, preemption disabled.
 */
void dd_found_record(u64 mask, const struct dd_found *f, const struct device *dev,
		     struct va_format *vaf)
{
	struct dd_rec rec = {
		.meta = smp_load_acquire(&f->meta),
		.prefix = f->site.flags & (DD_PREFIX | DD_D),
		.rec_flags = DYNDBG_REC_HOOKED,
		.device = dd_device_of(dev),
		.dev = dev,
		.ip = f->ip,
	};
	struct dd_view v;

	if (!rec.meta) {
		dd_found_view(f, &v);
		rec.view = &v;
	}
	dd_record(mask, &rec, vaf);
}

/**
 * dyndbg_hook_message() - a message came through a hooked function
 * @call: where from
 * @vaf: format and arguments; the arguments are used up
 *
 * For whoever does not care for dyndbg_find(), and for a site that it does not know yet.
 *
 * Context: any, NMI included.
 * Return: whether the site has p, so that the caller prints the message.
 */
bool dyndbg_hook_message(const struct dyndbg_call *call, struct va_format *vaf)
{
	const struct dd_plan *plan;
	struct dd_found *f, once;
	unsigned int slot;
	u64 mask = 0;
	bool print;

	preempt_disable_notrace();
	f = dd_found_lookup(call->ip, call->fmt, &slot) ?: find(call, slot);
	if (!f) { /* it is not listed, but it is not lost either */
		memset(&once.site, 0, sizeof(once.site));
		once.meta = NULL;
		fill(&once, call);
		f = &once;
	}
	print = f->site.flags & DD_P;
	if (smp_load_acquire(&f->fresh)) { /* before the plan that ends it */
		mask = fresh_mask(f, call);
	} else {
		plan = rcu_dereference_sched(f->site.plan);
		if (plan)
			mask = dd_plan_mask(plan, call->dev);
	}
	if (mask)
		dd_found_record(mask, f, call->dev, vaf);
	preempt_enable_notrace();
	return print;
}
EXPORT_SYMBOL_GPL(dyndbg_hook_message);
