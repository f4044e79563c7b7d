// SPDX-License-Identifier: GPL-2.0-only
/*
 * Callsites with classes, declared and switched the two ways that the stock kernel has:
 *   echo "KIND COUNT" > /sys/module/dyndbg_test_class/parameters/fire
 *   echo 0x2 > /sys/module/dyndbg_test_class/parameters/bits	(p of DDT_CORE, DDT_KMS, DDT_ATOMIC)
 *   echo 2 > /sys/module/dyndbg_test_class/parameters/level	(p of DDT_LOW, DDT_MID, DDT_HIGH)
 *   echo 0x2 > /sys/module/dyndbg_test_class/parameters/record	(as bits; T instead of p)
 */
#include <linux/dynamic_debug.h>
#include <linux/module.h>
#include "fire.h"

enum { CORE, KMS, ATOMIC, LOW = 8, MID, HIGH, UNDECLARED = 30 };

DECLARE_DYNDBG_CLASSMAP(disjoint, DD_CLASS_TYPE_DISJOINT_BITS, CORE,
			"DDT_CORE", "DDT_KMS", "DDT_ATOMIC");
DECLARE_DYNDBG_CLASSMAP(levels, DD_CLASS_TYPE_LEVEL_NUM, LOW,
			"DDT_LOW", "DDT_MID", "DDT_HIGH");

static unsigned long bits, record_bits;
static unsigned int level;
static struct ddebug_class_param bits_param = { .bits = &bits, .flags = "p", .map = &disjoint };
static struct ddebug_class_param level_param = { .lvl = &level, .flags = "p", .map = &levels };
static struct ddebug_class_param record_param = {
	.bits = &record_bits, .flags = "T", .map = &disjoint,
};

module_param_cb(bits, &param_ops_dyndbg_classes, &bits_param, 0600);
module_param_cb(level, &param_ops_dyndbg_classes, &level_param, 0600);
module_param_cb(record, &param_ops_dyndbg_classes, &record_param, 0600);

static void fire_core(int i)
{
	__pr_debug_cls(CORE, "core message %d\n", i);
}

static void fire_kms(int i)
{
	__pr_debug_cls(KMS, "kms message %d\n", i);
}

static void fire_atomic(int i)
{
	__pr_debug_cls(ATOMIC, "atomic message %d\n", i);
}

static void fire_levels(int i)
{
	__pr_debug_cls(LOW, "low message %d\n", i);
	__pr_debug_cls(MID, "mid message %d\n", i);
	__pr_debug_cls(HIGH, "high message %d\n", i);
}

static void fire_undeclared(int i)
{
	__pr_debug_cls(UNDECLARED, "undeclared message %d\n", i);
}

static void fire_unclassed(int i)
{
	pr_debug("unclassed message %d\n", i);
}

static const struct fire_kind kinds[] = {
	{ "core", fire_core }, { "kms", fire_kms }, { "atomic", fire_atomic },
	{ "levels", fire_levels }, { "undeclared", fire_undeclared },
	{ "unclassed", fire_unclassed },
};

FIRE_PARAM(kinds);

static int __init dyndbg_test_class_init(void)
{
	return 0;
}

static void __exit dyndbg_test_class_exit(void)
{
}

module_init(dyndbg_test_class_init);
module_exit(dyndbg_test_class_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Classed callsites for the selftests of dyndbg_trace");
