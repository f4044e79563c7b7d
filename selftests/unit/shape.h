/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of shapes share: a message into bytes and into text again. */
#ifndef SHAPE_H
#define SHAPE_H

#include <stdlib.h>

#include "dyndbg_pack.h"
#include "kernel_shim.h"
#include "ktap.h"

/* The bytes and the texts of the message before, and whether something was cut. */
static u8 bytes[1024];
static unsigned int n_bytes;
static char have[4096];
static bool cut;

/* Pack into @size bytes of a buffer that is just as large. Return: false for no shape. */
static bool pack_into(unsigned int size, const char *fmt, va_list *args)
{
	struct dd_op ops[DD_OPS_MAX];
	int n = dd_shape_make(fmt, ops, DD_OPS_MAX);
	u8 *exact;

	if (n < 0)
		return false;
	exact = malloc(size);
	n_bytes = dd_shape_pack(ops, n, fmt, exact, size, args);
	cut = n_bytes & DD_PACK_CUT;
	n_bytes &= ~DD_PACK_CUT;
	memcpy(bytes, exact, n_bytes < size ? n_bytes : size);
	free(exact);
	return n_bytes <= size;
}

/* Print @len of the bytes, with no more behind them, into @size bytes of @have. */
static unsigned int print_into(unsigned int size, const char *fmt, unsigned int len, bool *short_of)
{
	u8 *exact = malloc(len);
	char *room = malloc(size);
	unsigned int n;

	memcpy(exact, bytes, len);
	*short_of = false;
	n = dd_shape_print(room, size, fmt, exact, len, short_of);
	memcpy(have, room, size);
	free(room);
	free(exact);
	return n;
}

/* The text made of the bytes is this. */
static bool text_is(const char *fmt, const char *want)
{
	bool short_of;
	unsigned int n = print_into(sizeof(have), fmt, n_bytes, &short_of);
	bool ok = !short_of && n == strlen(want) && !strcmp(have, want);

	if (!ok)
		printf("# '%s': '%s', not '%s'\n", fmt, have, want);
	return ok;
}

/* By way of bytes comes what libc makes at once. */
__attribute__((format(printf, 1, 2), unused))
static bool as_libc(const char *fmt, ...)
{
	char want[4096];
	va_list args, again;
	bool ok;

	va_start(args, fmt);
	va_copy(again, args);
	vsnprintf(want, sizeof(want), fmt, again);
	va_end(again);
	ok = pack_into(sizeof(bytes), fmt, &args);
	va_end(args);
	return ok && !cut && text_is(fmt, want);
}

/* By way of bytes comes this. Not checked by the compiler, for libc has another opinion. */
__attribute__((unused))
static bool gives(const char *want, const char *fmt, ...)
{
	va_list args;
	bool ok;

	va_start(args, fmt);
	ok = pack_into(sizeof(bytes), fmt, &args);
	va_end(args);
	return ok && !cut && text_is(fmt, want);
}

/* The format has no shape. */
__attribute__((unused))
static bool refused(const char *fmt)
{
	struct dd_op ops[DD_OPS_MAX];

	return dd_shape_make(fmt, ops, DD_OPS_MAX) == -EINVAL;
}

#endif
