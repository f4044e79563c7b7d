/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts who is inside a function that a hook redirected to.
 *
 * The hook enters on the caller's behalf, in its own handler, and the function leaves as
 * the last thing it does. Removing the hook waits for its handlers (kprobes: preemption
 * off; ftrace: RCU-tasks). From then on nobody enters, the sum over all CPUs only falls,
 * and zero is final. What remains is the return instruction after the leave:
 * synchronize_rcu_tasks() waits for a task preempted there, synchronize_rcu() for an
 * interrupt.
 */
#ifndef _DYNDBG_INFLIGHT_H
#define _DYNDBG_INFLIGHT_H

#include <linux/delay.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>

/* Context: any, NMI included. */
#define dd_inflight_enter(counter)	this_cpu_inc(counter)
#define dd_inflight_leave(counter)	this_cpu_dec(counter)

/**
 * dd_inflight_wait() - wait until nobody is inside
 * @counter: per-CPU counter, a long
 *
 * Context: process, may sleep; the hooks must have been removed.
 */
static inline void dd_inflight_wait(long __percpu *counter)
{
	long sum;
	int cpu;

	synchronize_rcu();
	for (;;) {
		sum = 0;
		for_each_possible_cpu(cpu)
			sum += READ_ONCE(*per_cpu_ptr(counter, cpu));
		if (!sum)
			break;
		msleep(20);
	}
	synchronize_rcu_tasks();
	synchronize_rcu();
}

#endif /* _DYNDBG_INFLIGHT_H */
