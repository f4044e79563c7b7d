/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of dyndbg_drm.ko share. */
#ifndef _DRM_HOOKS_H
#define _DRM_HOOKS_H

#include <linux/dynamic_debug.h>
#include <linux/ftrace.h>
#include <linux/percpu.h>
#include <drm/drm_print.h>
#include "compat.h"

/**
 * struct drm_hook - one function of drm.ko that we stand in front of
 * @symbol: its name
 * @to: redirects: our function of the same signature, which counts itself in drm_inflight
 * @entry: redirects: what ftrace may call directly, to go on in @to; NULL if there is nothing
 * @look: hooks that only look: called with the arguments at the function's entry
 * @optional: some kernels do not have it
 * @addr: its address, as found at the last install; 0: this kernel does not have it
 * @ops: ftrace's handle of the direct call
 * @direct: called directly, and not one of the set's @ops; under drm_mutex
 */
struct drm_hook {
	const char *symbol;
	void *to;
	void *entry;
	void (*look)(struct pt_regs *regs);
	bool optional;
	unsigned long addr;
	struct ftrace_ops ops;
	bool direct;
};

/**
 * struct drm_hook_set - hooks that come and go together
 * @ops: ftrace's handle; one for all that are not direct, for each costs grace periods to remove
 * @hooks: the functions
 * @n: how many
 * @in_ops: how many of them are in @ops; under drm_mutex
 * @on: installed; under drm_mutex
 */
struct drm_hook_set {
	struct ftrace_ops ops;
	struct drm_hook *hooks;
	unsigned int n;
	unsigned int in_ops;
	bool on;
};

DECLARE_PER_CPU(long, drm_inflight);

/* Our classes, by number: drm's categories (enum drm_debug_category), then these. */
#define DRM_HOOKS_IOCTL		(DRM_UT_DRMRES + 1)
#define DRM_HOOKS_IOCTL_ATOMIC	(DRM_UT_DRMRES + 2)
#define DRM_HOOKS_ATOMIC_FAILED	(DRM_UT_DRMRES + 3)

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
/* With the arguments of drm's functions; not to be called from C. entry_x86_64.S has them there. */
void drm_dev_dbg_redirected(void);
void drm_dbg_redirected(void);
void drm_dev_dbg_entry(void);
void drm_dbg_entry(void);
struct drm_args;
struct drm_device;
struct dyndbg_hit drm_dev_dbg_find(struct drm_args *a);
void drm_dev_dbg_message(struct drm_args *a, struct dyndbg_hit hit);
struct dyndbg_hit drm_dbg_find(struct drm_args *a);
void drm_dbg_message(struct drm_args *a, struct dyndbg_hit hit);

/* devices.c */
int drm_devices_follow(void);
void drm_devices_unfollow(void);

/* ioctls.c */
int drm_ioctls_follow(unsigned long classes);
void drm_ioctls_unfollow(void);
unsigned long drm_ioctls_missed(void);

/* ioctl_names.c */
const char *drm_ioctl_name(const struct drm_device *drm, unsigned int cmd);

#endif /* _DRM_HOOKS_H */
