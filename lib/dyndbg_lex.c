// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control language: from bytes to words.
 *
 * The separators are those of the newest stock parsers, on every kernel. What an
 * older one accepts must keep its meaning, and there an unquoted format value may
 * hold ',' and '%'; so these two are literal in the value of "format" when blanks
 * stand before it. A batch that uses commas throughout (as a kernel command line
 * must) separates there as everywhere.
 */
#include "dyndbg_parse.h"
#ifdef __KERNEL__
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#endif

static bool ends_command(char c)
{
	return c == '\0' || c == '\n' || c == ';' || c == '%';
}

static bool separates(char c)
{
	return isspace(c) || c == ',';
}

/*
 * A comment ends with its line or, as in the stock parsers, which cut at ';' before they look
 * for comments, at the next ';'.
 */
static char *comment_end(char *p)
{
	return p + strcspn(p, "\n;");
}

/**
 * dd_lex() - cut the next command into words
 * @b: the batch; its place moves behind the command, also on error
 * @words: filled with pointers into the batch's buffer, each NUL-terminated
 * @max: how many @words has room for
 *
 * Context: any; pure. A command of too many words is read to its end, so that nothing that
 * it quotes or comments out is taken for the next one.
 * Return: the number of words, 0 at the end of the batch, -EINVAL with @b->err set.
 */
int dd_lex(struct dd_batch *b, char *words[], int max)
{
	char *p = b->pos, *end, *word = NULL, *extra = NULL, was;
	bool after_comma = false, literal;
	int n = 0;

	for (;;) {
		literal = n % 2 && !after_comma && !strcmp(word, "format");
		if (*p == '#') {
			p = comment_end(p);
			continue;
		}
		if (*p != '\n' && separates(*p) && !(literal && *p == ',')) {
			after_comma = *p++ == ',';
			continue;
		}
		if (ends_command(*p) && !(literal && *p == '%')) {
			if (*p)
				p++;
			else if (!n)
				break;
			if (n)
				break;
			continue;
		}

		if (*p == '"' || *p == '\'') {
			char quote = *p++;

			for (end = p; *end && *end != quote && *end != '\n'; end++)
				;
			if (*end != quote) {
				/* Not behind '%', which the stock parsers take for text. */
				end = p + strcspn(p, "\n;");
				was = *end;
				if (was)
					*end = '\0';
				snprintf(b->err, sizeof(b->err), "unclosed quote: %.60s", p);
				b->pos = end + !!was;
				return -EINVAL;
			}
			was = *end;
			*end = '\0';
			word = p;
			p = end + 1;
			after_comma = false;
		} else {
			if (literal)
				for (end = p; *end && *end != ';' && !isspace(*end); end++)
					;
			else
				for (end = p; !ends_command(*end) && !separates(*end); end++)
					;
			was = *end;
			word = p;
			p = end;
			if (was) /* "modname.dyndbg" without a value comes as a constant "+p" */
				*p++ = '\0';
			after_comma = was == ',';
		}
		if (n < max)
			words[n] = word;
		else if (n == max)
			extra = word;
		n++;
		if (ends_command(was))
			break;
	}
	b->pos = p;
	if (extra) {
		snprintf(b->err, sizeof(b->err), "too many words, from \"%.40s\" on", extra);
		return -EINVAL;
	}
	return n;
}
