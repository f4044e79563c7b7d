// SPDX-License-Identifier: GPL-2.0-only
/* Destinations: named trace instances that are open, and the global buffer "0". */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include "dyndbg.h"

/* Written under both locks; the record path looks destinations up here, by their index. */
struct dd_dest *dd_dests[DYNDBG_DEST_MAX + 1];
struct dd_dest *dd_default_dest;

/*
 * Not all CPUs together, but each: the ring buffers are per CPU, and "size" is what the
 * administrator wants to spend in all.
 */
static int set_size(struct trace_array *tr, u64 size)
{
	u64 per_cpu = div_u64(size, num_online_cpus());
	ssize_t rc;

	if (per_cpu > LONG_MAX / 2)
		return -ENOMEM;
	rc = dd_stock_resize(tr, per_cpu, -1);
	return rc < 0 ? rc : 0;
}

/* A failed open must change nothing, and setting a clock clears the ring: ask first. */
static bool clock_known(const char *clock)
{
	static const char * const clocks[] = {
		"local", "global", "counter", "uptime", "perf", "mono", "mono_raw", "boot", "tai",
#ifdef CONFIG_X86
		"x86-tsc",
#endif
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		if (!strcmp(clocks[i], clock))
			return true;
	return false;
}

/*
 * The event file's reference to its instance is kept, that on the event's module is not:
 * the module is ourselves, and could then never be unloaded.
 */
static struct trace_event_file *event_file(const char *instance, const char *event)
{
	struct trace_event_file *file = trace_get_event_file(instance, "dyndbg", event);

	if (!IS_ERR(file))
		module_put(THIS_MODULE);
	return file;
}

static int dest_files(struct dd_dest *d, const char *instance)
{
	d->prdbg = event_file(instance, "prdbg");
	if (IS_ERR(d->prdbg))
		return PTR_ERR(d->prdbg);
	d->devdbg = event_file(instance, "devdbg");
	if (IS_ERR(d->devdbg)) {
		trace_array_put(d->prdbg->tr);
		return PTR_ERR(d->devdbg);
	}
	return 0;
}

static void dest_free(struct dd_dest *d)
{
	trace_array_put(d->prdbg->tr);
	trace_array_put(d->devdbg->tr);
	if (d->idx)
		trace_array_put(d->tr);
	kfree(d);
}

/**
 * dd_dest_find() - an open destination by its name
 * @name: the name; "0" is the global buffer
 *
 * Context: dd_mutex or ddebug_lock held.
 */
struct dd_dest *dd_dest_find(const char *name)
{
	unsigned int i;

	for (i = 0; i <= DYNDBG_DEST_MAX; i++)
		if (dd_dests[i] && !strcmp(dd_dests[i]->name, name))
			return dd_dests[i];
	return NULL;
}

static void set_default(struct dd_dest *d)
{
	mutex_lock(dd_stock.lock);
	dd_default_dest = d;
	mutex_unlock(dd_stock.lock);
}

static int dest_setup(struct dd_dest *d, const struct dd_cmd *cmd, bool created, const char **why)
{
	int rc;

	rc = dest_files(d, d->name);
	if (rc) {
		*why = "the instance has no dyndbg events";
		return rc;
	}
	if (cmd->size) {
		rc = set_size(d->tr, cmd->size);
		if (rc) {
			/* Some kernels make ENOMEM of every error. */
			*why = rc == -EBUSY ? "its buffer is in use (an open trace file?)" :
				"its buffer cannot get that size (no memory, or an open trace file)";
			goto err;
		}
	}
	if (created || cmd->clock) {
		rc = dd_stock_set_clock(d->tr, cmd->clock ?: "mono");
		if (rc) {
			*why = "its clock cannot be set";
			goto err;
		}
	}
	return 0;
err:
	trace_array_put(d->prdbg->tr);
	trace_array_put(d->devdbg->tr);
	return rc;
}

/**
 * dd_dest_open() - open a destination and make it the default
 * @cmd: name, size in bytes for all CPUs together, clock
 * @why: set to the reason of an error
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0; -EINVAL, -ENOSPC, -EBUSY, -ENOMEM, and then nothing has changed.
 */
int dd_dest_open(const struct dd_cmd *cmd, const char **why)
{
	struct dd_dest *d = dd_dest_find(cmd->name);
	bool created = false;
	unsigned int idx;
	int rc;

	lockdep_assert_held(&dd_mutex);
	if (d) {
		set_default(d->idx ? d : NULL);
		return 0;
	}
	if (cmd->clock && !clock_known(cmd->clock)) {
		*why = "no such trace clock";
		return -EINVAL;
	}
	for (idx = 1; idx <= DYNDBG_DEST_MAX && dd_dests[idx]; idx++)
		;
	if (idx > DYNDBG_DEST_MAX) {
		*why = "too many destinations";
		return -ENOSPC;
	}
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return -ENOMEM;
	d->idx = idx;
	strscpy(d->name, cmd->name, sizeof(d->name));
	d->tr = dd_stock_find_array(d->name);
	if (!d->tr) {
		created = true;
		d->tr = dd_trace_array_get(d->name);
	}
	if (!d->tr) {
		*why = "the instance cannot be made";
		rc = -ENOMEM;
		goto err_free;
	}
	rc = dest_setup(d, cmd, created, why);
	if (rc) {
		trace_array_put(d->tr);
		if (created)
			trace_array_destroy(d->tr);
		goto err_free;
	}
	mutex_lock(dd_stock.lock);
	dd_dests[idx] = d;
	dd_default_dest = d;
	mutex_unlock(dd_stock.lock);
	return 0;
err_free:
	kfree(d);
	return rc;
}

/**
 * dd_dest_enable() - make ready to record into a destination
 * @dest: the destination
 *
 * The events are enabled in the instance although nothing goes through their tracepoints:
 * so tasks' names are kept for the records, the instance's own "enable" files switch the
 * recording off, and our unload clears records that nobody could read any more.
 *
 * An instance that was mapped at boot may hold the last boot's records. As long as it does, the
 * kernel shows what is recorded into it field by field, pointers and all, and does not ask our
 * print functions. So they go, as when an event is enabled by its file.
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0 or -errno.
 */
int dd_dest_enable(struct dd_dest *dest)
{
	int rc;

	lockdep_assert_held(&dd_mutex);
	if (dest->enabled)
		return 0;
	if (!dest->idx || DD_INSTANCES_OF_LAST_BOOT)
		dd_stock_update_buffers(dest->tr);
	rc = trace_array_set_clr_event(dest->tr, "dyndbg", NULL, true);
	if (!rc)
		dest->enabled = true;
	return rc;
}

/**
 * dd_dest_close() - close a destination; the instance stays, with what it holds
 * @name: its name
 * @why: set to the reason of an error
 *
 * Context: process, dd_mutex held, may sleep.
 * Return: 0; -ENOENT, -EBUSY, -EINVAL.
 */
int dd_dest_close(const char *name, const char **why)
{
	struct dd_dest *d = dd_dest_find(name);

	lockdep_assert_held(&dd_mutex);
	if (!d) {
		*why = "not open";
		return -ENOENT;
	}
	if (!d->idx) {
		*why = "the global buffer cannot be closed";
		return -EINVAL;
	}
	if (d->labels || dd_found_use(d)) {
		*why = "sites carry it as their label (-T:0 gives it back)";
		return -EBUSY;
	}
	if (dd_rules_use(d)) {
		*why = "routes or rules lead there";
		return -EBUSY;
	}
	mutex_lock(dd_stock.lock);
	dd_dests[d->idx] = NULL;
	if (dd_default_dest == d)
		dd_default_dest = NULL;
	mutex_unlock(dd_stock.lock);
	synchronize_rcu();
	if (d->enabled)
		trace_array_set_clr_event(d->tr, "dyndbg", NULL, false);
	dest_free(d);
	return 0;
}

/**
 * dd_dest_init() - set up the global buffer as destination "0"
 *
 * Context: process, may sleep.
 * Return: 0 or -errno.
 */
int dd_dest_init(void)
{
	struct dd_dest *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int rc;

	if (!d)
		return -ENOMEM;
	strscpy(d->name, "0", sizeof(d->name));
	rc = dest_files(d, NULL);
	if (rc) {
		pr_err("the dyndbg events did not appear in tracefs (%d)\n", rc);
		kfree(d);
		return rc;
	}
	d->tr = d->prdbg->tr;
	dd_dests[0] = d;
	return 0;
}

/**
 * dd_dest_exit() - close everything; the instances stay
 *
 * Context: process; nobody can be in the record path any more.
 */
void dd_dest_exit(void)
{
	unsigned int i;

	for (i = 0; i <= DYNDBG_DEST_MAX; i++) {
		if (!dd_dests[i])
			continue;
		if (dd_dests[i]->enabled)
			trace_array_set_clr_event(dd_dests[i]->tr, "dyndbg", NULL, false);
		dest_free(dd_dests[i]);
		dd_dests[i] = NULL;
	}
	dd_default_dest = NULL;
}
