// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many connections, and connections that change hands, for selftests/recorder:
 *
 *	ddr-client-crowd SOCKET CASE [ARG...]
 *
 * hold N SECONDS       N at once, kept so long; prints "kept N" of them
 * storm N              one after another, every other with a request that nobody waits for
 * copies STREAM        a copy over each of so many connections as one user may have
 * quiet                says nothing; prints the seconds until the daemon hung up
 * exec PROGRAM...      a program that inherits a connection as fd 3
 * ask STREAM           asks over fd 3
 * become UID UID STREAM  connects as one user, becomes the other, and asks then
 * leave STREAM         asks, prints its pid and ends; a child that it leaves prints the answer
 * pass UID UID STREAM  hands the first's connection to a process of the other's, which asks
 *
 * Exits 0 whatever the daemon did, 1 if it could not be tried.
 */
#include <fcntl.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "client.h"

static int ask(int sock, const char *stream)
{
	struct ddr_open_request req;
	size_t n_fds, len = ddr_encode_open(&req, stream, DDR_SNAPSHOT, 0);

	if (ddr_send(sock, &req, len, NULL, 0, 0)) {
		puts(errno == EPIPE ? "disconnected" : "not sent");
		return 0;
	}
	puts(answer_text(listen_for(sock, WAIT_MS, &n_fds)));
	fflush(stdout);
	return 0;
}

static int hold(unsigned int n, unsigned int seconds)
{
	const struct rlimit limit = { n + 20, n + 20 };
	unsigned int i, kept = 0;
	struct pollfd *all;

	if (setrlimit(RLIMIT_NOFILE, &limit))
		perror("client: setrlimit"); /* the one that there is may do */
	all = calloc(n, sizeof(*all));
	for (i = 0; all && i < n; i++)
		all[i] = (struct pollfd){ .fd = dial(), .events = POLLIN };
	if (!all)
		return 1;
	puts("connected");
	fflush(stdout);
	sleep(seconds);
	poll(all, n, 0);
	for (i = 0; i < n; i++)
		kept += !all[i].revents;
	printf("kept %u\n", kept);
	return 0;
}

static int storm(unsigned int n)
{
	struct ddr_open_request req;
	size_t len = ddr_encode_open(&req, "virtio", DDR_SNAPSHOT, 0);
	long long start = now_ms();
	unsigned int i;
	int sock;

	for (i = 0; i < n; i++) {
		sock = dial();
		if (i % 2)
			ddr_send(sock, &req, len, NULL, 0, MSG_DONTWAIT);
		close(sock);
	}
	printf("%u in %lld ms\n", n, now_ms() - start);
	return 0;
}

/* All at once, so that none is counted yet when the next is asked for. */
static int copies(const char *stream)
{
	int sock[DDR_MAX_CLIENTS_PER_UID], fds[DDR_MAX_CLIENTS_PER_UID][DDR_MAX_FDS];
	unsigned int i, got = 0, quota = 0;
	struct ddr_open_request req;
	size_t len = ddr_encode_open(&req, stream, DDR_COPY, 0), n_fds;
	struct ddr_open_reply reply;
	ssize_t n;

	for (i = 0; i < DDR_MAX_CLIENTS_PER_UID; i++)
		sock[i] = dial();
	for (i = 0; i < DDR_MAX_CLIENTS_PER_UID; i++) {
		if (ddr_send(sock[i], &req, len, NULL, 0, 0))
			return 1;
	}
	for (i = 0; i < DDR_MAX_CLIENTS_PER_UID; i++) {
		n = ddr_receive(sock[i], &reply, sizeof(reply), fds[i], DDR_MAX_FDS, &n_fds, 0);
		got += n > 0 && n_fds == 1;
		quota += n == sizeof(struct ddr_head) && reply.head.status == EDQUOT;
	}
	printf("got %u, over quota %u\n", got, quota);
	return 0;
}

static int quiet(void)
{
	int sock = dial(), answer;
	long long start = now_ms();
	size_t n_fds;

	answer = listen_for(sock, 100000, &n_fds);
	printf("%s after %lld s\n", answer_text(answer), (now_ms() - start) / 1000);
	return 0;
}

static int run_with(char **program)
{
	int sock = dial();

	if (dup2(sock, 3) != 3 || fcntl(3, F_SETFD, 0))
		return 1;
	execvp(program[0], program);
	perror("client: exec");
	return 1;
}

static int change_user(uid_t uid)
{
	if (seteuid(0) || setgroups(0, NULL) || setgid(uid) || setuid(uid)) {
		perror("client: setuid");
		return -1;
	}
	return 0;
}

static int dial_as(uid_t uid)
{
	if (seteuid(uid)) {
		perror("client: seteuid");
		exit(1);
	}
	return dial();
}

static int become(uid_t from, uid_t to, const char *stream)
{
	int sock = dial_as(from);

	return change_user(to) ? 1 : ask(sock, stream);
}

/* The process that is handed the connection has nothing else from the one that made it. */
static int receive_and_ask(int from, uid_t uid, const char *stream)
{
	size_t n_fds;
	char byte;
	int fd;

	if (change_user(uid) || ddr_receive(from, &byte, 1, &fd, 1, &n_fds, 0) != 1 || !n_fds)
		return 1;
	return ask(fd, stream);
}

static int pass(uid_t from, uid_t to, const char *stream)
{
	int pair[2], status, sock;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return 1;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		exit(receive_and_ask(pair[1], to, stream));
	}
	close(pair[1]);
	sock = dial_as(from);
	if (pid < 0 || ddr_send(pair[0], "", 1, &sock, 1, 0))
		return 1;
	close(sock);
	return waitpid(pid, &status, 0) != pid || status;
}

static int leave(const char *stream)
{
	struct ddr_open_request req;
	size_t n_fds, len = ddr_encode_open(&req, stream, DDR_SNAPSHOT, 0);
	int sock = dial();

	if (ddr_send(sock, &req, len, NULL, 0, 0))
		return 1;
	printf("%ld\n", (long)getpid());
	fflush(stdout);
	if (fork() == 0)
		puts(answer_text(listen_for(sock, 20 * WAIT_MS, &n_fds)));
	return 0;
}

static unsigned int number(const char *word)
{
	return (unsigned int)strtoul(word, NULL, 10);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";

	if (argc < 3 || set_address(argv[1])) {
		fprintf(stderr, "usage: ddr-client-crowd SOCKET CASE [ARG...]\n");
		return 2;
	}
	if (strcmp(what, "quiet") == 0)
		return quiet();
	if (strcmp(what, "hold") == 0 && argc == 5)
		return hold(number(argv[3]), number(argv[4]));
	if (strcmp(what, "storm") == 0 && argc == 4)
		return storm(number(argv[3]));
	if (strcmp(what, "copies") == 0 && argc == 4)
		return copies(argv[3]);
	if (strcmp(what, "ask") == 0 && argc == 4)
		return ask(3, argv[3]);
	if (strcmp(what, "leave") == 0 && argc == 4)
		return leave(argv[3]);
	if (strcmp(what, "exec") == 0 && argc > 3)
		return run_with(argv + 3);
	if (strcmp(what, "become") == 0 && argc == 6)
		return become(number(argv[3]), number(argv[4]), argv[5]);
	if (strcmp(what, "pass") == 0 && argc == 6)
		return pass(number(argv[3]), number(argv[4]), argv[5]);
	fprintf(stderr, "ddr-client-crowd: unknown case '%s'\n", what);
	return 2;
}
