/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of dyndbg_drm.ko share. */
#ifndef _DRM_HOOKS_H
#define _DRM_HOOKS_H

#include <linux/dynamic_debug.h>
#include <linux/ftrace.h>
#include <linux/percpu.h>
#include "compat.h"

/**
 * struct drm_hook - one function of drm.ko that we stand in front of
 * @symbol: its name; NULL for a place that this kernel leaves empty
 * @to: redirects: our function of the same signature
 * @look: hooks that only look: called with the arguments at the function's entry
 * @optional: some kernels do not have it
 * @addr: its address; 0 while not installed
 */
struct drm_hook {
	const char *symbol;
	void *to;
	void (*look)(struct pt_regs *regs);
	bool optional;
	unsigned long addr;
};

/**
 * struct drm_hook_set - hooks that come and go together
 * @ops: ftrace's handle; one for all, for each costs grace periods to remove
 * @hooks: the functions
 * @n: how many
 * @on: installed; under drm_mutex
 */
struct drm_hook_set {
	struct ftrace_ops ops;
	struct drm_hook *hooks;
	unsigned int n;
	bool on;
};

DECLARE_PER_CPU(long, drm_inflight);

/* hooks.c */
int drm_hooks_install(struct drm_hook_set *set);
void drm_hooks_remove(struct drm_hook_set *set);
void drm_hook_redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
		       struct ftrace_regs *fregs);
void drm_hook_look(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
		   struct ftrace_regs *fregs);

/* calls.c */
extern struct drm_hook_set drm_calls;
int drm_calls_find_debug(void);

/* devices.c */
int drm_devices_follow(void);
void drm_devices_unfollow(void);
int drm_devices_minor(const struct device *dev);

#endif /* _DRM_HOOKS_H */
