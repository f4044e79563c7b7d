/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a message's arguments to bytes, by its shape: the inner loop of the record path, which
 * is why it is to be inlined. Pure logic, as dyndbg_shape.h.
 */
#ifndef _DYNDBG_PACK_H
#define _DYNDBG_PACK_H

#include "dyndbg_shape.h"
#ifdef __KERNEL__
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/word-at-a-time.h>
#define DD_BAD_POINTER	PAGE_SIZE
#else
#include <string.h>
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#ifndef __always_inline
#define __always_inline	inline __attribute__((always_inline))
#endif
#define IS_ERR_VALUE(x)	((unsigned long)(x) >= (unsigned long)-4095)
#define DD_BAD_POINTER	4096
#endif

/* What vsnprintf() would read. */
static __always_inline const char *dd_pack_readable(const char *s)
{
	if (unlikely((unsigned long)s < DD_BAD_POINTER || IS_ERR_VALUE((unsigned long)s)))
		return s ? "(efault)" : "(null)";
	return s;
}

/*
 * Copies a string up to its NUL or to @stop. Return: where it ended; there is no NUL yet.
 * The kernel's strings may be read in words, where the word does not reach into the next page.
 */
static __always_inline u8 *dd_pack_string(u8 *p, const u8 *stop, const char *s)
{
#ifdef CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS
	const struct word_at_a_time constants = WORD_AT_A_TIME_CONSTANTS;
	unsigned long word, zero;

	while (stop - p >= (long)sizeof(word) &&
	       likely(((unsigned long)s & (PAGE_SIZE - 1)) <= PAGE_SIZE - sizeof(word))) {
		word = read_word_at_a_time(s);
		memcpy(p, &word, sizeof(word));
		if (has_zero(word, &zero, &constants)) {
			zero = create_zero_mask(prep_zero_mask(word, zero, &constants));
			return p + find_zero(zero);
		}
		p += sizeof(word);
		s += sizeof(word);
	}
#endif
	while (p < stop && (*p = *s++))
		p++;
	return p;
}

/**
 * dd_shape_pack() - copy a message's arguments
 * @ops: its shape
 * @n: steps of that
 * @fmt: its format
 * @buf: filled
 * @size: of @buf, in bytes
 * @args: the arguments; they are used up
 *
 * Context: any, NMI included.
 * Return: bytes in @buf; with DD_PACK_CUT when not all went in: what comes last is missing, or
 * is a string that does not end, so that a reader sees where the message was cut.
 */
static __always_inline unsigned int dd_shape_pack(const struct dd_op *ops, unsigned int n,
						  const char *fmt, u8 *buf, unsigned int size,
						  va_list *args)
{
	const struct dd_op *end = ops + n;
	u8 *p = buf, *last = buf + size;
	int star1 = 0, star2 = 0;

	for (; ops < end; ops++) {
		if (ops->code == DD_OP_INT) {
			unsigned int v = va_arg(*args, unsigned int);

			if (unlikely(last - p < (long)sizeof(v)))
				goto cut;
			memcpy(p, &v, sizeof(v));
			p += sizeof(v);
		} else if (ops->code == DD_OP_STRING) {
			const char *s = dd_pack_readable(va_arg(*args, const char *));
			u8 *stop = last;

			if (unlikely(ops->limit < last - p))
				stop = p + ops->limit;
			p = dd_pack_string(p, stop, s);
			if (unlikely(p == last))
				goto cut;
			*p++ = '\0';
		} else if (ops->code == DD_OP_LONG) {
			u64 v = va_arg(*args, u64);

			if (unlikely(last - p < (long)sizeof(v)))
				goto cut;
			memcpy(p, &v, sizeof(v));
			p += sizeof(v);
		} else if (ops->code == DD_OP_STAR) {
			star1 = star2;
			star2 = va_arg(*args, int);
			if (unlikely(last - p < (long)sizeof(star2)))
				goto cut;
			memcpy(p, &star2, sizeof(star2));
			p += sizeof(star2);
		} else if (ops->code == DD_OP_STRING_STAR) {
			const char *s = dd_pack_readable(va_arg(*args, const char *));
			u8 *stop = last;

			/* A negative precision is taken for 0. */
			if (star2 < last - p)
				stop = p + (star2 < 0 ? 0 : star2);
			p = dd_pack_string(p, stop, s);
			if (unlikely(p == last))
				goto cut;
			*p++ = '\0';
		} else {
			void *ptr = va_arg(*args, void *);
			int len, room;
			u16 kept;

			if (unlikely(last - p <= (long)sizeof(kept)))
				goto cut;
			room = last - p - sizeof(kept);
			len = dd_shape_text(p + sizeof(kept), room, fmt, ops, star1, star2, ptr);
			kept = len < room ? len : room - 1;
			memcpy(p, &kept, sizeof(kept));
			p += sizeof(kept) + kept;
			if (unlikely(len >= room))
				goto cut;
			p++;
		}
	}
	return p - buf;
cut:
	return (p - buf) | DD_PACK_CUT;
}

#endif /* _DYNDBG_PACK_H */
