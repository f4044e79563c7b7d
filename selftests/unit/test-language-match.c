// SPDX-License-Identifier: GPL-2.0-only
/* The control language: what a query's pairs of words are read as. */
#include "language.h"

static bool keywords(void)
{
	EXPECT(takes("module m func f file d/f.c class C format 'a b' label l line 3-9 +p"));
	EXPECT(is(cmd.match.module, "m") && is(cmd.match.function, "f"));
	EXPECT(is(cmd.match.file, "d/f.c") && is(cmd.match.class, "C"));
	EXPECT(is(cmd.match.format, "a b") && is(cmd.match.label, "l"));
	EXPECT(cmd.match.first_line == 3 && cmd.match.last_line == 9 && !cmd.device);
	EXPECT(takes("+p") && !cmd.match.module && !cmd.match.function && !cmd.match.file);
	EXPECT(!cmd.match.class && !cmd.match.format && !cmd.match.label);
	EXPECT(!cmd.match.first_line && !cmd.match.last_line && !cmd.name);
	/* a value may read like a keyword, and empty ones are values */
	EXPECT(takes("func module module func +p") && is(cmd.match.module, "func"));
	EXPECT(takes("func '' module \"\" class '' label '' format '' file '' +p"));
	EXPECT(is(cmd.match.function, "") && is(cmd.match.file, ""));
	return true;
}

static bool unknown_keywords(void)
{
	static const char * const unknown[] = {
		"funk", "Func", "function", "fil", "filename", "lines", "classes", "labels",
		"devices", "open",
		"func=", "",
	};
	char s[64], why[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		snprintf(s, sizeof(s), "module m '%s' f +p", unknown[i]);
		snprintf(why, sizeof(why), "unknown keyword \"%s\"", unknown[i]);
		EXPECT(refused(s, why) && cmd.verb == DD_QUERY);
	}
	return true;
}

static bool missing_values(void)
{
	EXPECT(refused("func +p", "pairs"));
	EXPECT(refused("func a module +p", "\"+p\""));
	EXPECT(refused("func a b +p", "\"+p\""));
	EXPECT(refused("func a", "\"a\"")); /* the last word is the flags, as stock has it */
	EXPECT(refused("func", "\"func\""));
	EXPECT(refused("func a +p +m", "pairs"));
	return true;
}

static bool twice(void)
{
	static const char * const keys[] = {
		"func", "file", "module", "format", "class", "label", "device",
	};
	char s[64], why[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		snprintf(s, sizeof(s), "%s aa %s bb +T:x", keys[i], keys[i]);
		snprintf(why, sizeof(why), "%s overridden by \"bb\"", keys[i]);
		EXPECT(refused(s, why));
		/* stock does not mind that they are the same, or empty */
		snprintf(s, sizeof(s), "%s aa %s aa +T:x", keys[i], keys[i]);
		EXPECT(refused(s, "\"aa\""));
	}
	EXPECT(refused("func '' func b +p", "\"b\""));
	EXPECT(refused("line 1 line 22 +p", "line used 2x, now \"22\""));
	EXPECT(refused("line -3 line 22 +p", "\"22\""));
	EXPECT(refused("line 1 file f:22 +p", "\"22\""));
	EXPECT(refused("file f:1 line 22- +p", "\"22-\""));
	EXPECT(refused("file f:g func h +p", "func overridden by \"h\""));
	EXPECT(refused("func h file f:g +p", "func overridden by \"g\""));
	EXPECT(refused("file f:g file h +p", "file overridden by \"h\""));
	/* as stock: a line of 0 is no limit, and one may follow */
	EXPECT(takes("line 0 line 5 +p") && cmd.match.first_line == 5);
	EXPECT(takes("line '' file f:5 +p") && cmd.match.last_line == 5);
	/* the reason has the format as it was written */
	EXPECT(refused("format a\\nb format c\\nd +p", "\"c\\nd\""));
	return true;
}

static bool escapes(void)
{
	static const struct { const char *s, *format; } all[] = {
		{ "a\\nb", "a\nb" }, { "a\\tb", "a\tb" }, { "a\\rb\\vc\\fd", "a\rb\vc\fd" },
		{ "a\\\"b", "a\"b" }, { "a\\\\nb", "a\\nb" }, { "\\a\\e", "\a\033" },
		{ "\\040", " " }, { "\\40x", " x" }, { "\\7x", "\ax" }, { "\\1234", "S4" },
		{ "\\400", " 0" }, { "\\377", "\377" }, { "a\\000b", "a" }, { "\\8", "\\8" },
		{ "\\x41", "\\x41" }, { "\\q\\'", "\\q\\'" }, { "a\\", "a\\" },
	};
	char s[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(s, sizeof(s), "format %s +p", all[i].s);
		EXPECT(takes(s) && is(cmd.match.format, all[i].format));
	}
	EXPECT(takes("format 'say \\\"x\\\" \\' +p") && is(cmd.match.format, "say \"x\" \\"));
	/* of the format only */
	EXPECT(takes("func a\\tb file c\\tb module d\\tb class e\\tb label f\\tb +p"));
	EXPECT(is(cmd.match.function, "a\\tb") && is(cmd.match.file, "c\\tb"));
	EXPECT(is(cmd.match.module, "d\\tb") && is(cmd.match.class, "e\\tb"));
	EXPECT(is(cmd.match.label, "f\\tb"));
	return true;
}

