// SPDX-License-Identifier: GPL-2.0-only
/* The control language: which sites and which devices a query means. */
#include "dyndbg_match.h"
#ifdef __KERNEL__
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/parser.h>
#include <linux/string.h>
#endif

static bool match_class(const char *class, const struct dd_view *v, bool glob)
{
	/*
	 * Stock rule: a query without a class leaves classed sites alone, so that
	 * "module drm +p" does not override drm.debug. A route overrides nothing,
	 * and so covers every class.
	 */
	if (!class)
		return glob || (!v->class && !v->unknown_class);
	if (!v->class)
		return false;
	return glob ? match_wildcard(class, v->class) : !strcmp(class, v->class);
}

static bool match_format(const char *want, const char *format)
{
	if (*want == '^')
		return !strncmp(format, want + 1, strlen(want + 1));
	return strstr(format, want);
}

/**
 * dd_match_site() - does the match mean the site?
 * @m: the match; its label is not looked at, that is state and not text
 * @v: the site
 * @class_glob: the rule of routes for classes rather than the stock one
 *
 * Context: any, NMI included; pure.
 */
bool dd_match_site(const struct dd_match *m, const struct dd_view *v, bool class_glob)
{
	const char *base;

	if (m->module && !match_wildcard(m->module, v->module))
		return false;
	if (!match_class(m->class, v, class_glob))
		return false;
	if (m->file && !match_wildcard(m->file, v->file)) {
		base = strrchr(v->file, '/');
		if (!base || !match_wildcard(m->file, base + 1))
			return false;
	}
	if (m->function && !match_wildcard(m->function, v->function))
		return false;
	if (m->format && !match_format(m->format, v->format))
		return false;
	if (m->first_line && v->line < m->first_line)
		return false;
	if (m->last_line && v->line > m->last_line)
		return false;
	return true;
}

static bool str_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/**
 * dd_match_equal() - are two matches written the same?
 * @a: one
 * @b: the other
 *
 * Context: any; pure.
 */
bool dd_match_equal(const struct dd_match *a, const struct dd_match *b)
{
	return str_equal(a->module, b->module) && str_equal(a->function, b->function) &&
	       str_equal(a->file, b->file) && str_equal(a->format, b->format) &&
	       str_equal(a->class, b->class) && str_equal(a->label, b->label) &&
	       a->first_line == b->first_line && a->last_line == b->last_line;
}

static bool all_digits(const char *p)
{
	if (!*p || strlen(p) > 8)
		return false;
	for (; *p; p++)
		if (*p < '0' || *p > '9')
			return false;
	return true;
}

/**
 * dd_spec_parse() - read a device SPEC
 * @text: "*", "drm:N", "cardN" or a device name; not empty
 * @spec: filled; keeps a pointer to @text
 *
 * Context: any; pure. Every non-empty text is some SPEC, so nothing can fail.
 */
void dd_spec_parse(const char *text, struct dd_spec *spec)
{
	const char *num = NULL;

	spec->text = text;
	spec->minor = DYNDBG_NO_MINOR;
	spec->kind = DD_SPEC_NAME;
	if (!strcmp(text, "*")) {
		spec->kind = DD_SPEC_ANY;
		return;
	}
	if (!strncmp(text, "drm:", 4))
		num = text + 4;
	else if (!strncmp(text, "card", 4))
		num = text + 4;
	if (!num || !all_digits(num))
		return;
	spec->kind = DD_SPEC_MINOR;
	for (spec->minor = 0; *num; num++)
		spec->minor = spec->minor * 10 + (*num - '0');
}

/* Where dd_match_describe() writes; @len also counts what has no room. */
struct out {
	char *buf;
	size_t size;
	size_t len;
};

static void put_char(struct out *o, char c)
{
	if (o->len + 1 < o->size) {
		o->buf[o->len] = c;
		o->buf[o->len + 1] = '\0';
	}
	o->len++;
}

static void put_text(struct out *o, const char *text)
{
	while (*text)
		put_char(o, *text++);
}

/* The way back from string_unescape_inplace(), which only the format goes through. */
static void put_escaped(struct out *o, char c, char quote)
{
	if (c == '\\') {
		put_text(o, "\\\\");
	} else if (c == '\n') {
		put_text(o, "\\n");
	} else if (c == '\t') {
		put_text(o, "\\t");
	} else if (iscntrl(c) || (quote && c == quote)) {
		put_char(o, '\\');
		put_char(o, '0' + ((c >> 6) & 3));
		put_char(o, '0' + ((c >> 3) & 7));
		put_char(o, '0' + (c & 7));
	} else {
		put_char(o, c);
	}
}

/* Of the two quotes a value that needs any lacks one, unless it is a format. */
static char quote_for(const char *val)
{
	const char *p;

	if (!*val || strchr("#'\"", *val) || strpbrk(val, ",;%"))
		return strchr(val, '"') ? '\'' : '"';
	for (p = val; *p; p++)
		if (isspace(*p))
			return strchr(val, '"') ? '\'' : '"';
	return 0;
}

static void put_pair(struct out *o, const char *key, const char *val, bool escape)
{
	char quote = quote_for(val);

	if (o->len)
		put_char(o, ' ');
	put_text(o, key);
	put_char(o, ' ');
	if (quote)
		put_char(o, quote);
	for (; *val; val++) {
		if (escape)
			put_escaped(o, *val, quote);
		else
			put_char(o, *val);
	}
	if (quote)
		put_char(o, quote);
}

/**
 * dd_match_describe() - write a match in the control language
 * @m: the match
 * @device: a route's device, as it was written; NULL for none
 * @buf: filled, NUL-terminated, cut where it is too small; empty for a match of everything
 * @size: of @buf, in bytes
 *
 * Context: any; pure. What it writes is one line, and means the same match when it is read.
 * Return: the length that the whole text has.
 */
int dd_match_describe(const struct dd_match *m, const char *device, char *buf, size_t size)
{
	struct out o = { .buf = buf, .size = size };
	char lines[24];

	if (size)
		*buf = '\0';
	if (m->module)
		put_pair(&o, "module", m->module, false);
	if (m->file)
		put_pair(&o, "file", m->file, false);
	if (m->function)
		put_pair(&o, "func", m->function, false);
	if (m->first_line || m->last_line) {
		if (m->last_line == m->first_line)
			snprintf(lines, sizeof(lines), "%u", m->first_line);
		else if (m->last_line == UINT_MAX)
			snprintf(lines, sizeof(lines), "%u-", m->first_line);
		else
			snprintf(lines, sizeof(lines), "%u-%u", m->first_line, m->last_line);
		put_pair(&o, "line", lines, false);
	}
	if (m->class)
		put_pair(&o, "class", m->class, false);
	if (m->format)
		put_pair(&o, "format", m->format, true);
	if (device)
		put_pair(&o, "device", device, false);
	return o.len;
}
