// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fires ibdev_dbg() for the selftests, on InfiniBand devices that were never registered and on none:
 *   echo "KIND COUNT" > /sys/module/dyndbg_test_ib/parameters/fire
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <rdma/ib_verbs.h>

struct test_ibdev {
	struct ib_device ibdev;
};

static struct platform_device *pdev;
static struct test_ibdev *with_parent, *alone;

static int fire_set(const char *val, const struct kernel_param *kp)
{
	char kind[16];
	int i, count;

	if (sscanf(val, "%15s %d", kind, &count) != 2)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		if (!strcmp(kind, "ib"))
			ibdev_dbg(&with_parent->ibdev, "ib message %d\n", i);
		else if (!strcmp(kind, "alone"))
			ibdev_dbg(&alone->ibdev, "alone ib message %d\n", i);
		else if (!strcmp(kind, "null"))
			ibdev_dbg((struct ib_device *)NULL, "null ib message %d\n", i);
		else if (!strcmp(kind, "rated"))
			ibdev_dbg_ratelimited(&with_parent->ibdev, "rated ib message %d\n", i);
		else
			return -EINVAL;
	}
	return 0;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);

static int __init dyndbg_test_ib_init(void)
{
	pdev = platform_device_register_simple("dyndbg_test_ib", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	with_parent = ib_alloc_device(test_ibdev, ibdev);
	if (!with_parent)
		goto err_pdev;
	alone = ib_alloc_device(test_ibdev, ibdev);
	if (!alone)
		goto err_with_parent;
	with_parent->ibdev.dev.parent = &pdev->dev;
	if (dev_set_name(&with_parent->ibdev.dev, "ddib0") ||
	    dev_set_name(&alone->ibdev.dev, "ddib1"))
		goto err_alone;
	return 0;

err_alone:
	ib_dealloc_device(&alone->ibdev);
err_with_parent:
	ib_dealloc_device(&with_parent->ibdev);
err_pdev:
	platform_device_unregister(pdev);
	return -ENOMEM;
}

static void __exit dyndbg_test_ib_exit(void)
{
	ib_dealloc_device(&alone->ibdev);
	ib_dealloc_device(&with_parent->ibdev);
	platform_device_unregister(pdev);
}

module_init(dyndbg_test_ib_init);
module_exit(dyndbg_test_ib_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("InfiniBand callsites for the selftests of dyndbg_trace");
