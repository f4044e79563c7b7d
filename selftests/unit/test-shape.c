// SPDX-License-Identifier: GPL-2.0-only
/* Shapes: every conversion into bytes and into text again. */
#include <stddef.h>

#include "shape.h"

static bool literals(void)
{
	EXPECT(as_libc("plain"));
	EXPECT(n_bytes == 0);
	EXPECT(gives("", "%s", ""));
	EXPECT(as_libc("100%% of %d%%\n", 5) && n_bytes == 4);
	EXPECT(as_libc("%%%%%s%%", "d"));
	EXPECT(as_libc("%%d %d %%s", 1));
	EXPECT(as_libc("\xe4\xff%d\xc3\xa9", 1));
	return true;
}

static bool integers(void)
{
	static const int some[] = { 0, 1, -1, 7, 8, 255, 256, -129, 32768, 65535, INT_MAX, INT_MIN };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		int v = some[i];

		EXPECT(as_libc("%d %i %u %x %X %o", v, v, v, v, v, v) && n_bytes == 24);
		EXPECT(as_libc("%hd %hu %hx %ho", (short)v, (unsigned short)v, (unsigned short)v,
			       (unsigned short)v));
		EXPECT(as_libc("%hhd %hhu %hhX", (signed char)v, (unsigned char)v, (unsigned char)v) && n_bytes == 12);
		EXPECT(as_libc("%5d|%-5d|%05d|%+d|% d|%+5d|%-+5d|", v, v, v, v, v, v, v));
		EXPECT(as_libc("%.3d|%8.3d|%-8.3u|%.0x", v, v, v, v | 1));
		EXPECT(as_libc("%#x %#X %#010x %#o %-#8x|", v | 1, v | 1, v | 1, v, v | 1));
		EXPECT(as_libc("%08x%3u%-3u%03u", v, v, v, v));
	}
	EXPECT(gives("-1 255", "%hhd %hhu", 0x1ff, 0x1ff));
	EXPECT(gives("-1 65535", "%hd %hu", 0x1ffff, 0x1ffff));
	return true;
}

static bool longs(void)
{
	static const long some[] = { 0, 1, -1, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, 1L << 32 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		long v = some[i];

		EXPECT(as_libc("%ld %lu %lx", v, v, v) && n_bytes == 3 * 8);
		EXPECT(as_libc("%lld %llu %llX %llo", (long long)v, (long long)v, (long long)v,
			       (long long)v));
		EXPECT(as_libc("%zu %zd %zx %td", (size_t)v, (ssize_t)v, (size_t)v, (ptrdiff_t)v));
		EXPECT(as_libc("%20ld|%-20ld|%020ld", v, v, v));
	}
	EXPECT(gives("1 -1", "%Lu %Ld", 1LL, -1LL) && n_bytes == 16);
	EXPECT(as_libc("%d %ld %d %lld %hhd", 1, 2L, 3, 4LL, 5) && n_bytes == 3 * 4 + 2 * 8);
	return true;
}

static bool characters(void)
{
	EXPECT(as_libc("%c%c%c", 'a', 'b', 0xe4) && n_bytes == 12);
	EXPECT(as_libc("%3c|%-3c|", 'a', 'b'));
	EXPECT(gives("  a", "%*c", 3, 'a'));
	EXPECT(gives("a", "%c", 'a' + 0x100));
	EXPECT(gives("a", "%lc", 'a') && n_bytes == 4);
	return true;
}

static bool strings(void)
{
	EXPECT(as_libc("%s", "text") && n_bytes == 5);
	EXPECT(as_libc("%s-%s-%s", "", "a", "bc") && n_bytes == 6);
	EXPECT(as_libc("%10s|%-10s|%3s", "abcd", "abcd", "abcd"));
	EXPECT(as_libc("%.2s|%.0s|%5.2s|%-5.2s|%.9s", "abcd", "abcd", "abcd", "abcd", "abcd"));
	EXPECT(n_bytes == 3 + 1 + 3 + 3 + 5);
	EXPECT(as_libc("%s", "100%d %s %n"));
	EXPECT(gives("abcd", "%ls", "abcd"));
	EXPECT(gives("abcd", "%hs", "abcd"));
	return true;
}

static bool bad_strings(void)
{
	EXPECT(gives("(null)", "%s", NULL) && gives("(nu", "%.3s", NULL));
	EXPECT(gives("  (null)", "%8s", NULL));
	EXPECT(gives("(efault)", "%s", (char *)1) && gives("(efault)", "%s", (char *)4095));
	EXPECT(gives("(efault)", "%s", (char *)-1L) && gives("(efault)", "%s", (char *)-4095L));
	EXPECT(gives("(ef", "%.*s", 3, (char *)1));
	return true;
}

