// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dyndbg_equal through dev_dbg(). */
#include <linux/device.h>

#define WAY			"dev"
#define LEAD			0
#define FIRE(fmt, ...)		dev_dbg(&equal.pdev->dev, fmt, ##__VA_ARGS__)
#define EQUAL_FIRE		equal_fire_dev
#include "equal_rows.h"
