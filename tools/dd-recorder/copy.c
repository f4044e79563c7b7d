// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream's text on its way into memory. Making the text of a large ring takes the kernel
 * seconds, so it is done in steps, between which the daemon does other things.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/protocol.h"
#include "copy.h"
#include "lend.h"

/* The kernel gives at most a page for each read. */
#define READS_PER_STEP 16

struct copy {
	struct copy *next;
	uid_t uid;
	uint32_t type;
	int from;
	int to;
	size_t bytes;
};

/* All that are being made. The daemon has one thread: no lock. */
static struct copy *making;

/**
 * copy_making() - how many copies are being made for a user, each by another connection
 * @uid: the user. What is made is memory of its already.
 */
unsigned int copy_making(uid_t uid)
{
	const struct copy *copy;
	unsigned int n = 0;

	for (copy = making; copy; copy = copy->next)
		n += copy->uid == uid;
	return n;
}

/**
 * copy_new() - begin a copy
 * @from: what to copy, from where it stands; taken over, on an error too.
 * @uid: who gets it.
 * @type: of the request that it answers.
 *
 * Return: to be freed with copy_free(); NULL with errno, EDQUOT: the user keeps too many.
 */
struct copy *copy_new(int from, uid_t uid, uint32_t type)
{
	struct copy *copy = calloc(1, sizeof(*copy));
	int err = copy ? lend_room(uid, copy_making(uid)) : ENOMEM;

	if (!err) {
		*copy = (struct copy){ .uid = uid, .type = type, .from = from };
		copy->to = lend_new("dd-recorder copy");
		if (copy->to >= 0) {
			copy->next = making;
			making = copy;
			return copy;
		}
		err = errno;
	}
	free(copy);
	close(from);
	errno = err;
	return NULL;
}

/**
 * copy_type() - the type of the request that a copy answers
 * @copy: begun.
 */
uint32_t copy_type(const struct copy *copy)
{
	return copy->type;
}

static int write_all(int fd, const char *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= (size_t)n) {
		n = write(fd, buf, len);
		if (n <= 0)
			return -1;
	}
	return 0;
}

/**
 * copy_step() - copy some more
 * @copy: begun.
 * @fd: set at the end: of the sealed copy, to be passed on and closed.
 *
 * Context: some milliseconds.
 *
 * Return: 1 at the end, 0 when there is more to do; -1 with errno, EFBIG: more than DDR_MAX_COPY.
 */
int copy_step(struct copy *copy, int *fd)
{
	char buf[4096];
	ssize_t n;
	int i;

	for (i = 0; i < READS_PER_STEP; i++) {
		n = read(copy->from, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0) {
			*fd = lend_give(copy->to, copy->uid);
			copy->to = -1;
			return *fd < 0 ? -1 : 1;
		}
		copy->bytes += (size_t)n;
		if (copy->bytes > DDR_MAX_COPY) {
			errno = EFBIG;
			return -1;
		}
		if (write_all(copy->to, buf, (size_t)n))
			return -1;
	}
	return 0;
}

/**
 * copy_free() - end a copy, done or not; errno is kept
 * @copy: may be NULL.
 */
void copy_free(struct copy *copy)
{
	struct copy **at = &making;
	int saved = errno;

	if (!copy)
		return;
	while (*at != copy)
		at = &(*at)->next;
	*at = copy->next;
	close(copy->from);
	if (copy->to >= 0)
		close(copy->to);
	free(copy);
	errno = saved;
}