/* Nothing is read behind what may be printed: the strings do not end, the sanitizer watches. */
static bool unended_strings(void)
{
	char *three = malloc(3);

	memcpy(three, "abc", 3);
	EXPECT(as_libc("%.3s", three) && n_bytes == 4);
	EXPECT(as_libc("%.*s", 3, three) && n_bytes == 8);
	EXPECT(as_libc("%.1s%.2s%.3s", three, three, three));
	EXPECT(as_libc("%*.*s|", 6, 2, three));
	EXPECT(as_libc("%-6.*s|", 3, three));
	EXPECT(as_libc("%.*s", 0, three) && n_bytes == 5);
	free(three);
	EXPECT(gives("", "%.0s", ""));
	return true;
}

static bool stars(void)
{
	EXPECT(as_libc("%*d|%*d|%*d", 5, 1, -5, 1, 0, 1) && n_bytes == 24);
	EXPECT(as_libc("%.*d|%*.*d", 3, 7, 8, 3, 7) && n_bytes == 20);
	EXPECT(as_libc("%0*x", 8, 0xabcdef) && n_bytes == 8);
	EXPECT(as_libc("%*s|%-*s|%*.*s", 6, "ab", 6, "cd", 4, 1, "ef"));
	EXPECT(as_libc("%*ld %.*lx %*.*llu", 12, 1L, 12, 2L, 9, 4, 3LL));
	EXPECT(as_libc("%d%*d%d", 1, 2, 3, 4));
	/* a negative precision is none for libc, and nothing for the kernel */
	EXPECT(gives("", "%.*s", -1, "abc") && gives("1", "%.*d", -1, 1));
	EXPECT(gives("   ", "%3.*s", INT_MIN, "abc"));
	return true;
}

/* What they point to is the kernel's business; what is kept of them, here. */
static bool pointers(void)
{
	EXPECT(gives("0000000000001234", "%p", (void *)0x1234) && n_bytes == 8);
	EXPECT(gives("0000000000001234", "%px", (void *)0x1234) && n_bytes == 8);
	EXPECT(gives("0000000000001234 K", "%pK K", (void *)0x1234));
	EXPECT(gives("0000000000001234", "%pe", (void *)0x1234));
	EXPECT(gives("-ENOENT -EPROBE_DEFER", "%pe %pe", (void *)-2L, (void *)-517L));
	EXPECT(gives("-4000    -EIO|-EIO  |", "%pe%8pe|%-6pe|", (void *)-4000L, (void *)-5L,
		     (void *)-5L));
	EXPECT(gives("fffffffffffffffe", "%p", (void *)-2L));
	EXPECT(gives("0000000000000000", "%p", NULL));
	EXPECT(gives("    12|12    |", "%6p|%-6p|", (void *)0x12, (void *)0x12));
	EXPECT(gives("0x00000000000012", "%#p", (void *)0x12));
	EXPECT(gives("      12", "%*p", 8, (void *)0x12) && n_bytes == 12);
	return true;
}

/* Every other extension is text at once; libc's is the pointer and the letters. */
static bool extensions(void)
{
	char want[100];

	snprintf(want, sizeof(want), "%pS!", (void *)0x1234);
	EXPECT(gives("0x1234S!", "%pS!", (void *)0x1234) && n_bytes == strlen(want) + 2);
	EXPECT(gives("0x1234ISpc.", "%pISpc.", (void *)0x1234));
	EXPECT(gives("    0x12hD", "%*phD", 8, (void *)0x12) && n_bytes == 4 + 13);
	EXPECT(gives("0x12V 7 0x13d2", "%pV %d %pd2", (void *)0x12, 7, (void *)0x13));
	EXPECT(gives("  0x12f", "%*.*pf", 6, 0, (void *)0x12) && n_bytes == 8 + 10);
	EXPECT(gives("0x12f", "%.*pf", 0, (void *)0x12) && n_bytes == 4 + 8);
	/* as the kernel: letters of Latin-1, too */
	EXPECT(gives("0x12\xe4\xe4 x", "%p\xe4\xe4 x", (void *)0x12));
	EXPECT(gives("0000000000000012\xd7", "%p\xd7", (void *)0x12));
	return true;
}

