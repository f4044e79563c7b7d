/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DDR_KSNPRINTF_H
#define DDR_KSNPRINTF_H

#include <stddef.h>

int ddr_ksnprintf(char *buf, size_t size, const char *spec, ...);

#endif
