/* SPDX-License-Identifier: GPL-2.0-only */
/* DRM's classes as each of its drivers declares them, in the order of enum drm_debug_category */
#ifndef _DRM_CLASSES_H
#define _DRM_CLASSES_H

#include <drm/drm_print.h>

#ifdef CONFIG_DRM_USE_DYNAMIC_DEBUG
DECLARE_DYNDBG_CLASSMAP(drm_debug_classes, DD_CLASS_TYPE_DISJOINT_BITS, 0,
			"DRM_UT_CORE", "DRM_UT_DRIVER", "DRM_UT_KMS", "DRM_UT_PRIME",
			"DRM_UT_ATOMIC", "DRM_UT_VBL", "DRM_UT_STATE", "DRM_UT_LEASE",
			"DRM_UT_DP", "DRM_UT_DRMRES");
#endif

#endif /* _DRM_CLASSES_H */
