// SPDX-License-Identifier: GPL-2.0-only
/* The control language: which sites and which devices a query means. */
#include "dyndbg_match.h"
#ifdef __KERNEL__
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

static int put_pair(char *buf, size_t size, int pos, const char *key, const char *val)
{
	const char *q = strpbrk(val, " \t,;%#") || !*val ? (strchr(val, '"') ? "'" : "\"") : "";

	if (pos >= (int)size)
		return pos;
	return pos + snprintf(buf + pos, size - pos, "%s%s %s%s%s", pos ? " " : "", key, q, val, q);
}

/**
 * dd_match_describe() - write a match in the control language
 * @m: the match
 * @buf: filled, NUL-terminated, cut where it is too small; empty for a match of everything
 * @size: of @buf, in bytes
 *
 * Context: any; pure.
 * Return: the length that the whole text has.
 */
int dd_match_describe(const struct dd_match *m, char *buf, size_t size)
{
	char lines[24];
	int pos = 0;

	*buf = '\0';
	if (m->module)
		pos = put_pair(buf, size, pos, "module", m->module);
	if (m->file)
		pos = put_pair(buf, size, pos, "file", m->file);
	if (m->function)
		pos = put_pair(buf, size, pos, "func", m->function);
	if (m->first_line || m->last_line) {
		if (m->last_line == m->first_line)
			snprintf(lines, sizeof(lines), "%u", m->first_line);
		else if (m->last_line == UINT_MAX)
			snprintf(lines, sizeof(lines), "%u-", m->first_line);
		else
			snprintf(lines, sizeof(lines), "%u-%u", m->first_line, m->last_line);
		pos = put_pair(buf, size, pos, "line", lines);
	}
	if (m->class)
		pos = put_pair(buf, size, pos, "class", m->class);
	if (m->format)
		pos = put_pair(buf, size, pos, "format", m->format);
	return pos;
}
