// SPDX-License-Identifier: GPL-2.0-only
/*
 * One client: a request comes in, a reply goes out. Nothing here waits for the client, and a
 * client that breaks the protocol is disconnected rather than argued with.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "../lib/fdmsg.h"
#include "../lib/names.h"
#include "../lib/wire.h"
#include "copy.h"
#include "log.h"
#include "session.h"

static int reply_error(int sock, uint32_t type, int err)
{
	struct ddr_head head;

	return ddr_send(sock, &head, ddr_encode_head(&head, type, err), NULL, 0, MSG_DONTWAIT);
}

static int reply_fds(int sock, uint32_t type, uint32_t access, const int *fds, size_t n)
{
	struct ddr_open_reply reply = { .access = access, .n_fds = (uint32_t)n };

	ddr_encode_head(&reply.head, type, 0);
	reply.head.size = sizeof(reply);
	return ddr_send(sock, &reply, sizeof(reply), fds, n, MSG_DONTWAIT);
}

/* @access: what was asked for; 0: only to look */
static void log_refusal(const struct ddr_peer *peer, const char *stream, uint32_t access, int err)
{
	char names[DDR_ACCESS_TEXT];

	ddr_access_text(names, sizeof(names), access);
	/* A name that is none may hold anything, escape sequences included. */
	log_limited(LOG_LEVEL_WARNING, "refused: uid %u pid %d stream %s %s: %s", peer->uid,
		    peer->pid, ddr_name_valid(stream) ? stream : "(not a name)",
		    access ? names : "status", strerror(err));
}

static int handle_open(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
		       const struct session_ops *ops, const struct ddr_request *req)
{
	int fds[DDR_MAX_FDS];
	size_t n = 0;
	uint32_t bit;
	int err;

	err = ddr_policy_open(config, peer, req->stream, req->access);
	if (err) {
		log_refusal(peer, req->stream, req->access, err);
		return reply_error(sock, DDR_OPEN, err);
	}
	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if (!(req->access & bit))
			continue;
		fds[n] = ops->open_file(ops->ctx, req->stream, bit, req->cpu);
		if (fds[n] < 0) {
			err = errno;
			ddr_close_fds(fds, n);
			/* EACCES would say that the policy refused */
			return reply_error(sock, DDR_OPEN, err == EACCES ? EIO : err);
		}
		n++;
	}
	err = reply_fds(sock, DDR_OPEN, req->access, fds, n);
	ddr_close_fds(fds, n);
	return err;
}

/* Grants a copy, whose reply comes when it is made: session_copied(). */
static int handle_copy(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
		       const struct session_ops *ops, const struct ddr_request *req,
		       struct copy **copy)
{
	int err = ddr_policy_open(config, peer, req->stream, DDR_COPY), fd;

	if (err) {
		log_refusal(peer, req->stream, DDR_COPY, err);
		return reply_error(sock, DDR_OPEN, err);
	}
	fd = ops->open_file(ops->ctx, req->stream, DDR_SNAPSHOT, 0);
	if (fd >= 0)
		*copy = copy_new(fd, peer->uid, DDR_OPEN);
	if (fd >= 0 && *copy)
		return 0;
	return reply_error(sock, DDR_OPEN, errno == EACCES ? EIO : errno);
}

/* A copy of what was saved, for the file would take up room as long as somebody had it open. */
static int handle_saved(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
			const struct session_ops *ops, const struct ddr_request *req,
			struct copy **copy)
{
	int err = ddr_policy_saved(config, peer, req->stream), fd;

	if (err) {
		log_refusal(peer, req->stream, DDR_COPY, err);
		return reply_error(sock, DDR_SAVED, err);
	}
	fd = ops->saved(ops->ctx, req->stream, req->number);
	if (fd >= 0)
		*copy = copy_new(fd, peer->uid, DDR_SAVED);
	if (fd >= 0 && *copy)
		return 0;
	return reply_error(sock, DDR_SAVED, errno == EACCES ? EIO : errno);
}

static int handle_formats(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
			  const struct session_ops *ops, const struct ddr_request *req)
{
	int err = ddr_policy_open(config, peer, req->stream, DDR_RAW), fd;

	if (err) {
		log_refusal(peer, req->stream, DDR_RAW, err);
		return reply_error(sock, DDR_FORMATS, err);
	}
	fd = ops->formats(ops->ctx, req->stream, peer->uid);
	if (fd < 0)
		return reply_error(sock, DDR_FORMATS, errno == EACCES ? EIO : errno);
	err = reply_fds(sock, DDR_FORMATS, 0, &fd, 1);
	close(fd);
	return err;
}

