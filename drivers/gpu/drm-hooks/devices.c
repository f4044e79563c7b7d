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
#include <linux/spinlock.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include "drm_hooks.h"
#include <uapi/linux/dyndbg.h>

/* The major number of DRM devices (Documentation/admin-guide/devices.txt). */
#define DRM_MAJOR_NR	226
/* More DRM devices than these have no minor for us; it is said once. */
#define DEVICES_MAX	64

static struct { const struct device *dev; int minor; } devices[DEVICES_MAX];
static unsigned int high;		/* slots in use are below */
/* Taken at the entry of drm's functions, with whatever locks their callers hold. */
static DEFINE_RAW_SPINLOCK(devices_lock);

/**
 * drm_devices_minor() - the primary minor of a message's device
 * @dev: the device
 *
 * Context: any, NMI included; takes no lock.
 * Return: the minor, or DYNDBG_NO_MINOR.
 */
int drm_devices_minor(const struct device *dev)
{
	unsigned int i, n = smp_load_acquire(&high);

	for (i = 0; i < n; i++)
		if (READ_ONCE(devices[i].dev) == dev)
			return READ_ONCE(devices[i].minor);
	return DYNDBG_NO_MINOR;
}

/* Context: any but NMI. */
static void notrace device_add_minor(const struct device *dev, int minor)
{
	unsigned int i, at = DEVICES_MAX;
	unsigned long flags;

	raw_spin_lock_irqsave(&devices_lock, flags);
	for (i = 0; i < high; i++) {
		if (devices[i].dev == dev) {
			at = i;
			break;
		}
		if (!devices[i].dev && at == DEVICES_MAX)
			at = i;
	}
	if (at == DEVICES_MAX && high < DEVICES_MAX)
		at = high;
	if (at < DEVICES_MAX) {
		WRITE_ONCE(devices[at].minor, minor);
		smp_store_release(&devices[at].dev, dev);
		if (at == high)
			smp_store_release(&high, high + 1);
	}
	raw_spin_unlock_irqrestore(&devices_lock, flags);
	if (at == DEVICES_MAX)
		pr_warn_once("more than %d DRM devices: some match no drm:N\n", DEVICES_MAX);
}

static void notrace device_del_minor(const struct device *dev, int minor)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&devices_lock, flags);
	for (i = 0; i < high; i++)
		if (devices[i].dev == dev && devices[i].minor == minor)
			WRITE_ONCE(devices[i].dev, NULL);
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}

/* drm_dev_register(drm, flags) is being called: its minors exist, nothing has used them. */
static void notrace on_register(struct pt_regs *regs)
{
	const struct drm_device *drm = (void *)regs_get_kernel_argument(regs, 0);

	if (drm->primary)
		device_add_minor(drm->dev, drm->primary->index);
}

/* drm_minor_alloc_release(drm, minor) is being called: the minor's number becomes free. */
static void notrace on_release(struct pt_regs *regs)
{
	const struct drm_device *drm = (void *)regs_get_kernel_argument(regs, 0);
	const struct drm_minor *minor = (void *)regs_get_kernel_argument(regs, 1);

	if (minor->type == DRM_MINOR_PRIMARY)
		device_del_minor(drm->dev, minor->index);
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
		device_add_minor(dev->parent, MINOR(dev->devt));
	/* Gone meanwhile? Then its release may have been before we added it. */
	if (dev->parent && !device_is_registered(dev))
		device_del_minor(dev->parent, MINOR(dev->devt));
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
	unsigned long flags;

	drm_hooks_remove(&followers);
	raw_spin_lock_irqsave(&devices_lock, flags);
	memset(devices, 0, sizeof(devices));
	high = 0;
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
