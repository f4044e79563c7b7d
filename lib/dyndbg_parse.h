/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control language: from text to commands. Pure logic, no state, no kernel
 * calls beyond string helpers; the same files are compiled in userspace for the
 * unit tests (selftests/unit/).
 */
#ifndef _DYNDBG_PARSE_H
#define _DYNDBG_PARSE_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include "kernel_shim.h"
#endif
#include <uapi/linux/dyndbg.h>

/* The stock flag bits, the same in every supported kernel. */
#define DD_P	0x01	/* p: print */
#define DD_M	0x02	/* m: module */
#define DD_F	0x04	/* f: function */
#define DD_L	0x08	/* l: line */
#define DD_TID	0x10	/* t: thread id */
#define DD_S	0x20	/* s: source file; from 6.4 on */
#define DD_D	0x40	/* d: stack dump; from 7.0 on */
#define DD_T	0x80	/* T: record; ours, the one bit that no stock kernel uses */
#define DD_PREFIX	(DD_M | DD_F | DD_L | DD_TID | DD_S)
#define DD_STOCK	0x7f

/* Seven match words and "device", a pair each, and the flags. */
#define DD_WORDS_MAX	17
#define DD_ERR_MAX	128

enum dd_verb { DD_OPEN, DD_CLOSE, DD_QUERY };

/**
 * struct dd_match - which sites a query means; NULL or 0 means any
 * @module: wildcard over the module's name
 * @function: wildcard over the function
 * @file: wildcard over the path or its last part
 * @format: part of the format, anchored where it begins with '^'
 * @class: class name; a glob in routes, a whole name elsewhere
 * @label: the label that the site carries now
 * @first_line: first line, 0 for no limit
 * @last_line: last line, 0 for no limit
 */
struct dd_match {
	const char *module;
	const char *function;
	const char *file;
	const char *format;
	const char *class;
	const char *label;
	unsigned int first_line;
	unsigned int last_line;
};

/**
 * struct dd_flags - what a query does to the sites that it means
 * @op: '+', '-' or '='
 * @bits: the flags named, DD_*
 * @has_flags: a flag character (also '_') was given
 * @label: the name behind ':', NULL for none; "0" is the global buffer
 */
struct dd_flags {
	char op;
	u8 bits;
	bool has_flags;
	const char *label;
};

/**
 * struct dd_cmd - one command of a batch; its strings lie in the batch's buffer
 * @verb: which command
 * @name: open, close: the destination
 * @size: open: bytes for all CPUs together, 0 if not said
 * @clock: open: trace clock, NULL if not said
 * @match: query: the sites
 * @device: query: device SPEC, NULL if not said; a query with one is a route
 * @flags: query: the change
 */
struct dd_cmd {
	enum dd_verb verb;
	const char *name;
	u64 size;
	const char *clock;
	struct dd_match match;
	const char *device;
	struct dd_flags flags;
};

/**
 * struct dd_batch - the parser's place in a batch
 * @pos: the next unread byte; the buffer is cut into words as it is read
 * @known_flags: the stock flag bits that this kernel has
 * @err: why the last command was refused, naming the word; no newline
 */
struct dd_batch {
	char *pos;
	u8 known_flags;
	char err[DD_ERR_MAX];
};

int dd_parse_next(struct dd_batch *b, struct dd_cmd *cmd);
bool dd_name_valid(const char *name);

/* dyndbg_lex.c */
int dd_lex(struct dd_batch *b, char *words[], int max);

#endif /* _DYNDBG_PARSE_H */
