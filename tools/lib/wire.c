// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Messages to and from bytes. Pure: no file descriptor, no allocation, no global state, so that
 * all of it can be tested and fuzzed alone. Bytes come from a peer that is not trusted.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "wire.h"

static bool all_zero(const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (p[i])
			return false;
	}
	return true;
}

/*
 * Copies as much of a message as the receiver knows. The size that the head claims has to be
 * the packet's, as a packet socket keeps boundaries and anything else is a confused sender. An
 * older one sends less, but never less than @least; the rest is zero then.
 */
static int take(const void *buf, size_t len, void *to, size_t known, size_t least)
{
	size_t n = len < known ? len : known;

	if (len < least)
		return -EBADMSG;
	memset(to, 0, known);
	memcpy(to, buf, n);
	return all_zero((const unsigned char *)buf + n, len - n) ? 0 : -E2BIG;
}

static int take_head(const void *buf, size_t len, struct ddr_head *head)
{
	if (len < sizeof(*head))
		return -EBADMSG;
	memcpy(head, buf, sizeof(*head));
	if (head->magic != DDR_MAGIC || head->size != len)
		return -EBADMSG;
	return 0;
}

static int take_open(const void *buf, size_t len, struct ddr_request *req)
{
	struct ddr_open_request open;
	int err;

	err = take(buf, len, &open, sizeof(open), DDR_OPEN_SIZE_FIRST);
	if (err)
		return err;
	if (!memchr(open.stream, '\0', sizeof(open.stream)))
		return -EBADMSG;
	if (open.flags || !open.access || (open.access & ~DDR_ACCESS_ALL) || open.reserved)
		return -EINVAL;
	/* The daemon makes a copy as time permits, so that its reply has nothing else to wait for. */
	if ((open.access & DDR_COPY) && open.access != DDR_COPY)
		return -EINVAL;
	if (open.cpu && !(open.access & DDR_RAW))
		return -EINVAL;
	req->access = open.access;
	req->cpu = open.cpu;
	memcpy(req->stream, open.stream, sizeof(req->stream));
	return 0;
}

static int take_named(const void *buf, size_t len, struct ddr_request *req)
{
	struct ddr_named_request named;
	int err;

	err = take(buf, len, &named, sizeof(named), sizeof(named));
	if (err)
		return err;
	if (!memchr(named.stream, '\0', sizeof(named.stream)))
		return -EBADMSG;
	memcpy(req->stream, named.stream, sizeof(req->stream));
	return 0;
}

static int take_saved(const void *buf, size_t len, struct ddr_request *req)
{
	struct ddr_saved_request saved;
	int err;

	err = take(buf, len, &saved, sizeof(saved), sizeof(saved));
	if (err)
		return err;
	if (!memchr(saved.stream, '\0', sizeof(saved.stream)))
		return -EBADMSG;
	if (saved.reserved)
		return -EINVAL;
	req->number = saved.number;
	memcpy(req->stream, saved.stream, sizeof(req->stream));
	return 0;
}

/**
 * ddr_decode_request() - read and check a request
 * @buf: the packet; need not be aligned.
 * @len: its bytes.
 * @req: filled in; on any return but -EBADMSG, @req->type is set.
 *
 * Return: 0, or a negative errno value. -EBADMSG: malformed, the sender has to be disconnected.
 * Anything else is to be answered with that error: -E2BIG (from a newer client that asks for
 * what is not known here), -EOPNOTSUPP (unknown type), -EINVAL (unknown or no access bits, bits
 * that do not go together, or flags).
 */
int ddr_decode_request(const void *buf, size_t len, struct ddr_request *req)
{
	struct ddr_head head;
	int err;

	memset(req, 0, sizeof(*req));
	err = take_head(buf, len, &head);
	if (err)
		return err;
	if (head.status)
		return -EBADMSG;
	req->type = head.type;

	switch (head.type) {
	case DDR_STATUS:
		return take(buf, len, &head, sizeof(head), sizeof(head));
	case DDR_OPEN:
		return take_open(buf, len, req);
	case DDR_CPUS:
	case DDR_FORMATS:
		return take_named(buf, len, req);
	case DDR_SAVED:
		return take_saved(buf, len, req);
	default:
		return -EOPNOTSUPP;
	}
}

/**
 * ddr_encode_head() - fill in a message that is nothing but a head
 * @head: filled in.
 * @type: enum ddr_type.
 * @status: 0 in a request; 0 or a positive errno value in a reply.
 *
 * Return: bytes to send.
 */
size_t ddr_encode_head(struct ddr_head *head, uint32_t type, int status)
{
	*head = (struct ddr_head){
		.magic = DDR_MAGIC,
		.size = sizeof(*head),
		.type = type,
		.status = status,
	};
	return sizeof(*head);
}

/* A request of @size bytes that begins with @head, has @stream in @name and is zero otherwise. */
static size_t encode_named(struct ddr_head *head, size_t size, uint32_t type,
			   char name[DDR_NAME_MAX + 1], const char *stream)
{
	size_t len = strlen(stream);

	if (len > DDR_NAME_MAX)
		return 0;
	memset(head, 0, size);
	ddr_encode_head(head, type, 0);
	head->size = (uint32_t)size;
	memcpy(name, stream, len);
	return size;
}

/**
 * ddr_encode_open() - fill in a DDR_OPEN request
 * @msg: filled in.
 * @stream: at most DDR_NAME_MAX bytes.
 * @access: bits.
 * @cpu: with DDR_RAW which CPU's, otherwise 0.
 *
 * Return: bytes to send, or 0 when @stream is too long.
 */
