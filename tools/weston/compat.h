/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the versions of libweston, 10 to 14, that this builds with. */
#ifndef COMPAT_H
#define COMPAT_H

#include <libweston/libweston.h>
#include <libweston/weston-log.h>

/*
 * From weston.h, which not every distribution installs: what Weston calls in a module. All
 * versions have it so. Return: 0, or -1 and Weston does not start.
 */
__attribute__((visibility("default"))) int
wet_module_init(struct weston_compositor *compositor, int *argc, char *argv[]);

#endif
