// SPDX-License-Identifier: GPL-2.0-only
/* The library's client against a daemon's end that does what it should, or not. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
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

static bool listen_at(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	strcpy(addr.sun_path, path);
	unlink(path);
	listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return listening >= 0 && !bind(listening, (struct sockaddr *)&addr, sizeof(addr)) &&
	       !listen(listening, 0);
}

static bool begin(void)
{
	static bool made;

	if (!made) {
		if (!mkdtemp(dir))
			return false;
		snprintf(path, sizeof(path), "%s/socket", dir);
		made = true;
	}
	fds_before = count_fds();
	client = ddr_client_new(path);
	return client && listen_at();
}

static void hang_up(void)
{
	ddr_close_fds(&server, 1);
	server = -1;
}

/* Return: whether no fd is left. */
static bool end(void)
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
static uint32_t take_request(struct ddr_request *req)
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

static bool readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1 && pfd.revents == POLLIN;
}

static bool reply(const void *buf, size_t len, size_t n_fds)
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

static struct ddr_open_reply open_reply(uint32_t type, uint32_t access, uint32_t n_fds)
{
	struct ddr_open_reply r = { .access = access, .n_fds = n_fds };

	ddr_encode_head(&r.head, type, 0);
	r.head.size = sizeof(r);
	return r;
}

/* Without an answer there is nothing in it. */
static bool nothing(void)
{
	size_t i;

	for (i = 0; i < DDR_MAX_FDS; i++) {
		if (answer.fd[i] != -1)
			return false;
	}
	return !answer.n_fds && !answer.error && !answer.stream && !answer.n_streams &&
	       !answer.cpu && !answer.n_cpus && !answer.access;
}

static bool opens(void)
{
	struct ddr_open_reply r = open_reply(DDR_OPEN, DDR_SNAPSHOT | DDR_MARK, 2);
	struct ddr_request req;
	size_t i;

	EXPECT(begin());
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(ddr_client_ask_open(client, "kms", DDR_SNAPSHOT | DDR_MARK) == 0);
	EXPECT(ddr_client_ask_status(client) == -1 && errno == EBUSY);
	EXPECT(take_request(&req) == DDR_OPEN && !strcmp(req.stream, "kms") && req.access == 5);
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(ddr_client_wait(client, &answer, 10) == 0 && nothing());
	EXPECT(reply(&r, sizeof(r), 2) && readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 1);
	EXPECT(answer.type == DDR_OPEN && !answer.error && answer.access == 5 && answer.n_fds == 2);
	for (i = 0; i < 2; i++)
		EXPECT(fcntl(answer.fd[i], F_GETFD) == FD_CLOEXEC);
	EXPECT(answer.fd[2] == -1 && answer.fd[3] == -1);
	ddr_close_fds(answer.fd, 2);
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());

	/* the same connection does for the next; all at once, a CPU's pages, and formats */
	r = open_reply(DDR_OPEN, DDR_ACCESS_ALL & ~DDR_COPY, 4);
	EXPECT(ddr_client_ask_open(client, "kms", DDR_ACCESS_ALL & ~DDR_COPY) == 0);
	EXPECT(accept4(listening, NULL, NULL, 0) < 0 && errno == EAGAIN);
	EXPECT(take_request(&req) == DDR_OPEN && reply(&r, sizeof(r), 4));
	EXPECT(ddr_client_wait(client, &answer, -1) == 1 && answer.n_fds == 4);
	ddr_close_fds(answer.fd, 4);
	r = open_reply(DDR_OPEN, DDR_RAW, 1);
	EXPECT(ddr_client_ask_raw(client, "kms", 3) == 0);
	EXPECT(take_request(&req) == DDR_OPEN && req.access == DDR_RAW && req.cpu == 3);
	EXPECT(reply(&r, sizeof(r), 1) && ddr_client_take(client, &answer) == 1);
	ddr_close_fds(answer.fd, 1);
	r = open_reply(DDR_FORMATS, 0, 1);
	EXPECT(ddr_client_ask_formats(client, "kms") == 0);
	EXPECT(take_request(&req) == DDR_FORMATS && !strcmp(req.stream, "kms"));
	EXPECT(reply(&r, sizeof(r), 1) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.type == DDR_FORMATS && answer.n_fds == 1);
	ddr_close_fds(answer.fd, 1);
	EXPECT(end());
	return true;
}

