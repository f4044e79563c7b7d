/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extends the kernel's own header: the API between dyndbg_trace.ko and modules that
 * hook debug functions of their own subsystem (drm's, for one), with a descriptor or without.
 *
 * The kernel's printk.h includes this file very early, so nothing here may need
 * more than forward declarations and linux/types.h.
 */
#include_next <linux/dynamic_debug.h>

#ifndef _DD_RECORDER_DYNAMIC_DEBUG_H
#define _DD_RECORDER_DYNAMIC_DEBUG_H

#include <linux/stdarg.h>
#include <linux/types.h>

struct device;
struct va_format;

/**
 * struct dyndbg_class - a class of sites that a hook module finds
 * @name: the class
 * @module: where all sites of the class are; NULL if they may be anywhere
 */
struct dyndbg_class {
	const char *name;
	const char *module;
};

/**
 * struct dyndbg_hooks - a module that hooks debug functions for dyndbg_trace
 * @name: for messages
 * @classes: the classes of its sites, by class number
 * @n_classes: how many; fewer than an unsigned long has bits
 * @arm: install the hooks for these classes (BIT() of their numbers), remove the others; 0 or
 *	-errno, with 0 classes always 0. Called when a route or T could concern its sites, at the
 *	latest, with the command lock held; may sleep
 * @drain: wait until nobody is inside a function that was redirected to; called once, at the
 *	end, without a lock
 */
struct dyndbg_hooks {
	const char *name;
	const struct dyndbg_class *classes;
	unsigned int n_classes;
	int (*arm)(unsigned long classes);
	void (*drain)(void);
};

/**
 * struct dyndbg_call - one message that a hooked function was called with
 * @ip: return address of the call: with @fmt, the identity of the site
 * @fmt: the caller's format string
 * @class: index into &dyndbg_hooks.classes
 * @dev: the message's device, or NULL
 */
struct dyndbg_call {
	unsigned long ip;
	const char *fmt;
	unsigned int class;
	const struct device *dev;
};

/**
 * struct dyndbg_hit - what is to be done with a message, see dyndbg_find() in dyndbg_found.h
 * @site: its site, or NULL
 * @mask: where it goes
 */
struct dyndbg_hit {
	const struct dd_found *site;
	u64 mask;
};

int dyndbg_register_hooks(struct dyndbg_hooks *hooks);
void dyndbg_unregister_hooks(struct dyndbg_hooks *hooks);
void dyndbg_hit_message(struct dyndbg_hit hit, const struct device *dev, const char *fmt,
			va_list *args);
bool dyndbg_hook_message(const struct dyndbg_call *call, struct va_format *vaf);
bool dyndbg_desc_message(const struct _ddebug *desc, const struct device *dev, unsigned long ip,
			 struct va_format *vaf);
void dyndbg_device_add(const struct device *dev, int minor);
void dyndbg_device_del(const struct device *dev, int minor);
void dyndbg_devices_clear(void);
unsigned long dyndbg_symbol(const char *name);

#endif /* _DD_RECORDER_DYNAMIC_DEBUG_H */
