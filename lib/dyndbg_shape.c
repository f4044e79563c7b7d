// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * From a format to its shape.
 *
 * What a format means is what the kernel's vsnprintf() makes of it (lib/vsprintf.c,
 * Documentation/core-api/printk-formats.rst), and what that has ever differed in, or would
 * stop at, is not understood here: such a message is recorded as text.
 */
#include "dyndbg_shape.h"
#ifdef __KERNEL__
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The kernel's: Latin-1, whatever the locale. */
#define isdigit(c)	((c) >= '0' && (c) <= '9')
#define isalnum(c)	latin1_alnum(c)

static bool latin1_alnum(unsigned char c)
{
	return isdigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}
#endif

static const char *number(const char *p, int *value)
{
	unsigned int n = 0;

	for (; isdigit((unsigned char)*p); p++)
		if (n < 100000)
			n = n * 10 + (*p - '0');
	*value = n;
	return p;
}

/* From behind the 'p' on; a pointer's extension is every letter and digit there is. */
static const char *pointer(const char *p, struct dd_conv *c)
{
	const char *ext = p;

	while (isalnum((unsigned char)*p))
		p++;
	if (p == ext || *ext == 'x' || *ext == 'K' || *ext == 'e')
		c->kind = DD_CONV_POINTER;
	else
		c->kind = DD_CONV_TEXT;
	return p;
}

static const char *conversion(const char *p, struct dd_conv *c)
{
	bool wide = false, longer = false;
	int width = 0;

	while (*p && strchr("-+ #0", *p))
		p++;
	c->width_star = *p == '*';
	p = c->width_star ? p + 1 : number(p, &width);
	if (*p == '.') {
		p++;
		c->precision_star = *p == '*';
		if (c->precision_star)
			p++;
		else if (isdigit((unsigned char)*p))
			p = number(p, &c->precision);
	}
	if (*p == 'h') {
		p += 1 + (p[1] == 'h');
	} else if (*p == 'l' || *p == 'L' || *p == 'z' || *p == 't') {
		longer = *p == 'L' || (*p == 'l' && p[1] == 'l');
		wide = longer || sizeof(long) > sizeof(int);
		p += 1 + (*p == 'l' && p[1] == 'l');
	}
	if (width > DD_WIDTH_MAX || c->precision > DD_WIDTH_MAX) {
		c->kind = DD_CONV_BAD;
		return p;
	}
	switch (*p) {
	case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
		c->kind = wide ? DD_CONV_LONG : DD_CONV_INT;
		return p + 1;
	case 'c':
		c->kind = DD_CONV_INT;
		return p + 1;
	case 's':
		c->kind = DD_CONV_STRING;
		return p + 1;
	case '%':
		/* With anything between: stars would take arguments. */
		c->kind = p == c->spec + 1 ? DD_CONV_PERCENT : DD_CONV_BAD;
		return p + 1;
	case 'p':
		return pointer(p + 1, c);
	}
	c->kind = DD_CONV_BAD;
	return p;
}

/**
 * dd_conv_next() - the next conversion of a format
 * @fmt: where to begin
 * @c: filled
 *
 * Context: any.
 * Return: what stands behind the conversion.
 */
const char *dd_conv_next(const char *fmt, struct dd_conv *c)
{
	const char *p = strchr(fmt, '%');

	memset(c, 0, sizeof(*c));
	c->precision = -1;
	c->literal = fmt;
	if (!p) {
		c->literal_len = strlen(fmt);
		c->kind = DD_CONV_END;
		return fmt + c->literal_len;
	}
	c->literal_len = p - fmt;
	c->spec = p;
	p = conversion(p + 1, c);
	c->len = p - c->spec;
	if (c->len >= DD_SPEC_MAX)
		c->kind = DD_CONV_BAD;
	return p;
}

static void op_of(const struct dd_conv *c, const char *fmt, struct dd_op *op)
{
	switch (c->kind) {
	case DD_CONV_INT:
		op->code = DD_OP_INT;
		break;
	case DD_CONV_LONG:
	case DD_CONV_POINTER:
		op->code = sizeof(long) > sizeof(int) || c->kind == DD_CONV_LONG ?
			   DD_OP_LONG : DD_OP_INT;
		break;
	case DD_CONV_STRING:
		op->code = c->precision_star ? DD_OP_STRING_STAR : DD_OP_STRING;
		op->limit = c->precision;
		break;
	default:
		op->code = DD_OP_TEXT;
		op->at = c->spec - fmt;
		op->len = c->len | (c->width_star + c->precision_star) << 6;
		break;
	}
}

