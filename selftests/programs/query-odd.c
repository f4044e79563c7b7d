// SPDX-License-Identifier: GPL-2.0-only
/* Queries that are written oddly, refused, or only for our modules; see gen-queries.c. */
#include <stdio.h>
#include <string.h>
#include "query-forms.h"

void make_blanks(struct query *q, unsigned int round)
{
	static const char * const all[] = { " ", "\t", "  ", " \t ", "\v", "\f", "\r", "\xa0" };
	const struct site *s = any_site();

	IN_TURN(q, round, all);
	add(q, "func%s%s%s", all[round % 8], s->func, all[rnd(8)]);
	add(q, "module%s%s%s", all[rnd(8)], s->module, all[rnd(8)]);
	flags(q);
	add(q, "%s", all[rnd(8)]);
}

void make_quotes(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"\"func\" \"%s\" \"+m\"", "'func' '%s' '+m'", "func \"%s\" +f", "func'%s' +f",
		"func \"%s\"+l", "\"func\"%s +l", "\"func\"\"%s\"\"=l\"", "func '%s\" +m",
		"func \"%s +m", "func %s \"+m", "func %s '", "\"\" %s +m", "func \"%s \" +m",
		"func \" %s\" +m", "func %s\"\" +m", "'func %s +m'", "\"func %s\" +m",
		"func %s \"\"", "func %s +m ''", "func \"%s; func %s +m",
		"func \"x; func %s +f\nfunc fire_dev +m", "func '%s +m; +f\n+x;func %s =l",
		"func 'a%% +p %s",
	};

	const char *name = any_site()->func;

	add(q, all[round % ARRAY_SIZE(all)], name, name);
}

void make_comments(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"#", "# func %s +m", "  # func %s +m", "func %s +m # comment", "func %s +m #",
		"func %s #c +m", "func %s +m#c", "func # %s +m", "#func %s +m\nfunc %s +f",
		"func %s +l # +m\n# +p\n+x", "format #x func %s +m", "func #%s +m",
		"func %s +m // comment", "// func %s +m", "func %s +m # \"",
		"# \" %s\nfunc %s +l",
	};
	const struct site *s = any_site();

	add(q, all[round % ARRAY_SIZE(all)], s->func, s->func);
}

void make_wrong(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"mode foo +p", "mod bar +foo", "func", "func a", "func a b", "func a b +p", "p",
		"pm", "*p", "~p", "+x", "+P", "+p+m", "+p-m", "=p=m", "+p +m", "+pm +",
		"func a +p func b", "+p func a", "func a func b +p", "file a file b +p",
		"module a module b +p", "format a format b +p", "class a class b +p",
		"line 1 line 2 +p", "file a:1 line 2 +p", "file a:f func g +p",
		"func g file a:f +p", "line 2 file a:1-3 +p", "FUNC a +p", "func= a +p",
		"func: a +p", "functions a +p", "fun a +p", "line +p", "format +p", "class +p",
		"module +p", "file +p", "a b c d e f g h +p", "a b +p", "func a module +p",
		"func a module b line c +p", "file a:9-3 +p", "file a:x- +p", "file a:1x +p",
		"func a module b file c line 1 format d func e +p", "+p\\n", "\\n", "+p\\040",
		"+ p", "func a + p", "=\"p\"",
	};

	IN_TURN(q, round, all);
}

void make_matches_nothing(struct query *q, unsigned int round)
{
	static const char * const all[] = {
		"func nosuch", "file nosuch.c", "module nosuch", "format nosuchtext", "func \"\"",
		"module \"\"", "file \"\"", "func *", "module *", "file *", "file */", "func ?",
		"module ??", "file a:1", "func [a-z]*", "func a|b", "module dyndbg-test",
		"func \xe4", "line 4000000000-",
	};

	IN_TURN(q, round, all);
	add(q, " ");
	flags(q);
}

void make_lengths(struct query *q, unsigned int round)
{
	static const char * const nothing[] = { "\n", " ", ";", "\n\n;;\n", "\t \n" };
	static const size_t sizes[] = { 4094, 4095, 4096, 4097, 8192, 16000 };
	char word[16];

	if (round == 0)
		return;
	if (round <= ARRAY_SIZE(nothing)) {
		add(q, "%s", nothing[round - 1]);
		return;
	}
	round -= ARRAY_SIZE(nothing) + 1;
	if (round < ARRAY_SIZE(sizes)) {
		add(q, "%*s", (int)sizes[round], "module dyndbg_test +m");
	} else if (round < 2 * ARRAY_SIZE(sizes)) {
		while (q->len + 24 < sizes[round - ARRAY_SIZE(sizes)])
			add(q, "func fire_%d +l;", rnd(100));
	} else {
		snprintf(word, sizeof(word), "%d", rnd(1000));
		add(q, "module dyndbg_test +f;func ");
		while (q->len < 4000)
			add(q, "%s", word);
		add(q, " +m");
	}
}

void make_nul(struct query *q, unsigned int round)
{
	static const char text[] = "func fire_pr +m\0; func fire_dev +m\0\n func fire_net +f";

	add_bytes(q, text + round * 2, sizeof(text) - 1 - round * 2);
}

#define NEW(name, ...)							\
void make_ ## name(struct query *q, unsigned int round)			\
{									\
	static const char * const all[] = { __VA_ARGS__ };		\
									\
	IN_TURN(q, round, all);						\
}

NEW(new_flags, "func fire_pr +T", "func fire_pr =:0", "func fire_pr +p:0", "func fire_pr +p.m")
NEW(new_commands, "open 0", "close nosuch")
NEW(new_matches, "label 0 +m", "module dyndbg_test label 0 =p")
NEW(new_percent, "func fire_pr +m%func fire_dev +f", "func fire_pr%x +m", "%")
NEW(new_comma, "func,fire_pr,+m", "func fire_pr, +m", ",", "format,a,+m")
NEW(new_pairs, "module * func * file * line 1- format \"\" +m",
    "class DDT_KMS module * func * file * line 1- format \"\" +m")
NEW(new_quoted, "format \"a;b\" +m", "func \"x; format \"dev\" +m")
NEW(new_comment, "func fire_pr +m # comment; func fire_dev +f", "# comment; here")
