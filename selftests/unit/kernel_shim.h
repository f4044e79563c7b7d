/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's string helpers that the control language uses, for its unit tests in
 * userspace. Written anew from their documented behaviour (lib/parser.c,
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

static inline int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long val;
	char *end;

	if (!isdigit((unsigned char)*s) && *s != '+')
		return -EINVAL;
	errno = 0;
	val = strtoul(s, &end, base);
	if (*end == '\n')
		end++;
	if (*end || end == s)
		return -EINVAL;
	if (errno || val > UINT_MAX)
		return -ERANGE;
	*res = val;
	return 0;
}

static inline bool match_wildcard(const char *pattern, const char *str)
{
	if (!*pattern)
		return !*str;
	if (*pattern == '*')
		return match_wildcard(pattern + 1, str) ||
		       (*str && match_wildcard(pattern, str + 1));
	return *str && (*pattern == '?' || *pattern == *str) &&
	       match_wildcard(pattern + 1, str + 1);
}

/* Space (\f \n \r \t \v), octal (up to three digits) and special (\" \a \e \\) escapes. */
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
			for (n = 0, val = 0; n < 3 && *s >= '0' && *s <= '7'; n++)
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
