/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of dyndbg_trace.ko share.
 *
 * Locks, outermost first:
 *   dd_mutex	one command at a time: destinations, rules, plans, hooks. May be held
 *		over anything that sleeps.
 *   ddebug_lock	the kernel's own, reached through dd_stock: the tables of sites, their
 *		flags and keys, and what the listing shows of destinations and rules.
 * Under both come the kernel's own: cpus_read_lock, jump_label_mutex, event_mutex,
 * trace_types_lock, kprobe_mutex. By themselves: devices_lock (dyndbg_devices.c), a raw
 * spinlock, and the kernel's trace_event_sem, when what is known of sites is freed. The record
 * path takes none of them; what it reads (plans, rules, destinations) is published with RCU,
 * preemption disabled being the read side.
 */
#ifndef _DYNDBG_H
#define _DYNDBG_H

#include <linux/dynamic_debug.h>
#include <linux/jump_label.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/trace_events.h>
#include <linux/types.h>
#include "compat.h"
#include "dyndbg_match.h"
#include "dyndbg_record.h"

/* Private to the kernel's lib/dynamic_debug.c; the same from 6.1 to 7.3. */
struct ddebug_table {
	struct list_head link, maps;
	const char *mod_name;
	unsigned int num_ddebugs;
	struct _ddebug *ddebugs;
};

/**
 * struct dd_stock - what we reach in the stock kernel; set at load, constant after
 * @tables: its list of sites, under @lock
 * @lock: ddebug_lock
 * @jump_table_end: of the kernel's own
 * @hex_dump: print_hex_dump
 * @rodata: where the kernel's constants begin, and @rodata_end, where they end
 * @event_sem: trace_event_sem, which readers hold while events' print functions run
 */
struct dd_stock {
	struct list_head *tables;
	struct mutex *lock;
	const struct jump_entry *jump_table_end;
	unsigned long hex_dump;
	unsigned long rodata, rodata_end;
	struct rw_semaphore *event_sem;
};

extern struct dd_stock dd_stock;
extern struct mutex dd_mutex;
/* Written under both locks: our functions are in force rather than the stock ones. */
extern bool dd_live;

#define dd_assert_locked()	do {			\
	lockdep_assert_held(&dd_mutex);			\
	lockdep_assert_held(dd_stock.lock);		\
} while (0)

/**
 * struct dd_dest - a destination
 * @idx: 0 for the global buffer, else 1 to DYNDBG_DEST_MAX; a bit in a record's mask
 * @labels: stock sites that carry it as their label; under ddebug_lock
 * @enabled: our events are enabled in it
 * @name: "0" or the instance's name
 * @tr: the instance; we hold references, so that rmdir fails
 * @prdbg: the instance's file of the event dyndbg:prdbg
 * @devdbg: of dyndbg:devdbg
 *
 * Lives from open to close; close waits for the record path (RCU) before it frees.
 */
struct dd_dest {
	unsigned int idx;
	unsigned int labels;
	bool enabled;
	char name[DYNDBG_NAME_MAX + 1];
	struct trace_array *tr;
	struct trace_event_file *prdbg;
	struct trace_event_file *devdbg;
};

/* A route of a site: to @dest (@bit) if the device is @spec; if that is a minor, @at has it. */
struct dd_leg {
	u64 bit;
	const struct dd_device *at;
	const struct dd_spec *spec;
	const struct dd_dest *dest;
};

/**
 * struct dd_plan - where the messages of a site go; shared by all sites that agree
 * @link: in the list of all plans; under dd_mutex
 * @rcu: freed after the record path has left it
 * @refs: sites that use it; under dd_mutex
 * @n: legs
 * @names: some leg's device has to be compared by name
 * @all: bits of the destinations that get them whatever their device, the label's among them
 * @end: of the legs
 * @legs: the routes, in their order
 */
struct dd_plan {
	struct list_head link;
	struct rcu_head rcu;
	unsigned int refs;
	unsigned int n;
	bool names;
	u64 all;
	const struct dd_leg *end;
	struct dd_leg legs[];
};

/**
 * struct dd_site - what we know of a site that was ever named in a command
 * @plan: where its messages go, NULL for nowhere; RCU
 * @desc: the stock descriptor, packed; 0 for a found site. Of a free one: the next free number
 * @flags: DD_* as the user set them
 * @label: index of the destination that it carries
 * @class: interned class name, see dd_class_name()
 *
 * Its number is its place in the table, which the descriptor's hole holds.
 */
struct dd_site {
	struct dd_plan __rcu *plan;
	dd_desc_t desc;
	u8 flags;
	u8 label;
	u16 class;
};

