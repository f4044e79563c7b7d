/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread on each CPU that fires a module's callsites until it is told to stop. */
#ifndef _STORM_H
#define _STORM_H

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

static void storm_once(unsigned long n);

static struct task_struct *storm_threads[NR_CPUS];
static bool storm_on;
/* How long a thread sleeps after every 64 rounds: what else is to be done gets on faster. */
static unsigned int storm_pause = 100;
module_param(storm_pause, uint, 0600);
MODULE_PARM_DESC(storm_pause, "microseconds of rest after each 64 rounds");

static int storm_thread(void *unused)
{
	unsigned long n = 0;

	while (!kthread_should_stop()) {
		storm_once(n++);
		/* A thread that never gives way keeps synchronize_rcu_tasks() waiting. */
		if (n % 64)
			cond_resched_tasks_rcu_qs();
		else
			usleep_range(storm_pause, storm_pause + 100);
	}
	return 0;
}

static void storm_stop(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		if (storm_threads[cpu])
			kthread_stop(storm_threads[cpu]);
		storm_threads[cpu] = NULL;
	}
	storm_on = false;
}

static int storm_start(void)
{
	struct task_struct *t;
	int cpu;

	for_each_online_cpu(cpu) {
		t = kthread_create(storm_thread, NULL, "storm/%d", cpu);
		if (IS_ERR(t)) {
			storm_stop();
			return PTR_ERR(t);
		}
		kthread_bind(t, cpu);
		storm_threads[cpu] = t;
		wake_up_process(t);
	}
	storm_on = true;
	return 0;
}

static int storm_set(const char *val, const struct kernel_param *kp)
{
	bool on;
	int rc = kstrtobool(val, &on);

	if (rc || on == storm_on)
		return rc;
	if (on)
		return storm_start();
	storm_stop();
	return 0;
}

static const struct kernel_param_ops storm_ops = { .set = storm_set, .get = param_get_bool };
module_param_cb(storm, &storm_ops, &storm_on, 0600);

#endif /* _STORM_H */