static bool tables(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[2];
	} streams = { .head = { .n_entries = 2, .entry_size = sizeof(streams.entry[0]) } };
	struct {
		struct ddr_table_reply head;
		struct ddr_cpu_status entry[1];
	} cpus = { .head = { .n_entries = 1, .entry_size = sizeof(cpus.entry[0]) } };
	struct ddr_request req;

	EXPECT(begin());
	ddr_encode_head(&streams.head.head, DDR_STATUS, 0);
	streams.head.head.size = sizeof(streams);
	strcpy(streams.entry[1].stream, "two");
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&streams, sizeof(streams), 0) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.n_streams == 2 && !strcmp(answer.stream[1].stream, "two"));
	EXPECT(!answer.cpu && !answer.n_cpus && answer.type == DDR_STATUS);

	ddr_encode_head(&cpus.head.head, DDR_CPUS, 0);
	cpus.head.head.size = sizeof(cpus);
	cpus.entry[0].overrun = 7;
	EXPECT(ddr_client_ask_cpus(client, "two") == 0 && take_request(&req) == DDR_CPUS);
	EXPECT(!strcmp(req.stream, "two"));
	EXPECT(reply(&cpus, sizeof(cpus), 0) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.n_cpus == 1 && answer.cpu[0].overrun == 7 && !answer.stream);

	/* fds that do not belong there are closed; that is no reply */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&streams, sizeof(streams), 1));
	EXPECT(ddr_client_take(client, &answer) == -1 && errno == EBADMSG && nothing());
	EXPECT(end());
	return true;
}

static bool refusals(void)
{
	struct ddr_request req;
	struct ddr_head head;

	EXPECT(begin());
	EXPECT(ddr_client_ask_open(client, "kms", DDR_LIVE) == 0 && take_request(&req));
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_OPEN, EACCES), 0));
	EXPECT(ddr_client_take(client, &answer) == 1 && answer.error == EACCES);
	EXPECT(!answer.n_fds && answer.fd[0] == -1 && answer.type == DDR_OPEN);
	/* the connection stays */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, ENOMEM), 0));
	EXPECT(ddr_client_take(client, &answer) == 1 && answer.error == ENOMEM && !answer.stream);
	EXPECT(accept4(listening, NULL, NULL, 0) < 0);
	EXPECT(end());
	return true;
}

/* To a request for one fd. Return: whether that was dropped, and the next makes a connection. */
static bool drops(const void *buf, size_t len, size_t n_fds)
{
	struct ddr_request req;
	struct ddr_head head;
	int before;

	if (ddr_client_ask_open(client, "kms", DDR_LIVE) || !take_request(&req))
		return false;
	before = count_fds();
	if (!reply(buf, len, n_fds) || ddr_client_take(client, &answer) != -1 ||
	    errno != EBADMSG || !nothing() || count_fds() != before - 1)
		return false;
	/* nothing is under way, and the other end sees the end */
	if (ddr_client_take(client, &answer) != 0 || recv(server, &head, 1, MSG_DONTWAIT) != 0)
		return false;
	return !readable(ddr_client_fd(client));
}

