/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SERVICE_H
#define DD_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

bool service_restarts(void);
void service_keep(int sock, uint64_t number);
void service_let_go(uint64_t number);
bool service_is_client(const char *name, uint64_t *number);

#endif
