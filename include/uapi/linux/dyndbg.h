/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What the kernel modules and the tools share: names, limits, and how the trace events
 * dyndbg:prdbg and dyndbg:devdbg are read.
 *
 * A record has the fields of its event and, in "args", bytes one behind the other, in the
 * machine's order and not aligned:
 *   flags & DYNDBG_REC_TID	s32: the task, -1 for an interrupt
 *   flags & DYNDBG_REC_DEVICE	string: the device's name; otherwise "device" is its number
 *   flags & DYNDBG_REC_LEAD	string: stands before the text, then ": "
 *   flags & DYNDBG_REC_SITE	strings module, function, file and class; u32: line; string: format.
 *				The site was not registered yet, and "site" is 0
 * Then, with DYNDBG_REC_STACK, a string: the text. Without, the arguments of the site's format;
 * lib/dyndbg_shape.h says how. A string ends with a NUL.
 *
 * Sites and devices by number: /proc/dynamic_debug/sites. Half of a site's number is made of its
 * texts, so that one of another loading of the modules is the same site's there or nobody's, but
 * for one in 65536.
 */
#ifndef _UAPI_LINUX_DYNDBG_H
#define _UAPI_LINUX_DYNDBG_H

/* A destination's name: A-Z a-z 0-9 _, without the terminating NUL. */
#define DYNDBG_NAME_MAX		63
/* Destinations that can be open at once, the global buffer "0" not counted. */
#define DYNDBG_DEST_MAX		63
/* Routes that can stand at once. */
#define DYNDBG_ROUTE_MAX	1024
/* One write() to the control file, in bytes. */
#define DYNDBG_BATCH_MAX	4095
/* The arguments of one record, in bytes; and with what "args" may have in front of them. */
#define DYNDBG_ARGS_MAX		1024
#define DYNDBG_REC_MAX		(DYNDBG_ARGS_MAX + 768)
/* The text that is made of a record, in bytes, with its terminating NUL. */
#define DYNDBG_TEXT_MAX		2048
/* The listing shows a longer label as its first 20 characters and "...". */
#define DYNDBG_LABEL_SHOWN	23

/* Bits of a record's "flags" field. */
#define DYNDBG_REC_TRUNCATED	(1 << 0) /* the arguments were longer than DYNDBG_ARGS_MAX */
#define DYNDBG_REC_HOOKED	(1 << 1) /* the site was found at run time: no file, no line */
#define DYNDBG_REC_STACK	(1 << 2) /* the text is the stack of the message before it */
#define DYNDBG_REC_TID		(1 << 3)
#define DYNDBG_REC_DEVICE	(1 << 4)
#define DYNDBG_REC_LEAD		(1 << 5)
#define DYNDBG_REC_SITE		(1 << 6) /* its site is in the record */

/*
 * Bits of a record's "prefix" field: what the site's prefix flags put before the text. With
 * DYNDBG_REC_TID "[tid] " (or "<intr> ") comes first; then each of these with a ':' behind it, in
 * this order, and a blank behind the last.
 */
#define DYNDBG_PREFIX_MODULE	(1 << 1)
#define DYNDBG_PREFIX_FUNCTION	(1 << 2)
#define DYNDBG_PREFIX_FILE	(1 << 5)
#define DYNDBG_PREFIX_LINE	(1 << 3)

/*
 * What is recorded of a DRM ioctl as it begins and as it ends, of the classes DRM_IOCTL_ATOMIC and
 * DRM_IOCTL: its name without DRM_IOCTL_; the command; the minor of the file that it was called on, which
 * may be a render node's; that file's drm-client-id of fdinfo, 0 before Linux 6.5; the process, whose
 * task the event names. Of an atomic commit flags and number of objects, of others 0. At the end what it
 * returned, a negative errno if it failed, and how long it took, in ns.
 */
#define DYNDBG_IOCTL_BEGINS "DRM_IOCTL_%s begins cmd=0x%x node=%d client=%llu pid=%d flags=0x%x objects=%u\n"
#define DYNDBG_IOCTL_ENDS "DRM_IOCTL_%s ends cmd=0x%x node=%d client=%llu pid=%d ret=%ld ns=%llu\n"

/*
 * What is recorded behind the end of an atomic commit that failed, of the class DRM_ATOMIC_FAILED, for
 * who wants to hear of nothing else. Not of one that only asked (DRM_MODE_ATOMIC_TEST_ONLY), which a
 * compositor does to find out what can be had, and not of one that is tried again by itself: the system
 * call is restarted, or ends with EINTR or EAGAIN, which libdrm repeats.
 */
#define DYNDBG_IOCTL_FAILED "DRM_IOCTL_%s failed cmd=0x%x node=%d client=%llu pid=%d ret=%ld flags=0x%x objects=%u\n"

/* The "minor" field of a message whose device is no DRM device. */
#define DYNDBG_NO_MINOR		(-1)

#endif /* _UAPI_LINUX_DYNDBG_H */
