/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tables of dyndbg_equal (equal_*.inc), the ways through which they are fired
 * (equal_rows.h) and the objects that their rows point at (equal_objects.c) share.
 */
#ifndef _EQUAL_H
#define _EQUAL_H

#include <linux/blkdev.h>
#include <linux/clk.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp_types.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/netdev_features.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/range.h>
#include <linux/rtc.h>
#include <linux/time64.h>

/* What dev_dbg() puts before the text when there is no device. */
#define EQUAL_LEAD	"(NULL device *): "

#define EQUAL_HUGE	1400

/*
 * Nothing here is const and all of it is elsewhere, so that the compiler cannot know what a
 * row prints. What a row's text is made of must not change between a row's two readings.
 */
struct equal_objects {
	char *null, *error, *low;	/* no strings */
	char empty[1];
	char word[16], phrase[64];
	char raw[4];			/* not terminated */
	char high[130];			/* 0x7f to 0xff */
	char long900[901];
	char huge[EQUAL_HUGE + 1];
	char scratch[32];		/* changed behind each use */
	unsigned long scratch_bits;

	u8 bytes[64], escapes[10], nul_inside[4];
	unsigned long bits[4];
	u8 mac[6], uuid[16];
	u8 ip4[4], ip6[6][16];
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr unspec;
	struct resource res[10];
	union {				/* kernels that do not know it read a resource */
		struct range range;
		struct resource res;
	} range[2];
	phys_addr_t phys;
	dma_addr_t dma;
	resource_size_t size;
	struct rtc_time rtc;
	time64_t time;
	struct timespec64 ts;
	unsigned long page_flags, vm_flags;
	gfp_t gfp[3];
	netdev_features_t features;
	u32 fourcc[4];
	struct gendisk *disk;
	struct block_device *bdev;
	struct device_node node;
	struct fwnode_handle *parent, *child;
	struct clk *clk;
	struct file *file;
	struct dentry *dentry;
	void *code;			/* within a function of the module */
	struct platform_device *pdev;
};

extern struct equal_objects equal;

int equal_objects_init(void);
void equal_objects_exit(void);

/* Keep the text that is to be recorded; @lead: bytes that something else puts before it. */
__printf(2, 3) void equal_expect(unsigned int lead, const char *fmt, ...);

void equal_fire_pr(void);
void equal_fire_dev(void);
void equal_fire_nodev(void);
void equal_fire_hidden(void);
void equal_fire_drm(void);
void equal_fire_drmnodev(void);

#endif /* _EQUAL_H */
