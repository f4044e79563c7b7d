// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * One conversion as the kernel's snprintf() makes it (its lib/vsprintf.c), for texts that are
 * made here and are to be the same as the kernel's own. libc's is another: "%#x" of 0 is "0"
 * there and "0x0" in the kernel, "%ls" is a string of wide characters, "%p" of NULL is "(nil)".
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "ksnprintf.h"

/* The kernel clamps what is more. */
#define WIDTH_MAX	((1 << 23) - 1)
#define PRECISION_MAX	((1 << 15) - 1)

/* A conversion; a @width or @precision that is not given is -1. */
struct spec {
	bool left, plus, space, special, zero;
	int width, precision;
	unsigned int size; /* of an integer, in bytes */
	char conv, extension;
};

struct out {
	char *buf;
	size_t size, len;
};

static void put(struct out *o, const char *s, size_t n)
{
	if (o->len < o->size)
		memcpy(o->buf + o->len, s, n < o->size - o->len ? n : o->size - o->len);
	o->len += n;
}

/* Without a look at each of millions of characters, none of which there is room for. */
static void pad(struct out *o, char c, int n)
{
	if (n <= 0)
		return;
	if (o->len < o->size)
		memset(o->buf + o->len, c,
		       (size_t)n < o->size - o->len ? (size_t)n : o->size - o->len);
	o->len += n;
}

static int clamp(long val, int low, int high)
{
	return val < low ? low : val > high ? high : val;
}

static const char *digits(const char *p, long *val)
{
	for (*val = 0; *p >= '0' && *p <= '9'; p++)
		if (*val <= WIDTH_MAX)
			*val = *val * 10 + (*p - '0');
	return p;
}

static const char *flags(const char *p, struct spec *s)
{
	for (;; p++) {
		switch (*p) {
		case '-': s->left = true; break;
		case '+': s->plus = true; break;
		case ' ': s->space = true; break;
		case '#': s->special = true; break;
		case '0': s->zero = true; break;
		default: return p;
		}
	}
}

static const char *qualifier(const char *p, struct spec *s)
{
	switch (*p) {
	case 'h':
		s->size = p[1] == 'h' ? sizeof(char) : sizeof(short);
		return p + 1 + (p[1] == 'h');
	case 'l':
		s->size = p[1] == 'l' ? sizeof(long long) : sizeof(long);
		return p + 1 + (p[1] == 'l');
	case 'L':
		s->size = sizeof(long long);
		return p + 1;
	case 'z': case 't':
		s->size = sizeof(size_t);
		return p + 1;
	}
	return p;
}

/* Without a sign: @minus says that there is one. */
static void number(struct out *o, const struct spec *s, unsigned int base, uint64_t val, bool minus)
{
	const char *set = s->conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	bool is_signed = s->conv == 'd' || s->conv == 'i', zero = s->zero && !s->left;
	char tmp[24], prefix[4];
	unsigned int n = 0, at = sizeof(tmp);
	int fill, width;
	bool nil = !val;

	do {
		tmp[--at] = set[val % base];
		val /= base;
	} while (val);
	if (minus)
		prefix[n++] = '-';
	else if (is_signed && s->plus)
		prefix[n++] = '+';
	else if (is_signed && s->space)
		prefix[n++] = ' ';
	if (s->special && (base == 16 || (base == 8 && !nil)))
		prefix[n++] = '0';
	if (s->special && base == 16)
		prefix[n++] = s->conv == 'X' ? 'X' : 'x';

	fill = s->precision - (int)(sizeof(tmp) - at);
	fill = fill > 0 ? fill : 0;
	width = s->width - (int)(n + fill + sizeof(tmp) - at);
	if (!s->left && !zero)
		pad(o, ' ', width);
	put(o, prefix, n);
	/* in the kernel zeroes fill the width whatever the precision */
	if (zero)
		pad(o, '0', width);
	pad(o, '0', fill);
	put(o, tmp + at, sizeof(tmp) - at);
	if (s->left)
		pad(o, ' ', width);
}

static void string(struct out *o, const struct spec *s, const char *text)
{
	size_t len = s->precision < 0 ? strlen(text) : strnlen(text, s->precision);

	if (!s->left)
		pad(o, ' ', s->width - (int)len);
	put(o, text, len);
	if (s->left)
		pad(o, ' ', s->width - (int)len);
}

static void signed_number(struct out *o, const struct spec *s, int64_t val)
{
	number(o, s, 10, val < 0 ? -(uint64_t)val : (uint64_t)val, val < 0);
}

