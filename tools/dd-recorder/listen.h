/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LISTEN_H
#define DD_LISTEN_H

/**
 * struct listener - the daemon's socket
 * @fd: listening, non-blocking.
 * @lock: fd of the lock file, -1 when systemd made the socket.
 * @path: to be removed in the end, NULL when systemd made the socket; not owned.
 */
struct listener {
	int fd;
	int lock;
	const char *path;
};

int listener_open(struct listener *l, const char *path);
void listener_close(struct listener *l);

#endif