static const struct { const char *s; unsigned int first, last; } lines_good[] = {
	{ "7", 7, 7 }, { "3-9", 3, 9 }, { "3-3", 3, 3 }, { "3-", 3, UINT_MAX }, { "-9", 0, 9 },
	{ "-", 0, UINT_MAX }, { "0", 0, 0 }, { "", 0, 0 }, { "0-0", 0, UINT_MAX },
	{ "5-0", 5, UINT_MAX }, { "0-9", 0, 9 }, { "007", 7, 7 }, { "+7", 7, 7 }, { "+3-+9", 3, 9 },
	{ "4294967295", UINT_MAX, UINT_MAX }, { "1-4294967295", 1, UINT_MAX },
};

static const struct { const char *s, *why; } lines_bad[] = {
	{ "9-3", "last-line:3 < 1st-line:9" }, { "2-1", "last-line:1 < 1st-line:2" },
	{ "x", "bad line-number: x" }, { "7x", "bad line-number: 7x" },
	{ "3-9x", "bad line-number: 9x" }, { "x-9", "bad line-number: x" },
	{ "3-9-", "bad line-number: 9-" }, { "--9", "bad line-number: -9" },
	{ "3--", "bad line-number: -" }, { "0x10", "bad line-number: 0x10" },
	{ "4294967296", "bad line-number: 4294967296" },
	{ "1-4294967296", "bad line-number: 4294967296" },
	{ "99999999999999999999", "bad line-number: 99999999999999999999" },
	{ "++7", "bad line-number: ++7" }, { "3 ", "bad line-number: 3 " },
	{ " 3", "line-number:  3" },
	{ "+", "bad line-number: +" }, { "3:4", "bad line-number: 3:4" },
};

static bool lines(void)
{
	char s[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines_good); i++) {
		snprintf(s, sizeof(s), "line '%s' +p", lines_good[i].s);
		EXPECT(takes(s) && cmd.match.first_line == lines_good[i].first);
		EXPECT(cmd.match.last_line == lines_good[i].last);
	}
	for (i = 0; i < ARRAY_SIZE(lines_bad); i++) {
		snprintf(s, sizeof(s), "line '%s' +p", lines_bad[i].s);
		EXPECT(refused(s, lines_bad[i].why));
	}
	return true;
}

/* "file NAME:LINES" */
static bool file_with_lines(void)
{
	char s[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines_good); i++) {
		snprintf(s, sizeof(s), "file 'f.c:%s' +p", lines_good[i].s);
		EXPECT(takes(s) && is(cmd.match.file, "f.c") && !cmd.match.function);
		EXPECT(cmd.match.first_line == lines_good[i].first);
		EXPECT(cmd.match.last_line == lines_good[i].last);
	}
	for (i = 0; i < ARRAY_SIZE(lines_bad); i++) {
		if (isalpha(*lines_bad[i].s))
			continue;
		snprintf(s, sizeof(s), "file 'f.c:%s' +p", lines_bad[i].s);
		EXPECT(refused(s, lines_bad[i].why));
	}
	return true;
}

/* "file NAME:FUNCTION" */
static bool file_with_function(void)
{
	static const char * const functions[] = {
		"fun", "fun*", "*fun", "?un", "Fun", "x9", "\xe4", "*", "f:g",
	};
	char s[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		snprintf(s, sizeof(s), "file d/f.c:%s +p", functions[i]);
		EXPECT(takes(s) && is(cmd.match.file, "d/f.c"));
		EXPECT(is(cmd.match.function, functions[i]) && !cmd.match.last_line);
	}
	EXPECT(takes("file :f +p") && is(cmd.match.file, "") && is(cmd.match.function, "f"));
	/* as stock: what begins otherwise is a line */
	EXPECT(refused("file f.c:_fun +p", "bad line-number: _fun"));
	EXPECT(refused("file f.c:[a] +p", "bad line-number: [a]"));
	return true;
}

static const struct ktap_case cases[] = {
	{ "keywords", keywords },
	{ "unknown keywords", unknown_keywords },
	{ "values missing", missing_values },
	{ "the same keyword twice", twice },
	{ "escapes in a format", escapes },
	{ "lines", lines },
	{ "file with lines", file_with_lines },
	{ "file with a function", file_with_function },
};

KTAP_MAIN(cases)
