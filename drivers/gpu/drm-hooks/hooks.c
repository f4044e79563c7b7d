// SPDX-License-Identifier: GPL-2.0-only
/*
 * dyndbg_drm: DRM's debug messages for dyndbg_trace, on kernels whose drm.debug is not
 * built on dynamic debug (DRM_USE_DYNAMIC_DEBUG). drm.ko is a module: it may come after us
 * and go before us, and we do not hold it.
 *
 * Lock: drm_mutex, inside dyndbg_trace's command lock; under it only ftrace's own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include "drm_hooks.h"
#include "inflight.h"

DEFINE_PER_CPU(long, drm_inflight);

static DEFINE_MUTEX(drm_mutex);
static bool present;	/* drm is there and followed; under drm_mutex */
static bool want_calls;	/* dyndbg_trace wants the messages; under drm_mutex */

/* By enum drm_debug_category (include/drm/drm_print.h). */
static const char * const categories[] = {
	"DRM_UT_CORE", "DRM_UT_DRIVER", "DRM_UT_KMS", "DRM_UT_PRIME", "DRM_UT_ATOMIC",
	"DRM_UT_VBL", "DRM_UT_STATE", "DRM_UT_LEASE", "DRM_UT_DP", "DRM_UT_DRMRES",
};

/* Context: any; ftrace calls it at the entry of the hooked function. */
static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			     struct ftrace_regs *fregs)
{
	struct drm_hook *hook = container_of(op, struct drm_hook, ops);

	dd_inflight_enter(drm_inflight);
	dd_ftrace_set_ip(fregs, (unsigned long)hook->to);
}

static int install(struct drm_hook *hook)
{
	unsigned long addr;
	int rc;

	if (!hook->symbol) /* this kernel's table is shorter */
		return 0;
	addr = dyndbg_symbol(hook->symbol);
	if (!addr)
		return hook->optional ? 0 : -ENOENT;
	if (hook->to) {
		hook->ops.func = redirect;
		hook->ops.flags = FTRACE_OPS_FL_IPMODIFY;
	}
	rc = ftrace_set_filter_ip(&hook->ops, addr, 0, 1);
	if (rc)
		return rc;
	rc = register_ftrace_function(&hook->ops);
	if (rc)
		ftrace_set_filter_ip(&hook->ops, addr, 1, 0);
	else
		hook->addr = addr;
	return rc;
}

/**
 * drm_hooks_install() - hook functions of drm.ko
 * @hooks: the functions
 * @n: how many
 *
 * Context: process, drm_mutex held, drm present, may sleep.
 * Return: 0 or -errno with the reason in the kernel log; then none is hooked.
 */
int drm_hooks_install(struct drm_hook *hooks, unsigned int n)
{
	unsigned int i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = install(&hooks[i]);
		if (rc) {
			pr_err("%s cannot be hooked (%d)\n", hooks[i].symbol, rc);
			drm_hooks_remove(hooks, i);
			return rc;
		}
	}
	return 0;
}

/**
 * drm_hooks_remove() - unhook
 * @hooks: the functions; those not hooked are passed over
 * @n: how many
 *
 * Context: process, drm_mutex held, may sleep; drm's code is still there.
 */
void drm_hooks_remove(struct drm_hook *hooks, unsigned int n)
{
	while (n--) {
		if (!hooks[n].addr)
			continue;
		unregister_ftrace_function(&hooks[n].ops);
		ftrace_set_filter_ip(&hooks[n].ops, hooks[n].addr, 1, 0);
		hooks[n].addr = 0;
	}
}

static void calls_remove(void)
{
	drm_hooks_remove(drm_calls, DRM_CALLS);
	dd_inflight_wait(&drm_inflight);
}

static int arm(void)
{
	int rc = 0;

	mutex_lock(&drm_mutex);
	if (present)
		rc = drm_hooks_install(drm_calls, DRM_CALLS);
	want_calls = !rc;
	mutex_unlock(&drm_mutex);
	return rc;
}

static void disarm(void)
{
	mutex_lock(&drm_mutex);
	want_calls = false;
	if (present)
		calls_remove();
	mutex_unlock(&drm_mutex);
}

static int drm_comes(void)
{
	int rc;

	mutex_lock(&drm_mutex);
	rc = drm_calls_find_debug() ?: drm_devices_follow();
	if (!rc && want_calls) {
		rc = drm_hooks_install(drm_calls, DRM_CALLS);
		if (rc)
			drm_devices_unfollow();
	}
	present = !rc;
	mutex_unlock(&drm_mutex);
	if (rc)
		pr_err("this drm is not known to us (%d): its messages are not recorded\n", rc);
	return rc;
}

static void drm_goes(void)
{
	mutex_lock(&drm_mutex);
	if (present) {
		calls_remove();
		drm_devices_unfollow();
		present = false;
	}
	mutex_unlock(&drm_mutex);
}

/* Context: process. Functions are known to ftrace before COMING and until after GOING. */
static int module_state(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (strcmp(mod->name, "drm"))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_COMING)
		drm_comes();
	else if (state == MODULE_STATE_GOING)
		drm_goes();
	return NOTIFY_DONE;
}

static struct notifier_block module_nb = { .notifier_call = module_state, .priority = -100 };

static struct dyndbg_hooks hooks = {
	.name = "drm",
	.classes = categories,
	.n_classes = ARRAY_SIZE(categories),
	.arm = arm,
	.disarm = disarm,
	.minor = drm_devices_minor,
};

static int __init dyndbg_drm_init(void)
{
	int rc;

	rc = register_module_notifier(&module_nb);
	if (rc)
		return rc;
	if (dyndbg_symbol("drm_dev_register")) {
		rc = drm_comes();
		if (rc)
			goto err;
	}
	rc = dyndbg_register_hooks(&hooks);
	if (!rc)
		return 0;
	if (rc == -EBUSY)
		pr_err("another module hooks for dyndbg_trace already\n");
	unregister_module_notifier(&module_nb);
	drm_goes();
	return rc;
err:
	unregister_module_notifier(&module_nb);
	return rc;
}

static void __exit dyndbg_drm_exit(void)
{
	dyndbg_unregister_hooks(&hooks);
	unregister_module_notifier(&module_nb);
	drm_goes();
}

module_init(dyndbg_drm_init);
module_exit(dyndbg_drm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DRM's debug messages for dyndbg_trace");
