// SPDX-License-Identifier: GPL-2.0-only
/*
 * The listing: the stock one, line by line, with richer flags; then the sites that were
 * found; then the destinations and routes.
 *
 * These replace the seq_file functions of the stock control file one by one, on an iterator
 * that the stock code made and may go on with (when we are unloaded between two reads). So
 * its two fields keep their stock meaning, and everything happens under ddebug_lock, which
 * start takes and the stock stop drops.
 */
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include "dyndbg.h"
#include "inflight.h"

/* The stock iterator's layout. @table NULL: past the stock sites. */
struct iter {
	struct ddebug_table *table;
	int idx;
};

static char trailer; /* its address is the position of the lines at the end */

static struct ddebug_table *next_table(struct ddebug_table *dt)
{
	if (list_is_last(&dt->link, dd_stock.tables))
		return NULL;
	return list_next_entry(dt, link);
}

/* Found sites that lost their module are not shown. */
static void *found_from(struct iter *it, int n)
{
	struct dd_found *f;

	it->table = NULL;
	for (; (f = dd_found_nth(n)); n++) {
		if (smp_load_acquire(&f->ip)) {
			it->idx = n;
			return f;
		}
	}
	it->idx = -1;
	return &trailer;
}

/* The stock order: tables from first to last, the sites of each from last to first. */
static void *first(struct iter *it)
{
	if (list_empty(dd_stock.tables))
		return found_from(it, 0);
	it->table = list_first_entry(dd_stock.tables, struct ddebug_table, link);
	it->idx = it->table->num_ddebugs - 1;
	return &it->table->ddebugs[it->idx];
}

static void *advance(struct iter *it, void *p)
{
	if (p == &trailer)
		return NULL;
	if (!it->table)
		return found_from(it, it->idx + 1);
	if (--it->idx < 0) {
		it->table = next_table(it->table);
		if (!it->table)
			return found_from(it, 0);
		it->idx = it->table->num_ddebugs - 1;
	}
	return &it->table->ddebugs[it->idx];
}

/* As the stock kernel would go on, for a read that began before we were switched off. */
static void *stock_only(struct iter *it, void *p)
{
	return it->table ? p : NULL;
}

/**
 * dd_list_start() - seq_file start: take ddebug_lock and go to a line
 * @m: the control file
 * @pos: the line, 0 for the header
 *
 * Context: process, may sleep.
 */
void *dd_list_start(struct seq_file *m, loff_t *pos)
{
	struct iter *it = m->private;
	loff_t n = *pos;
	void *p = NULL;

	mutex_lock(dd_stock.lock);
	if (!n) {
		p = SEQ_START_TOKEN;
	} else if (n > 0) {
		p = first(it);
		/* Whole tables at a time: a listing of thousands of lines comes in hundreds
		 * of reads.
		 */
		while (it->table && n > it->idx + 1) {
			n -= it->idx + 1;
			it->idx = 0;
			p = advance(it, p);
		}
		while (p && --n > 0)
			p = advance(it, p);
		if (!dd_live)
			p = stock_only(it, p);
	}
	dd_inflight_leave(dd_inflight);
	return p;
}

/**
 * dd_list_next() - seq_file next
 * @m: the control file
 * @p: the line shown last
 * @pos: advanced
 *
 * Context: process, ddebug_lock held.
 */
void *dd_list_next(struct seq_file *m, void *p, loff_t *pos)
{
	struct iter *it = m->private;

	++*pos;
	p = p == SEQ_START_TOKEN ? first(it) : advance(it, p);
	dd_inflight_leave(dd_inflight);
	return p;
}

static void show_label(struct seq_file *m, const char *name)
{
	if (strlen(name) > DYNDBG_LABEL_SHOWN)
		seq_printf(m, ":%.20s...", name);
	else
		seq_printf(m, ":%s", name);
}

