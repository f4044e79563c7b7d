/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's string helpers that the control language uses, for where it is compiled in
 * userspace: unit tests, and the daemon that reads what the kernel lists. Written anew from their documented behaviour (lib/parser.c,
 * lib/string_helpers.c, lib/kstrtox.c).
 */
#ifndef _KERNEL_SHIM_H
#define _KERNEL_SHIM_H

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint64_t u64;

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define UNESCAPE_SPACE		1
#define UNESCAPE_OCTAL		2
#define UNESCAPE_SPECIAL	8

/*
 * The kernel's character classes are those of Latin-1, whatever the locale, and take a
 * plain char: 0xa0 is a blank there, and 0xe4 a letter.
 */
static inline bool shim_isspace(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0;
}

static inline bool shim_isalpha(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

static inline bool shim_isdigit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

#undef isspace
#undef isalpha
#undef isdigit
#undef isalnum
#undef isascii
#undef iscntrl
#define isspace(c)	shim_isspace(c)
#define isalpha(c)	shim_isalpha(c)
#define isdigit(c)	shim_isdigit(c)
#define isalnum(c)	(shim_isalpha(c) || shim_isdigit(c))
#define isascii(c)	((unsigned char)(c) < 0x80)
#define iscntrl(c)	((unsigned char)(c) < ' ' || (c) == 0x7f)

/* Base 10: one '+' may lead, one newline may follow. */
static inline int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	uint64_t val = 0;

	(void)base;
	s += *s == '+';
	if (!isdigit(*s))
		return -EINVAL;
	for (; isdigit(*s); s++) {
		val = val * 10 + (*s - '0');
		if (val > UINT_MAX)
			return -ERANGE;
	}
	s += *s == '\n';
	if (*s)
		return -EINVAL;
	*res = val;
	return 0;
}

/*
 * One oddity of the kernel's: when the string has ended, one star of the pattern may be
 * left and not more, so that "a**" does not match "a".
 */
static inline bool match_wildcard(const char *pattern, const char *str)
{
	const char *again = NULL, *from = NULL;

	while (*str) {
		if (*pattern == '*') {
			again = ++pattern;
			from = str;
			if (!*pattern)
				return true;
		} else if (*pattern == '?' || *pattern == *str) {
			pattern++;
			str++;
		} else if (again) {
			pattern = again;
			str = ++from;
		} else {
			return false;
		}
	}
	return !*pattern || !strcmp(pattern, "*");
}

/*
 * Space (\f \n \r \t \v), octal (up to three digits, as far as they fit a byte) and special
 * (\" \a \e \\) escapes.
 */
static inline void string_unescape_inplace(char *s, unsigned int flags)
{
	static const char from[] = "fnrtv\"ae\\", to[] = "\f\n\r\t\v\"\a\033\\";
	char *out = s;
	const char *at;
	int n, val;

	(void)flags;
	while (*s) {
		if (*s != '\\' || !s[1]) {
			*out++ = *s++;
			continue;
		}
		s++;
		at = strchr(from, *s);
		if (at) {
			*out++ = to[at - from];
			s++;
		} else if (*s >= '0' && *s <= '7') {
			for (n = 0, val = 0; n < 3 && val < 32 && *s >= '0' && *s <= '7'; n++)
				val = val * 8 + (*s++ - '0');
			*out++ = val;
		} else {
			*out++ = '\\';
			*out++ = *s++;
		}
	}
	*out = '\0';
}

#endif /* _KERNEL_SHIM_H */
