// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client that breaks the protocol, for selftests/recorder: ddr-client-hostile SOCKET CASE [N]
 *
 * Prints what the daemon did: "disconnected", "reply ERRNO" or "silent"; for "connections N" the
 * number of N connections that it kept; for "orphan STREAM" two answers, in a line each. Exits 0 whatever that was, 1 if it could not be tried.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/fdmsg.h"
#include "../lib/wire.h"

#define WAIT_MS 3000

static struct sockaddr_un addr = { .sun_family = AF_UNIX };

static int dial(void)
{
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("ddr-client-hostile: connect");
		exit(1);
	}
	return sock;
}

/* What comes back; the size of a reply that is not looked at does not matter. */
static int report(int sock)
{
	struct pollfd pfd = { .fd = sock, .events = POLLIN };
	int fds[DDR_MAX_FDS];
	struct ddr_head head;
	size_t n_fds;
	ssize_t n;

	if (poll(&pfd, 1, WAIT_MS) == 0) {
		puts("silent");
		return 0;
	}
	n = ddr_receive(sock, &head, sizeof(head), fds, DDR_MAX_FDS, &n_fds, 0);
	if (n == (ssize_t)sizeof(head))
		printf("reply %d\n", head.status);
	else if (n == 0 || (n < 0 && errno == ECONNRESET))
		puts("disconnected");
	else
		puts("reply");
	return 0;
}

static int try_bytes(const void *buf, size_t len, const int *fds, size_t n_fds)
{
	int sock = dial();

	if (ddr_send(sock, buf, len, fds, n_fds, 0)) {
		perror("ddr-client-hostile: send");
		return 1;
	}
	return report(sock);
}

static int try_malformed(const char *what)
{
	char big[DDR_MAX_REPLY] = "";
	int fds[3] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	struct ddr_named_request cpus;
	struct ddr_open_request req;
	size_t len;

	len = ddr_encode_open(&req, "any", DDR_LIVE, 0);
	if (strcmp(what, "short") == 0)
		return try_bytes(&req, 3, NULL, 0);
	if (strcmp(what, "empty") == 0)
		return try_bytes(&req, 0, NULL, 0);
	if (strcmp(what, "fds") == 0)
		return try_bytes(&req, len, fds, 3);
	if (strcmp(what, "cpus") == 0)
		return try_bytes(&cpus, ddr_encode_named(&cpus, DDR_CPUS, "virtio"), NULL, 0);
	if (strcmp(what, "magic") == 0) {
		req.head.magic ^= 1;
	} else if (strcmp(what, "size") == 0) {
		req.head.size = UINT32_MAX;
	} else if (strcmp(what, "unterminated") == 0) {
		memset(req.stream, 'x', sizeof(req.stream));
	} else if (strcmp(what, "type") == 0) {
		req.head.type = 99;
	} else if (strcmp(what, "access") == 0) {
		req.access = 0x80000000u;
	} else if (strcmp(what, "flags") == 0) {
		req.flags = 1;
	} else if (strcmp(what, "newer") == 0 || strcmp(what, "big") == 0) {
		len = *what == 'n' ? sizeof(req) + 8 : sizeof(big);
		req.head.size = (uint32_t)len;
		memcpy(big, &req, sizeof(req));
		big[sizeof(req)] = 1;
		return try_bytes(big, len, NULL, 0);
	} else {
		fprintf(stderr, "ddr-client-hostile: unknown case '%s'\n", what);
		return 1;
	}
	return try_bytes(&req, len, NULL, 0);
}

/* Asks and asks and never reads. */
static int try_unread(void)
{
	struct pollfd pfd;
	struct ddr_head req;
	int sock = dial(), i;

	ddr_encode_head(&req, DDR_STATUS, 0);
	for (i = 0; i < 1000; i++) {
		if (ddr_send(sock, &req, sizeof(req), NULL, 0, MSG_DONTWAIT) && errno != EAGAIN) {
			puts("disconnected");
			return 0;
		}
		pfd = (struct pollfd){ .fd = sock };
		poll(&pfd, 1, 10);
	}
	puts("silent");
	return 0;
}

static int ask(int sock, const struct ddr_open_request *req, size_t len)
{
	int err = ddr_send(sock, req, len, NULL, 0, 0) || report(sock);

	fflush(stdout);
	return err;
}

/* Asks, and leaves the connection to a child that asks again when this process is gone. */
static int connect_and_go(const struct ddr_open_request *req, size_t len)
{
	int sock = dial(), alive[2];
	char none;

	if (pipe(alive) || ask(sock, req, len))
		return 1;
	if (fork() != 0)
		return 0;
	close(alive[1]);
	if (read(alive[0], &none, 1) != 0)
		return 1;
	return ask(sock, req, len);
}

/* What who connected is answered, and then who has inherited the connection from it */
static int try_orphan(const char *stream)
{
	struct ddr_open_request req;
	size_t len = ddr_encode_open(&req, stream, DDR_SNAPSHOT, 0);
	int status, failed = 0;

	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	if (fork() == 0)
		_exit(connect_and_go(&req, len));
	while (wait(&status) > 0)
		failed |= !WIFEXITED(status) || WEXITSTATUS(status);
	return failed;
}

static int try_connections(int n)
{
	struct pollfd pfd;
	int *sock, i, kept = 0;

	sock = n > 0 ? calloc((size_t)n, sizeof(*sock)) : NULL;
	if (!sock)
		return 1;
	for (i = 0; i < n; i++)
		sock[i] = dial();
	sleep(1);
	for (i = 0; i < n; i++) {
		pfd = (struct pollfd){ .fd = sock[i], .events = POLLIN };
		kept += poll(&pfd, 1, 0) == 0;
		close(sock[i]);
	}
	free(sock);
	printf("kept %d\n", kept);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3 || strlen(argv[1]) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "usage: ddr-client-hostile SOCKET CASE [N]\n");
		return 2;
	}
	strcpy(addr.sun_path, argv[1]);
	if (strcmp(argv[2], "connections") == 0 && argc > 3)
		return try_connections(atoi(argv[3]));
	if (strcmp(argv[2], "orphan") == 0 && argc > 3)
		return try_orphan(argv[3]);
	if (strcmp(argv[2], "unread") == 0)
		return try_unread();
	return try_malformed(argv[2]);
}
