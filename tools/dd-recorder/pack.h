/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_PACK_H
#define DD_PACK_H

#include <stddef.h>

struct pack;

struct pack *pack_new(const char *path, const char *top);
int pack_add(struct pack *pack, const char *name, const char *data, size_t len);
int pack_finish(struct pack *pack);
void pack_free(struct pack *pack);
const char *pack_error(const struct pack *pack);

#endif
