/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_PEER_H
#define DD_PEER_H

#include "../lib/policy.h"

int peer_of(int sock, struct ddr_peer *peer);
void peer_free(struct ddr_peer *peer);

#endif
