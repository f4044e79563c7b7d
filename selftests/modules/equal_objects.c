// SPDX-License-Identifier: GPL-2.0-only
/* What the rows of dyndbg_equal point at. */
#include <linux/clk-provider.h>
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "equal.h"

struct equal_objects equal;
EXPORT_SYMBOL_GPL(equal);

static const struct software_node parent = { .name = "equal-parent" };
static const struct software_node child = { .name = "child@1", .parent = &parent };
static const struct software_node *nodes[] = { &parent, &child, NULL };

/* Compressed differently: not at all, all zero, loopback, IPv4 in IPv6, one run, two runs. */
static const u8 ip6[6][16] = {
	{ 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 },
	{ 0 },
	{ [15] = 1 },
	{ [10] = 0xff, 0xff, 192, 0, 2, 7 },
	{ 0x20, 0x01, 0x0d, 0xb8, [15] = 9 },
	{ 0xfe, 0x80, [7] = 1, [15] = 2 },
};

static const struct resource resources[10] = {
	{ .start = 0x60000000, .end = 0x6fffffff, .flags = IORESOURCE_MEM | IORESOURCE_PREFETCH },
	{ .start = 0x1234567890, .end = 0x12345fffff, .flags = IORESOURCE_MEM | IORESOURCE_MEM_64 },
	{ .start = 0x3f8, .end = 0x3ff, .flags = IORESOURCE_IO },
	{ .start = 11, .end = 11, .flags = IORESOURCE_IRQ },
	{ .start = 2, .end = 3, .flags = IORESOURCE_DMA },
	{ .start = 0, .end = 0xff, .flags = IORESOURCE_BUS },
	{ .start = 0x1000, .end = 0x1fff, .flags = IORESOURCE_MEM | IORESOURCE_DISABLED },
	{ .start = 0, .end = 0xfff, .flags = IORESOURCE_MEM | IORESOURCE_UNSET },
	{ .start = 0x1000, .end = 0x1000, .flags = IORESOURCE_MEM | IORESOURCE_READONLY },
	{ .start = 7, .end = 9, .flags = 0 },
};

static void strings_init(void)
{
	int i;

	equal.error = ERR_PTR(-ENOMEM);
	equal.low = (char *)16;
	equal.code = (void *)equal_objects_init + 9;
	strscpy(equal.word, "words", sizeof(equal.word));
	strscpy(equal.phrase, "three words, 100% literal", sizeof(equal.phrase));
	memcpy(equal.raw, "rawX", sizeof(equal.raw));
	for (i = 0; i < 0x81; i++)
		equal.high[i] = 0x7f + i;
	for (i = 0; i < sizeof(equal.long900) - 1; i++)
		equal.long900[i] = 'a' + i % 26;
	for (i = 0; i < EQUAL_HUGE; i++)
		equal.huge[i] = '0' + i % 10;
}

static void bytes_init(void)
{
	int i;

	for (i = 0; i < sizeof(equal.bytes); i++)
		equal.bytes[i] = i * 37 + 5;
	for (i = 0; i < sizeof(equal.uuid); i++)
		equal.uuid[i] = i * 17 + 1;
	memcpy(equal.escapes, "\x1b\x62\x20\x5c\x43\x07\x22\x90\x0d\x5d", sizeof(equal.escapes));
	memcpy(equal.nul_inside, "a\0b\0", sizeof(equal.nul_inside));
	memcpy(equal.mac, "\x02\x1b\x2c\x3d\x4e\xff", sizeof(equal.mac));
	memcpy(equal.ip4, "\xc0\x00\x02\x21", sizeof(equal.ip4));
	memcpy(equal.ip6, ip6, sizeof(ip6));
	equal.bits[0] = 0x8000000000010779UL;
	equal.bits[1] = ~0UL;
	equal.bits[3] = 0xf1;
	equal.in.sin_family = AF_INET;
	equal.in.sin_port = htons(12345);
	memcpy(&equal.in.sin_addr, equal.ip4, sizeof(equal.ip4));
	equal.in6.sin6_family = AF_INET6;
	equal.in6.sin6_port = htons(54321);
	equal.in6.sin6_flowinfo = htonl(0x12345);
	equal.in6.sin6_scope_id = 7;
	memcpy(&equal.in6.sin6_addr, ip6[4], sizeof(ip6[4]));
	equal.unspec.sa_family = AF_UNSPEC;
	equal.features = NETIF_F_SG | NETIF_F_RXCSUM;
	equal.fourcc[0] = 0x67503030;
	equal.fourcc[1] = 0x32314742;
	equal.fourcc[2] = 0xb231564e;
	equal.fourcc[3] = 0x01020304;
}

