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

/**
 * route_means_drm() - does a match name a class of DRM's messages?
 * @select: "MATCH".
 *
 * Return: true where it has a class that means one of them; false where it has none.
 */
bool route_means_drm(const char *select)
{
	/* enum drm_debug_category, include/drm/drm_print.h of the kernel */
	static const char *const category[] = { "CORE", "DRIVER", "KMS",   "PRIME", "ATOMIC",
						"VBL",	"STATE",  "LEASE", "DP",    "DRMRES" };
	char *route = NULL, *text = NULL, class[32];
	struct dd_cmd cmd;
	bool drm = false;
	size_t i;

	if (asprintf(&route, "%s device *", select) >= 0)
		text = read_route(route, &cmd);
	for (i = 0; text && cmd.match.class && i < sizeof(category) / sizeof(category[0]); i++) {
		snprintf(class, sizeof(class), "DRM_UT_%s", category[i]);
		drm = drm || match_wildcard(cmd.match.class, class);
	}
	free(text);
	free(route);
	return drm;
}
