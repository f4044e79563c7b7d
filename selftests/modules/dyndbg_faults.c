// SPDX-License-Identifier: GPL-2.0-only
/*
 * One fault of each kind that the debug guest's detectors are there for, to see that they are awake:
 *   modprobe dyndbg_faults kind=KIND
 * See scripts/vm/prove. Nothing else may load this.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/kfence.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *kind = "";
module_param(kind, charp, 0400);

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);
static int __rcu *guarded;

/* The compiler may not see that what it is asked for is wrong. */
static noinline void touch(char *p)
{
	OPTIMIZER_HIDE_VAR(p);
	(void)READ_ONCE(*p);
}

static void fault_rcu(void)
{
	(void)rcu_dereference(guarded);
}

static void fault_lock(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);

	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void fault_atomic(void)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

static void fault_kasan(void)
{
	char *p = kmalloc(32, GFP_KERNEL);

	kfree(p);
	touch(p);
}

/* One allocation now and then is KFENCE's, and those KASAN leaves alone. */
static void fault_kfence(void)
{
	char *p;
	int i;

	for (i = 0; i < 5000; i++) {
		p = kmalloc(32, GFP_KERNEL);
		if (is_kfence_address(p)) {
			kfree(p);
			touch(p);
			return;
		}
		kfree(p);
		usleep_range(500, 1000);
	}
	pr_info("KFENCE took none of %d allocations\n", i);
}

static noinline void fault_leak(void)
{
	touch(kzalloc(1000, GFP_KERNEL));
}

static const struct { const char *name; void (*make)(void); } faults[] = {
	{ "rcu", fault_rcu }, { "lock", fault_lock }, { "atomic", fault_atomic },
	{ "kasan", fault_kasan }, { "kfence", fault_kfence }, { "leak", fault_leak },
};

static int __init dyndbg_faults_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (strcmp(faults[i].name, kind))
			continue;
		pr_info("the fault '%s' is made on purpose\n", kind);
		faults[i].make();
		return 0;
	}
	return -EINVAL;
}

static void __exit dyndbg_faults_exit(void)
{
}

module_init(dyndbg_faults_init);
module_exit(dyndbg_faults_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults made on purpose, for the debug guest");
