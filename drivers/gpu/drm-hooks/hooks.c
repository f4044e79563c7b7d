// SPDX-License-Identifier: GPL-2.0-only
/*
 * dyndbg_drm: DRM's debug messages for dyndbg_trace. Mostly they have no descriptors; where
 * drm.debug is built on dynamic debug (DRM_USE_DYNAMIC_DEBUG) they do, but come through drm's
 * own function. drm.ko is a module: it may come after us and go before us, and we do not hold
 * it.
 *
 * Lock: drm_mutex, inside dyndbg_trace's command lock; under it only ftrace's and kprobes' own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include "drm_hooks.h"
#include "inflight.h"

DEFINE_PER_CPU(long, drm_inflight);

static DEFINE_MUTEX(drm_mutex);
static bool present;	/* drm is there and followed; under drm_mutex */
static unsigned long want; /* classes that dyndbg_trace wants; under drm_mutex */

/* By enum drm_debug_category (include/drm/drm_print.h), and ours. */
#define CATEGORY(c) [c] = { .name = #c }
static const struct dyndbg_class classes[] = {
	CATEGORY(DRM_UT_CORE), CATEGORY(DRM_UT_DRIVER), CATEGORY(DRM_UT_KMS),
	CATEGORY(DRM_UT_PRIME), CATEGORY(DRM_UT_ATOMIC), CATEGORY(DRM_UT_VBL),
	CATEGORY(DRM_UT_STATE), CATEGORY(DRM_UT_LEASE), CATEGORY(DRM_UT_DP),
	CATEGORY(DRM_UT_DRMRES),
	[DRM_HOOKS_IOCTL] = { "DRM_IOCTL", KBUILD_MODNAME },
	[DRM_HOOKS_IOCTL_ATOMIC] = { "DRM_IOCTL_ATOMIC", KBUILD_MODNAME },
	[DRM_HOOKS_ATOMIC_FAILED] = { "DRM_ATOMIC_FAILED", KBUILD_MODNAME },
};
#define CATEGORIES GENMASK(DRM_UT_DRMRES, 0)

/* ftrace's place in a function is behind what the architecture puts first (ENDBR). */
static __always_inline struct drm_hook *hook_at(struct ftrace_ops *op, unsigned long ip)
{
	struct drm_hook_set *set = container_of(op, struct drm_hook_set, ops);
	unsigned int i;

	for (i = 0; i < set->n; i++)
		if (ip - set->hooks[i].addr < 16)
			return &set->hooks[i];
	return NULL;
}

/**
 * drm_hook_redirect() - ftrace callback: go on in our function
 * @ip: ftrace's place in the hooked function
 * @parent_ip: unused
 * @op: of a struct drm_hook_set
 * @fregs: where the instruction pointer is set
 *
 * Context: any, NMI included.
 */
void notrace drm_hook_redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			       struct ftrace_regs *fregs)
{
	struct drm_hook *hook = hook_at(op, ip);

	if (hook)
		dd_ftrace_set_ip(fregs, (unsigned long)hook->to);
}

/**
 * drm_hook_look() - ftrace callback: look at the arguments
 * @ip: ftrace's place in the hooked function
 * @parent_ip: unused
 * @op: of a struct drm_hook_set
 * @fregs: with all registers
 *
 * Context: that of the hooked function.
 */
void notrace drm_hook_look(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
			   struct ftrace_regs *fregs)
{
	struct pt_regs *regs = ftrace_get_regs(fregs);
	struct drm_hook *hook = hook_at(op, ip);

	if (hook && regs)
		hook->look(regs);
}

/*
 * Have the function call ours directly, which saves the way through ftrace's code. Refused
 * where the kernel cannot do it or somebody else redirects the function already.
 */
static bool direct_add(struct drm_hook *hook)
{
	unsigned long to = dd_ftrace_direct_address(hook->entry, hook->to);

	if (!to || ftrace_set_filter_ip(&hook->ops, hook->addr, 0, 1))
		return false;
	hook->direct = !dd_ftrace_direct_add(&hook->ops, to);
	if (!hook->direct)
		ftrace_set_filter_ip(&hook->ops, hook->addr, 1, 0);
	return hook->direct;
}

static void direct_remove(struct drm_hook *hook)
{
	if (!hook->direct)
		return;
	dd_ftrace_direct_del(&hook->ops, dd_ftrace_direct_address(hook->entry, hook->to));
	ftrace_set_filter_ip(&hook->ops, hook->addr, 1, 0);
	hook->direct = false;
}

/**
 * drm_hooks_install() - hook functions of drm.ko
 * @set: the functions
 *
 * Those that have an entry are called directly if that can be; the others go through ftrace.
 *
 * Context: process, drm_mutex held, drm present, may sleep.
 * Return: 0 or -errno with the reason in the kernel log; then none is hooked.
 */
