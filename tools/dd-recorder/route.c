// SPDX-License-Identifier: GPL-2.0-only
/* Do two routes mean the same? By the kernel side's own reading of them (lib/dyndbg_parse.c). */
#include <stdlib.h>

#include "../../lib/dyndbg_match.h"
#include "route.h"

/* Return: what @cmd's words lie in, to be freed; NULL when the kernel would refuse the route. */
static char *read_route(const char *route, struct dd_cmd *cmd)
{
	struct dd_batch batch = { .known_flags = DD_STOCK };
	char *text;

	if (asprintf(&text, "%s +T:x", route) < 0)
		return NULL;
	batch.pos = text;
	if (dd_parse_next(&batch, cmd) == 1 && cmd->verb == DD_QUERY && cmd->device)
		return text;
	free(text);
	return NULL;
}

/**
 * route_same() - do two routes mean the same, however they are written?
 * @a: "MATCH device SPEC".
 * @b: another.
 *
 * Return: true; false also where one cannot be read.
 */
bool route_same(const char *a, const char *b)
{
	struct dd_cmd ca, cb;
	char *ta = read_route(a, &ca), *tb = read_route(b, &cb);
	bool same;

	same = ta && tb && dd_match_equal(&ca.match, &cb.match) && !strcmp(ca.device, cb.device);
	free(ta);
	free(tb);
	return same;
}
