// SPDX-License-Identifier: GPL-2.0-only
/*
 * ddr-client-patient SOCKET STREAM: for the selftests. Connects once, and asks for the stream's
 * snapshot, once at the start and again for each line on stdin; prints a line for each: "reply N"
 * (the errno value, 0 for none), or why there is none.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../lib/fdmsg.h"
#include "../lib/wire.h"

static void ask(int sock, const char *stream)
{
	struct ddr_open_request req;
	char reply[DDR_MAX_REPLY];
	int fds[DDR_MAX_FDS];
	size_t n_fds = 0;
	ssize_t n;

	if (ddr_send(sock, &req, ddr_encode_open(&req, stream, DDR_SNAPSHOT, 0), NULL, 0, 0)) {
		printf("send: %s\n", strerror(errno));
		return;
	}
	n = ddr_receive(sock, reply, sizeof(reply), fds, DDR_MAX_FDS, &n_fds, 0);
	if (n <= 0)
		printf("receive: %s\n", n ? strerror(errno) : "hung up");
	else
		printf("reply %d\n", -ddr_decode_reply(reply, (size_t)n, DDR_OPEN));
	ddr_close_fds(fds, n_fds);
}

int main(int argc, char **argv)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	char line[16];

	if (argc != 3 || strlen(argv[1]) >= sizeof(addr.sun_path)) {
		fprintf(stderr, "usage: ddr-client-patient SOCKET STREAM\n");
		return 2;
	}
	strcpy(addr.sun_path, argv[1]);
	if (sock < 0 || connect(sock, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("ddr-client-patient");
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	do {
		ask(sock, argv[2]);
	} while (fgets(line, sizeof(line), stdin));
	close(sock);
	return 0;
}
