// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: the control file, as the daemon reads its end. A second opinion looks for the lines in
 * the text as a whole.
 */
#include "../dd-recorder/trailer.h"
#include "fuzz.h"

static const char opened[] = "#: Opened trace instances:";
static const char dest[] = "#: Default trace destination: ";

/* Lines that begin with @prefix and have @within behind the "#:"; a line ends with a NUL, too. */
static size_t lines_with(const char *text, size_t len, const char *prefix, const char *within)
{
	const char *end = text + len, *nl;
	size_t n = 0, plen = strlen(prefix);
	char *line;

	for (; text < end; text = nl + 1) {
		nl = memchr(text, '\n', (size_t)(end - text));
		if (!nl)
			nl = end;
		line = copy_of(text, strnlen(text, (size_t)(nl - text)));
		n += !strncmp(line, prefix, plen) && strstr(line + 3, within);
		free(line);
	}
	return n;
}

static void check(const struct trailer *t, const char *text, size_t len)
{
	size_t i;

	MUST(!t->default_dest == !lines_with(text, len, dest, ""));
	MUST(!t->default_dest || !strchr(t->default_dest, '\n'));
	for (i = 0; i < t->opened.n; i++) {
		MUST(*t->opened.item[i] && !strpbrk(t->opened.item[i], " \t,\n"));
		MUST(trailer_is_open(t, t->opened.item[i]));
	}
	MUST(!t->opened.n || lines_with(text, len, opened, ""));
	/* a line of the other two kinds that looks like a route counts as what it begins as */
	MUST(t->routes.n == lines_with(text, len, "#: ", " <- ") -
			    lines_with(text, len, dest, " <- ") -
			    lines_with(text, len, opened, " <- "));
	for (i = 0; i < t->routes.n; i++) {
		const char *route = t->routes.item[i], *arrow = strstr(route, " <- ");
		char *name = copy_of(route, (size_t)(arrow - route));

		MUST(trailer_route_of(route, name) == arrow + 4);
		MUST(!*name || !trailer_route_of(route, ""));
		free(name);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trailer t;
	FILE *file;

	if (!size)
		return 0;
	file = fmemopen((void *)data, size, "r");
	MUST(file);
	MUST(!trailer_read(&t, file));
	fclose(file);
	check(&t, (const char *)data, size);
	trailer_free(&t);
	MUST(!t.default_dest && !t.opened.n && !t.routes.n);
	return 0;
}
