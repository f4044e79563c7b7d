/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_PEER_H
#define DD_PEER_H

#include <stdbool.h>

#include "../lib/policy.h"

/**
 * struct peer - who is at the other end of a connection, and how we know
 * @is: as the policy wants to know it.
 * @pidfd: of the process that connected; -1 where the kernel does not tell.
 */
struct peer {
	struct ddr_peer is;
	int pidfd;
};

bool peer_has_pidfd(void);
int peer_of(int sock, struct peer *peer);
void peer_refresh(struct peer *peer);
void peer_free(struct peer *peer);

#endif
