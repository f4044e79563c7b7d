// SPDX-License-Identifier: LGPL-2.1-or-later
/* Requests to the daemon, one at a time, and its replies, for a program that cannot wait. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ddrecorder.h"
#include "fdmsg.h"
#include "wire.h"

/*
 * @epoll is what the caller polls, so that it stays the same whatever becomes of @sock. It has
 * @sock in it, and @timer, which goes off when a reply takes too long: the caller's loop need not
 * know about that.
 *
 * The buffers are here rather than on the stack, as a compositor's thread may have little of that.
 */
struct ddr_client {
	struct sockaddr_un addr;
	int epoll, timer;
	int sock;	 /* -1: not connected */
	uint32_t asked;	 /* the request under way, enum ddr_type; 0: none */
	uint32_t access; /* DDR_OPEN: what was asked for */
	char reply[DDR_MAX_REPLY];
	union {
		struct ddr_stream_status stream[DDR_MAX_STREAMS];
		struct ddr_cpu_status cpu[DDR_MAX_CPUS];
	} table;
};

/* Return: -1, with errno. */
static int fail(int err)
{
	errno = err;
	return -1;
}

/**
 * ddr_client_new() - a way to the daemon
 * @path: its socket; NULL for DDR_SOCKET_PATH. Not looked at yet.
 *
 * Context: does not wait. Takes two fds, and a third when something is asked.
 *
 * Return: to be freed with ddr_client_free(); NULL with errno: ENAMETOOLONG, ENOMEM, EMFILE.
 */
struct ddr_client *ddr_client_new(const char *path)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct ddr_client *client;
	size_t len;

	if (!path)
		path = DDR_SOCKET_PATH;
	len = strlen(path);
	if (len >= sizeof(client->addr.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	client = calloc(1, sizeof(*client));
	if (!client)
		return NULL;
	client->addr.sun_family = AF_UNIX;
	memcpy(client->addr.sun_path, path, len + 1);
	client->sock = -1;
	client->epoll = epoll_create1(EPOLL_CLOEXEC);
	client->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (client->epoll < 0 || client->timer < 0 ||
	    epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->timer, &event)) {
		ddr_client_free(client);
		return NULL;
	}
	return client;
}

/* Hangs up; errno is kept. */
static void drop(struct ddr_client *client)
{
	const struct itimerspec off = { 0 };

	if (client->sock >= 0) {
		int saved = errno;

		/* A child of a fork() may have it, too, and closing alone would leave it in. */
		epoll_ctl(client->epoll, EPOLL_CTL_DEL, client->sock, NULL);
		errno = saved;
		ddr_close_fds(&client->sock, 1);
		client->sock = -1;
	}
	client->asked = 0;
	timerfd_settime(client->timer, 0, &off, NULL);
}

/**
 * ddr_client_free() - hang up; fds that were received stay valid
 * @client: may be NULL. errno is kept.
 *
 * Context: does not wait.
 */
void ddr_client_free(struct ddr_client *client)
{
	int fds[3];

	if (!client)
		return;
	fds[0] = client->sock;
	fds[1] = client->timer;
	fds[2] = client->epoll;
	ddr_close_fds(fds, 3);
	free(client);
}

/**
 * ddr_client_fd() - what to poll
 * @client: the client.
 *
 * Return: an fd that is readable when ddr_client_take() is to be called. It is the same for as
 * long as @client lives, and not to be read or closed.
 */
int ddr_client_fd(const struct ddr_client *client)
{
	return client->epoll;
}

static int dial(struct ddr_client *client)
{
	struct epoll_event event = { .events = EPOLLIN };
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (sock < 0)
		return -1;
	if (connect(sock, (const struct sockaddr *)&client->addr, sizeof(client->addr)) ||
	    epoll_ctl(client->epoll, EPOLL_CTL_ADD, sock, &event)) {
		ddr_close_fds(&sock, 1);
		return -1;
	}
	client->sock = sock;
	return 0;
}

/* Has a connection that should be idle something to say? That it hung up, if anything. */
static bool is_stale(const struct ddr_client *client)
{
	struct pollfd pfd = { .fd = client->sock, .events = POLLIN };

	return poll(&pfd, 1, 0) != 0;
}

/* Return: as the ddr_client_ask_*(). */
static int ask(struct ddr_client *client, uint32_t type, const void *request, size_t len,
	       time_t timeout_s)
{
	const struct itimerspec limit = { .it_value.tv_sec = timeout_s };
	bool fresh;

	if (client->asked)
		return fail(EBUSY);
	if (!len)
		return fail(EACCES); /* no stream has such a name: the daemon would say no more */
	if (client->sock >= 0 && is_stale(client))
		drop(client);
	for (;;) {
		fresh = client->sock < 0;
		if (fresh && dial(client))
			return -1;
		if (ddr_send(client->sock, request, len, NULL, 0, MSG_DONTWAIT) == 0)
			break;
		if (errno == EAGAIN)
			return -1;
		drop(client);
		/* It may have hung up between the look and the sending, but not twice. */
		if (fresh || (errno != EPIPE && errno != ECONNRESET))
			return -1;
	}
	client->asked = type;
	timerfd_settime(client->timer, 0, &limit, NULL);
	return 0;
}

