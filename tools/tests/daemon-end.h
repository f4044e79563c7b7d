/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the library's client: it, and the daemon's end of its connection. */
#ifndef DDR_TEST_DAEMON_END_H
#define DDR_TEST_DAEMON_END_H

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/fdmsg.h"
#include "../lib/wire.h"
#include "fds.h"
#include "ktap.h"

static char dir[] = "/tmp/test-client-XXXXXX", path[64];
static int listening = -1, server = -1, fds_before;
static struct ddr_client *client;
static struct ddr_answer answer;

static inline bool listen_at(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	strcpy(addr.sun_path, path);
	unlink(path);
	listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return listening >= 0 && !bind(listening, (struct sockaddr *)&addr, sizeof(addr)) &&
	       !listen(listening, 0);
}

static inline void remove_dir(void)
{
	rmdir(dir);
}

static inline bool begin(void)
{
	static bool made;

	if (!made) {
		if (!mkdtemp(dir))
			return false;
		snprintf(path, sizeof(path), "%s/socket", dir);
		atexit(remove_dir);
		made = true;
	}
	fds_before = count_fds();
	client = ddr_client_new(path);
	return client && listen_at();
}

static inline void hang_up(void)
{
	ddr_close_fds(&server, 1);
	server = -1;
}

/* Return: whether no fd is left. */
static inline bool end(void)
{
	ddr_client_free(client);
	client = NULL;
	hang_up();
	ddr_close_fds(&listening, 1);
	listening = -1;
	unlink(path);
	return count_fds() == fds_before;
}

/* Takes what was sent, on a new connection if there is one. Return: the request's type, 0: none. */
static inline uint32_t take_request(struct ddr_request *req)
{
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	char buf[DDR_MAX_REQUEST];
	size_t n_fds;
	ssize_t n;

	if (fd >= 0) {
		hang_up();
		server = fd;
	}
	n = ddr_receive(server, buf, sizeof(buf), NULL, 0, &n_fds, MSG_DONTWAIT);
	return n > 0 && !ddr_decode_request(buf, (size_t)n, req) ? req->type : 0;
}

static inline bool readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1 && pfd.revents == POLLIN;
}

static inline bool reply(const void *buf, size_t len, size_t n_fds)
{
	int fds[DDR_MAX_FDS + 1];
	size_t i;
	bool ok;

	for (i = 0; i < n_fds; i++)
		fds[i] = memfd_create("x", MFD_CLOEXEC);
	ok = !ddr_send(server, buf, len, fds, n_fds, MSG_DONTWAIT);
	ddr_close_fds(fds, n_fds);
	return ok;
}

static inline struct ddr_open_reply open_reply(uint32_t type, uint32_t access, uint32_t n_fds)
{
	struct ddr_open_reply r = { .access = access, .n_fds = n_fds };

	ddr_encode_head(&r.head, type, 0);
	r.head.size = sizeof(r);
	return r;
}

/* Without an answer there is nothing in it. */
static inline bool nothing(void)
{
	size_t i;

	for (i = 0; i < DDR_MAX_FDS; i++) {
		if (answer.fd[i] != -1)
			return false;
	}
	return !answer.n_fds && !answer.error && !answer.stream && !answer.n_streams &&
	       !answer.cpu && !answer.n_cpus && !answer.access;
}

#endif
