// SPDX-License-Identifier: GPL-2.0-only
/* The control language: open and close, names, sizes and clocks. */
#include "language.h"

static bool open_close(void)
{
	begin("open foo\nopen bar size=4M clock=boot;open b clock=mono size=512K%open 0;close foo");
	EXPECT(next() == 1 && cmd.verb == DD_OPEN && is(cmd.name, "foo"));
	EXPECT(!cmd.size && !cmd.clock && !cmd.device && !cmd.flags.op);
	EXPECT(next() == 1 && cmd.verb == DD_OPEN && is(cmd.name, "bar"));
	EXPECT(cmd.size == 4 << 20 && is(cmd.clock, "boot"));
	EXPECT(next() == 1 && is(cmd.name, "b") && cmd.size == 512 << 10 && is(cmd.clock, "mono"));
	EXPECT(next() == 1 && is(cmd.name, "0") && cmd.verb == DD_OPEN);
	EXPECT(next() == 1 && cmd.verb == DD_CLOSE && is(cmd.name, "foo"));
	EXPECT(next() == 0);
	/* words like any other elsewhere */
	EXPECT(takes("func open +p") && cmd.verb == DD_QUERY);
	EXPECT(takes("module close func close =_") && cmd.verb == DD_QUERY);
	EXPECT(refused("Open a", "flag-op") && cmd.verb == DD_QUERY);
	return true;
}

static bool missing_and_surplus(void)
{
	EXPECT(refused("open", "expecting a name") && cmd.verb == DD_OPEN);
	EXPECT(refused("close", "expecting a name") && cmd.verb == DD_CLOSE);
	EXPECT(refused("close a bb", "\"bb\"") && cmd.verb == DD_CLOSE);
	EXPECT(refused("open a bb", "\"bb\"") && cmd.verb == DD_OPEN);
	EXPECT(refused("open a +p", "\"+p\""));
	EXPECT(refused("open a size=1 colour=red", "\"colour=red\""));
	EXPECT(refused("open a Size=1", "\"Size=1\""));
	EXPECT(refused("open a size 1", "\"size\""));
	return true;
}

static bool names(void)
{
	static const char * const bad[] = {
		"a/b", "a.b", "a-b", "..", "a:b", "\xe4", "a b", "*", "a\x7f", "events$",
	};
	char name[80], s[100];
	size_t i;
	int c;

	memset(name, 'n', sizeof(name));
	name[63] = '\0';
	snprintf(s, sizeof(s), "open %s", name);
	EXPECT(dd_name_valid(name) && takes(s) && is(cmd.name, name));
	name[63] = 'n';
	name[64] = '\0';
	snprintf(s, sizeof(s), "open %s", name);
	EXPECT(!dd_name_valid(name) && refused(s, name) && cmd.verb == DD_OPEN);
	EXPECT(dd_name_valid("a") && dd_name_valid("00") && dd_name_valid("_") &&
	       dd_name_valid("1"));
	EXPECT(!dd_name_valid("") && !dd_name_valid("0"));
	EXPECT(refused("open ''", "\"\""));
	for (c = 1; c < 256; c++) {
		name[0] = c;
		name[1] = '\0';
		EXPECT(dd_name_valid(name) == !!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
						       "abcdefghijklmnopqrstuvwxyz123456789", c));
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(s, sizeof(s), "open '%s'", bad[i]);
		EXPECT(!dd_name_valid(bad[i]) && refused(s, bad[i]));
	}
	return true;
}

static bool sizes(void)
{
	static const struct { const char *s; u64 size; } good[] = {
		{ "1", 1 }, { "4096", 4096 }, { "1K", 1024 }, { "7k", 7 << 10 }, { "3M", 3 << 20 },
		{ "5m", 5 << 20 }, { "0012", 12 }, { "1048576M", 1ULL << 40 },
		{ "1073741824K", 1ULL << 40 }, { "1099511627776", 1ULL << 40 },
	};
	static const char * const bad[] = {
		"", "0", "0K", "0M", "4G", "1KB", "1MK", "M", "K1", "-1", "+1", "0x10", "1.5M",
		"1 ", "1048577M", "1073741825K", "1099511627777", "18446744073709551616",
		"18446744073709551617", "17592186044416M", "17592186044417M", "18014398509481984K",
		"99999999999999999999", "99999999999999999999999999999999",
	};
	char s[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		snprintf(s, sizeof(s), "open a size=%s", good[i].s);
		EXPECT(takes(s) && cmd.size == good[i].size);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(s, sizeof(s), "open a 'size=%s'", bad[i]);
		EXPECT(refused(s, bad[i]) && strstr(s, "size") && cmd.verb == DD_OPEN);
	}
	EXPECT(refused("open a size=1 size=2", "size= used 2x"));
	return true;
}

static bool clocks(void)
{
	EXPECT(takes("open a clock=x86-tsc") && is(cmd.clock, "x86-tsc") && !cmd.size);
	EXPECT(refused("open a clock=", "\"clock=\""));
	EXPECT(refused("open a clock", "\"clock\""));
	EXPECT(refused("open a clock=mono clock=boot", "clock= used 2x"));
	return true;
}

static bool global_buffer(void)
{
	EXPECT(takes("open 0") && is(cmd.name, "0"));
	EXPECT(refused("open 0 size=1M", "\"size=1M\""));
	EXPECT(refused("open 0 clock=mono", "\"clock=mono\""));
	EXPECT(takes("open 00 size=1M") && is(cmd.name, "00"));
	/* not for the parser to say that it is not open */
	EXPECT(takes("close 0") && takes("close a/b") && is(cmd.name, "a/b"));
	return true;
}

static const struct ktap_case cases[] = {
	{ "open and close", open_close },
	{ "words missing, unknown or too many", missing_and_surplus },
	{ "names", names },
	{ "size=", sizes },
	{ "clock=", clocks },
	{ "the global buffer", global_buffer },
};

KTAP_MAIN(cases)
