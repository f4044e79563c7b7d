/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_BOOTID_H
#define DD_BOOTID_H

#include <stdbool.h>
#include <stddef.h>

#define BOOTID_BYTES 40
#define BOOTID_HEAD "# boot: " /* the line of what was saved that has it */

void bootid_get(char id[BOOTID_BYTES]);
bool bootid_is_now(const char *text, size_t len);

#endif
