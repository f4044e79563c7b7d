// SPDX-License-Identifier: GPL-2.0-only
/* The library's client and a daemon that hangs up, is not there, is busy, or does not answer. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon-end.h"

static bool reconnects(void)
{
	struct ddr_request req;
	struct ddr_head head;
	int fd;

	EXPECT(begin());
	fd = ddr_client_fd(client);
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req));
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);

	/* it hangs up while idle: a loop is woken once, and is told nothing */
	hang_up();
	EXPECT(readable(fd) && ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(!readable(fd));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(readable(fd) && ddr_client_take(client, &answer) == 1);

	/* the same with the next request as the first to see it */
	hang_up();
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);

	/* between the look and the sending: a socket that does not take it says so only then */
	EXPECT(!shutdown(server, SHUT_RD));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);

	/* it hangs up with the request under way */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	hang_up();
	EXPECT(readable(fd));
	EXPECT(ddr_client_take(client, &answer) == -1 && errno == ECONNRESET && nothing());
	EXPECT(!readable(fd) && ddr_client_take(client, &answer) == 0);
	/* also without having read it */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);
	EXPECT(ddr_client_ask_status(client) == 0);
	hang_up();
	EXPECT(ddr_client_wait(client, &answer, -1) == -1 && errno == ECONNRESET);

	/* what nobody asked for */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);
	EXPECT(reply(&head, sizeof(head), 1) && readable(fd));
	EXPECT(ddr_client_take(client, &answer) == 0 && !readable(fd));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	/* the same with no look before the next request, whose answer it is not */
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EPERM), 0));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(ddr_client_take(client, &answer) == 0);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, EIO), 0));
	EXPECT(ddr_client_take(client, &answer) == 1 && answer.error == EIO);
	EXPECT(fd == ddr_client_fd(client));
	EXPECT(end());
	return true;
}

/* A child has all that is open, and the connection, too. */
static bool forks(void)
{
	struct ddr_request req;
	int pipes[2], status;
	pid_t child;
	char c;

	EXPECT(begin() && !pipe2(pipes, O_CLOEXEC));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	child = fork();
	if (child == 0) {
		close(pipes[1]);
		_exit(read(pipes[0], &c, 1) != 0);
	}
	EXPECT(child > 0 && write(server, "x", 1) == 1);
	EXPECT(ddr_client_take(client, &answer) == -1 && errno == EBADMSG);
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(write(server, "x", 1) == 1 && !readable(ddr_client_fd(client)));
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(!readable(ddr_client_fd(client)));
	ddr_close_fds(pipes, 2);
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(end());
	return true;
}

/* No daemon; then one; then none again, whose socket's file is left. */
static bool no_daemon(void)
{
	struct ddr_request req;
	char *deep;

	EXPECT(begin());
	ddr_close_fds(&listening, 1);
	EXPECT(ddr_client_ask_status(client) == -1 && errno == ECONNREFUSED);
	EXPECT(!readable(ddr_client_fd(client)));
	unlink(path);
	EXPECT(ddr_client_ask_status(client) == -1 && errno == ENOENT);
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(ddr_client_wait(client, &answer, -1) == 0); /* nothing to wait for */
	EXPECT(listen_at());
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(end());

	deep = malloc(200);
	memset(deep, 'x', 199);
	deep[199] = '\0';
	EXPECT(!ddr_client_new(deep) && errno == ENAMETOOLONG);
	free(deep);
	ddr_client_free(NULL);
	client = ddr_client_new(NULL);
	EXPECT(client);
	ddr_client_free(client);
	client = NULL;
	EXPECT(count_fds() == fds_before);
	return true;
}

/* A daemon that takes no connections: not even connect() waits. */
static bool full_backlog(void)
{
	struct ddr_client *others[8];
	struct timespec a, b;
	unsigned int i, n;
	int err = 0;

	EXPECT(begin());
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (n = 0; n < 8 && !err; n++) {
		others[n] = ddr_client_new(path);
		err = ddr_client_ask_status(others[n]) ? errno : 0;
	}
	EXPECT(err == EAGAIN && ddr_client_take(others[n - 1], &answer) == 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	EXPECT(b.tv_sec - a.tv_sec < 2);
	for (i = 0; i < n; i++)
		ddr_client_free(others[i]);
	EXPECT(end());
	return true;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Nobody answers: the caller's loop is woken when it has been too long. */
static bool timeouts(void)
{
	struct pollfd pfd = { .events = POLLIN };
	struct ddr_request req;
	double start = now();

	EXPECT(begin());
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(ddr_client_wait(client, &answer, 0) == 0);
	EXPECT(ddr_client_wait(client, &answer, 200) == 0 && nothing());
	EXPECT(now() - start > 0.15 && now() - start < 5);
	pfd.fd = ddr_client_fd(client);
	EXPECT(poll(&pfd, 1, DDR_REPLY_TIMEOUT_S * 1000 + 5000) == 1);
	EXPECT(now() - start > DDR_REPLY_TIMEOUT_S - 1);
	EXPECT(ddr_client_take(client, &answer) == -1 && errno == ETIMEDOUT && nothing());
	EXPECT(!readable(pfd.fd) && ddr_client_take(client, &answer) == 0);
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(end());
	return true;
}

static const struct ktap_case cases[] = {
	{ "a daemon that hung up: connected again, on the same fd", reconnects },
	{ "a child that has the connection, too", forks },
	{ "no daemon", no_daemon },
	{ "a daemon with a full backlog", full_backlog },
	{ "a daemon that does not answer", timeouts },
};

KTAP_MAIN(cases)