/**
 * dd_shape_make() - work out how a format's arguments are copied
 * @fmt: the format
 * @ops: filled
 * @max: entries in @ops
 *
 * Context: any.
 * Return: the number of steps; -EINVAL for a format that has no shape.
 */
int dd_shape_make(const char *fmt, struct dd_op *ops, unsigned int max)
{
	const char *p = fmt;
	struct dd_conv c;
	unsigned int n = 0;

	if (strnlen(fmt, DD_FORMAT_MAX) == DD_FORMAT_MAX)
		return -EINVAL;
	for (;;) {
		p = dd_conv_next(p, &c);
		if (c.kind == DD_CONV_END)
			return n;
		if (c.kind == DD_CONV_PERCENT)
			continue;
		if (c.kind == DD_CONV_BAD || n + 1 + c.width_star + c.precision_star > max)
			return -EINVAL;
		memset(&ops[n], 0, (1 + c.width_star + c.precision_star) * sizeof(*ops));
		if (c.width_star)
			ops[n++].code = DD_OP_STAR;
		if (c.precision_star)
			ops[n++].code = DD_OP_STAR;
		op_of(&c, fmt, &ops[n++]);
	}
}

/**
 * dd_shape_shows_pointers() - may a format ask for a pointer to be shown as it is?
 * @fmt: the format, which need not be understood
 *
 * One that takes another format (%pV) may: that is not looked into.
 *
 * Context: any, NMI included.
 */
bool dd_shape_shows_pointers(const char *fmt)
{
	struct dd_conv c;
	const char *ext;

	for (;;) {
		fmt = dd_conv_next(fmt, &c);
		switch (c.kind) {
		case DD_CONV_END:
			return false;
		case DD_CONV_BAD:
			return strstr(c.spec, "px") || strstr(c.spec, "pK") || strstr(c.spec, "pV");
		case DD_CONV_POINTER:
		case DD_CONV_TEXT:
			ext = strchr(c.spec, 'p') + 1;
			if (*ext == 'x' || *ext == 'K' || *ext == 'V')
				return true;
			break;
		default:
			break;
		}
	}
}

#ifdef __KERNEL__
/* A format in an argument (%pV) that may show pointers is all that is shown. */
static const char *instead_of(const char *spec, const void *ptr)
{
	const struct va_format *vaf = ptr;

	if (!strchr(spec, 'V') || (unsigned long)ptr < PAGE_SIZE || IS_ERR(ptr))
		return NULL;
	return dd_shape_shows_pointers(vaf->fmt) ? vaf->fmt : NULL;
}
#else
static const char *instead_of(const char *spec, const void *ptr)
{
	(void)spec;
	(void)ptr;
	return NULL;
}
#endif

/**
 * dd_shape_text() - make one conversion's text, at once
 * @buf: filled, NUL-terminated
 * @room: in @buf, in bytes; 1 at least
 * @fmt: the format
 * @op: the step, DD_OP_TEXT
 * @star1: the last but one argument that was a width or precision
 * @star2: the last one
 * @ptr: the argument
 *
 * Context: any, NMI included.
 * Return: bytes without the NUL, as snprintf() counts.
 */
int dd_shape_text(u8 *buf, unsigned int room, const char *fmt, const struct dd_op *op, int star1,
		  int star2, void *ptr)
{
	char spec[DD_SPEC_MAX];
	unsigned int len = op->len & 63;
	const char *instead;

	memcpy(spec, fmt + op->at, len);
	spec[len] = '\0';
	instead = instead_of(spec, ptr);
	if (instead)
		return snprintf((char *)buf, room, "%s", instead);
	switch (op->len >> 6) {
	case 0:
		return snprintf((char *)buf, room, spec, ptr);
	case 1:
		return snprintf((char *)buf, room, spec, star2, ptr);
	default:
		return snprintf((char *)buf, room, spec, star1, star2, ptr);
	}
}
