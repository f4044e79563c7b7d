/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_ROUTE_H
#define DD_ROUTE_H

#include <stdbool.h>

bool route_means_drm(const char *select);
bool route_same(const char *a, const char *b);

#endif
