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
 * @ops: ftrace's handle
 * @symbol: its name
 * @to: redirects: our function of the same signature; NULL for hooks that only look
 * @optional: some kernels do not have it
 * @addr: 0 while not installed
 */
struct drm_hook {
	struct ftrace_ops ops;
	const char *symbol;
	void *to;
	bool optional;
	unsigned long addr;
};

DECLARE_PER_CPU(long, drm_inflight);

/* hooks.c */
int drm_hooks_install(struct drm_hook *hooks, unsigned int n);
void drm_hooks_remove(struct drm_hook *hooks, unsigned int n);

/* calls.c */
#define DRM_CALLS 3
extern struct drm_hook drm_calls[DRM_CALLS];
int drm_calls_find_debug(void);

/* devices.c */
int drm_devices_follow(void);
void drm_devices_unfollow(void);
int drm_devices_minor(const struct device *dev);

#endif /* _DRM_HOOKS_H */
