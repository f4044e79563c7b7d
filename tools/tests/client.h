/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests' clients share: a connection, and what comes back over it. */
#ifndef CLIENT_H
#define CLIENT_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "../lib/fdmsg.h"
#include "../lib/wire.h"

#define WAIT_MS 3000

/* What came back. An errno value of a reply is itself; 0: a reply that says yes. */
enum answer { HUNG_UP = -1, SILENT = -2, ODD = -3 };

static struct sockaddr_un addr = { .sun_family = AF_UNIX };

static inline int set_address(const char *path)
{
	if (strlen(path) >= sizeof(addr.sun_path))
		return -1;
	strcpy(addr.sun_path, path);
	return 0;
}

static inline int dial(void)
{
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("client: connect");
		exit(1);
	}
	return sock;
}

static inline long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Waits for an answer; its fds are closed, but counted. */
static inline int listen_for(int sock, int ms, size_t *n_fds)
{
	static char reply[DDR_MAX_REPLY];
	struct pollfd pfd = { .fd = sock, .events = POLLIN };
	int fds[DDR_MAX_FDS];
	struct ddr_head head;
	ssize_t n;

	*n_fds = 0;
	if (poll(&pfd, 1, ms) == 0)
		return SILENT;
	n = ddr_receive(sock, reply, sizeof(reply), fds, DDR_MAX_FDS, n_fds, 0);
	if (n == 0 || (n < 0 && (errno == ECONNRESET || errno == EPIPE)))
		return HUNG_UP;
	if (n < (ssize_t)sizeof(head))
		return ODD;
	ddr_close_fds(fds, *n_fds);
	memcpy(&head, reply, sizeof(head));
	return head.status >= 0 ? head.status : ODD;
}

/* "disconnected", "silent", "reply" (a yes) or "reply ERRNO" */
static inline const char *answer_text(int answer)
{
	static char text[32];

	snprintf(text, sizeof(text), "reply %d", answer);
	return answer == HUNG_UP ? "disconnected" : answer == SILENT ? "silent" :
	       answer == ODD ? "odd" : answer ? text : "reply";
}

#endif
