// SPDX-License-Identifier: GPL-2.0-only
/* Who is at the other end of a connection: only what the kernel says counts. */
#include <asm/socket.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <systemd/sd-login.h>
#include <unistd.h>

#include "peer.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* linux/socket.h of 6.5 */
#endif

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

/* Has the process that connected ended? Its number may be another's then. */
static bool has_ended(int pidfd)
{
	struct pollfd pfd = { .fd = pidfd, .events = POLLIN };

	return poll(&pfd, 1, 0) != 0;
}

/**
 * peer_has_pidfd() - does this kernel tell who connected in a way that stays true?
 *
 * SO_PEERPIDFD: Linux 6.5 and later. A process's number alone may be another's by the time one
 * looks at what unit it is in.
 */
bool peer_has_pidfd(void)
{
	socklen_t len = sizeof(int);
	int pair[2], pidfd = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return false;
	if (getsockopt(pair[0], SOL_SOCKET, SO_PEERPIDFD, &pidfd, &len))
		pidfd = -1;
	else
		close(pidfd);
	close(pair[0]);
	close(pair[1]);
	return pidfd >= 0;
}

static void forget_unit(struct peer *peer)
{
	free(peer->is.unit);
	peer->is.unit = NULL;
}

/*
 * The unit is that of the process if it still runs after its number was looked up. A user's own
 * units do not count: they may have any name.
 */
static void get_unit(int sock, struct peer *peer)
{
	socklen_t len = sizeof(peer->pidfd);

	if (getsockopt(sock, SOL_SOCKET, SO_PEERPIDFD, &peer->pidfd, &len)) {
		peer->pidfd = -1;
		return;
	}
	if (sd_pid_get_unit(peer->is.pid, &peer->is.unit) < 0)
		peer->is.unit = NULL;
	else if (has_ended(peer->pidfd))
		forget_unit(peer);
}

static void free_seats(struct ddr_peer *peer)
{
	char **s;

	for (s = peer->seats; s && *s; s++)
		free(*s);
	free(peer->seats);
	peer->seats = NULL;
}

/**
 * peer_refresh() - before something is granted: what may not be so any more
 * @peer: of a connection. Who has the other end of it now, after the process that connected has
 *	ended, is in nobody's unit; and users come and go on seats.
 */
void peer_refresh(struct peer *peer)
{
	if (peer->is.unit && has_ended(peer->pidfd))
		forget_unit(peer);
	free_seats(&peer->is);
	/* by the user, and not by the process, which may be a service's that belongs to no session */
	if (sd_uid_get_seats(peer->is.uid, 1, &peer->is.seats) < 0)
		peer->is.seats = NULL;
}

/**
 * peer_of() - the credentials that the peer had when it connected
 * @sock: AF_UNIX connection.
 * @peer: filled in; to be freed with peer_free() when 0 is returned.
 *
 * Return: 0, or -1 with errno.
 */
int peer_of(int sock, struct peer *peer)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	*peer = (struct peer){ .pidfd = -1 };
	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &cred, &len))
		return -1;
	if (len != sizeof(cred)) {
		errno = EINVAL;
		return -1;
	}
	peer->is.pid = cred.pid;
	peer->is.uid = cred.uid;
	peer->is.gid = cred.gid;
	if (get_groups(sock, &peer->is)) {
		peer_free(peer);
		return -1;
	}
	get_unit(sock, peer);
	return 0;
}

/**
 * peer_free() - free what peer_of() allocated
 * @peer: its groups are none afterwards, and its unit none.
 */
void peer_free(struct peer *peer)
{
	int saved = errno;

	free(peer->is.groups);
	free(peer->is.unit);
	free_seats(&peer->is);
	if (peer->pidfd >= 0)
		close(peer->pidfd);
	*peer = (struct peer){ .pidfd = -1 };
	errno = saved;
}