int drm_hooks_install(struct drm_hook_set *set)
{
	unsigned long addrs[8];
	unsigned int i, n = 0;
	int rc;

	if (WARN_ON_ONCE(set->on || set->n > ARRAY_SIZE(addrs)))
		return -EBUSY;
	for (i = 0; i < set->n; i++) {
		struct drm_hook *hook = &set->hooks[i];

		hook->addr = dyndbg_symbol(hook->symbol);
		if (!hook->addr && !hook->optional) {
			pr_err("drm has no %s\n", hook->symbol);
			return -ENOENT;
		}
	}
	for (i = 0; i < set->n; i++)
		if (set->hooks[i].addr && !direct_add(&set->hooks[i]))
			addrs[n++] = set->hooks[i].addr;
	rc = n ? ftrace_set_filter_ips(&set->ops, addrs, n, 0, 1) : 0;
	if (n && !rc) {
		rc = register_ftrace_function(&set->ops);
		if (rc)
			ftrace_set_filter_ips(&set->ops, addrs, n, 1, 0);
	}
	if (rc) {
		pr_err("%s and others cannot be hooked (%d)\n", set->hooks[0].symbol, rc);
		for (i = 0; i < set->n; i++)
			direct_remove(&set->hooks[i]);
	}
	set->in_ops = n;
	set->on = !rc;
	return rc;
}

/**
 * drm_hooks_remove() - unhook; nothing if not hooked
 * @set: the functions
 *
 * Somebody may still be inside a function that we redirected to, which matters only when
 * we are unloaded.
 *
 * Context: process, drm_mutex held, may sleep; drm's code is still there.
 */
void drm_hooks_remove(struct drm_hook_set *set)
{
	unsigned int i;

	if (!set->on)
		return;
	if (set->in_ops)
		unregister_ftrace_function(&set->ops);
	for (i = 0; i < set->n; i++) {
		if (set->hooks[i].direct)
			direct_remove(&set->hooks[i]);
		else if (set->hooks[i].addr)
			ftrace_set_filter_ip(&set->ops, set->hooks[i].addr, 1, 0);
	}
	set->on = false;
}

/* For the administrator: how messages come in; "ftrace" if but one of several functions does. */
static int get_way(char *buffer, const struct kernel_param *kp)
{
	const char *way = "none";
	unsigned int i;

	mutex_lock(&drm_mutex);
	if (drm_calls.on)
		way = "direct";
	for (i = 0; drm_calls.on && i < drm_calls.n; i++)
		if (drm_calls.hooks[i].addr && drm_calls.hooks[i].entry && !drm_calls.hooks[i].direct)
			way = "ftrace";
	mutex_unlock(&drm_mutex);
	return sprintf(buffer, "%s\n", way);
}

static const struct kernel_param_ops way_ops = { .get = get_way };
module_param_cb(way, &way_ops, NULL, 0444);
MODULE_PARM_DESC(way, "how drm's messages come in: direct, ftrace (which costs more) or none");

static int get_missed(char *buffer, const struct kernel_param *kp)
{
	unsigned long n;

	mutex_lock(&drm_mutex);
	n = drm_ioctls_missed();
	mutex_unlock(&drm_mutex);
	return sprintf(buffer, "%lu\n", n);
}

static const struct kernel_param_ops missed_ops = { .get = get_missed };
module_param_cb(ioctls_missed, &missed_ops, NULL, 0444);
MODULE_PARM_DESC(ioctls_missed, "ioctls not recorded, for too many were under way");

/* Context: process, drm_mutex held, drm present. Return: 0 or -errno; then it is as it was. */
static int hook_for(unsigned long new)
{
	bool had = drm_calls.on;
	int rc;

	if ((new & CATEGORIES) && !had) {
		rc = drm_hooks_install(&drm_calls);
		if (rc)
			return rc;
	}
	rc = drm_ioctls_follow(new);
	if (rc && !had)
		drm_hooks_remove(&drm_calls);
	if (!rc && !(new & CATEGORIES))
		drm_hooks_remove(&drm_calls);
	return rc;
}

static int arm(unsigned long new)
{
	int rc = 0;

	mutex_lock(&drm_mutex);
	if (present)
		rc = hook_for(new);
	if (!rc)
		want = new;
	mutex_unlock(&drm_mutex);
	return rc;
}

static void drain(void)
{
	dd_inflight_wait(&drm_inflight);
}

static int drm_comes(void)
{
	int rc;

	mutex_lock(&drm_mutex);
	if (present) { /* our init and drm's coming, at the same time */
		mutex_unlock(&drm_mutex);
		return 0;
	}
	rc = drm_calls_find_debug() ?: drm_devices_follow();
	if (!rc) {
		rc = hook_for(want);
		if (rc) /* without its ioctls rather than without its messages */
			rc = hook_for(want & CATEGORIES);
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
		hook_for(0);
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
	.classes = classes,
	.n_classes = ARRAY_SIZE(classes),
	.arm = arm,
	.drain = drain,
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