/* Names of errors that libc does not know, as they are the kernel's own. */
static const char *error_name(int error)
{
	static const char * const own[] = {
		[0] = "ERESTARTSYS", [1] = "ERESTARTNOINTR", [2] = "ERESTARTNOHAND",
		[3] = "ENOIOCTLCMD", [4] = "ERESTART_RESTARTBLOCK", [5] = "EPROBE_DEFER",
		[6] = "EOPENSTALE", [7] = "ENOPARAM", [9] = "EBADHANDLE", [10] = "ENOTSYNC",
		[11] = "EBADCOOKIE", [12] = "ENOTSUPP", [13] = "ETOOSMALL", [14] = "ESERVERFAULT",
		[15] = "EBADTYPE", [16] = "EJUKEBOX", [17] = "EIOCBQUEUED",
		[18] = "ERECALLCONFLICT",
	};

	if (error >= 512 && error < 512 + (int)(sizeof(own) / sizeof(own[0])))
		return own[error - 512];
	return strerrorname_np(error);
}

/* Not hashed, as the key for that is in the kernel that made the record. */
static void pointer(struct out *o, struct spec *s, uintptr_t ptr)
{
	bool is_error = ptr >= (uintptr_t)-4095;
	const char *name = is_error && s->extension == 'e' ? error_name(-(intptr_t)ptr) : NULL;
	char text[32] = "-";

	if (name) {
		strncat(text, name, sizeof(text) - 2);
		string(o, s, text);
	} else if (is_error && s->extension == 'e') {
		s->conv = 'd';
		signed_number(o, s, (intptr_t)ptr);
	} else {
		if (s->width < 0) {
			s->width = 2 * sizeof(ptr);
			s->zero = true;
		}
		number(o, s, 16, ptr, false);
	}
}

static void integer(struct out *o, const struct spec *s, uint64_t val)
{
	unsigned int shift = 64 - 8 * s->size;

	if (s->conv == 'd' || s->conv == 'i')
		signed_number(o, s, (int64_t)(val << shift) >> shift);
	else
		number(o, s, s->conv == 'o' ? 8 : s->conv == 'u' ? 10 : 16, val << shift >> shift,
		       false);
}

static void character(struct out *o, const struct spec *s, char c)
{
	if (!s->left)
		pad(o, ' ', s->width - 1);
	put(o, &c, 1);
	if (s->left)
		pad(o, ' ', s->width - 1);
}

/**
 * ddr_ksnprintf() - one conversion, as the kernel makes it
 * @buf: filled, NUL-terminated unless @size is 0
 * @size: of @buf, in bytes
 * @spec: a conversion that dd_conv_next() understands, and nothing else; of %p no extension but e
 *
 * The argument is of the conversion's type, after an int for each '*'. Whatever they are, the
 * time that it takes is bounded by @size, and the locale has no part in it.
 *
 * Return: bytes without the NUL, as if @size were enough.
 */
int ddr_ksnprintf(char *buf, size_t size, const char *spec, ...)
{
	struct spec s = { .width = -1, .precision = -1, .size = sizeof(int) };
	struct out o = { buf, size, 0 };
	const char *p = flags(spec + 1, &s);
	va_list args;
	long val;

	va_start(args, spec);
	if (*p == '*') {
		s.width = clamp(va_arg(args, int), -WIDTH_MAX, WIDTH_MAX);
		s.left |= s.width < 0;
		s.width = s.width < 0 ? -s.width : s.width;
		p++;
	} else if (*p >= '0' && *p <= '9') {
		p = digits(p, &val);
		s.width = clamp(val, 0, WIDTH_MAX);
	}
	if (*p == '.' && *++p == '*') {
		s.precision = clamp(va_arg(args, int), 0, PRECISION_MAX);
		p++;
	} else if (*p >= '0' && *p <= '9') {
		p = digits(p, &val);
		s.precision = clamp(val, 0, PRECISION_MAX);
	}
	p = qualifier(p, &s);
	s.conv = *p;
	if (*p == 'p')
		s.extension = p[1];
	switch (*p) {
	case 'c':
		character(&o, &s, va_arg(args, int));
		break;
	case 's':
		string(&o, &s, va_arg(args, const char *));
		break;
	case 'p':
		pointer(&o, &s, (uintptr_t)va_arg(args, void *));
		break;
	default:
		integer(&o, &s, s.size > sizeof(int) ? va_arg(args, uint64_t) :
			va_arg(args, unsigned int));
		break;
	}
	va_end(args);
	if (size)
		buf[o.len < size ? o.len : size - 1] = '\0';
	return o.len;
}
