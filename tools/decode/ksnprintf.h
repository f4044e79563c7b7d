/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef DDR_KSNPRINTF_H
#define DDR_KSNPRINTF_H

#include <stddef.h>

int ddr_ksnprintf(char *buf, size_t size, const char *spec, ...);

#endif
