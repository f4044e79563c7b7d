// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client that breaks the protocol, for selftests/recorder: ddr-client-hostile SOCKET CASE [ARG]
 *
 * Prints what the daemon did: "disconnected", "reply ERRNO" ("reply" for 0) or "silent", and the
 * fds that came, if any did; for "orphan STREAM" two answers, in a line each; for "sizes STREAM" a
 * line for each row of packets with how many were answered how. Exits 0 whatever that was, 1 if it
 * could not be tried. With "-", as many cases as stdin has lines.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "client.h"

static int report(int sock)
{
	size_t n_fds;
	int answer = listen_for(sock, WAIT_MS, &n_fds);

	if (n_fds)
		printf("%s, %zu fds\n", answer_text(answer), n_fds);
	else
		puts(answer_text(answer));
	return 0;
}

static int try_bytes(const void *buf, size_t len, const int *fds, size_t n_fds)
{
	int sock = dial(), ret;

	if (ddr_send(sock, buf, len, fds, n_fds, 0)) {
		perror("client: send");
		return 1;
	}
	ret = report(sock);
	close(sock);
	return ret;
}

static int try_malformed(const char *what, const char *arg)
{
	static char big[200000];
	struct ddr_named_request named;
	struct ddr_open_request req;
	size_t len;

	len = ddr_encode_open(&req, "any", DDR_LIVE, 0);
	if (strcmp(what, "short") == 0)
		return try_bytes(&req, 3, NULL, 0);
	if (strcmp(what, "empty") == 0)
		return try_bytes(&req, 0, NULL, 0);
	if (strcmp(what, "cpus") == 0)
		return try_bytes(&named, ddr_encode_named(&named, DDR_CPUS, "virtio"), NULL, 0);
	if (strcmp(what, "formats") == 0)
		return try_bytes(&named, ddr_encode_named(&named, DDR_FORMATS, "virtio"), NULL, 0);
	if (strcmp(what, "magic") == 0) {
		req.head.magic ^= 1;
	} else if (strcmp(what, "size") == 0) {
		req.head.size = UINT32_MAX;
	} else if (strcmp(what, "status") == 0) {
		req.head.status = 1;
	} else if (strcmp(what, "unterminated") == 0) {
		memset(req.stream, 'x', sizeof(req.stream));
	} else if (strcmp(what, "type") == 0) {
		req.head.type = 99;
	} else if (strcmp(what, "access") == 0) {
		req.access = 0x80000000u;
	} else if (strcmp(what, "copy-and-more") == 0) {
		req.access = DDR_COPY | DDR_SNAPSHOT;
	} else if (strcmp(what, "flags") == 0) {
		req.flags = 1;
	} else if (strcmp(what, "newer") == 0 || (strcmp(what, "big") == 0 && arg)) {
		len = *what == 'n' ? sizeof(req) + 8 : strtoul(arg, NULL, 10);
		if (len <= sizeof(req) || len > sizeof(big))
			return 2;
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

/* A good request, or one that is none, with so many fds that nobody asked for */
static int try_fds(size_t n, bool good)
{
	struct ddr_open_request req;
	size_t len = ddr_encode_open(&req, "virtio", DDR_SNAPSHOT, 0);
	int fds[253];
	size_t i;

	for (i = 0; i < n && i < 253; i++)
		fds[i] = STDERR_FILENO;
	if (!good)
		req.head.magic ^= 1;
	return try_bytes(&req, len, fds, i);
}

/* A good request with credentials beside it: its own, or root's, which the kernel sees to */
static int try_credentials(bool forged)
{
	char control[CMSG_SPACE(sizeof(struct ucred))] = "";
	struct ucred cred = { getpid(), getuid(), getgid() };
	struct ddr_open_request req;
	struct iovec iov = { &req, ddr_encode_open(&req, "virtio", DDR_SNAPSHOT, 0) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int sock = dial();

	if (forged)
		cred = (struct ucred){ 1, 0, 0 };
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_CREDENTIALS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(cred));
	memcpy(CMSG_DATA(cmsg), &cred, sizeof(cred));
	if (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0) {
		printf("not sent: %s\n", strerror(errno));
		return 0;
	}
	return report(sock);
}

/* How many packets of a row were answered how: packets of 0 to DDR_MAX_REQUEST bytes */
struct tally {
	unsigned int hung_up, other, yes, no[4096];
};

static void count(struct tally *tally, int answer)
{
	if (answer == HUNG_UP)
		tally->hung_up++;
	else if (answer == 0)
		tally->yes++;
	else if (answer > 0 && answer < 4096)
		tally->no[answer]++;
	else
		tally->other++;
}

static void print_tally(const char *row, const struct tally *tally)
{
	size_t i;

	printf("%s: disconnected %u", row, tally->hung_up);
	if (tally->yes)
		printf(", reply %u", tally->yes);
	for (i = 0; i < 4096; i++) {
		if (tally->no[i])
			printf(", reply %zu: %u", i, tally->no[i]);
	}
	if (tally->other)
		printf(", odd or silent %u", tally->other);
	putchar('\n');
}

enum row { CUT, MENDED, NEWER, RANDOM, RANDOM_BODY };

static void make_packet(unsigned char *packet, size_t len, enum row row, const char *stream)
{
	struct ddr_open_request req;
	struct ddr_head head;
	size_t n = ddr_encode_open(&req, stream, DDR_SNAPSHOT, 0), i;

	for (i = 0; i < len; i++)
		packet[i] = row >= RANDOM ? (unsigned char)random() : row == NEWER;
	if (row < RANDOM)
		memcpy(packet, &req, len < n ? len : n);
	if (row == CUT || row == RANDOM || len < sizeof(head))
		return;
	memcpy(&head, packet, sizeof(head));
	head.magic = DDR_MAGIC;
	head.size = (uint32_t)len;
	head.status = 0;
	if (row == RANDOM_BODY)
		head.type |= 0x80000000u;
	memcpy(packet, &head, sizeof(head));
}

/* Every size, of requests that are good as far as they go and of noise */
static int try_sizes(const char *stream)
{
	static const char *const names[] = { "cut", "mended", "newer", "random", "random body" };
	unsigned char packet[DDR_MAX_REQUEST];
	static struct tally tally;
	int sock = -1, answer;
	size_t len, n_fds;
	enum row row;

	srandom(1); /* the same each time */
	for (row = CUT; row <= RANDOM_BODY; row++) {
		memset(&tally, 0, sizeof(tally));
		for (len = 0; len <= sizeof(packet); len++) {
			make_packet(packet, len, row, stream);
			if (sock < 0)
				sock = dial();
			if (ddr_send(sock, packet, len, NULL, 0, 0))
				return 1;
			answer = listen_for(sock, WAIT_MS, &n_fds);
			count(&tally, answer);
			if (answer >= 0)
				continue;
			close(sock);
			sock = -1;
		}
		print_tally(names[row], &tally);
	}
	close(sock);
	return 0;
}

/* Asks and asks and never reads: that the second time is too much shows without reading, too. */
static int try_unread(void)
{
	int sock = dial(), i, ret;
	struct pollfd pfd = { .fd = sock };
	struct ddr_head req;

	ddr_encode_head(&req, DDR_STATUS, 0);
	for (i = 0; i < 3; i++) {
		if (ddr_send(sock, &req, sizeof(req), NULL, 0, MSG_DONTWAIT))
			break;
	}
	ret = poll(&pfd, 1, WAIT_MS);
	puts(ret > 0 && (pfd.revents & POLLHUP) ? "disconnected" : "silent");
	close(sock);
	return ret < 0;
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
	pid_t parent = getpid();
	int sock = dial();

	if (ask(sock, req, len))
		return 1;
	if (fork() != 0)
		return 0;
	/* Until it has been waited for: its files are closed some time before it has ended. */
	while (kill(parent, 0) == 0)
		usleep(1000);
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

static int try_case(const char *what, const char *arg)
{
	if (strcmp(what, "fds") == 0 && arg)
		return try_fds(strtoul(arg, NULL, 10), true);
	if (strcmp(what, "malformed-fds") == 0 && arg)
		return try_fds(strtoul(arg, NULL, 10), false);
	if (strcmp(what, "sizes") == 0 && arg)
		return try_sizes(arg);
	if (strcmp(what, "orphan") == 0 && arg)
		return try_orphan(arg);
	if (strcmp(what, "credentials") == 0)
		return try_credentials(false);
	if (strcmp(what, "forged") == 0)
		return try_credentials(true);
	if (strcmp(what, "unread") == 0)
		return try_unread();
	return try_malformed(what, arg);
}

/* Lines "CASE [ARG]" from stdin, each printed with its answer behind */
static int try_lines(void)
{
	char line[100], what[40], arg[40];
	int n;

	while (fgets(line, sizeof(line), stdin)) {
		n = sscanf(line, "%39s %39s", what, arg);
		if (n < 1)
			continue;
		printf("%s%s%s: ", what, n > 1 ? " " : "", n > 1 ? arg : "");
		if (try_case(what, n > 1 ? arg : NULL))
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3 || set_address(argv[1])) {
		fprintf(stderr, "usage: ddr-client-hostile SOCKET CASE [ARG]\n"
				"       ddr-client-hostile SOCKET - <CASES\n");
		return 2;
	}
	if (strcmp(argv[2], "-") == 0)
		return try_lines();
	return try_case(argv[2], argc > 3 ? argv[3] : NULL);
}
