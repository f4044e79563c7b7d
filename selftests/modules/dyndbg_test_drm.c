// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fires DRM debug messages on a real DRM device's parent for the selftests:
 *   modprobe dyndbg_test_drm device=0000:00:02.0
 *   echo "CLASS COUNT" > /sys/module/dyndbg_test_drm/parameters/fire
 *   echo 1 > /sys/module/dyndbg_test_drm/parameters/storm
 */
#include <linux/pci.h>
#include "drm_classes.h"
#include "storm.h"

static char *device;
module_param(device, charp, 0400);

static struct device *dev;

static void storm_once(unsigned long n)
{
	drm_dev_dbg(dev, DRM_UT_KMS, "storm kms %lu\n", n);
	drm_dev_dbg(dev, DRM_UT_ATOMIC, "storm atomic %lu\n", n);
}

static int fire_set(const char *val, const struct kernel_param *kp)
{
	char class[16];
	int i, count;

	if (sscanf(val, "%15s %d", class, &count) != 2)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		if (!strcmp(class, "kms"))
			drm_dev_dbg(dev, DRM_UT_KMS, "kms message %d\n", i);
		else if (!strcmp(class, "atomic"))
			drm_dev_dbg(dev, DRM_UT_ATOMIC, "atomic message %d\n", i);
		else if (!strcmp(class, "nodev"))
			drm_dev_dbg(NULL, DRM_UT_KMS, "nodev message %d\n", i);
		else if (!strcmp(class, "old")) /* another function on some kernels */
			DRM_DEBUG_KMS("old message %d\n", i);
		else
			return -EINVAL;
	}
	return 0;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);

static int __init dyndbg_test_drm_init(void)
{
	if (!device)
		return -EINVAL;
	dev = bus_find_device_by_name(&pci_bus_type, NULL, device);
	return dev ? 0 : -ENODEV;
}

static void __exit dyndbg_test_drm_exit(void)
{
	storm_stop();
	put_device(dev);
}

module_init(dyndbg_test_drm_init);
module_exit(dyndbg_test_drm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DRM callsites for the selftests of dyndbg_drm");
