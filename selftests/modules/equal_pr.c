// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dyndbg_equal through pr_debug(). */
#include <linux/device.h>

#define WAY			"pr"
#define LEAD			0
#define FIRE(fmt, ...)		pr_debug(fmt, ##__VA_ARGS__)
#define EQUAL_FIRE		equal_fire_pr
#include "equal_rows.h"