/* Only conversions count, not letters; what cannot be looked into, or is not understood, may. */
static bool shown_pointers(void)
{
	EXPECT(dd_shape_shows_pointers("%px") && dd_shape_shows_pointers("at %-20px, %d"));
	EXPECT(dd_shape_shows_pointers("%s %pK") && dd_shape_shows_pointers("%d: %pV"));
	EXPECT(!dd_shape_shows_pointers("%d px") && !dd_shape_shows_pointers("pxp %s pK %%px"));
	EXPECT(!dd_shape_shows_pointers("%p %pe %pI4 %*ph") && !dd_shape_shows_pointers(""));
	EXPECT(dd_shape_shows_pointers("%y %px") && !dd_shape_shows_pointers("px %y %d"));
	return true;
}

static bool no_shape(void)
{
	static const char * const fmts[] = {
		"%n", "%f", "%e", "%g", "%a", "%jd", "%5%", "%-%", "%*%", "%l%", "%H", "%Hd", "%q",
		"%m", "%", "text %", "%5", "%.", "%*", "%l", "%lll", "%hhh", "%LLd", "%zzd", "%1$d",
		"%'d", "%ltd", "%d %n", "%v", "%C", "%S", "%D", "%d%\n", "%**d", "%.**d", "%*5d",
		"% ", "%I64d", "%\xe4",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fmts); i++) {
		if (!refused(fmts[i]))
			printf("# '%s'\n", fmts[i]);
		EXPECT(refused(fmts[i]));
	}
	return true;
}

/* The longest conversion that has a shape, and one more. */
static bool long_conversions(void)
{
	char fmt[DD_SPEC_MAX + 8];

	memset(fmt, '0', sizeof(fmt));
	fmt[0] = '%';
	strcpy(fmt + DD_SPEC_MAX - 2, "d");
	EXPECT(strlen(fmt) == DD_SPEC_MAX - 1 && gives("7", fmt, 7));
	strcpy(fmt + DD_SPEC_MAX - 2, "0d");
	EXPECT(refused(fmt));
	memset(fmt, 'a', sizeof(fmt));
	memcpy(fmt, "%p", 2);
	strcpy(fmt + DD_SPEC_MAX - 1, "");
	EXPECT(!refused(fmt));
	strcpy(fmt + DD_SPEC_MAX - 1, "a");
	EXPECT(refused(fmt));
	/* an extension of letters only, but no end: x and K and e as well */
	fmt[2] = 'x';
	EXPECT(refused(fmt));
	return true;
}

static bool many_conversions(void)
{
	char fmt[8 * DD_OPS_MAX] = "";
	struct dd_op ops[DD_OPS_MAX + 1];
	int i;

	for (i = 0; i < DD_OPS_MAX; i++)
		strcat(fmt, "%d");
	EXPECT(dd_shape_make(fmt, ops, DD_OPS_MAX) == DD_OPS_MAX);
	strcat(fmt, "%%");
	EXPECT(dd_shape_make(fmt, ops, DD_OPS_MAX) == DD_OPS_MAX);
	strcat(fmt, "%d");
	EXPECT(refused(fmt));
	for (i = 0, fmt[0] = '\0'; i < DD_OPS_MAX / 3; i++)
		strcat(fmt, "%*.*s");
	EXPECT(dd_shape_make(fmt, ops, DD_OPS_MAX) == DD_OPS_MAX / 3 * 3);
	strcat(fmt, "%*d");
	EXPECT(refused(fmt));
	EXPECT(dd_shape_make("%d", ops, 0) == -EINVAL && dd_shape_make("%*d", ops, 1) == -EINVAL);
	EXPECT(dd_shape_make("%*d", ops, 2) == 2 && dd_shape_make("d", ops, 0) == 0);
	return true;
}

static bool long_formats(void)
{
	char fmt[DD_FORMAT_MAX + 2];

	memset(fmt, 'a', sizeof(fmt));
	fmt[DD_FORMAT_MAX - 1] = '\0';
	memcpy(fmt + DD_FORMAT_MAX - 4, "%pS", 3);
	EXPECT(!refused(fmt));
	memset(fmt, 'a', sizeof(fmt));
	fmt[DD_FORMAT_MAX] = '\0';
	EXPECT(refused(fmt));
	return true;
}

static const struct ktap_case cases[] = {
	{ "literal text", literals },
	{ "integers", integers },
	{ "longs", longs },
	{ "characters", characters },
	{ "strings", strings },
	{ "strings that cannot be read", bad_strings },
	{ "strings that do not end", unended_strings },
	{ "stars", stars },
	{ "pointers", pointers },
	{ "pointers' extensions", extensions },
	{ "formats that may show pointers", shown_pointers },
	{ "no shape", no_shape },
	{ "long conversions", long_conversions },
	{ "many conversions", many_conversions },
	{ "long formats", long_formats },
};

KTAP_MAIN(cases)