static bool malformed(void)
{
	struct ddr_open_reply r = open_reply(DDR_OPEN, DDR_LIVE, 1), bad;
	static char big[DDR_MAX_REPLY + 1];
	struct ddr_head head;
	size_t len;

	EXPECT(begin());
	for (len = 1; len < sizeof(r); len++) {
		bad = r;
		EXPECT(drops(&bad, len, 1));
		bad.head.size = (uint32_t)len;
		EXPECT(drops(&bad, len, 1));
	}
	bad = r;
	bad.head.magic++;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.head.type = DDR_FORMATS;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.head.status = -1;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.access = DDR_SNAPSHOT;
	EXPECT(drops(&bad, sizeof(bad), 1));
	/* more or fewer fds than there should be, by the reply or by what was asked */
	EXPECT(drops(&r, sizeof(r), 0));
	EXPECT(drops(&r, sizeof(r), 2));
	EXPECT(drops(&r, sizeof(r), 5));
	r.n_fds = 2;
	EXPECT(drops(&r, sizeof(r), 1));
	EXPECT(drops(&r, sizeof(r), 2));
	EXPECT(drops(&head, ddr_encode_head(&head, DDR_OPEN, EACCES), 1));
	EXPECT(drops(big, sizeof(big), 0));
	EXPECT(drops(big, sizeof(big), 3));
	EXPECT(end());
	return true;
}

/* Any bytes, and good replies with some changed or cut. */
static bool random_replies(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[3];
	} streams;
	unsigned char buf[sizeof(streams)];
	struct ddr_request req;
	unsigned int i, k;
	size_t len;
	int ret;

	EXPECT(begin());
	srand(1);
	for (i = 0; i < 3000; i++) {
		streams.head = (struct ddr_table_reply){
			.n_entries = 3, .entry_size = sizeof(streams.entry[0]),
		};
		ddr_encode_head(&streams.head.head, DDR_STATUS, 0);
		streams.head.head.size = sizeof(streams);
		memset(streams.entry, 'x', sizeof(streams.entry));
		memcpy(buf, &streams, sizeof(buf));
		for (k = (unsigned int)rand() % 4; k; k--)
			buf[(unsigned int)rand() % 32] = (unsigned char)rand();
		len = rand() % 2 ? sizeof(buf) : 1 + (unsigned int)rand() % sizeof(buf);
		EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
		EXPECT(reply(buf, len, (unsigned int)rand() % 2));
		ret = ddr_client_take(client, &answer);
		EXPECT(ret == 1 || (ret == -1 && errno == EBADMSG && nothing()));
		if (ret == 1 && answer.n_streams)
			EXPECT(strlen(answer.stream[answer.n_streams - 1].stream) <= DDR_NAME_MAX);
	}
	EXPECT(end());
	return true;
}

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

static bool names(void)
{
	char longest[DDR_NAME_MAX + 2];
	struct ddr_request req;

	EXPECT(begin());
	memset(longest, 'x', sizeof(longest) - 1);
	longest[DDR_NAME_MAX + 1] = '\0';
	EXPECT(ddr_client_ask_open(client, longest, DDR_LIVE) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_raw(client, longest, 0) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_cpus(client, longest) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_formats(client, longest) == -1 && errno == EACCES);
	longest[DDR_NAME_MAX] = '\0';
	EXPECT(ddr_client_ask_open(client, longest, DDR_LIVE) == 0);
	EXPECT(take_request(&req) == DDR_OPEN && strlen(req.stream) == DDR_NAME_MAX);
	EXPECT(end());
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
	rmdir(dir);
	return true;
}

static const struct ktap_case cases[] = {
	{ "fds that are asked for, and no other", opens },
	{ "tables", tables },
	{ "a refusal is an answer, and the connection stays", refusals },
	{ "malformed replies: EBADMSG, all fds closed, the connection dropped", malformed },
	{ "random replies", random_replies },
	{ "a daemon that hung up: connected again, on the same fd", reconnects },
	{ "a child that has the connection, too", forks },
	{ "no daemon", no_daemon },
	{ "names that are too long", names },
	{ "a daemon with a full backlog", full_backlog },
	{ "a daemon that does not answer", timeouts },
};

KTAP_MAIN(cases)
