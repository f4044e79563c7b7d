// SPDX-License-Identifier: GPL-2.0-only
/* Who is at the other end of a connection: only what the kernel says counts. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "peer.h"

/* SO_PEERGROUPS (socket(7)) answers ERANGE and the size that it needs; Linux 4.13 and later. */
static int get_groups(int sock, struct ddr_peer *peer)
{
	socklen_t len = 0;

	if (getsockopt(sock, SOL_SOCKET, SO_PEERGROUPS, NULL, &len) == 0)
		return 0; /* in no supplementary group */
	if (errno != ERANGE)
		return -1;
	peer->groups = malloc(len);
	if (!peer->groups)
		return -1;
	/* they were fixed when the peer connected, so the size stays */
	if (getsockopt(sock, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &len))
		return -1;
	peer->n_groups = len / sizeof(gid_t);
	return 0;
}

/**
 * peer_of() - the credentials that the peer had when it connected
 * @sock: AF_UNIX connection.
 * @peer: filled in; to be freed with peer_free() when 0 is returned.
 *
 * Return: 0, or -1 with errno.
 */
int peer_of(int sock, struct ddr_peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	*peer = (struct ddr_peer){ 0 };
	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return -1;
	if (len != sizeof(cred)) {
		errno = EINVAL;
		return -1;
	}
	peer->pid = cred.pid;
	peer->uid = cred.uid;
	peer->gid = cred.gid;
	if (get_groups(sock, peer)) {
		peer_free(peer);
		return -1;
	}
	return 0;
}

/**
 * peer_free() - free what peer_of() allocated
 * @peer: its groups are none afterwards.
 */
void peer_free(struct ddr_peer *peer)
{
	int saved = errno;

	free(peer->groups);
	peer->groups = NULL;
	peer->n_groups = 0;
	errno = saved;
}