/* @head: with the entries behind it */
static int reply_table(int sock, uint32_t type, struct ddr_table_reply *head, size_t n,
		       size_t entry_size)
{
	size_t len = sizeof(*head) + n * entry_size;

	ddr_encode_head(&head->head, type, 0);
	head->head.size = (uint32_t)len;
	head->n_entries = (uint32_t)n;
	head->entry_size = (uint32_t)entry_size;
	return ddr_send(sock, head, len, NULL, 0, MSG_DONTWAIT);
}

static int handle_status(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
			 const struct session_ops *ops)
{
	static struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[DDR_MAX_STREAMS];
	} reply;
	_Static_assert(sizeof(reply) <= DDR_MAX_REPLY, "a full status fits into a reply");
	struct ddr_stream_status *entry;
	uint32_t access;
	size_t i, n = 0;

	for (i = 0; i < config->n_streams && n < DDR_MAX_STREAMS; i++) {
		access = ddr_policy_access(config, peer, config->stream[i]->name);
		if (!access)
			continue;
		entry = &reply.entry[n++];
		memset(entry, 0, sizeof(*entry));
		strcpy(entry->stream, config->stream[i]->name); /* a valid name fits */
		entry->access = access;
		ops->status(ops->ctx, entry->stream, entry);
	}
	return reply_table(sock, DDR_STATUS, &reply.head, n, sizeof(reply.entry[0]));
}

static int handle_cpus(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
		       const struct session_ops *ops, const struct ddr_request *req)
{
	static struct {
		struct ddr_table_reply head;
		struct ddr_cpu_status entry[DDR_MAX_CPUS];
	} reply;
	_Static_assert(sizeof(reply) <= DDR_MAX_REPLY, "all CPUs fit into a reply");
	size_t n;
	int err;

	err = ddr_policy_look(config, peer, req->stream);
	if (err) {
		log_refusal(peer, req->stream, 0, err);
		return reply_error(sock, DDR_CPUS, err);
	}
	n = ops->cpus(ops->ctx, req->stream, reply.entry, DDR_MAX_CPUS);
	return reply_table(sock, DDR_CPUS, &reply.head, n, sizeof(reply.entry[0]));
}

/* Is a reply still unread? By unix(7), SIOCOUTQ counts what was sent and not yet taken. */
static bool reply_unread(int sock)
{
	int queued = 0;

	return ioctl(sock, SIOCOUTQ, &queued) || queued;
}

/**
 * session_handle() - take one request and answer it
 * @sock: the connection, with something to read.
 * @peer: who is there.
 * @config: the policy.
 * @ops: the streams.
 * @copy: set to NULL, or to a copy to be made: nothing more is to be taken from the connection until
 *	session_copied() has answered.
 *
 * One request, one reply: a client that asks again before it took the last reply is disconnected.
 * That also bounds the fds that it can leave in flight.
 *
 * Return: 0 to keep the connection (a refusal is an answer, too), -1 with errno to close it; 0 in
 * errno: the client hung up.
 */
int session_handle(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
		   const struct session_ops *ops, struct copy **copy)
{
	char buf[DDR_MAX_REQUEST];
	struct ddr_request req;
	size_t n_fds;
	ssize_t got;
	int err;

	*copy = NULL;
	/* No fd is ever expected, so that any closes the connection, and itself. */
	got = ddr_receive(sock, buf, sizeof(buf), NULL, 0, &n_fds, MSG_DONTWAIT);
	if (got < 0)
		return errno == EAGAIN ? 0 : -1;
	if (got == 0) {
		errno = 0;
		return -1;
	}
	err = ddr_decode_request(buf, (size_t)got, &req);
	if (err == -EBADMSG || reply_unread(sock)) {
		errno = err == -EBADMSG ? EBADMSG : EPROTO;
		return -1;
	}
	if (err)
		return reply_error(sock, req.type, -err);
	switch (req.type) {
	case DDR_OPEN:
		if (req.access == DDR_COPY)
			return handle_copy(sock, peer, config, ops, &req, copy);
		return handle_open(sock, peer, config, ops, &req);
	case DDR_FORMATS:
		return handle_formats(sock, peer, config, ops, &req);
	case DDR_SAVED:
		return handle_saved(sock, peer, config, ops, &req, copy);
	case DDR_CPUS:
		return handle_cpus(sock, peer, config, ops, &req);
	default:
		return handle_status(sock, peer, config, ops);
	}
}

/**
 * session_copied() - answer the request that asked for a copy
 * @sock: the connection.
 * @type: of the request.
 * @fd: of the copy; closed. Negative: there is none.
 * @err: then, the errno value of why.
 *
 * Return: as session_handle().
 */
int session_copied(int sock, uint32_t type, int fd, int err)
{
	if (fd < 0)
		return reply_error(sock, type, err == EACCES ? EIO : err);
	err = reply_fds(sock, type, type == DDR_OPEN ? DDR_COPY : 0, &fd, 1);
	close(fd);
	return err;
}
