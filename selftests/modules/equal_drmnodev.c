// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dyndbg_equal through DRM's older macros, which know no device. */
#include <drm/drm_print.h>

#define WAY			"drmnodev"
#define LEAD			0
#define FIRE(fmt, ...)		DRM_DEBUG_KMS(fmt, ##__VA_ARGS__)
#define EQUAL_FIRE		equal_fire_drmnodev
#include "equal_rows.h"