static void structs_init(void)
{
	memcpy(equal.res, resources, sizeof(equal.res));
	equal.range[0].range = (struct range){ .start = 0x60000000, .end = 0x6fffffff };
	equal.range[1].range = (struct range){ .start = 0x60000000, .end = 0x60000000 };
	equal.phys = 0x123456789a;
	equal.dma = 0xdeadb000;
	equal.size = 0x1000;
	equal.time = 1234567890;
	equal.ts = (struct timespec64){ .tv_sec = 1234567890, .tv_nsec = 42 };
	rtc_time64_to_tm(equal.time + 86400, &equal.rtc);
	equal.page_flags = 1UL << PG_locked | 1UL << PG_uptodate | 1UL << PG_dirty;
	equal.vm_flags = VM_READ | VM_EXEC | VM_MAYREAD;
	equal.gfp[0] = GFP_KERNEL;
	equal.gfp[1] = GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN;
	strscpy(equal.disk->disk_name, "equaldisk", sizeof(equal.disk->disk_name));
	equal.bdev->bd_disk = equal.disk;
	equal.node.name = "equal";
	equal.node.full_name = "equal@0";
}

/**
 * equal_objects_exit() - give back what equal_objects_init() got
 *
 * Context: process.
 */
void equal_objects_exit(void)
{
	if (!IS_ERR_OR_NULL(equal.pdev))
		platform_device_unregister(equal.pdev);
	if (IS_ENABLED(CONFIG_COMMON_CLK) && !IS_ERR_OR_NULL(equal.clk))
		clk_unregister_fixed_rate(equal.clk);
	if (!IS_ERR_OR_NULL(equal.file))
		filp_close(equal.file, NULL);
	if (equal.child)
		software_node_unregister_node_group(nodes);
	kfree(equal.bdev);
	kfree(equal.disk);
}

/**
 * equal_objects_init() - make the objects
 *
 * Context: process. Return: 0 or an error; equal_objects_exit() is due in either case.
 */
int equal_objects_init(void)
{
	int rc;

	/* Too large to lie in the struct, and %pg reads no more of them than their names. */
	equal.disk = kzalloc(sizeof(*equal.disk), GFP_KERNEL);
	equal.bdev = kzalloc(sizeof(*equal.bdev), GFP_KERNEL);
	if (!equal.disk || !equal.bdev)
		return -ENOMEM;
	strings_init();
	bytes_init();
	structs_init();
	rc = software_node_register_node_group(nodes);
	if (rc)
		return rc;
	equal.parent = software_node_fwnode(&parent);
	equal.child = software_node_fwnode(&child);
	/* Four names deep, on a file system whose names nobody moves. */
	equal.file = filp_open("/proc/sys/kernel/ostype", O_RDONLY, 0);
	if (IS_ERR(equal.file))
		return PTR_ERR(equal.file);
	equal.dentry = equal.file->f_path.dentry;
	if (IS_ENABLED(CONFIG_COMMON_CLK)) {
		equal.clk = clk_register_fixed_rate(NULL, "equal_clk", NULL, 0, 1000);
		if (IS_ERR(equal.clk))
			return PTR_ERR(equal.clk);
	}
	equal.pdev = platform_device_register_simple("dyndbg_equal", PLATFORM_DEVID_NONE, NULL, 0);
	return PTR_ERR_OR_ZERO(equal.pdev);
}
