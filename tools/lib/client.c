// SPDX-License-Identifier: LGPL-2.1-or-later
/* A connection to the daemon. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ddrecorder.h"
#include "fdmsg.h"
#include "wire.h"

/*
 * One thread's at a time: no lock. The buffer is here rather than on the stack, as a compositor's
 * thread may have little of that.
 */
struct ddr_client {
	int sock;
	char reply[DDR_MAX_REPLY];
};

/* A daemon that hangs must not hang its clients. */
static int set_timeouts(int sock)
{
	struct timeval tv = { .tv_sec = DDR_REPLY_TIMEOUT_S };

	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) ||
	    setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)))
		return -1;
	return 0;
}

/**
 * ddr_client_connect() - connect to the daemon
 * @path: its socket; NULL for DDR_SOCKET_PATH.
 *
 * Context: waits up to DDR_REPLY_TIMEOUT_S when the daemon is busy.
 *
 * Return: to be freed with ddr_client_free(); NULL with errno as of connect(2): ENOENT or
 * ECONNREFUSED when no daemon runs.
 */
struct ddr_client *ddr_client_connect(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct ddr_client *client;
	int saved;

	if (!path)
		path = DDR_SOCKET_PATH;
	if (strlen(path) >= sizeof(addr.sun_path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	memcpy(addr.sun_path, path, strlen(path) + 1);

	client = malloc(sizeof(*client));
	if (!client)
		return NULL;
	client->sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (client->sock < 0)
		goto fail;
	if (set_timeouts(client->sock) ||
	    connect(client->sock, (struct sockaddr *)&addr, sizeof(addr)))
		goto fail_close;
	return client;

fail_close:
	saved = errno;
	close(client->sock);
	errno = saved;
fail:
	saved = errno;
	free(client);
	errno = saved;
	return NULL;
}

/**
 * ddr_client_free() - hang up; fds that were received stay valid
 * @client: may be NULL.
 */
void ddr_client_free(struct ddr_client *client)
{
	if (!client)
		return;
	close(client->sock);
	free(client);
}

/* Sends a request and receives its reply; @fds has room for DDR_MAX_FDS. */
static ssize_t ask(struct ddr_client *client, const void *request, size_t len, int *fds,
		   size_t *n_fds)
{
	ssize_t got;

	*n_fds = 0;
	if (ddr_send(client->sock, request, len, NULL, 0, 0))
		return -1;
	got = ddr_receive(client->sock, client->reply, sizeof(client->reply), fds, DDR_MAX_FDS,
			  n_fds, 0);
	if (got < 0 && errno == EAGAIN)
		errno = ETIMEDOUT;
	if (got == 0) {
		errno = ECONNRESET;
		return -1;
	}
	return got;
}

/* As ask(), for a reply that has no fds; any that come are closed. */
static ssize_t ask_plainly(struct ddr_client *client, const void *request, size_t len)
{
	int fds[DDR_MAX_FDS];
	size_t n_fds;
	ssize_t got = ask(client, request, len, fds, &n_fds);

	if (got >= 0)
		ddr_close_fds(fds, n_fds);
	return got;
}

/* @err: 0 or a negative errno value. Return: 0, or -1 with errno. */
static int result(int err)
{
	if (!err)
		return 0;
	errno = -err;
	return -1;
}

/**
 * ddr_client_open() - get a stream's fds
 * @client: connection.
 * @stream: the stream's name.
 * @access: one or more of DDR_SNAPSHOT, DDR_LIVE, DDR_MARK; all of it is granted, or none.
 * @fds: one fd for each bit of @access, lowest bit first, then -1; O_CLOEXEC, the caller's to
 * close. They stay valid when @client is freed and when the daemon ends.
 *
 * Context: waits up to DDR_REPLY_TIMEOUT_S for the reply.
 *
 * Return: 0, or -1 with errno. EACCES: not granted, or no such stream. EBUSY: DDR_LIVE, and
 * somebody has it open. ECONNRESET: the daemon hung up. Others as the daemon had them when it
 * opened the files.
 */
int ddr_client_open(struct ddr_client *client, const char *stream, uint32_t access,
		    int fds[DDR_MAX_FDS])
{
	size_t wanted = (size_t)__builtin_popcount(access & DDR_ACCESS_ALL);
	struct ddr_open_request request;
	struct ddr_open_reply reply;
	size_t len, n_fds, i;
	ssize_t got;
	int err;

	for (i = 0; i < DDR_MAX_FDS; i++)
		fds[i] = -1;
	len = ddr_encode_open(&request, stream, access, 0);
	if (!len) {
		errno = EACCES; /* no stream has such a name, and the daemon would say no more */
		return -1;
	}
	got = ask(client, &request, len, fds, &n_fds);
	if (got < 0)
		return -1;

	err = ddr_decode_reply(client->reply, (size_t)got, DDR_OPEN);
	if (!err) {
		memset(&reply, 0, sizeof(reply));
		memcpy(&reply, client->reply, (size_t)got < sizeof(reply) ? (size_t)got
									   : sizeof(reply));
		if (reply.access != access || reply.n_fds != n_fds || n_fds != wanted)
			err = -EBADMSG;
	}
	if (err) {
		ddr_close_fds(fds, n_fds);
		for (i = 0; i < DDR_MAX_FDS; i++)
			fds[i] = -1;
		errno = -err;
		return -1;
	}
	return 0;
}

/**
 * ddr_client_status() - the streams that the caller may open, or all for uid 0
 * @client: connection.
 * @list: filled in, in the configuration's order.
 * @max: room there; DDR_MAX_STREAMS always suffices.
 * @n: how many were filled in.
 *
 * Context: waits up to DDR_REPLY_TIMEOUT_S for the reply.
 *
 * Return: 0, or -1 with errno.
 */
int ddr_client_status(struct ddr_client *client, struct ddr_stream_status *list, size_t max,
		      size_t *n)
{
	struct ddr_head request;
	ssize_t got;

	*n = 0;
	got = ask_plainly(client, &request, ddr_encode_head(&request, DDR_STATUS, 0));
	if (got < 0)
		return -1;
	return result(ddr_decode_status(client->reply, (size_t)got, list, max, n));
}

/**
 * ddr_client_cpus() - what each CPU's part of a stream holds and lost
 * @client: connection.
 * @stream: the stream's name.
 * @list: filled in, in the order of CPUs.
 * @max: room there; DDR_MAX_CPUS always suffices.
 * @n: how many were filled in.
 *
 * Context: waits up to DDR_REPLY_TIMEOUT_S for the reply.
 *
 * Return: 0, or -1 with errno. EACCES: not granted, or no such stream.
 */
int ddr_client_cpus(struct ddr_client *client, const char *stream, struct ddr_cpu_status *list,
		    size_t max, size_t *n)
{
	struct ddr_named_request request;
	size_t len = ddr_encode_named(&request, DDR_CPUS, stream);
	ssize_t got;

	*n = 0;
	if (!len)
		return result(-EACCES);
	got = ask_plainly(client, &request, len);
	if (got < 0)
		return -1;
	return result(ddr_decode_cpus(client->reply, (size_t)got, list, max, n));
}
