/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What the kernel modules and the tools share: names, limits and the meaning
 * of the fields of the trace events dyndbg:prdbg and dyndbg:devdbg.
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
/* The text of one record in bytes, with its terminating NUL. */
#define DYNDBG_TEXT_MAX		1024
/* The listing shows a longer label as its first 20 characters and "...". */
#define DYNDBG_LABEL_SHOWN	23

/* Bits of a record's "flags" field. */
#define DYNDBG_REC_TRUNCATED	(1 << 0) /* the text was longer than DYNDBG_TEXT_MAX */
#define DYNDBG_REC_HOOKED	(1 << 1) /* the site was found at run time: no file, no line */
#define DYNDBG_REC_STACK	(1 << 2) /* the text is the stack of the message before it */

/* The "minor" field of a message whose device is no DRM device. */
#define DYNDBG_NO_MINOR		(-1)

#endif /* _UAPI_LINUX_DYNDBG_H */
