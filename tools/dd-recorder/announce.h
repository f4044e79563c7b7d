/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_ANNOUNCE_H
#define DD_ANNOUNCE_H

#include "incident.h"

void announce_saved(const char *stream, const struct incident *incident, const char *path,
		    uint64_t not_saved);

#endif
