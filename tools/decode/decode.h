/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef DDR_DECODE_H
#define DDR_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sites.h"

/**
 * struct ddr_record - a record of dyndbg:prdbg or dyndbg:devdbg
 * @site: the field of that name, as are the others
 * @device: only of devdbg
 * @minor: only of devdbg
 * @flags: DYNDBG_REC_*
 * @prefix: DYNDBG_PREFIX_*
 * @has_device: it is of devdbg
 * @args: as they were recorded; nothing about them is trusted. NULL only if @len is 0
 * @len: bytes of @args
 */
struct ddr_record {
	uint32_t site;
	uint16_t device;
	int16_t minor;
	uint8_t flags, prefix;
	bool has_device;
	const void *args;
	size_t len;
};

/* Enough for what the kernel would print of any record. */
#define DDR_DECODED_MAX	4096

size_t ddr_decode_parts(const struct ddr_sites *sites, const struct ddr_record *rec,
			struct ddr_site *site, const char **device, char *out, size_t size);
size_t ddr_decode(const struct ddr_sites *sites, const struct ddr_record *rec, char *out,
		  size_t size);

#endif
