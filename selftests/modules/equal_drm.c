// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dyndbg_equal through drm_dev_dbg(). */
#include <drm/drm_print.h>

#define WAY			"drm"
#define LEAD			0
#define FIRE(fmt, ...)		drm_dev_dbg(&equal.pdev->dev, DRM_UT_KMS, fmt, ##__VA_ARGS__)
#define EQUAL_FIRE		equal_fire_drm
#include "equal_rows.h"
