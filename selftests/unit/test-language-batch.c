// SPDX-License-Identifier: GPL-2.0-only
/* The control language: a batch is cut into commands and words. */
#include "language.h"

/* The next command is a query for just this function, with just this flag. */
static bool query(const char *function, int bits)
{
	return next() == 1 && cmd.verb == DD_QUERY && is(cmd.match.function, function) &&
	       cmd.flags.bits == bits;
}

static bool ends_of_commands(void)
{
	begin("func a +p\nfunc b +m;func c +f%func d +l");
	EXPECT(query("a", DD_P) && query("b", DD_M) && query("c", DD_F) && query("d", DD_L));
	EXPECT(next() == 0 && next() == 0);
	/* right behind any word, also a key */
	begin("func;+p%+m");
	EXPECT(next() == -EINVAL && strstr(batch.err, "\"func\""));
	EXPECT(query(NULL, DD_P) && query(NULL, DD_M) && next() == 0);
	EXPECT(takes("+p;") && takes("+p%") && takes("+p\n"));
	return true;
}

static bool empty_commands(void)
{
	static const char * const nothing[] = {
		"", " ", "\n", ";", "%", ",", " ,\t;;%\n\n", "# +p", "#\n#;", " # a % b\n ; # c",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nothing); i++) {
		begin(nothing[i]);
		EXPECT(next() == 0 && next() == 0);
	}
	begin(";;\n%,func a +p;; %\n;func b +m ;\n");
	EXPECT(query("a", DD_P) && query("b", DD_M) && next() == 0);
	return true;
}

static bool blanks_and_commas(void)
{
	EXPECT(takes("func,a,+p") && is(cmd.match.function, "a"));
	EXPECT(takes(" ,, func\ta\v+p\f\r,") && is(cmd.match.function, "a"));
	EXPECT(takes("func a,module b,+p") && is(cmd.match.module, "b"));
	EXPECT(takes("open,a,size=1") && cmd.size == 1);
	return true;
}

static bool comments(void)
{
	begin("func a +p # +m, func b +m % func c +m\nfunc d +f");
	EXPECT(query("a", DD_P) && query("d", DD_F) && next() == 0);
	/* the stock parsers end it at ';', too, but not at '%' */
	begin("func a +p # x % func b +p; func c +p");
	EXPECT(query("a", DD_P) && query("c", DD_P) && next() == 0);
	begin("# it's \"one\n+p");
	EXPECT(next() == 1 && cmd.flags.bits == DD_P && next() == 0);
	/* only where a word could begin */
	EXPECT(takes("func a#b +p") && is(cmd.match.function, "a#b"));
	EXPECT(takes("func '#a' +p") && is(cmd.match.function, "#a"));
	EXPECT(refused("format # +p", "\"format\""));
	EXPECT(takes("func \"a\"+p#") == false && strstr(batch.err, "'#'"));
	EXPECT(takes("func +p #;\n") == false);
	return true;
}

static bool quotes(void)
{
	EXPECT(takes("func 'a b' +p") && is(cmd.match.function, "a b"));
	EXPECT(takes("func \"a b\" +p") && is(cmd.match.function, "a b"));
	EXPECT(takes("func 'a\"b' +p") && is(cmd.match.function, "a\"b"));
	EXPECT(takes("func \"a'b\" +p") && is(cmd.match.function, "a'b"));
	EXPECT(takes("func 'a;b%c,d#e' +p") && is(cmd.match.function, "a;b%c,d#e"));
	EXPECT(takes("func '' +p") && is(cmd.match.function, ""));
	EXPECT(takes("'func' \"a\" '+p'") && is(cmd.match.function, "a"));
	/* as stock: a quote within a word is none, a closed one ends the word, none escapes */
	EXPECT(takes("func a'b +p") && is(cmd.match.function, "a'b"));
	EXPECT(takes("func \"a\"+p") && is(cmd.match.function, "a"));
	EXPECT(takes("func 'a''+p'") && is(cmd.match.function, "a"));
	EXPECT(takes("func \"a\\\" +p") && is(cmd.match.function, "a\\"));
	return true;
}

/* The kernel passes a constant for "dyndbg" without a value. */
static bool constant(void)
{
	batch = (struct dd_batch){ .pos = (char *)"+p", .known_flags = DD_STOCK };
	EXPECT(next() == 1 && cmd.flags.bits == DD_P && next() == 0);
	return true;
}

static bool unclosed_quotes(void)
{
	EXPECT(refused("func \"a +p", "unclosed quote: a +p"));
	EXPECT(refused("func 'a\" +p", "unclosed quote: a\" +p"));
	EXPECT(refused("func a +p '", "unclosed quote: "));
	/* ends where the stock parsers cut, and no earlier */
	begin("func \"a +p; func b +m\nfunc \"c\" +f");
	EXPECT(next() == -EINVAL && query("b", DD_M) && query("c", DD_F) && next() == 0);
	begin("format \"100% +p");
	EXPECT(next() == -EINVAL && strstr(batch.err, "100% +p") && next() == 0);
	begin("'a");
	EXPECT(next() == -EINVAL && next() == 0);
	/* the caller can tell that it was an open or close, and stop */
	EXPECT(refused("open 'a", "unclosed") && cmd.verb == DD_OPEN);
	EXPECT(refused("close 'a", "unclosed") && cmd.verb == DD_CLOSE);
	EXPECT(refused("func 'a", "unclosed") && cmd.verb == DD_QUERY);
	EXPECT(refused("'open", "unclosed") && cmd.verb == DD_QUERY);
	return true;
}