/* @flags in the order of the stock listing; with a label: print and record before it. */
static void show_flags(struct seq_file *m, u8 flags, const struct dd_dest *label)
{
	static const struct { u8 bit; char c; } prefix[] = {
		{ DD_M, 'm' }, { DD_F, 'f' }, { DD_S, 's' }, { DD_L, 'l' }, { DD_TID, 't' },
		{ DD_D, 'd' },
	};
	unsigned int i;

	if (!flags && !label) {
		seq_putc(m, '_');
		return;
	}
	if (flags & DD_P)
		seq_putc(m, 'p');
	if (flags & DD_T)
		seq_putc(m, 'T');
	if (label) {
		show_label(m, label->name);
		if (flags & ~(DD_P | DD_T))
			seq_putc(m, '.');
	}
	for (i = 0; i < ARRAY_SIZE(prefix); i++)
		if (flags & prefix[i].bit)
			seq_putc(m, prefix[i].c);
}

static void show_routes(struct seq_file *m, const struct dd_site *site)
{
	const struct dd_plan *plan = rcu_dereference_protected(site->plan, 1);
	const char *sep = " routes:";
	unsigned int i;

	for (i = 0; plan && i < plan->n; i++) {
		const struct dd_leg *leg = &plan->legs[i];

		seq_printf(m, "%s%s", sep, leg->dest->name);
		if (leg->spec->kind != DD_SPEC_ANY)
			seq_printf(m, "@%s", leg->spec->text);
		sep = ",";
	}
}

static void show_site(struct seq_file *m, const struct dd_view *v, u8 flags,
		      const struct dd_site *site, int class_id)
{
	if (v->line)
		seq_printf(m, "%s:%u", v->file, v->line);
	else
		seq_puts(m, "-:0");
	seq_printf(m, " [%s]%s =", v->module, v->function);
	show_flags(m, flags, site && site->label ? dd_dests[site->label] : NULL);
	seq_puts(m, " \"");
	seq_escape_str(m, v->format, ESCAPE_SPACE, "\t\r\n\"");
	seq_putc(m, '"');
	if (v->class)
		seq_printf(m, " class:%s", v->class);
	else if (v->unknown_class)
		seq_printf(m, " class unknown, _id:%d", class_id);
	if (site)
		show_routes(m, site);
	seq_putc(m, '\n');
}

static void show_trailer(struct seq_file *m)
{
	const struct dd_rules *rules = dd_rules_locked();
	unsigned int i;
	size_t room;
	char *to;
	int len;

	seq_printf(m, "#: Default trace destination: %s\n#: Opened trace instances:",
		   dd_default_dest ? dd_default_dest->name : "0");
	for (i = 1; i <= DYNDBG_DEST_MAX; i++)
		if (dd_dests[i])
			seq_printf(m, " %s", dd_dests[i]->name);
	seq_printf(m, "\n#: Routes: %u\n", rules->n_routes);
	for (i = 0; i < rules->n_routes; i++) {
		const struct dd_rule *r = rules->routes[i];

		seq_printf(m, "#: %s <- ", r->dest->name);
		room = seq_get_buf(m, &to);
		len = dd_match_describe(&r->match, r->spec.text, to, room);
		seq_commit(m, len < room ? len : -1); /* too long: seq_file comes again with more */
		seq_putc(m, '\n');
	}
}

/**
 * dd_list_show() - seq_file show: one line, or the lines at the end
 * @m: the control file
 * @p: from start or next
 *
 * Context: process, ddebug_lock held.
 * Return: 0.
 */
int dd_list_show(struct seq_file *m, void *p)
{
	struct iter *it = m->private;
	struct dd_site *site;
	struct dd_view v;

	if (p == SEQ_START_TOKEN) {
		seq_puts(m, "# filename:lineno [module]function flags format\n");
	} else if (p == &trailer) {
		show_trailer(m);
	} else if (it->table) {
		struct _ddebug *desc = p;

		site = dd_site_of(desc);
		dd_view_of(it->table, desc, &v);
		show_site(m, &v, site ? site->flags : desc->flags, site, desc->class_id);
	} else {
		struct dd_found *f = p;

		dd_found_view(f, &v);
		show_site(m, &v, f->site.flags, &f->site, 0);
	}
	dd_inflight_leave(dd_inflight);
	return 0;
}
