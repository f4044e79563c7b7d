// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reaching the stock kernel's dynamic debug: its private symbols, and the four
 * bytes of padding in each descriptor where we keep the number of our site.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/export.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/static_call.h>
#include "dyndbg.h"

struct dd_stock dd_stock;

/*
 * The kernel's private functions. They may not be called through a pointer: with IBT, who
 * is never called so has no ENDBR, or has it sealed at boot, and the CPU refuses the call.
 * A static call is a direct one, patched to the address that was found.
 */
#define PRIVATE_CALL(name, ret, ...)	\
	DEFINE_STATIC_CALL_NULL(dd_##name, *(ret (*)(__VA_ARGS__))NULL)

PRIVATE_CALL(lookup_name, unsigned long, const char *);
PRIVATE_CALL(exec_queries, int, char *, const char *);
PRIVATE_CALL(find_array, struct trace_array *, const char *);
PRIVATE_CALL(resize, ssize_t, struct trace_array *, unsigned long, int);
PRIVATE_CALL(set_clock, int, struct trace_array *, const char *);
PRIVATE_CALL(update_buffers, int, DD_UPDATE_BUFFERS_ARG);
PRIVATE_CALL(symbol_size, int, unsigned long, unsigned long *, unsigned long *);
PRIVATE_CALL(module_of, struct module *, unsigned long);

/* Parse and apply a batch as the stock kernel does. Context: process, may sleep. */
int dd_stock_exec_queries(char *query, const char *modname)
{
	return static_call(dd_exec_queries)(query, modname);
}

/* Look up a trace array and take a reference; NULL if there is none. Context: process. */
struct trace_array *dd_stock_find_array(const char *name)
{
	return static_call(dd_find_array)(name);
}

/* Set a trace array's buffer size in bytes for one CPU, or all (-1). Context: process. */
ssize_t dd_stock_resize(struct trace_array *tr, unsigned long size, int cpu)
{
	return static_call(dd_resize)(tr, size, cpu);
}

/* Set a trace array's clock by name. Context: process. */
int dd_stock_set_clock(struct trace_array *tr, const char *clock)
{
	return static_call(dd_set_clock)(tr, clock);
}

/* Give the global trace array its full buffer. Context: process. */
int dd_stock_update_buffers(struct trace_array *tr)
{
	return static_call(dd_update_buffers)(DD_UPDATE_BUFFERS_PASS(tr));
}

/* The size of the function around an address, and where in it that is. Context: any but NMI. */
int dd_stock_symbol_size(unsigned long addr, unsigned long *size, unsigned long *offset)
{
	return static_call(dd_symbol_size)(addr, size, offset);
}

/* The module around an address, NULL for the kernel. Context: preemption disabled. */
struct module *dd_stock_module_of(unsigned long addr)
{
	return static_call(dd_module_of)(addr);
}

/*
 * kallsyms_lookup_name() is not exported; a kprobe finds it. The probe's address may lie
 * behind the function's ENDBR; kallsyms tells how far into the function it is.
 */
static int find_lookup_name(void)
{
	struct kprobe kp = { .symbol_name = "kallsyms_lookup_name" };
	char name[KSYM_SYMBOL_LEN], *off;
	unsigned long addr, delta = 0;
	int rc;

	rc = register_kprobe(&kp);
	if (rc)
		return rc;
	addr = (unsigned long)kp.addr;
	unregister_kprobe(&kp);

	sprint_symbol(name, addr);
	off = strchr(name, '+');
	if (!off || sscanf(off, "+0x%lx/", &delta) != 1 || delta > 16)
		return -ENOENT;
	static_call_update(dd_lookup_name, (void *)(addr - delta));
	return 0;
}

/**
 * dyndbg_symbol() - the address of a kernel or module symbol
 * @name: the symbol
 *
 * Context: process, may sleep.
 * Return: the address, 0 if there is none. Nothing keeps a module's symbol from going away.
 */
unsigned long dyndbg_symbol(const char *name)
{
	return static_call(dd_lookup_name)(name);
}
EXPORT_SYMBOL_GPL(dyndbg_symbol);

/* The hole between the bit fields and the key, where the number lives. */
#define HOLE_OFFSET	(offsetof(struct _ddebug, format) + sizeof(char *) + sizeof(u32))

static u32 *hole_of(const struct _ddebug *desc)
{
	BUILD_BUG_ON(HOLE_OFFSET + sizeof(u32) != offsetof(struct _ddebug, key));
	return (u32 *)((char *)desc + HOLE_OFFSET);
}

/**
 * dd_hole() - the number that a descriptor carries
 * @desc: the descriptor
 *
 * Context: any, NMI included.
 * Return: the number, 0 for none.
 */
unsigned int dd_hole(const struct _ddebug *desc)
{
	return READ_ONCE(*hole_of(desc));
}

/**
 * dd_hole_set() - let a descriptor carry a number
 * @desc: the descriptor
 * @id: the number, 0 for none
 *
 * Context: process, ddebug_lock held. No stock code looks at these bytes.
 */
void dd_hole_set(struct _ddebug *desc, u32 id)
{
	lockdep_assert_held(dd_stock.lock);
	WRITE_ONCE(*hole_of(desc), id);
}

static const char *class_of(const struct ddebug_table *dt, unsigned int id)
{
	struct ddebug_class_map *map;

	list_for_each_entry(map, &dt->maps, link)
		if (id >= map->base && id < map->base + map->length)
			return map->class_names[id - map->base];
	return NULL;
}

/**
 * dd_view_of() - the texts of a stock site
 * @dt: its table
 * @desc: its descriptor
 * @v: filled with pointers that are good as long as the table is
 *
 * Context: process, ddebug_lock held.
 */
void dd_view_of(const struct ddebug_table *dt, const struct _ddebug *desc, struct dd_view *v)
{
	lockdep_assert_held(dd_stock.lock);
	v->module = dt->mod_name;
	v->function = desc->function;
	v->file = desc->filename;
	v->format = desc->format;
	v->line = desc->lineno;
	v->class = NULL;
	v->unknown_class = false;
	if (desc->class_id != _DPRINTK_CLASS_DFLT) {
		v->class = class_of(dt, desc->class_id);
		v->unknown_class = !v->class;
	}
}

/* Context: process, ddebug_lock held. Is the list what we take it for? */
static int check_layout(void)
{
	const struct ddebug_table *dt;
	unsigned int i, tables = 0;

	list_for_each_entry(dt, dd_stock.tables, link) {
		if (!dt->mod_name || !dt->num_ddebugs || dt->num_ddebugs > 1000000 || !dt->ddebugs)
			goto bad;
		if (strcmp(dt->ddebugs[0].modname, dt->mod_name) || !dt->ddebugs[0].lineno)
			goto bad;
		for (i = 0; i < dt->num_ddebugs; i++) {
			if (!dd_hole(&dt->ddebugs[i]))
				continue;
			pr_err("the descriptor of %s:%u carries a number already\n",
			       dt->ddebugs[i].filename, dt->ddebugs[i].lineno);
			return -EBUSY;
		}
		tables++;
	}
	if (tables)
		return 0;
bad:
	pr_err("dynamic debug's tables look unlike those of any kernel known (table %u)\n", tables);
	return -EOPNOTSUPP;
}

static int find(const char *name, void *to)
{
	unsigned long addr = dyndbg_symbol(name);

	if (!addr) {
		pr_err("this kernel has no %s; refusing to load\n", name);
		return -EOPNOTSUPP;
	}
	*(unsigned long *)to = addr;
	return 0;
}

#define FIND_CALL(call, name) ({				\
	void *addr_;						\
	int rc_ = find(name, &addr_);				\
								\
	if (!rc_)						\
		static_call_update(dd_##call, addr_);		\
	rc_;							\
})

