// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a format to its shape, and from a message's arguments to bytes.
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
#include <linux/string.h>
#define BAD_POINTER	PAGE_SIZE
#else
#include <errno.h>
#include <stdio.h>
#include <string.h>
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-4095)
#define BAD_POINTER	4096

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
	int width;

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

/* One conversion's text, at once. Return: bytes without the NUL, as snprintf() counts. */
static int text_now(u8 *buf, unsigned int room, const char *fmt, const struct dd_op *op,
		    const int *star, void *ptr)
{
	char spec[DD_SPEC_MAX];
	unsigned int len = op->len & 63;

	memcpy(spec, fmt + op->at, len);
	spec[len] = '\0';
	switch (op->len >> 6) {
	case 0:
		return snprintf((char *)buf, room, spec, ptr);
	case 1:
		return snprintf((char *)buf, room, spec, star[1], ptr);
	default:
		return snprintf((char *)buf, room, spec, star[0], star[1], ptr);
	}
}

/* What vsnprintf() would read; it must not look further than @limit either. */
static const char *readable(const char *s)
{
	if (unlikely(!s))
		return "(null)";
	if (unlikely((unsigned long)s < BAD_POINTER || IS_ERR_VALUE((unsigned long)s)))
		return "(efault)";
	return s;
}

/**
 * dd_shape_pack() - copy a message's arguments
 * @ops: its shape
 * @n: steps of that
 * @fmt: its format
 * @buf: filled
 * @size: of @buf, in bytes
 * @args: the arguments; they are used up
 * @cut: set when not all went into @buf: what comes last is missing, or is a string that does
 *	not end, so that a reader sees where the message was cut
 *
 * Context: any, NMI included.
 * Return: bytes in @buf.
 */
unsigned int dd_shape_pack(const struct dd_op *ops, unsigned int n, const char *fmt, u8 *buf,
			   unsigned int size, va_list *args, bool *cut)
{
	const struct dd_op *end = ops + n;
	u8 *p = buf, *last = buf + size;
	int star[2] = { 0, 0 };

	for (; ops < end; ops++) {
		unsigned int limit = ops->limit;

		if (ops->code == DD_OP_INT) {
			unsigned int v = va_arg(*args, unsigned int);

			if (unlikely(last - p < sizeof(v)))
				goto cut;
			memcpy(p, &v, sizeof(v));
			p += sizeof(v);
		} else if (ops->code == DD_OP_LONG) {
			u64 v = va_arg(*args, u64);

			if (unlikely(last - p < sizeof(v)))
				goto cut;
			memcpy(p, &v, sizeof(v));
			p += sizeof(v);
		} else if (ops->code == DD_OP_STRING || ops->code == DD_OP_STRING_STAR) {
			const char *s = readable(va_arg(*args, const char *));
			u8 *stop = last;

			if (ops->code == DD_OP_STRING_STAR)
				limit = star[1] < 0 ? 0 : star[1];
			if (unlikely(p == last))
				goto cut;
			if (limit < last - p)
				stop = p + limit;
			while (p < stop && (*p = *s++))
				p++;
			if (unlikely(p == last))
				goto cut;
			*p++ = '\0';
		} else if (ops->code == DD_OP_STAR) {
			star[0] = star[1];
			star[1] = va_arg(*args, int);
			if (unlikely(last - p < sizeof(star[1])))
				goto cut;
			memcpy(p, &star[1], sizeof(star[1]));
			p += sizeof(star[1]);
		} else {
			void *ptr = va_arg(*args, void *);
			bool fits;

			if (unlikely(p == last))
				goto cut;
			fits = text_now(p, last - p, fmt, ops, star, ptr) < last - p;
			/* no more than a string: what %pV prints may hold a NUL */
			p += strlen((char *)p);
			if (unlikely(!fits))
				goto cut;
			p++;
		}
	}
	return p - buf;
cut:
	*cut = true;
	return p - buf;
}
