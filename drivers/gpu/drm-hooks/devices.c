// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a message's device to its DRM minor.
 *
 * A message names the parent (the PCI function), not the DRM device. What belongs together
 * is learned from the class when we begin, and from then on at drm_dev_register() and at
 * the release of a minor: until then the DRM device holds its parent, so a parent's address
 * cannot be another's while it stands in the table.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/device/class.h>
#include <linux/kdev_t.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include "drm_hooks.h"

/* The major number of DRM devices (Documentation/admin-guide/devices.txt). */
#define DRM_MAJOR_NR	226
/* drm_dev_register(drm, flags) is being called: its minors exist, nothing has used them. */
static void notrace on_register(struct pt_regs *regs)
{
	const struct drm_device *drm = (void *)regs_get_kernel_argument(regs, 0);

	if (drm->primary)
		dyndbg_device_add(drm->dev, drm->primary->index);
}

/* drm_minor_alloc_release(drm, minor) is being called: the minor's number becomes free. */
static void notrace on_release(struct pt_regs *regs)
{
	const struct drm_device *drm = (void *)regs_get_kernel_argument(regs, 0);
	const struct drm_minor *minor = (void *)regs_get_kernel_argument(regs, 1);

	if (minor->type == DRM_MINOR_PRIMARY)
		dyndbg_device_del(drm->dev, minor->index);
}

static struct drm_hook hooks[] = {
	{ .symbol = "drm_dev_register", .look = on_register },
	{ .symbol = "drm_minor_alloc_release", .look = on_release },
};

static struct drm_hook_set followers = {
	.ops = { .func = drm_hook_look, .flags = FTRACE_OPS_FL_SAVE_REGS },
	.hooks = hooks,
	.n = ARRAY_SIZE(hooks),
};

/* The class holds cards, render nodes and connectors; a card's number is its minor. */
static int scan_one(struct device *dev, void *unused)
{
	int card;
	char rest;

	if (dev->parent && MAJOR(dev->devt) == DRM_MAJOR_NR &&
	    sscanf(dev_name(dev), "card%d%c", &card, &rest) == 1)
		dyndbg_device_add(dev->parent, MINOR(dev->devt));
	/* Gone meanwhile? Then its release may have been before we added it. */
	if (dev->parent && !device_is_registered(dev))
		dyndbg_device_del(dev->parent, MINOR(dev->devt));
	return 0;
}

/**
 * drm_devices_follow() - learn the DRM devices, and follow their coming and going
 *
 * Context: process, drm_mutex held, drm present, may sleep.
 * Return: 0 or -errno with the reason in the kernel log.
 */
int drm_devices_follow(void)
{
	struct class **class = (void *)dyndbg_symbol("drm_class");
	int rc;

	if (!class) {
		pr_err("drm has no drm_class\n");
		return -ENOENT;
	}
	rc = drm_hooks_install(&followers);
	if (rc)
		return rc;
	if (!IS_ERR_OR_NULL(*class))
		class_for_each_device(*class, NULL, NULL, scan_one);
	return 0;
}

/**
 * drm_devices_unfollow() - forget the DRM devices
 *
 * Context: process, drm_mutex held, may sleep.
 */
void drm_devices_unfollow(void)
{
	drm_hooks_remove(&followers);
	dyndbg_devices_clear();
}
