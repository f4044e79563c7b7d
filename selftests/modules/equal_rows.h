/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every row of the tables, through one way. Before it is included:
 *   WAY		its name, a string
 *   LEAD		bytes that it puts before the text
 *   FIRE(fmt, ...)	a callsite of it
 *   EQUAL_FIRE		the function that this makes
 *
 * A row's mark, @WAY:TABLE:LINE|, stands in its format, in the expected text and so in what
 * is recorded. Most rows end in |, which shows blanks at their end, and a newline.
 */
#include "equal.h"

#define MARK(sub)	"@" WAY ":" TABLE ":" __stringify(__LINE__) sub "|"

/* A format as it is, with nothing behind it */
#define BARE(fmt, ...)							\
	do {								\
		equal_expect(LEAD, MARK("") fmt, ##__VA_ARGS__);	\
		FIRE(MARK("") fmt, ##__VA_ARGS__);			\
	} while (0);

/* One of several combinations in a line of the table */
#define ROWN(sub, fmt, ...)						\
	do {								\
		equal_expect(LEAD, MARK(sub) fmt "|\n", ##__VA_ARGS__);	\
		FIRE(MARK(sub) fmt "|\n", ##__VA_ARGS__);		\
	} while (0);

#define ROW(fmt, ...)	ROWN("", fmt, ##__VA_ARGS__)

/* A format with the values at which integers of its type get interesting */
#define INTS(fmt)	ROWN("a", fmt, 0) ROWN("b", fmt, 42) ROWN("c", fmt, -12345)	\
			ROWN("d", fmt, INT_MIN) ROWN("e", fmt, INT_MAX)
#define UINTS(fmt)	ROWN("a", fmt, 0U) ROWN("b", fmt, 0xabcdU) ROWN("c", fmt, UINT_MAX)
#define LONGS(fmt)	ROWN("a", fmt, 0L) ROWN("b", fmt, -1L)				\
			ROWN("c", fmt, LONG_MIN) ROWN("d", fmt, LONG_MAX)
#define ULONGS(fmt)	ROWN("a", fmt, 0UL) ROWN("b", fmt, 0xdeadbeefUL) ROWN("c", fmt, ULONG_MAX)
#define LLONGS(fmt)	ROWN("a", fmt, 0LL) ROWN("b", fmt, -7LL)			\
			ROWN("c", fmt, LLONG_MIN) ROWN("d", fmt, LLONG_MAX)
#define ULLONGS(fmt)	ROWN("a", fmt, 0ULL) ROWN("b", fmt, 1ULL << 40) ROWN("c", fmt, ULLONG_MAX)

static noinline void rows_ints(void)
{
#include "equal_ints.inc"
}

static noinline void rows_longs(void)
{
#include "equal_longs.inc"
}

static noinline void rows_strings(void)
{
#include "equal_strings.inc"
}

static noinline void rows_pointers(void)
{
#include "equal_pointers.inc"
}

static noinline void rows_net(void)
{
#include "equal_net.inc"
}

static noinline void rows_structs(void)
{
#include "equal_structs.inc"
}

static noinline void rows_odd(void)
{
/* What the compiler would warn about: the kernel's printf has its own idea of it. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#include "equal_odd.inc"
#pragma GCC diagnostic pop
}

static noinline void rows_mixed(void)
{
#include "equal_mixed.inc"
}

static noinline __printf(1, 2) void rows_nested(const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
#include "equal_nested.inc"
	va_end(args);
}

void EQUAL_FIRE(void)
{
	rows_ints();
	rows_longs();
	rows_strings();
	rows_pointers();
	rows_net();
	rows_structs();
	rows_odd();
	rows_mixed();
	rows_nested("nested %d %s %5.2s <%pM>", -3, equal.word, equal.phrase, equal.mac);
}
