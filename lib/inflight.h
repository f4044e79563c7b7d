/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts who is inside a function that a hook redirected to.
 *
 * Either the hook enters on the caller's behalf, in its own handler (kprobes), or the function
 * does as the first thing (DRM's, which can be called with no handler in between). It leaves as
 * the last thing it does.
 *
 * Once the hook is removed nobody new is redirected, but somebody may be on the way from the
 * redirected function to where he is counted: in a handler, in a trampoline, in the first
 * instructions of ours. Nobody sleeps there of his own accord, so
 * - a task that was preempted there is waited for by synchronize_rcu_tasks();
 * - who has preemption off, an interrupt, an NMI and the idle task (which RCU-tasks knows
 *   nothing of, and which is never preempted in the middle) by synchronize_rcu(). That is enough
 *   without synchronize_rcu_tasks_rude(), which is for code that runs where RCU does not watch:
 *   a kernel function that prints is not called there. (ftrace, for which that does not go,
 *   has waited for both kinds when it has removed a hook.)
 * From then on nobody enters, the sum over all CPUs only falls, and zero is final. What remains
 * is the return instruction after the leave, and the same two wait for who is there.
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

	synchronize_rcu_tasks();
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