/**
 * struct dd_rule - a standing rule: a route, or flags for sites yet to be found
 * @match: the sites; its strings lie in @buf
 * @spec: routes: the device
 * @dest: routes: the destination
 * @flags: flags: what to do; its label is in @dest, NULL if none was named
 * @buf: the strings
 */
struct dd_rule {
	struct dd_match match;
	struct dd_spec spec;
	struct dd_dest *dest;
	struct dd_flags flags;
	char buf[];
};

/* All rules in force; replaced as a whole, RCU. Routes are in the order of their adding. */
struct dd_rules {
	struct rcu_head rcu;
	unsigned int n_routes, n_flags;
	struct dd_rule **routes, **flags;
	struct dd_rule *slots[];
};

/**
 * struct dd_found - a site found by its return address (no descriptor)
 * @site: flags, label, plan
 * @ip: return address, 0 once its module is gone
 * @fmt: the format's address, with @ip the site's identity
 * @meta: what readers need of it; NULL until it was registered
 * @fresh: its plan was not worked out yet; the record path asks the rules itself
 * @special: a message has to be looked at closely: the site is fresh, has p or another flag but T,
 *	was not registered, or its plan has names. It may be just about to become so
 * @function: copied, as is all text: it outlives the caller's module
 * @module: "" never; built-in code has "kernel"
 * @format: cut to its size
 */
struct dd_found {
	struct dd_site site;
	unsigned long ip;
	const char *fmt;
	struct dd_meta *meta;
	bool fresh, special;
	char function[64];
	char module[56];
	char format[128];
};

/* dyndbg_stock.c: reaching the stock kernel */
int dd_stock_init(void);
int dd_stock_exec_queries(char *query, const char *modname);
struct trace_array *dd_stock_find_array(const char *name);
ssize_t dd_stock_resize(struct trace_array *tr, unsigned long size, int cpu);
int dd_stock_set_clock(struct trace_array *tr, const char *clock);
int dd_stock_update_buffers(struct trace_array *tr);
int dd_stock_symbol_size(unsigned long addr, unsigned long *size, unsigned long *offset);
struct module *dd_stock_module_of(unsigned long addr);
unsigned int dd_hole(const struct _ddebug *desc);
void dd_hole_set(struct _ddebug *desc, u32 id);
void dd_view_of(const struct ddebug_table *dt, const struct _ddebug *desc, struct dd_view *v);

/* dyndbg_code.c: what a site calls */
int dd_code_look(const struct _ddebug *desc, unsigned long *ips, unsigned int max);

/* dyndbg_hex.c: hex dumps, and sites that cannot be recorded */
const struct _ddebug *dd_hex_site(unsigned long ip);
const char *dd_refusal(const struct ddebug_table *dt, const struct _ddebug *desc,
		       const struct dd_view *v);
void dd_hex_learn(const struct _ddebug *desc);
bool dd_hex_knows(const struct ddebug_table *dt);
void dd_hex_forget(const struct ddebug_table *dt);
void dd_hex_forget_text(unsigned long start, unsigned long size);

/* dyndbg_hooks.c: redirecting the stock kernel's functions */
DECLARE_PER_CPU(long, dd_inflight);
int dd_control_hooks_add(void);
void dd_control_hooks_remove(void);
int dd_print_hooks_arm(void);
void dd_print_hooks_disarm(void);
unsigned long dd_print_hooks_missed(void);

/* dyndbg_print.c: what the stock print functions become */
#define DD_PRINT_HOOKS 5
/* @mine: whether this call is ours; NULL: each is. @optional: some kernels do not have it. */
struct dd_redirect {
	const char *symbol;
	void *to;
	bool (*mine)(struct pt_regs *regs);
	bool optional;
};
extern const struct dd_redirect dd_print_redirects[DD_PRINT_HOOKS];

/* dyndbg_sites.c: sites with a descriptor */
struct dd_site *dd_site_of(const struct _ddebug *desc);
int dd_sites_reserve(unsigned int n);
void dd_sites_unreserve(void);
struct dd_site *dd_site_take(struct _ddebug *desc, const struct dd_view *v);
void dd_site_settle(struct dd_site *site);
void dd_site_drop(struct dd_site *site);
void dd_site_silence(struct dd_site *site);
u16 dd_class_intern(const char *name);
const char *dd_class_name(u16 class);
void dd_sites_exit(void);
extern unsigned int dd_sites_recording, dd_sites_hooked;

/* dyndbg_apply.c: applying queries to sites */
/* new flags: (old & @keep) | @set; @label always, or where the site has none */
struct dd_change {
	u8 set, keep, label;
	bool with_label, default_label;
};
int dd_apply_flags(const struct dd_match *m, const struct dd_change *ch, const char **why);
int dd_apply_routes(const struct dd_match *m, bool added);
void dd_apply_hooked(bool coming);
int dd_apply_module(const char *mod_name);
void dd_change_site(struct dd_site *site, const struct dd_change *ch);
void dd_change_from(const struct dd_flags *f, const struct dd_dest *dest, struct dd_change *ch);
bool dd_label_is(const struct dd_site *site, const char *name);

