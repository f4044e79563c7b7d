/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LEFTOVER_H
#define DD_LEFTOVER_H

#include "../lib/config.h"
#include "trailer.h"

void leftover_note(const char *socket, const struct ddr_config *config);
void leftover_forget(const char *socket);
void leftover_close(const char *socket, const struct ddr_config *config,
		    const struct trailer *trailer);

#endif
