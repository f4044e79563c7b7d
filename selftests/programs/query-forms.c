// SPDX-License-Identifier: GPL-2.0-only
/* The forms of query, in the order of the kernel's document; see gen-queries.c. */
#include <stdio.h>
#include <string.h>
#include "query-forms.h"

static void func(struct query *q, unsigned int round)
{
	char word[WORD];

	glob(word, any_site()->func);
	add(q, "func %s ", round % 3 ? word : any_site()->func);
	flags(q);
}

static void file(struct query *q, unsigned int round)
{
	const struct site *s = any_site();
	char word[WORD];

	switch (round % 5) {
	case 0:
		add(q, "file %s ", s->file);
		break;
	case 1:
		add(q, "file %s ", base(s));
		break;
	case 2:
		add(q, "file %.*s* ", (int)(base(s) - s->file), s->file);
		break;
	case 3:
		glob(word, base(s));
		add(q, "file %s ", word);
		break;
	case 4:
		glob(word, s->file);
		add(q, "file %s ", word);
		break;
	}
	flags(q);
}

static void file_tail(struct query *q, unsigned int round)
{
	const struct site *s = any_site();
	char word[WORD];

	glob(word, s->func);
	add(q, "file %s:", round % 2 ? s->file : base(s));
	switch (round % 9) {
	case 0:
		add(q, "%s", s->func);
		break;
	case 1:
		add(q, "%s", word);
		break;
	case 2:
		add(q, "%d", s->line);
		break;
	case 3:
		add(q, "%d-%d", s->line - rnd(50) % s->line, s->line + rnd(50));
		break;
	case 4:
		add(q, "-%d", s->line);
		break;
	case 5:
		add(q, "%d-", s->line);
		break;
	case 6:
		add(q, "*");
		break;
	case 7:
		break;
	case 8:
		add(q, "_%s", s->func); /* neither letter nor number */
		break;
	}
	add(q, " ");
	flags(q);
}

static void module(struct query *q, unsigned int round)
{
	const struct site *s = any_site();
	char word[WORD];

	snprintf(word, WORD, "%s", s->module);
	if (round % 3 == 1)
		glob(word, s->module);
	if (round % 3 == 2 && strchr(word, '_'))
		*strchr(word, '_') = '-';
	add(q, "module %s ", word);
	flags(q);
}

static void format(struct query *q, unsigned int round)
{
	const struct site *s = any_site();
	char word[WORD];

	switch (round % 5) {
	case 0:
		piece(word, s, " \\%,;\"'#");
		add(q, "format %s ", *word ? word : "a");
		break;
	case 1:
		piece(word, s, "\\%;\"");
		add(q, "format \"%s\" ", word);
		break;
	case 2:
		piece(word, s, "\\%;'");
		add(q, "format '%s' ", word);
		break;
	case 3:
		add(q, "format \"^%.*s\" ", (int)strcspn(s->format, "\\%;\""), s->format);
		break;
	case 4:
		piece(word, s, "\\%;\"'#");
		add(q, "format ");
		for (char *p = word; *p; p++)
			add(q, *p == ' ' ? "\\040" : rnd(4) ? "%c" : "\\%03o", *p);
		add(q, *word ? " " : "x ");
		break;
	}
	flags(q);
}

static void format_odd(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"\"\"", "''", "^", "\"^\"", "\\n", "\\\\", "a\\", "\\8", "\\x41", "\\e", "\\\"",
		"'\"'", "\"'\"", "a\"b", "message\\040", "\"message %d\"", "\"message %d\\n\"",
		"\" \"", "\"\t\"", "%d", "%s:", "a,b", "\"a, \"", ",", "\"#\"", "x#y", "^^", "*",
		"mess?ge", "^pr\\040", "\\040%d", "\\0", "\\000a", "\\1234", "message)", "(",
	};

	add(q, "format ");
	IN_TURN(q, round, all);
	add(q, " ");
	flags(q);
}

static void class(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"DDT_CORE", "DDT_KMS", "DDT_LOW", "DDT_HIGH", "DDT_*", "DRM_UT_KMS", "DRM_UT_*",
		"JUNK", "\"\"", "DDT_KM?", "ddt_kms", "DDT_ATOMIC module dyndbg_test_class",
		"DDT_ATOMIC module drm*", "DDT_MID func fire_*", "DDT_ATOMIC line 1-",
		"DDT_KMS format ^kms", "DDT_KMS format ^core", "DDT_KMS file dyndbg_test_class.c",
	};

	add(q, "class ");
	IN_TURN(q, round, all);
	add(q, " %s", round % 2 ? "+p" : "=");
	if (round % 2 == 0)
		add(q, "%c%c", "mfltp"[rnd(5)], "mflt_"[rnd(5)]);
}

