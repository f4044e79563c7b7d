/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_CONTROL_H
#define DD_CONTROL_H

#include <stdbool.h>

#include "trailer.h"

bool control_module_loaded(const char *module);
int control_read(struct trailer *trailer);
int control_write(const char *batch);

#endif
