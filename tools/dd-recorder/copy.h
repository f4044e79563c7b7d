/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_COPY_H
#define DD_COPY_H

#include <stdint.h>
#include <sys/types.h>

struct copy;

struct copy *copy_new(int from, uid_t uid, uint32_t type);
uint32_t copy_type(const struct copy *copy);
int copy_step(struct copy *copy, int *fd);
void copy_free(struct copy *copy);
unsigned int copy_making(uid_t uid);

#endif