static int ask_stream(struct ddr_client *client, const char *stream, uint32_t access, uint32_t cpu)
{
	struct ddr_open_request request;
	size_t len = ddr_encode_open(&request, stream, access, cpu);

	if (ask(client, DDR_OPEN, &request, len,
		access & DDR_COPY ? DDR_COPY_TIMEOUT_S : DDR_REPLY_TIMEOUT_S))
		return -1;
	client->access = access;
	return 0;
}

static int ask_named(struct ddr_client *client, uint32_t type, const char *stream)
{
	struct ddr_named_request request;

	return ask(client, type, &request, ddr_encode_named(&request, type, stream),
		   DDR_REPLY_TIMEOUT_S);
}

/**
 * ddr_client_ask_open() - ask for a stream's fds
 * @client: the client.
 * @stream: the stream's name.
 * @access: one or more of DDR_SNAPSHOT, DDR_LIVE, DDR_MARK; or DDR_COPY alone. All of it is
 * granted, or none.
 *
 * In the answer, EACCES: not granted, or no such stream. EBUSY: DDR_LIVE, and somebody has it
 * open. Others as the daemon had them when it opened the files.
 *
 * Context: does not wait; connects first where there is no connection.
 *
 * Return: 0: asked, ddr_client_take() has the answer later. -1 with errno, nothing is under way:
 * ENOENT or ECONNREFUSED: no daemon runs; EACCES: its socket cannot be used, or no stream can have
 * such a name; EAGAIN: the daemon has more to do than it can queue, try again later; ECONNRESET or
 * EPIPE: it hung up at once. EBUSY: the answer to another request is to be taken first.
 */
int ddr_client_ask_open(struct ddr_client *client, const char *stream, uint32_t access)
{
	return ask_stream(client, stream, access, 0);
}

/**
 * ddr_client_ask_raw() - ask for one CPU's pages of a stream
 * @client: the client.
 * @stream: the stream's name.
 * @cpu: which CPU's.
 *
 * Context: does not wait.
 *
 * Return: as ddr_client_ask_open(); so is the answer, with an fd for ddr_reader_new_raw().
 */
int ddr_client_ask_raw(struct ddr_client *client, const char *stream, uint32_t cpu)
{
	return ask_stream(client, stream, DDR_RAW, cpu);
}

/**
 * ddr_client_ask_formats() - ask for what is needed to read a stream's pages
 * @client: the client.
 * @stream: the stream's name.
 *
 * Context: does not wait.
 *
 * Return: as ddr_client_ask_open(); so is the answer, with an fd for ddr_reader_new_raw().
 */
int ddr_client_ask_formats(struct ddr_client *client, const char *stream)
{
	return ask_named(client, DDR_FORMATS, stream);
}

/**
 * ddr_client_ask_saved() - ask for what was saved of a stream
 * @client: the client.
 * @stream: the stream's name.
 * @number: 0 for what was saved last, 1 for what was before that, and so on.
 *
 * In the answer, ENOENT: there are not so many.
 *
 * Context: does not wait.
 *
 * Return: as ddr_client_ask_open(); so is the answer, with an fd for ddr_reader_new().
 */
int ddr_client_ask_saved(struct ddr_client *client, const char *stream, uint32_t number)
{
	struct ddr_saved_request request;

	return ask(client, DDR_SAVED, &request, ddr_encode_saved(&request, stream, number),
		   DDR_COPY_TIMEOUT_S);
}

/**
 * ddr_client_ask_status() - ask for the streams that the caller may open; all of them for uid 0
 * @client: the client.
 *
 * Context: does not wait.
 *
 * Return: as ddr_client_ask_open().
 */
int ddr_client_ask_status(struct ddr_client *client)
{
	struct ddr_head request;

	return ask(client, DDR_STATUS, &request, ddr_encode_head(&request, DDR_STATUS, 0),
		   DDR_REPLY_TIMEOUT_S);
}

/**
 * ddr_client_ask_cpus() - ask for what each CPU's part of a stream holds and lost
 * @client: the client.
 * @stream: the stream's name.
 *
 * Context: does not wait.
 *
 * Return: as ddr_client_ask_open().
 */
int ddr_client_ask_cpus(struct ddr_client *client, const char *stream)
{
	return ask_named(client, DDR_CPUS, stream);
}

