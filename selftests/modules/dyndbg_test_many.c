// SPDX-License-Identifier: GPL-2.0-only
/*
 * Has 8192 debug callsites, which are never reached, so that the selftests can measure
 * what one costs:
 *   modprobe dyndbg_test_many
 */
#include <linux/module.h>
#include <linux/printk.h>

static bool go;
module_param(go, bool, 0400);

#define SITES_4		do {			\
	pr_debug("many\n");			\
	pr_debug("many\n");			\
	pr_debug("many\n");			\
	pr_debug("many\n");			\
} while (0)
#define SITES_16	do { SITES_4; SITES_4; SITES_4; SITES_4; } while (0)
#define SITES_64	do { SITES_16; SITES_16; SITES_16; SITES_16; } while (0)
#define SITES_256	do { SITES_64; SITES_64; SITES_64; SITES_64; } while (0)
#define SITES_1024	do { SITES_256; SITES_256; SITES_256; SITES_256; } while (0)
#define SITES_4096	do { SITES_1024; SITES_1024; SITES_1024; SITES_1024; } while (0)

static noinline void many_1(void) { SITES_4096; }
static noinline void many_2(void) { SITES_4096; }

static int __init dyndbg_test_many_init(void)
{
	if (go) {
		many_1();
		many_2();
	}
	return 0;
}

static void __exit dyndbg_test_many_exit(void)
{
}

module_init(dyndbg_test_many_init);
module_exit(dyndbg_test_many_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Very many callsites for the selftests of dyndbg_trace");
