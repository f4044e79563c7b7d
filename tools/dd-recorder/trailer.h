/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_TRAILER_H
#define DD_TRAILER_H

#include <stdbool.h>
#include <stdio.h>

#include "../lib/config.h"

/**
 * struct trailer - what the "#:" lines at the end of the control file say
 * @default_dest: the default destination, "0" when none; allocated.
 * @opened: names of the destinations that are open.
 * @routes: the routes, each "NAME <- MATCH device SPEC".
 */
struct trailer {
	char *default_dest;
	struct ddr_list opened;
	struct ddr_list routes;
};

int trailer_read(struct trailer *t, FILE *control);
void trailer_free(struct trailer *t);
bool trailer_is_open(const struct trailer *t, const char *name);
const char *trailer_route_of(const char *route, const char *name);

#endif
