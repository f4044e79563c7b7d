/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_KEEP_H
#define DD_KEEP_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/protocol.h"

#define KEEP_LOOK_S 5			   /* seconds from one look to the next */
#define KEEP_MIN (UINT64_C(256) * 1024) /* bytes, where no size= says it */

uint64_t keep_size(uint64_t *seen, const struct ddr_cpu_status *cpu, size_t n, uint64_t size,
		   unsigned int keep_s, uint64_t min);

#endif