/* dyndbg_modules.c: sites that come and go */
bool dd_module_leaving(const char *mod_name);
void dd_module_coming(const char *mod_name);
void dd_module_going(const char *mod_name);
void dd_silence_all(void);
void dd_restore_stock(void);

/* dyndbg_plan.c: where messages go */
struct dd_plan *dd_plan_get(const struct dd_rules *rules, const struct dd_site *site,
			    const struct dd_view *v);
void dd_plan_put(struct dd_plan *plan);
bool dd_spec_hit(const struct dd_spec *spec, const struct device *dev, int minor);
u64 dd_plan_names_mask(const struct dd_plan *plan, const struct device *dev);

/* The destinations that a message goes to, but for devices by name. Context: any. */
static __always_inline u64 dd_plan_minors_mask(const struct dd_plan *plan,
					       const struct device *dev)
{
	const struct dd_leg *leg = plan->legs, *end = plan->end;
	u64 mask = plan->all;

	for (; leg < end; leg++)
		if (READ_ONCE(leg->at->dev) == dev)
			mask |= leg->bit;
	return mask;
}

/* The destinations that a message goes to, as bits. Context: any, NMI included. */
static inline u64 dd_plan_mask(const struct dd_plan *plan, const struct device *dev)
{
	u64 names = unlikely(plan->names) ? dd_plan_names_mask(plan, dev) : 0;

	return names | dd_plan_minors_mask(plan, dev);
}

void dd_site_set_plan(struct dd_site *site, const struct ddebug_table *dt,
		      const struct dd_view *v);

/* dyndbg_dest.c: destinations */
extern struct dd_dest *dd_dests[DYNDBG_DEST_MAX + 1];
extern struct dd_dest *dd_default_dest;
int dd_dest_init(void);
void dd_dest_exit(void);
struct dd_dest *dd_dest_find(const char *name);
int dd_dest_open(const struct dd_cmd *cmd, const char **why);
int dd_dest_close(const char *name, const char **why);
int dd_dest_enable(struct dd_dest *dest);

/* dyndbg_rules.c: standing rules */
extern struct dd_rules __rcu *dd_rules;
int dd_rules_init(void);
void dd_rules_exit(void);
int dd_route_query(const struct dd_cmd *cmd, struct dd_dest *dest);
bool dd_rules_use(const struct dd_dest *dest);
struct dd_rules *dd_rules_locked(void);
struct dd_rules *dd_rules_alloc(unsigned int n_routes, unsigned int n_flags);
void dd_rules_publish(struct dd_rules *rules);
struct dd_rule *dd_rule_make(const struct dd_match *m, const char *device,
			     const struct dd_flags *f, struct dd_dest *dest);

/* dyndbg_flags.c: standing rules of flags */
int dd_flags_rule_prepare(const struct dd_cmd *cmd, struct dd_dest *dest, struct dd_rules **to);
void dd_flags_rule_commit(struct dd_rules *rules);
void dd_flags_rule_cancel(struct dd_rules *rules);
void dd_flags_rules_clear(void);

/* dyndbg_found.c, dyndbg_found_ctl.c: sites without a descriptor */
bool dd_found_class(const char *name);
bool dd_class_hooked(const char *name);
bool dd_class_recordable(const char *name);
void dd_found_forget(unsigned long start, unsigned long size);
struct dd_found *dd_found_nth(unsigned int n);
void dd_found_view(const struct dd_found *f, struct dd_view *v);
bool dd_found_use(const struct dd_dest *dest);
int dd_found_apply(const struct dd_match *m, const struct dd_change *ch);
void dd_found_replan(const struct dd_match *m);
bool dd_found_armed(void);
void dd_found_record(u64 mask, const struct dd_found *f, const struct device *dev,
		     struct va_format *vaf);
int dd_found_update_hooks(const struct dd_match *coming, bool route);

/* dyndbg_found_want.c: whose hooks have to be there */
unsigned long dd_found_classes(const struct dd_match *m, bool route);
unsigned long dd_found_wanted(void);

/* dyndbg_list.c: the listing */
void *dd_list_start(struct seq_file *m, loff_t *pos);
void *dd_list_next(struct seq_file *m, void *p, loff_t *pos);
int dd_list_show(struct seq_file *m, void *p);

/* dynamic_debug.c */
int dd_exec_queries(char *query, const char *modname);

#endif /* _DYNDBG_H */
