// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of dyndbg_equal through DRM's debug messages:
 *   echo "drm 1" > /sys/module/dyndbg_equal_drm/parameters/fire
 *
 * drm is for a device that is no card, drmnodev for none.
 */
#include <linux/module.h>
#include "drm_classes.h"
#include "equal.h"
#include "fire.h"

static void fire_drm(int i)
{
	equal_fire_drm();
}

static void fire_drmnodev(int i)
{
	equal_fire_drmnodev();
}

static const struct fire_kind kinds[] = {
	{ "drm", fire_drm }, { "drmnodev", fire_drmnodev },
};

FIRE_PARAM(kinds);

static int __init dyndbg_equal_drm_init(void)
{
	return 0;
}

static void __exit dyndbg_equal_drm_exit(void)
{
}

module_init(dyndbg_equal_drm_init);
module_exit(dyndbg_equal_drm_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("DRM callsites for the selftests of dyndbg_trace and dyndbg_drm");
