// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: does a match mean a site? Against a second and simpler opinion. An input is a
 * query and the site's module, function, file, format, class and line, each on a line; the
 * class "?" is one without a name.
 */
#include "fuzz.h"

enum { QUERY, MODULE, FUNCTION, SOURCE, FORMAT, CLASS, LINE, FIELDS };

/*
 * Which parts of the text can the pattern's beginning match? One character of the pattern
 * after the other, no going back. What the kernel makes of several stars at the end is
 * told in kernel_shim.h: they want one character at least.
 */
static bool glob(const char *pattern, const char *text)
{
	size_t len = strlen(text), plen = strlen(pattern), i;
	bool *reach = calloc(len + 1, 1), ok;
	const char *p;

	MUST(reach);
	reach[0] = true;
	for (p = pattern; *p; p++) {
		bool odd = *p == '*' && p[1] == '*' && strspn(p, "*") == strlen(p);

		if (*p == '*' && !odd) {
			for (i = 1; i <= len; i++)
				reach[i] |= reach[i - 1];
			continue;
		}
		for (i = len + 1; i-- > 0;)
			reach[i] = i && reach[i - 1] && (odd || *p == '?' || text[i - 1] == *p);
		if (odd)
			p = pattern + plen - 2;
	}
	ok = reach[len];
	free(reach);
	return ok;
}

/* Whether @path is, or ends in a part that is, what the pattern says. */
static bool source(const char *pattern, const char *path)
{
	const char *last = path, *p;

	for (p = path; *p; p++)
		if (*p == '/')
			last = p + 1;
	return glob(pattern, path) || glob(pattern, last);
}

static bool format(const char *want, const char *text)
{
	const char *at;

	if (*want == '^') {
		for (want++, at = text; *want && *want == *at; want++, at++)
			;
		return !*want;
	}
	for (at = text;; at++) {
		if (!memcmp(want, at, strnlen(at, strlen(want))) && strlen(at) >= strlen(want))
			return true;
		if (!*at)
			return false;
	}
}

static bool class_fits(const char *want, const struct dd_view *v, bool route)
{
	if (!want)
		return route ? true : !v->class && !v->unknown_class;
	if (!v->class)
		return false;
	return route ? glob(want, v->class) : same(want, v->class);
}

static bool means(const struct dd_match *m, const struct dd_view *v, bool route)
{
	unsigned int last = m->last_line ? m->last_line : UINT_MAX;

	return (!m->module || glob(m->module, v->module)) &&
	       (!m->function || glob(m->function, v->function)) &&
	       (!m->file || source(m->file, v->file)) &&
	       (!m->format || format(m->format, v->format)) &&
	       v->line >= m->first_line && v->line <= last && class_fits(m->class, v, route);
}

/* A match is equal to itself, and to no match that lacks or differs in one thing. */
static void check_equal(struct dd_match *m)
{
	const char **words[] = {
		&m->module, &m->function, &m->file, &m->format, &m->class, &m->label,
	};
	struct dd_match other = *m;
	const char *was, *word;
	char *copy;
	size_t i;

	MUST(dd_match_equal(m, &other));
	other.first_line++;
	MUST(!dd_match_equal(m, &other));
	other.first_line--;
	other.last_line++;
	MUST(!dd_match_equal(m, &other));
	other.last_line--;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		was = *words[i];
		word = was ? was : "";
		copy = copy_of(word, strlen(word));
		*words[i] = copy;
		MUST(dd_match_equal(m, &other) == !!was);
		*words[i] = was ? NULL : copy;
		MUST(!dd_match_equal(m, &other) && !dd_match_equal(&other, m));
		*words[i] = was;
		free(copy);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size), *field[FIELDS], *p = text, *query, err[DD_ERR_MAX];
	struct dd_view v;
	struct dd_cmd cmd;
	size_t i;

	for (i = 0; i < FIELDS; i++) {
		field[i] = p;
		p += strcspn(p, "\n");
		if (*p && i + 1 < FIELDS)
			*p++ = '\0';
	}
	v = (struct dd_view){
		.module = field[MODULE], .function = field[FUNCTION], .file = field[SOURCE],
		.format = field[FORMAT], .line = strtoul(field[LINE], NULL, 10),
		.class = *field[CLASS] ? field[CLASS] : NULL,
	};
	if (!strcmp(field[CLASS], "?")) {
		v.class = NULL;
		v.unknown_class = true;
	}
	string_unescape_inplace(field[FORMAT], 0);
	query = malloc(strlen(field[QUERY]) + 4);
	MUST(query);
	sprintf(query, "%s +p", field[QUERY]);
	if (parse_one(query, DD_STOCK, &cmd, err) == 1 && cmd.verb == DD_QUERY) {
		MUST(dd_match_site(&cmd.match, &v, false) == means(&cmd.match, &v, false));
		MUST(dd_match_site(&cmd.match, &v, true) == means(&cmd.match, &v, true));
		/* a route never means less */
		MUST(!dd_match_site(&cmd.match, &v, false) || cmd.match.class ||
		     dd_match_site(&cmd.match, &v, true));
		check_equal(&cmd.match);
	}
	free(query);
	free(text);
	return 0;
}
