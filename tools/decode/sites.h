/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
#ifndef DDR_SITES_H
#define DDR_SITES_H

#include <stdint.h>
#include <stdio.h>

/**
 * struct ddr_site - a place in the kernel's source that messages come from
 * @key: the number that records carry
 * @line: of @file; 0 where it is not known
 * @class: "-" without one
 * @module: its module
 * @function: its function
 * @file: its source file; "-" where it is not known
 * @format: what it prints
 */
struct ddr_site {
	uint32_t key;
	unsigned int line;
	const char *class, *module, *function, *file, *format;
};

/* The sites and devices of a /proc/dynamic_debug/sites. Opaque; ddr_sites_free() frees it. */
struct ddr_sites;

struct ddr_sites *ddr_sites_new(void);
void ddr_sites_free(struct ddr_sites *sites);
int ddr_sites_read_file(struct ddr_sites *sites, FILE *f, const char *name, FILE *messages);
int ddr_sites_read(struct ddr_sites *sites, const char *path, FILE *messages);
const struct ddr_site *ddr_sites_find(const struct ddr_sites *sites, uint32_t key);
const char *ddr_sites_device(const struct ddr_sites *sites, unsigned int number);

#endif
