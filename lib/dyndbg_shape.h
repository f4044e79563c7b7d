/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A message's arguments as bytes, and the text again from format and bytes. Pure logic: it
 * compiles in the kernel, in the unit tests and in the libtraceevent plugin.
 *
 * The bytes, one conversion behind the other as they stand in the format, nothing aligned,
 * in the machine's order of bytes:
 *   a width or precision of '*'	4, before what it belongs to
 *   integer (also h, hh, c)		4
 *   l, ll, z, t			8; 4 where long has 4, but for ll
 *   %p, %px, %pK, %pe			8: the pointer, which is hashed when the text is made
 *   %s					the string as far as it would be printed, and a NUL
 *   %p with any other extension	2: its text's length, for there may be a NUL in it; the text, made
 *				at once; and a NUL
 * Where they did not fit, they end early, and a string that was cut has no NUL.
 */
#ifndef _DYNDBG_SHAPE_H
#define _DYNDBG_SHAPE_H

#ifdef __KERNEL__
#include <linux/stdarg.h>
#include <linux/types.h>
#else
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

/* A format with more conversions, counting each '*', has no shape. */
#define DD_OPS_MAX	48
/* Nor has one with a conversion of more characters, from the % to its end. */
#define DD_SPEC_MAX	32
/* Nor a longer one. */
#define DD_FORMAT_MAX	2048
/* Nor has one with more than this as a width or precision, which vsnprintf() may warn of. */
#define DD_WIDTH_MAX	32767
/* In what dd_shape_pack() returns: not all went in. */
#define DD_PACK_CUT	(1U << 31)

/*
 * What to do with the next argument. DD_OP_STAR: keep it as an integer, which is also the
 * precision or the width of what follows. DD_OP_STRING_STAR: its precision was the last such.
 */
enum dd_op_code {
	DD_OP_INT,
	DD_OP_LONG,
	DD_OP_STRING,
	DD_OP_STAR,
	DD_OP_STRING_STAR,
	DD_OP_TEXT,
};

/**
 * struct dd_op - one step of copying a message's arguments
 * @code: what to copy, enum dd_op_code
 * @len: DD_OP_TEXT: characters of the conversion; the upper two bits: how many '*' it has
 * @at: DD_OP_TEXT: where it begins in the format
 * @limit: DD_OP_STRING: bytes of the string that may be printed
 */
struct dd_op {
	u8 code;
	u8 len;
	u16 at;
	u32 limit;
};

/* A conversion in a format. */
enum dd_conv_kind {
	DD_CONV_END,
	DD_CONV_BAD,		/* not understood: what follows is not, either */
	DD_CONV_PERCENT,
	DD_CONV_INT,
	DD_CONV_LONG,
	DD_CONV_POINTER,	/* hashed */
	DD_CONV_STRING,
	DD_CONV_TEXT,
};

/**
 * struct dd_conv - a conversion, and the literal text before it
 * @kind: what it is
 * @width_star: its width is an argument
 * @precision_star: its precision is
 * @precision: its precision, -1 for none
 * @literal: the text before it
 * @literal_len: characters of that
 * @spec: it, from its %
 * @len: characters of it, a pointer's extension included
 */
struct dd_conv {
	enum dd_conv_kind kind;
	bool width_star, precision_star;
	int precision;
	const char *literal;
	unsigned int literal_len;
	const char *spec;
	unsigned int len;
};

const char *dd_conv_next(const char *fmt, struct dd_conv *c);
int dd_shape_make(const char *fmt, struct dd_op *ops, unsigned int max);
bool dd_shape_shows_pointers(const char *fmt);
int dd_shape_text(u8 *buf, unsigned int room, const char *fmt, const struct dd_op *op, int star1,
		  int star2, void *ptr);
unsigned int dd_shape_print(char *out, unsigned int size, const char *fmt, const u8 *data,
			    unsigned int len, bool *cut);

#endif /* _DYNDBG_SHAPE_H */
