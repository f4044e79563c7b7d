// SPDX-License-Identifier: GPL-2.0-only
/* Shapes: bytes and texts that were cut, and bytes that nobody packed. */
#include "shape.h"

/* @full begins with what is in @have. */
static bool begins(const char *full, unsigned int n)
{
	return n <= strlen(full) && !memcmp(full, have, n) && strlen(have) == n;
}

/*
 * At every size of the bytes: nothing behind them is touched (the sanitizer watches), "cut" says
 * when not all are there, and the text then is the beginning of the whole, and says so, too.
 * Never less of it than with a byte less.
 */
__attribute__((format(printf, 1, 2)))
static bool at_every_size(const char *fmt, ...)
{
	char full[sizeof(have)];
	unsigned int all, size, n, before = 0;
	va_list args, again;
	bool short_of, ok = true;

	va_start(args, fmt);
	va_copy(again, args);
	ok = pack_into(sizeof(bytes), fmt, &again) && !cut;
	va_end(again);
	all = n_bytes;
	print_into(sizeof(have), fmt, all, &short_of);
	strcpy(full, have);
	for (size = 0; ok && size <= all + 1; size++) {
		va_copy(again, args);
		ok = pack_into(size, fmt, &again) && cut == (size < all);
		va_end(again);
		n = print_into(sizeof(have), fmt, n_bytes, &short_of);
		ok = ok && short_of == cut && begins(full, n) && n >= before &&
		     (cut || n == strlen(full));
		before = n;
		if (!ok)
			printf("# '%s' in %u bytes: '%s'\n", fmt, size, have);
	}
	va_end(args);
	return ok;
}

static bool bytes_cut(void)
{
	EXPECT(at_every_size("plain\n"));
	EXPECT(at_every_size("%d and %ld, %c\n", 1, 2L, 'c'));
	EXPECT(at_every_size("%s\n", "text"));
	EXPECT(at_every_size("%s updated from %s to %s\n", "DP-1", "connected", "disconnected"));
	EXPECT(at_every_size("[%d:%s] %.3s %.*s\n", 1, "DP-1", "abcdef", 2, "abcdef"));
	EXPECT(at_every_size("%*d|%-*.*d|\n", 5, 1, 9, 3, 7));
	EXPECT(at_every_size("%d\n%s%s%s", 1, "", "", ""));
	EXPECT(at_every_size("%p %s %d\n", (void *)0x1234, "s", 7));
	EXPECT(at_every_size("at %pS: %d\n", (void *)0x1234, 7));
	EXPECT(at_every_size("%*phD%s\n", 8, (void *)0x1234, "s"));
	return true;
}

/* Less room for the text than it needs. */
static bool texts_cut(void)
{
	static const char fmt[] = "%5d%% [%s] %-6lx|%c%.2s\n";
	const char *full = "    7% [text] 1f    |cab\n";
	unsigned int size, n, len = strlen(full);
	bool short_of;

	EXPECT(gives(full, fmt, 7, "text", 0x1fL, 'c', "abc"));
	for (size = 1; size <= len + 2; size++) {
		n = print_into(size, fmt, n_bytes, &short_of);
		EXPECT(n == (size <= len ? size - 1 : len) && short_of == (size <= len));
		EXPECT(begins(full, n));
	}
	return true;
}

/* The bytes end too early, wherever that is. */
static bool short_bytes(void)
{
	static const char fmt[] = "a %d b %s c %ld d %*.*d e %p";
	unsigned int i, n, before = 0, all;
	char full[100];
	bool short_of;

	EXPECT(gives("a 1 b two c 3 d    04 e 0000000000000005", fmt, 1, "two", 3L, 5, 2, 4,
		     (void *)5));
	strcpy(full, have);
	all = n_bytes;
	for (i = 0; i < all; i++) {
		n = print_into(sizeof(have), fmt, i, &short_of);
		EXPECT(short_of && begins(full, n) && n >= before);
		before = n;
	}
	return true;
}

/* Any bytes, any length: within bounds, and a text. */
static bool random_bytes(void)
{
	static const char * const fmts[] = {
		"%s", "%d %s %s", "%*d", "%.*d", "%*.*s", "%-*.*llx", "%c%c%c", "%pS %s", "%pe%p%px",
		"%*c", "%hhd%hd%ld%lld%zu", "%.3s|%10s|%-10s", "%*pe", "%d%%%d", "%n", "%5%", "%",
	};
	unsigned int seed = 1, i, j, len, size;
	bool short_of;

	for (i = 0; i < 200000; i++) {
		len = i % 40;
		size = 1 + i % 61;
		for (j = 0; j < len; j++) {
			seed = seed * 1103515245 + 12345;
			/* many that are small, or end a string */
			bytes[j] = seed >> 28 > 5 ? seed >> 20 : seed >> 27 & 1 ? 255 : 0;
		}
		EXPECT(print_into(size, fmts[i % ARRAY_SIZE(fmts)], len, &short_of) < size);
		EXPECT(memchr(have, '\0', size));
	}
	return true;
}

static void star(unsigned int at, int val)
{
	memcpy(bytes + at, &val, sizeof(val));
}

/* Widths and precisions as no kernel packed them: as good as the most that there can be. */
static bool hostile_stars(void)
{
	static const int some[] = { INT_MAX, INT_MIN, 1 << 23, -(1 << 23), 1 << 15, -(1 << 15) };
	unsigned int i, k;
	bool short_of;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		star(0, some[i]);
		star(4, 7);
		for (k = 0; k < 10000; k++)
			EXPECT(print_into(100, "%*d", 8, &short_of) == 99 && short_of);
		EXPECT(have[0] == (some[i] < 0 ? '7' : ' '));
		EXPECT(print_into(100, "%.*d", 8, &short_of) == (some[i] < 0 ? 1 : 99));
		EXPECT(short_of == (some[i] > 0));
		memcpy(bytes + 4, "abc", 4);
		EXPECT(print_into(100, "%.*s", 8, &short_of) == (some[i] < 0 ? 0 : 3) && !short_of);
	}
	return true;
}

/* A format in which many conversions are that take nothing, and wide ones: no time is spent. */
static bool wide(void)
{
	struct dd_op ops[DD_OPS_MAX];
	char fmt[2000] = "";
	bool short_of;
	int i;

	for (i = 0; i < 200; i++)
		strcat(fmt, "%32767s");
	memset(bytes, 0, sizeof(bytes));
	for (i = 0; i < 1000; i++)
		EXPECT(print_into(100, fmt, sizeof(bytes), &short_of) == 99 && short_of);
	EXPECT(dd_shape_make("%32767s%.32767d", ops, DD_OPS_MAX) == 2);
	EXPECT(dd_shape_make("%32768s", ops, DD_OPS_MAX) < 0);
	EXPECT(dd_shape_make("%.2147483647d", ops, DD_OPS_MAX) < 0);
	EXPECT(print_into(100, "a%2147483647sb", sizeof(bytes), &short_of) == 1);
	return true;
}

static const struct ktap_case cases[] = {
	{ "bytes that were cut", bytes_cut },
	{ "texts that were cut", texts_cut },
	{ "bytes that end early", short_bytes },
	{ "random bytes", random_bytes },
	{ "stars that nobody packed", hostile_stars },
	{ "width without end", wide },
};

KTAP_MAIN(cases)