/**
 * dd_stock_init() - find what we need in the stock kernel, and refuse one that differs
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP with the reason in the kernel log.
 */
int dd_stock_init(void)
{
	int rc;

	if (!DD_KERNEL_KNOWN) {
		pr_err("built for a kernel that is not known to work; refusing to load\n");
		return -EOPNOTSUPP;
	}
	rc = find_lookup_name();
	if (rc) {
		pr_err("kallsyms_lookup_name cannot be found (%d); refusing to load\n", rc);
		return -EOPNOTSUPP;
	}
	rc = find("ddebug_tables", &dd_stock.tables) ?:
	     find("ddebug_lock", &dd_stock.lock) ?:
	     FIND_CALL(exec_queries, "ddebug_exec_queries") ?:
	     FIND_CALL(find_array, "trace_array_find_get") ?:
	     FIND_CALL(resize, "tracing_resize_ring_buffer") ?:
	     FIND_CALL(set_clock, "tracing_set_clock") ?:
	     FIND_CALL(update_buffers, "tracing_update_buffers") ?:
	     FIND_CALL(symbol_size, "kallsyms_lookup_size_offset") ?:
	     FIND_CALL(module_of, "__module_address") ?:
	     find("__stop___jump_table", &dd_stock.jump_table_end) ?:
	     find("print_hex_dump", &dd_stock.hex_dump) ?:
	     find("__start_rodata", &dd_stock.rodata) ?:
	     find("__end_rodata", &dd_stock.rodata_end) ?:
	     find("trace_event_sem", &dd_stock.event_sem);
	if (rc)
		return rc;
	mutex_lock(dd_stock.lock);
	rc = check_layout();
	mutex_unlock(dd_stock.lock);
	return rc;
}
