// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redirecting the stock kernel's functions to ours.
 *
 * lib/ is built without ftrace, so a kprobe whose handler sets the instruction pointer is
 * the way in (Documentation/trace/kprobes.rst, changing the execution path). An optimised
 * probe may not do that; a post_handler keeps it from being optimised.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kprobes.h>
#include "dyndbg.h"
#include "inflight.h"

DEFINE_PER_CPU(long, dd_inflight);

struct dd_hook {
	struct kprobe kp;
	unsigned long to;
	bool (*mine)(struct pt_regs *regs);
};

#define MAX_HOOKS	5
static struct dd_hook control_hooks[4];
static struct dd_hook print_hooks[DD_PRINT_HOOKS];
static_assert(DD_PRINT_HOOKS <= MAX_HOOKS);
static bool print_armed;
static unsigned long missed_before; /* by print hooks that are gone; under dd_mutex */

/*
 * Context: any, preemption disabled. The control functions change over to ours all at
 * once: start, show and next of one read must not be mixed.
 */
static bool is_live(struct pt_regs *regs)
{
	return READ_ONCE(dd_live);
}
NOKPROBE_SYMBOL(is_live);

/* Context: any, preemption disabled. */
static int redirect(struct kprobe *kp, struct pt_regs *regs)
{
	struct dd_hook *hook = container_of(kp, struct dd_hook, kp);

	if (hook->mine && !hook->mine(regs))
		return 0;
	dd_inflight_enter(dd_inflight);
	instruction_pointer_set(regs, hook->to);
	return 1;
}
NOKPROBE_SYMBOL(redirect);

static void not_optimised(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}
NOKPROBE_SYMBOL(not_optimised);

static int hook_add(struct dd_hook *hook, const struct dd_redirect *r)
{
	unsigned long addr = dyndbg_symbol(r->symbol);
	int rc;

	if (!addr)
		return -ENOENT;
	memset(hook, 0, sizeof(*hook));
	hook->to = (unsigned long)r->to;
	hook->mine = r->mine;
	hook->kp.addr = (kprobe_opcode_t *)addr;
	hook->kp.pre_handler = redirect;
	hook->kp.post_handler = not_optimised;
	rc = register_kprobe(&hook->kp);
	if (rc) {
		pr_err("cannot redirect %s (%d)\n", r->symbol, rc);
		hook->kp.addr = NULL;
	}
	return rc;
}

static void hooks_remove(struct dd_hook *hooks, unsigned int n)
{
	struct kprobe *kps[MAX_HOOKS];
	unsigned int i, used = 0;

	for (i = 0; i < n; i++)
		if (hooks[i].kp.addr)
			kps[used++] = &hooks[i].kp;
	if (used)
		unregister_kprobes(kps, used); /* one grace period for all */
	for (i = 0; i < n; i++)
		hooks[i].kp.addr = NULL;
}

/**
 * dd_control_hooks_add() - redirect the control file's functions; in force from dd_live on
 *
 * Context: process, may sleep.
 * Return: 0 or -errno with the reason in the kernel log.
 */
int dd_control_hooks_add(void)
{
	static const struct dd_redirect redirects[ARRAY_SIZE(control_hooks)] = {
		{ "ddebug_exec_queries", dd_exec_queries, is_live },
		{ "ddebug_proc_start", dd_list_start, is_live },
		{ "ddebug_proc_next", dd_list_next, is_live },
		{ "ddebug_proc_show", dd_list_show, is_live },
	};
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(control_hooks); i++) {
		rc = hook_add(&control_hooks[i], &redirects[i]);
		if (rc) {
			pr_err("%s cannot be redirected (%d); refusing to load\n",
			       redirects[i].symbol, rc);
			hooks_remove(control_hooks, i);
			return rc;
		}
	}
	return 0;
}

/**
 * dd_control_hooks_remove() - give the control file back
 *
 * Context: process, may sleep; dd_live is off and no lock of ours held, for somebody
 * inside may wait for one. On return nobody is in a function that was redirected to.
 */
void dd_control_hooks_remove(void)
{
	hooks_remove(control_hooks, ARRAY_SIZE(control_hooks));
	dd_inflight_wait(&dd_inflight);
}

/**
 * dd_print_hooks_arm() - redirect the stock print functions
 *
 * Context: process, dd_mutex held, may sleep. Must come before the first key is turned on
 * for recording.
 * Return: 0 (also if armed already) or -errno with the reason in the kernel log.
 */
int dd_print_hooks_arm(void)
{
	unsigned int i;
	int rc;

	lockdep_assert_held(&dd_mutex);
	if (print_armed)
		return 0;
	for (i = 0; i < DD_PRINT_HOOKS; i++) {
		const struct dd_redirect *r = &dd_print_redirects[i];

		if (!r->symbol)
			continue;
		rc = hook_add(&print_hooks[i], r);
		if (rc == -ENOENT && r->optional)
			continue;
		if (rc) {
			pr_err("%s cannot be redirected (%d): nothing is recorded\n",
			       r->symbol, rc);
			hooks_remove(print_hooks, i);
			return rc;
		}
	}
	print_armed = true;
	return 0;
}

/**
 * dd_print_hooks_missed() - messages that the kernel did not redirect
 *
 * A message from inside another probe's handler goes the stock way: it is printed.
 *
 * Context: process; without dd_mutex the number may be off by what is just going on.
 */
unsigned long dd_print_hooks_missed(void)
{
	unsigned long n = missed_before;
	unsigned int i;

	for (i = 0; i < DD_PRINT_HOOKS && print_armed; i++)
		n += print_hooks[i].mine ? 0 : print_hooks[i].kp.nmissed; /* not others' */
	return n;
}

/**
 * dd_print_hooks_disarm() - give the stock print functions back
 *
 * Context: process, dd_mutex held, may sleep. Must come after the last recording key was
 * turned off: who passed it before still ends in our function and not in the kernel log,
 * for which it is waited.
 */
void dd_print_hooks_disarm(void)
{
	lockdep_assert_held(&dd_mutex);
	if (!print_armed)
		return;
	synchronize_rcu_tasks();
	synchronize_rcu();
	missed_before = dd_print_hooks_missed();
	hooks_remove(print_hooks, DD_PRINT_HOOKS);
	print_armed = false;
	mutex_lock(dd_stock.lock);
	dd_hex_forget(NULL);
	mutex_unlock(dd_stock.lock);
}
