/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_NAMES_H
#define DDR_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ddr_name_valid(const char *name);
uint32_t ddr_access_bit(const char *word, size_t len);
const char *ddr_access_name(uint32_t bit);

#define DDR_ACCESS_TEXT 64 /* bytes that the names of all accesses fit into */
void ddr_access_text(char *to, size_t room, uint32_t access);

#endif