size_t ddr_encode_open(struct ddr_open_request *msg, const char *stream, uint32_t access,
		       uint32_t cpu)
{
	size_t len = encode_named(&msg->head, sizeof(*msg), DDR_OPEN, msg->stream, stream);

	if (len) {
		msg->access = access;
		msg->cpu = cpu;
	}
	return len;
}

/**
 * ddr_encode_named() - fill in a request that says nothing but a stream's name
 * @msg: filled in.
 * @type: DDR_CPUS or DDR_FORMATS.
 * @stream: at most DDR_NAME_MAX bytes.
 *
 * Return: bytes to send, or 0 when @stream is too long.
 */
size_t ddr_encode_named(struct ddr_named_request *msg, uint32_t type, const char *stream)
{
	return encode_named(&msg->head, sizeof(*msg), type, msg->stream, stream);
}

/**
 * ddr_encode_saved() - fill in a DDR_SAVED request
 * @msg: filled in.
 * @stream: at most DDR_NAME_MAX bytes.
 * @number: which, 0 for the newest.
 *
 * Return: bytes to send, or 0 when @stream is too long.
 */
size_t ddr_encode_saved(struct ddr_saved_request *msg, const char *stream, uint32_t number)
{
	size_t len = encode_named(&msg->head, sizeof(*msg), DDR_SAVED, msg->stream, stream);

	if (len)
		msg->number = number;
	return len;
}

/**
 * ddr_decode_reply() - check a reply's head
 * @buf: the packet.
 * @len: its bytes.
 * @type: the type that was asked.
 *
 * Return: 0 when the daemon did what was asked, -EBADMSG when the reply is none to that request,
 * otherwise the daemon's refusal as a negative errno value.
 */
int ddr_decode_reply(const void *buf, size_t len, uint32_t type)
{
	struct ddr_head head;
	int err;

	err = take_head(buf, len, &head);
	if (err)
		return err;
	if (head.type != type || head.status < 0 || head.status > 4095)
		return -EBADMSG;
	return -head.status;
}

/**
 * ddr_decode_open() - read a ddr_open_reply
 * @buf: the packet.
 * @len: its bytes.
 * @type: DDR_OPEN, DDR_FORMATS or DDR_SAVED.
 * @access: what the fds are.
 * @n_fds: how many there should be.
 *
 * Return: 0, or a negative errno value as of ddr_decode_reply().
 */
int ddr_decode_open(const void *buf, size_t len, uint32_t type, uint32_t *access, uint32_t *n_fds)
{
	struct ddr_open_reply reply;
	int err;

	err = ddr_decode_reply(buf, len, type);
	if (err)
		return err;
	err = take(buf, len, &reply, sizeof(reply), sizeof(reply));
	if (err)
		return err;
	*access = reply.access;
	*n_fds = reply.n_fds;
	return 0;
}

/*
 * Reads the entries behind a ddr_table_reply into @list, whose own are @size bytes: what a sender
 * with shorter ones did not send is zero.
 */
static int take_table(const void *buf, size_t len, uint32_t type, void *list, size_t size,
		      size_t max, size_t *n)
{
	struct ddr_table_reply reply;
	const char *entry;
	size_t known, i;
	int err;

	*n = 0;
	err = ddr_decode_reply(buf, len, type);
	if (err)
		return err;
	if (len < sizeof(reply))
		return -EBADMSG;
	memcpy(&reply, buf, sizeof(reply));
	if (reply.n_entries > max || reply.entry_size > DDR_MAX_REPLY ||
	    (size_t)reply.n_entries * reply.entry_size != len - sizeof(reply))
		return -EBADMSG;

	known = reply.entry_size < size ? reply.entry_size : size;
	entry = (const char *)buf + sizeof(reply);
	memset(list, 0, reply.n_entries * size);
	for (i = 0; i < reply.n_entries; i++, entry += reply.entry_size)
		memcpy((char *)list + i * size, entry, known);
	*n = reply.n_entries;
	return 0;
}

/**
 * ddr_decode_status() - read the entries of a DDR_STATUS reply
 * @buf: the packet.
 * @len: its bytes.
 * @list: filled in; what a daemon with shorter entries did not send is zero.
 * @max: entries that @list has room for.
 * @n: how many were filled in.
 *
 * Return: 0, or a negative errno value as of ddr_decode_reply().
 */
int ddr_decode_status(const void *buf, size_t len, struct ddr_stream_status *list, size_t max,
		      size_t *n)
{
	int err = take_table(buf, len, DDR_STATUS, list, sizeof(*list), max, n);
	size_t i;

	for (i = 0; i < *n; i++) {
		list[i].stream[DDR_NAME_MAX] = '\0';
		list[i].destination[DDR_NAME_MAX] = '\0';
	}
	return err;
}

/**
 * ddr_decode_cpus() - read the entries of a DDR_CPUS reply
 * @buf: the packet.
 * @len: its bytes.
 * @list: filled in, as by ddr_decode_status().
 * @max: entries that @list has room for.
 * @n: how many were filled in.
 *
 * Return: 0, or a negative errno value as of ddr_decode_reply().
 */
int ddr_decode_cpus(const void *buf, size_t len, struct ddr_cpu_status *list, size_t max,
		    size_t *n)
{
	return take_table(buf, len, DDR_CPUS, list, sizeof(*list), max, n);
}
