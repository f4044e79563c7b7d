// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: a query that the stock parser accepts means the same to ours, and one that it
 * refuses is refused, if it has nothing in it that is our addition. The stock parser is a
 * small model here, of what the kernels from 6.1 on do.
 */
#include "fuzz.h"

#define STOCK_WORDS 9

enum verdict { REFUSED, ACCEPTED, OURS };

/* Words by blanks. A word that is not one to ours as well makes the query none to compare. */
static enum verdict tokenize(char *s, char *words[], int *n)
{
	for (*n = 0;;) {
		char *end, quote = 0;

		while (isspace(*s))
			s++;
		if (!*s || *s == '#')
			return *n ? ACCEPTED : REFUSED;
		if (*s == '"' || *s == '\'') {
			quote = *s++;
			end = strchr(s, quote);
			if (!end)
				return REFUSED;
		} else {
			for (end = s; *end && !isspace(*end); end++)
				;
		}
		if (!quote && !(*n % 2 && !strcmp(words[*n - 1], "format")) &&
		    strcspn(s, ",%") < end - s)
			return OURS;
		if (*n == STOCK_WORDS)
			return OURS;
		words[(*n)++] = s;
		s = end;
		if (*s)
			*s++ = '\0';
	}
}

static enum verdict flags_of(const char *s, struct dd_flags *f)
{
	if (!*s || !strchr("+-=", *s))
		return REFUSED;
	if (strpbrk(s, "T:."))
		return OURS;
	f->op = *s++;
	for (; *s; s++) {
		switch (*s) {
		case 'p': f->bits |= 1; break;
		case 'm': f->bits |= 2; break;
		case 'f': f->bits |= 4; break;
		case 'l': f->bits |= 8; break;
		case 't': f->bits |= 16; break;
		case 's': f->bits |= 32; break;
		case 'd': f->bits |= 64; break;
		case '_': break;
		default: return REFUSED;
		}
	}
	return ACCEPTED;
}

static bool line_of(const char *s, unsigned int *val)
{
	*val = 0;
	return !*s || !kstrtouint(s, 10, val);
}

static bool lines_of(char *s, struct dd_match *m)
{
	char *dash = strchr(s, '-');

	if (m->first_line || m->last_line)
		return false;
	if (!dash) {
		if (!line_of(s, &m->first_line))
			return false;
		m->last_line = m->first_line;
		return true;
	}
	*dash = '\0';
	if (!line_of(s, &m->first_line) || !line_of(dash + 1, &m->last_line))
		return false;
	m->last_line = m->last_line ?: UINT_MAX;
	return m->first_line <= m->last_line;
}

static bool pair_of(const char *key, char *val, struct dd_match *m)
{
	const char **where = !strcmp(key, "func") ? &m->function :
			     !strcmp(key, "file") ? &m->file :
			     !strcmp(key, "module") ? &m->module :
			     !strcmp(key, "format") ? &m->format :
			     !strcmp(key, "class") ? &m->class : NULL;
	char *colon;

	if (!strcmp(key, "line"))
		return lines_of(val, m);
	if (!where || *where)
		return false;
	*where = val;
	if (where == &m->format)
		string_unescape_inplace(val, 0);
	colon = where == &m->file ? strchr(val, ':') : NULL;
	if (!colon)
		return true;
	*colon++ = '\0';
	if (isalpha(*colon) || *colon == '*' || *colon == '?')
		return pair_of("func", colon, m);
	return lines_of(colon, m);
}

static enum verdict stock(char *s, struct dd_match *m, struct dd_flags *f)
{
	char *words[STOCK_WORDS];
	enum verdict v;
	int n, i;

	v = tokenize(s, words, &n);
	if (v != ACCEPTED)
		return v;
	if (!strcmp(words[0], "open") || !strcmp(words[0], "close"))
		return OURS;
	v = flags_of(words[--n], f);
	if (v != ACCEPTED)
		return v;
	for (i = 0; i < n; i += 2)
		if (!strcmp(words[i], "label") || !strcmp(words[i], "device"))
			return OURS;
	if (n % 2)
		return REFUSED;
	for (i = 0; i < n; i += 2)
		if (!pair_of(words[i], words[i + 1], m))
			return REFUSED;
	return ACCEPTED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *buf, *s, *end;
	struct dd_batch whole = { .known_flags = DD_STOCK };
	bool comparable = true;

	whole.pos = buf = copy_of(text, strlen(text));
	for (s = text; s; s = end) {
		struct dd_match m = { 0 };
		struct dd_flags f = { 0 };
		char *query, *ours, err[DD_ERR_MAX];
		struct dd_cmd cmd;
		enum verdict v;
		int rc;

		end = s + strcspn(s, ";\n");
		query = copy_of(s, end - s);
		ours = copy_of(s, end - s);
		end = *end ? end + 1 : NULL;
		for (s = query; isspace(*s); s++)
			;
		rc = parse_one(ours, DD_STOCK, &cmd, err);
		if (!*s || *s == '#') {
			MUST(!rc);
		} else {
			v = stock(query, &m, &f);
			if (v == ACCEPTED) {
				MUST(rc == 1 && cmd.verb == DD_QUERY && !cmd.device);
				MUST(dd_match_equal(&m, &cmd.match));
				MUST(f.op == cmd.flags.op && f.bits == cmd.flags.bits);
				MUST(!cmd.flags.label);
				if (comparable) {
					MUST(dd_parse_next(&whole, &cmd) == 1);
					MUST(dd_match_equal(&m, &cmd.match));
					MUST(f.op == cmd.flags.op && f.bits == cmd.flags.bits);
				}
			} else {
				comparable = false;
				/* what ours cuts into two is neither taken nor refused as one */
				if (v == REFUSED && !strpbrk(s, ",%"))
					MUST(rc == -EINVAL);
			}
		}
		free(query);
		free(ours);
	}
	if (comparable) {
		struct dd_cmd cmd;

		MUST(!dd_parse_next(&whole, &cmd));
	}
	free(buf);
	free(text);
	return 0;
}