static void line(struct query *q, unsigned int round)
{
	static const char * const odd[] = {
		"-", "0", "0-0", "00012", "+5", "+5-+9", "9-3", "4294967296", "4294967295", "-0",
		"x", "5-x", "5--6", "\"\"", "1 - 30", "1 -30", "1-2-3", "0x10", "1-0x10",
		"1000-4294967296", "5-5", "1-1", " 7", "18446744073709551617",
	};
	const struct site *s = any_site();

	if (round >= 12) {
		add(q, "module %s line ", s->module);
		IN_TURN(q, round - 12, odd);
		add(q, " ");
		flags(q);
		return;
	}
	if (round % 2)
		add(q, "file %s ", base(s));
	switch (round % 4) {
	case 0:
		add(q, "line %d ", s->line);
		break;
	case 1:
		add(q, "line %d-%d ", s->line - rnd(60) % s->line, s->line + rnd(60));
		break;
	case 2:
		add(q, "line -%d ", s->line);
		break;
	case 3:
		add(q, "line %d- ", s->line);
		break;
	}
	flags(q);
}

static void flags_alone(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"+p", "-p", "=_", "+mf", "-fslmpt", "-fslmptd", "-flmpt", "=", "+", "-", "+_",
		"-_", "=__", "+mm", "=mflt", "+s", "+d", "-d", "=s", "-pmflt_",
	};

	IN_TURN(q, round, all);
}

/* Two to four different keywords of one site, in any order */
static void several(struct query *q, unsigned int round)
{
	const struct site *s = any_site();
	unsigned int n = 2 + round % 3, k = rnd(5), step = 1 + rnd(4);
	char word[WORD];

	for (; n; n--, k += step) {
		switch (k % 5) {
		case 0:
			add(q, "func %.*s* ", 1 + rnd(6), s->func);
			break;
		case 1:
			add(q, "file %s ", rnd(2) ? s->file : base(s));
			break;
		case 2:
			add(q, "module %s ", s->module);
			break;
		case 3:
			add(q, "line %d-%d ", s->line - rnd(90) % s->line, s->line + rnd(90));
			break;
		case 4:
			piece(word, s, "\\%;\"");
			add(q, "format \"%s\" ", word);
			break;
		}
	}
	flags(q);
}

static void one_of_many(struct query *q)
{
	static void (* const makes[])(struct query *, unsigned int) = {
		func, file, file_tail, module, format, line, several,
	};

	makes[rnd(ARRAY_SIZE(makes))](q, rnd(12));
}

static void batch(struct query *q, unsigned int round)
{
	static const char * const between[] = {
		";", "\n", "; ", " ;", ";;", "\n\n", " \n ; \n", "\n# comment\n", " # comment\n",
		"; #\n", "\t;\t", "\r\n", "; bad;", "; func +p\n", "\nfunc a b c\n", "; +x;",
		"\n=p+m\n",
	};
	unsigned int n = 2 + rnd(4);

	if (round % 4 == 3)
		add(q, "%s", between[rnd(12)]);
	while (n--) {
		one_of_many(q);
		if (n || round % 3 == 2)
			IN_TURN(q, n ? rnd(99) : round, between);
	}
}

const struct form forms[] = {
	{ "func", 45, func },
	{ "file", 45, file },
	{ "file-tail", 45, file_tail },
	{ "module", 30, module },
	{ "format", 50, format },
	{ "format-odd", 36, format_odd },
	{ "class", 36, class },
	{ "line", 36, line },
	{ "flags-alone", 20, flags_alone },
	{ "several", 48, several },
	{ "batch", 60, batch },
	{ "blanks", 16, make_blanks },
	{ "quotes", 23, make_quotes },
	{ "comments", 16, make_comments },
	{ "wrong", 53, make_wrong },
	{ "matches-nothing", 19, make_matches_nothing },
	{ "lengths", 20, make_lengths },
	{ "nul", 8, make_nul },
	{ "new-flags", 4, make_new_flags },
	{ "new-commands", 2, make_new_commands },
	{ "new-matches", 2, make_new_matches },
	{ "new-percent", 3, make_new_percent },
	{ "new-comma", 4, make_new_comma },
	{ "new-pairs", 2, make_new_pairs },
	{ "new-quoted", 2, make_new_quoted },
	{ "comment-ends", 2, make_new_comment },
	{ NULL, 0, NULL }
};
