// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints queries in all forms that the kernel's admin-guide/dynamic-debug-howto.rst gives,
 * and in forms that it rules out, with values from a listing:
 *   gen-queries LISTING SEED >QUERIES
 * A line is the form's name, a tab and the query, where \n, \t, \\ and \xHH stand for bytes. The
 * same listing and seed give the same queries. After every 16, and around each form whose name
 * begins with "new-" (what our modules take otherwise), comes one of the form "reset".
 */
#include <ctype.h>
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "query-forms.h"

#define SITES_MAX	65536

static struct site *sites;
static unsigned int n_sites, state, n_classes;
static char classes[32][64];

unsigned int rnd(unsigned int n)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % n;
}

const struct site *any_site(void)
{
	return &sites[rnd(n_sites)];
}

/* FILE:LINE [MODULE]FUNCTION =FLAGS "FORMAT" */
static bool parse_site(char *line, struct site *s)
{
	char *module = strstr(line, " ["), *func, *flags, *format, *colon;

	func = module ? strchr(module, ']') : NULL;
	flags = func ? strstr(func, " =") : NULL;
	format = flags ? strchr(flags, '"') : NULL;
	if (!format)
		return false;
	*module = *func = *flags = '\0';
	colon = strrchr(line, ':');
	if (!colon)
		return false;
	*colon = '\0';
	format[1 + strcspn(format + 1, "\"")] = '\0';
	s->file = strdup(line);
	s->line = atoi(colon + 1);
	s->module = strdup(module + 2);
	s->func = strdup(func + 1);
	s->format = strdup(format + 1);
	return s->file && s->module && s->func && s->format;
}

/* "... class:NAME", at the end of a classed site's line */
static void note_class(const char *line)
{
	const char *at = strstr(line, " class:");
	char name[64];
	unsigned int i;

	if (!at || sscanf(at, " class:%63[A-Z0-9_]", name) != 1)
		return;
	for (i = 0; i < n_classes; i++)
		if (!strcmp(classes[i], name))
			return;
	if (n_classes < ARRAY_SIZE(classes))
		strcpy(classes[n_classes++], name);
}

static void read_sites(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096];

	if (!f)
		err(1, "%s", path);
	sites = calloc(SITES_MAX, sizeof(*sites));
	if (!sites)
		err(1, "no memory");
	while (fgets(line, sizeof(line), f) && n_sites < SITES_MAX) {
		note_class(line);
		if (*line != '#' && parse_site(line, &sites[n_sites]))
			n_sites++;
	}
	fclose(f);
	if (!n_sites)
		errx(1, "%s: no listing", path);
}

static void print_query(const char *form, const struct query *q)
{
	size_t i;

	printf("%s\t", form);
	for (i = 0; i < q->len; i++) {
		unsigned char c = q->text[i];

		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '\t')
			fputs("\\t", stdout);
		else if (c == '\\')
			fputs("\\\\", stdout);
		else if (!isprint(c))
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	putchar('\n');
}

/* A query without a class leaves classed sites alone. */
static void print_reset(void)
{
	unsigned int i;

	fputs("reset\t=_", stdout);
	for (i = 0; i < n_classes; i++)
		printf("; class %s =_", classes[i]);
	putchar('\n');
}

int main(int argc, char *argv[])
{
	const struct form *f;
	static struct query q;
	unsigned int n = 0, round, left = 1;
	bool new;

	if (argc != 3)
		errx(2, "usage: gen-queries LISTING SEED");
	read_sites(argv[1]);
	state = atoi(argv[2]);
	print_reset();
	/* The forms in turn rather than one after another, so that they meet. */
	for (round = 0; left; round++) {
		left = 0;
		for (f = forms; f->name; f++) {
			if (round >= f->count)
				continue;
			left++;
			new = !strncmp(f->name, "new-", 4);
			if (new || n++ % 16 == 15)
				print_reset();
			q.len = 0;
			f->make(&q, round);
			print_query(f->name, &q);
			if (new)
				print_reset();
		}
	}
	print_reset();
	return 0;
}