/* The reply is in @client->reply. Return: 0, or a negative errno value: -EBADMSG. */
static int decode(struct ddr_client *client, size_t len, struct ddr_answer *answer)
{
	size_t wanted = client->asked == DDR_OPEN ? (size_t)__builtin_popcount(client->access) :
			client->asked == DDR_FORMATS || client->asked == DDR_SAVED ? 1 : 0;
	uint32_t access = client->asked == DDR_OPEN ? client->access : 0, n_fds;
	int err;

	err = ddr_decode_reply(client->reply, len, client->asked);
	if (err == -EBADMSG)
		return err;
	if (err) {
		answer->error = -err;
		return answer->n_fds ? -EBADMSG : 0;
	}
	if (answer->n_fds != wanted)
		return -EBADMSG;
	switch (client->asked) {
	case DDR_STATUS:
		answer->stream = client->table.stream;
		return ddr_decode_status(client->reply, len, client->table.stream, DDR_MAX_STREAMS,
					 &answer->n_streams);
	case DDR_CPUS:
		answer->cpu = client->table.cpu;
		return ddr_decode_cpus(client->reply, len, client->table.cpu, DDR_MAX_CPUS,
				       &answer->n_cpus);
	default:
		err = ddr_decode_open(client->reply, len, client->asked, &answer->access, &n_fds);
		if (err || answer->access != access || n_fds != wanted)
			return -EBADMSG;
		return 0;
	}
}

static void forget(struct ddr_answer *answer, uint32_t type)
{
	size_t i;

	memset(answer, 0, sizeof(*answer));
	answer->type = type;
	for (i = 0; i < DDR_MAX_FDS; i++)
		answer->fd[i] = -1;
}

/* Nothing came. Return: 0, or -1 with ETIMEDOUT. */
static int look_at_timer(struct ddr_client *client)
{
	uint64_t times;

	if (read(client->timer, &times, sizeof(times)) != sizeof(times))
		return 0;
	/* A late reply would be taken for the next request's. */
	drop(client);
	return fail(ETIMEDOUT);
}

/**
 * ddr_client_take() - take the answer to what was asked
 * @client: the client.
 * @answer: filled in; without an answer it holds none, and its fds are -1.
 *
 * To be called when ddr_client_fd() is readable; it may be called at any time.
 *
 * Context: does not wait.
 *
 * Return: 1: an answer, which may be a refusal; its fds are the caller's. 0: none yet, or nothing
 * was asked. -1 with errno: there will be none, and something else may be asked. ECONNRESET: the
 * daemon hung up, or was restarted; ETIMEDOUT: it has not answered for DDR_REPLY_TIMEOUT_S;
 * EBADMSG: what it sent is no reply. The next request makes a new connection.
 */
int ddr_client_take(struct ddr_client *client, struct ddr_answer *answer)
{
	uint32_t asked = client->asked;
	ssize_t got;
	int err;

	forget(answer, asked);
	if (client->sock < 0)
		return 0;
	if (!asked) {
		/* that it hung up meanwhile is no news before the next request */
		if (is_stale(client))
			drop(client);
		return 0;
	}
	got = ddr_receive(client->sock, client->reply, sizeof(client->reply), answer->fd,
			  DDR_MAX_FDS, &answer->n_fds, MSG_DONTWAIT);
	if (got < 0 && errno == EAGAIN)
		return look_at_timer(client);
	if (got <= 0) {
		err = got == 0 ? ECONNRESET : errno == EMSGSIZE ? EBADMSG : errno;
		forget(answer, asked);
		drop(client);
		return fail(err);
	}
	if (decode(client, (size_t)got, answer)) {
		ddr_close_fds(answer->fd, answer->n_fds);
		forget(answer, asked);
		drop(client);
		return fail(EBADMSG);
	}
	client->asked = 0;
	timerfd_settime(client->timer, 0, &(const struct itimerspec){ 0 }, NULL);
	return 1;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * ddr_client_wait() - wait for the answer to what was asked
 * @client: the client.
 * @answer: as ddr_client_take().
 * @timeout_ms: how long at most, in milliseconds; negative: until there is an answer or an error,
 * which is DDR_REPLY_TIMEOUT_S at most, for a copy DDR_COPY_TIMEOUT_S.
 *
 * For programs that have no loop. Nothing is waited for when nothing was asked.
 *
 * Context: waits, as the only call of the library.
 *
 * Return: as ddr_client_take(), with 0 when the time is over; or -1 with EINTR: a signal came,
 * and the request is still under way.
 */
int ddr_client_wait(struct ddr_client *client, struct ddr_answer *answer, int timeout_ms)
{
	struct pollfd pfd = { .fd = client->epoll, .events = POLLIN };
	int64_t until = now_ms() + timeout_ms, left;
	int ret;

	for (;;) {
		ret = ddr_client_take(client, answer);
		if (ret || !client->asked)
			return ret;
		left = timeout_ms < 0 ? -1 : until - now_ms();
		if (timeout_ms >= 0 && left <= 0)
			return 0;
		if (poll(&pfd, 1, (int)left) < 0)
			return -1;
	}
}
