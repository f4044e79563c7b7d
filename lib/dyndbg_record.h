/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a record holds of its site and its device, on the way in and on the way out. Part of
 * dyndbg.h, which has the locks.
 */
#ifndef _DYNDBG_RECORD_H
#define _DYNDBG_RECORD_H

#include <linux/device.h>
#include <linux/trace_events.h>
#include <linux/types.h>
#include <uapi/linux/dyndbg.h>
#include "dyndbg_match.h"
#include "dyndbg_shape.h"

struct _ddebug;
struct ddebug_table;
struct va_format;

/**
 * struct dd_id - what records say of a device, in the order of the event's fields
 * @number: that of its name; 0: its name is copied into the record
 * @minor: its primary DRM minor, or DYNDBG_NO_MINOR
 */
struct dd_id {
	u16 number;
	s16 minor;
};

/**
 * struct dd_device - a device that has a minor, at its minor's place in dd_devices
 * @dev: as messages name it; DD_NO_DEVICE where there is none
 * @is: minor and number
 */
struct dd_device {
	const struct device *dev;
	struct dd_id is;
};

#define DD_NO_DEVICE	((const struct device *)1UL)
/* A device with a higher minor has none for us; it is said once. */
#define DD_DEVICES_MAX	64
extern struct dd_device dd_devices[DD_DEVICES_MAX + 1]; /* the last one is never any */
extern unsigned int dd_n_devices;

/* What is recorded of a device, or of NULL. Context: any, NMI included. */
static __always_inline struct dd_id dd_device_of(const struct device *dev)
{
	const struct dd_device *d = dd_devices, *end = d + smp_load_acquire(&dd_n_devices);

	for (; d < end; d++)
		if (READ_ONCE(d->dev) == dev)
			return READ_ONCE(d->is);
	return (struct dd_id){ .minor = DYNDBG_NO_MINOR };
}

/**
 * struct dd_meta - what a reader needs to know of a site, whose module may be gone
 * @link: in the table by content; under dd_mutex
 * @key: the number that records carry
 * @line: line number, 0 where it is not known
 * @n_ops: steps of its shape
 * @module: this and the other texts lie behind @ops
 * @function: function name
 * @file: source file
 * @class: class name, "-" for an unclassed site
 * @format: the format that the message functions are given, pr_fmt() included
 * @ops: its shape
 *
 * Made once, never changed, freed when we are unloaded: what the buffers hold then goes, too.
 */
struct dd_meta {
	struct hlist_node link;
	u32 key;
	u32 line;
	unsigned int n_ops;
	const char *module, *function, *file, *class, *format;
	struct dd_op ops[];
};

/**
 * struct dd_rec - a message on its way into the instances
 * @meta: its site's; NULL while that is not registered, then
 * @view: the site's texts; its class is not NULL
 * @prefix: DD_* prefix flags
 * @rec_flags: DYNDBG_REC_*
 * @device: the device's number, 0 if it has none, and its DRM minor
 * @dev: device or NULL
 * @lead: text before the message (a network device's name), or NULL
 * @ip: where in the caller's code it comes from: a stack dump begins there
 */
struct dd_rec {
	const struct dd_meta *meta;
	const struct dd_view *view;
	u8 prefix;
	u8 rec_flags;
	struct dd_id device;
	const struct device *dev;
	const char *lead;
	unsigned long ip;
};

/* dyndbg_meta.c: what readers need to know of sites */
int dd_meta_init(void);
void dd_meta_exit(void);
struct dd_meta *dd_meta_get(const struct dd_view *v, const char *fmt, const char *owner);
const struct dd_meta *dd_meta_find(u32 key);
const struct dd_meta *dd_meta_nth(unsigned int n);

/* dyndbg_register.c: sites with a descriptor, at their first message */
const struct dd_meta *dd_registered(const struct _ddebug *desc, u32 id, const char *fmt);
void dd_unregister(u32 id);
void dd_register_forget(const struct ddebug_table *dt);
void dd_register_exit(void);

/* dyndbg_devices.c: numbers for the names of devices */
const char *dd_device_name(unsigned int number);

/* dyndbg_sitesfile.c: /proc/dynamic_debug/sites */
int dd_sitesfile_init(void);
void dd_sitesfile_exit(void);

/* dyndbg_record.c: into the ring buffers */
int dd_record_init(void);
void dd_record_exit(void);
void dd_record(u64 mask, const struct dd_rec *rec, struct va_format *vaf);

/* dyndbg_read.c: and out of them */
int dd_prefix(char *buf, size_t size, u8 flags, const struct dd_view *v, int tid);
const char *dd_read_prdbg(struct trace_iterator *iter, u32 site, u8 flags, u8 prefix, const void *args,
			  unsigned int len);
const char *dd_read_devdbg(struct trace_iterator *iter, u32 site, u8 flags, u8 prefix, u16 device,
			   s16 minor, const void *args, unsigned int len);

#endif /* _DYNDBG_RECORD_H */
