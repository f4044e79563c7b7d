// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that a hook module knows: from a message's device to its minor, and to a number
 * for its name, so that a record need not hold the name. Names are never forgotten while we
 * are loaded: records that have a number outlive the device.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/export.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include "dyndbg.h"

#define MAX_NAMES	256
#define NAME_SIZE	32

static char names[MAX_NAMES][NAME_SIZE]; /* that of number 0 is not used */
static unsigned int n_names = 1;

struct dd_device dd_devices[DD_DEVICES_MAX + 1] = {
	[0 ... DD_DEVICES_MAX] = { DD_NO_DEVICE },
};
unsigned int dd_n_devices; /* places in use are below */
/* Taken at the entry of another subsystem's functions, with whatever locks their callers hold. */
static DEFINE_RAW_SPINLOCK(devices_lock);

/* Context: devices_lock held. Return: 0 when the name is too long, or no number is left. */
static unsigned int notrace number_of(const char *name)
{
	unsigned int i;

	if (strlen(name) >= NAME_SIZE)
		return 0;
	for (i = 1; i < n_names; i++)
		if (!strcmp(names[i], name))
			return i;
	if (n_names == MAX_NAMES)
		return 0;
	strcpy(names[i], name);
	smp_store_release(&n_names, i + 1);
	return i;
}

/**
 * dyndbg_device_add() - a device has a minor
 * @dev: the device as messages name it; its address must not become another's before
 *	dyndbg_device_del()
 * @minor: the primary minor
 *
 * Context: any but NMI.
 */
void notrace dyndbg_device_add(const struct device *dev, int minor)
{
	struct dd_id is = { .minor = minor };
	unsigned long flags;
	unsigned int i;

	if (minor >= DD_DEVICES_MAX) {
		pr_warn_once("DRM devices from minor %d on match no drm:N\n", DD_DEVICES_MAX);
		return;
	}
	raw_spin_lock_irqsave(&devices_lock, flags);
	/* A driver that was bound anew while somebody still has the card of before open */
	for (i = 0; i < dd_n_devices; i++)
		if (dd_devices[i].dev == dev && i != minor)
			WRITE_ONCE(dd_devices[i].dev, DD_NO_DEVICE);
	is.number = number_of(dev_name(dev));
	WRITE_ONCE(dd_devices[minor].is, is);
	smp_store_release(&dd_devices[minor].dev, dev);
	if (minor >= dd_n_devices)
		smp_store_release(&dd_n_devices, minor + 1);
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
EXPORT_SYMBOL_GPL(dyndbg_device_add);

/**
 * dyndbg_device_del() - a device has its minor no more
 * @dev: the device
 * @minor: the minor
 *
 * Context: any but NMI.
 */
void notrace dyndbg_device_del(const struct device *dev, int minor)
{
	unsigned long flags;

	if (minor >= DD_DEVICES_MAX)
		return;
	raw_spin_lock_irqsave(&devices_lock, flags);
	if (dd_devices[minor].dev == dev)
		WRITE_ONCE(dd_devices[minor].dev, DD_NO_DEVICE);
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
EXPORT_SYMBOL_GPL(dyndbg_device_del);

/**
 * dyndbg_devices_clear() - there are no devices any more
 *
 * Context: any but NMI.
 */
void dyndbg_devices_clear(void)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&devices_lock, flags);
	for (i = 0; i < dd_n_devices; i++)
		WRITE_ONCE(dd_devices[i].dev, DD_NO_DEVICE);
	dd_n_devices = 0;
	raw_spin_unlock_irqrestore(&devices_lock, flags);
}
EXPORT_SYMBOL_GPL(dyndbg_devices_clear);

/**
 * dd_device_name() - the name that belongs to a number
 * @number: the number
 *
 * Context: any, NMI included.
 * Return: the name; NULL when nobody has that number.
 */
const char *dd_device_name(unsigned int number)
{
	return number && number < smp_load_acquire(&n_names) ? names[number] : NULL;
}
