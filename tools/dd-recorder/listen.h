/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LISTEN_H
#define DD_LISTEN_H

#include <stddef.h>
#include <stdint.h>

#define MAX_KEPT 128 /* connections that a service manager hands over */

/**
 * struct kept - a connection that a daemon before had
 * @sock: the connection.
 * @number: its number, by which the service manager lets go of it.
 */
struct kept {
	int sock;
	uint64_t number;
};

/**
 * struct listener - the daemon's socket
 * @fd: listening, non-blocking.
 * @lock: fd of the lock file, -1 when systemd made the socket.
 * @path: to be removed in the end, NULL when systemd made the socket; not owned.
 * @kept: @n_kept connections, until somebody takes them over.
 * @n_kept: how many.
 */
struct listener {
	int fd;
	int lock;
	const char *path;
	struct kept kept[MAX_KEPT];
	size_t n_kept;
};

int listener_open(struct listener *l, const char *path);
void listener_close(struct listener *l);

#endif