/* What the older stock parsers take into a format value without quotes stays in it. */
static bool literal_formats(void)
{
	EXPECT(takes("format %d,x +p") && is(cmd.match.format, "%d,x"));
	EXPECT(takes("format ,%d\t+p") && is(cmd.match.format, ",%d"));
	EXPECT(takes("'format' a%b +p") && is(cmd.match.format, "a%b"));
	EXPECT(takes("func f format a,b%c module m +p") && is(cmd.match.format, "a,b%c"));
	begin("format a,b;+p\nformat a%b\n+m");
	EXPECT(next() == -EINVAL && next() == 1 && cmd.flags.bits == DD_P);
	EXPECT(next() == -EINVAL && next() == 1 && cmd.flags.bits == DD_M && !next());
	/* a comma before it: separators as everywhere */
	EXPECT(takes("format,a,+p") && is(cmd.match.format, "a"));
	begin("format,a%+p");
	EXPECT(next() == -EINVAL && next() == 1 && cmd.flags.bits == DD_P);
	/* a value that reads "format" is no key */
	EXPECT(takes("func format,module m +p") && is(cmd.match.module, "m"));
	begin("func format +p%func a +m");
	EXPECT(query("format", DD_P) && query("a", DD_M) && next() == 0);
	begin("format%+p");
	EXPECT(next() == -EINVAL && next() == 1 && cmd.flags.bits == DD_P && !next());
	return true;
}

static bool too_many_words(void)
{
	char s[256] = "";
	int i;

	EXPECT(takes("module a func b file c line 1 class d format e label f +p"));
	for (i = 0; i < DD_WORDS_MAX - 1; i++)
		strcat(s, "w ");
	strcat(s, "+p");
	EXPECT(refused(s, "unknown keyword \"w\"")); /* one fewer is no matter of their number */
	strcat(s, " extra");
	EXPECT(refused(s, "too many words, from \"extra\""));
	/* its quotes and comments are still what they are */
	strcat(s, " 'a; =p; b' x # % =p");
	EXPECT(refused(s, "\"extra\""));
	strcat(s, " % =p\n");
	EXPECT(refused(s, "\"extra\""));
	EXPECT(refused("open 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8", "too many") &&
	       cmd.verb == DD_OPEN);
	return true;
}

static bool bad_then_good(void)
{
	begin("x +p; func a +p; +q\nfunc b +m%func c =z%func d +f");
	EXPECT(next() == -EINVAL && query("a", DD_P) && next() == -EINVAL);
	EXPECT(query("b", DD_M) && next() == -EINVAL && query("d", DD_F) && next() == 0);
	/* nothing of a refused command is left in the next */
	begin("func a format b label c line 3 device d +x:a; +p");
	EXPECT(next() == -EINVAL && next() == 1 && !cmd.match.function && !cmd.match.format);
	EXPECT(!cmd.match.label && !cmd.match.first_line && !cmd.device && !cmd.flags.label);
	EXPECT(cmd.flags.bits == DD_P);
	return true;
}

/* That a longer write is E2BIG is the write's affair; one of 4095 bytes is read to its end. */
static bool longest(void)
{
	char s[DYNDBG_BATCH_MAX + 1];
	int n;

	EXPECT(DYNDBG_BATCH_MAX == 4095);
	memset(s, ' ', sizeof(s));
	strcpy(s + sizeof(s) - 1 - strlen("func a +p"), "func a +p");
	EXPECT(strlen(s) == 4095 && takes(s) && is(cmd.match.function, "a"));
	memset(s, 'f', sizeof(s) - 1);
	memcpy(s, "func ", 5);
	strcpy(s + sizeof(s) - 1 - 3, " +p");
	EXPECT(takes(s) && strlen(cmd.match.function) == 4095 - 8);
	for (n = 0; n < 4095; n++)
		s[n] = "+p;"[n % 3];
	begin(s);
	for (n = 0; n < 1365; n++)
		EXPECT(next() == 1 && cmd.flags.bits == DD_P);
	EXPECT(next() == 0);
	/* the longest of words and the shortest of reasons */
	memset(s, 'w', sizeof(s) - 4);
	EXPECT(refused(s, "\"wwww"));
	s[0] = '\'';
	EXPECT(refused(s, "unclosed quote: wwww"));
	return true;
}

static const struct ktap_case cases[] = {
	{ "newline, ; and % end a command", ends_of_commands },
	{ "empty commands", empty_commands },
	{ "blanks and commas", blanks_and_commas },
	{ "comments", comments },
	{ "constant", constant },
	{ "quotes", quotes },
	{ "unclosed quotes", unclosed_quotes },
	{ "a format value may hold , and %", literal_formats },
	{ "too many words", too_many_words },
	{ "a bad command does not touch the next", bad_then_good },
	{ "batches of 4095 bytes", longest },
};

KTAP_MAIN(cases)
