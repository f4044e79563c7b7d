// SPDX-License-Identifier: GPL-2.0-only
/* The end of the control file: which destinations are open, and what is routed to them. */
#include <stdlib.h>
#include <string.h>

#include "../lib/config-value.h"
#include "trailer.h"

static const char *after(const char *line, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(line, prefix, len) == 0 ? line + len : NULL;
}

static int take_line(struct trailer *t, const char *line)
{
	const char *rest, *word;
	size_t len;

	rest = after(line, "#: Default trace destination: ");
	if (rest) {
		free(t->default_dest);
		t->default_dest = strdup(rest);
		return t->default_dest ? 0 : -1;
	}
	rest = after(line, "#: Opened trace instances:");
	if (rest) {
		for (word = rest; (word = ddr_next_word(word, &len)) != NULL; word += len) {
			if (ddr_list_add(&t->opened, word, len))
				return -1;
		}
		return 0;
	}
	rest = after(line, "#: ");
	if (rest && strstr(rest, " <- "))
		return ddr_list_add(&t->routes, rest, strlen(rest));
	return 0;
}

/**
 * trailer_read() - read the trailer lines
 * @t: filled in; to be freed with trailer_free() on an error, too.
 * @control: the control file, from its beginning; not closed.
 *
 * Return: 0; -1 with errno.
 */
int trailer_read(struct trailer *t, FILE *control)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	*t = (struct trailer){ 0 };
	while (!err && (len = getline(&line, &room, control)) >= 0) {
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		err = take_line(t, line);
	}
	if (ferror(control))
		err = -1;
	free(line);
	return err;
}

/**
 * trailer_free() - free what trailer_read() filled in
 * @t: empty afterwards.
 */
void trailer_free(struct trailer *t)
{
	free(t->default_dest);
	ddr_list_clear(&t->opened);
	ddr_list_clear(&t->routes);
	*t = (struct trailer){ 0 };
}

/**
 * trailer_is_open() - is a destination open?
 * @t: read.
 * @name: the destination.
 */
bool trailer_is_open(const struct trailer *t, const char *name)
{
	return ddr_list_has(&t->opened, name);
}

/**
 * trailer_route_of() - the match and device of a route to a destination
 * @route: one of trailer.routes.
 * @name: the destination.
 *
 * Return: "MATCH device SPEC" within @route, NULL when it leads elsewhere.
 */
const char *trailer_route_of(const char *route, const char *name)
{
	const char *rest = after(route, name);

	return rest ? after(rest, " <- ") : NULL;
}
