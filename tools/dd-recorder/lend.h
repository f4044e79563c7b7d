/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LEND_H
#define DD_LEND_H

#include <sys/types.h>

void lend_collect(void);
int lend_room(uid_t uid, unsigned int making);
int lend_new(const char *name);
int lend_give(int fd, uid_t uid);
void lend_end(void);

#endif
