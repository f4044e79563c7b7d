// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dyndbg_equal through dev_dbg() without a device. */
#include <linux/device.h>

#define WAY			"nodev"
#define LEAD			(sizeof(EQUAL_LEAD) - 1)
#define FIRE(fmt, ...)		dev_dbg((struct device *)NULL, fmt, ##__VA_ARGS__)
#define EQUAL_FIRE		equal_fire_nodev
#include "equal_rows.h"
