// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that clients get to read: sealed memfds.
 *
 * It stays with the daemon's memory, however long a client keeps it, and a client may ask as often
 * as it likes. So what a user has not given back is counted, and the next is refused. The daemon
 * keeps a descriptor of each, and clients get another: whether anybody still has that one open, or
 * mapped, a lease tells, which is granted to the only one that has the file open (fcntl(2),
 * F_SETLEASE). Both are opened anew, for reading: the kernel counts who opened a file, which nobody did
 * with that of memfd_create(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/protocol.h"
#include "lend.h"

struct lent {
	struct lent *next;
	uid_t uid;
	int fd;
};

/* The daemon has one thread: no lock. */
static struct lent *all;

static bool is_back(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_WRLCK))
		return false;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return true;
}

static void forget(struct lent **at)
{
	struct lent *old = *at;

	*at = old->next;
	close(old->fd);
	free(old);
}

/** lend_collect() - free what nobody has open any more */
void lend_collect(void)
{
	struct lent **at = &all;

	while (*at) {
		if (is_back((*at)->fd))
			forget(at);
		else
			at = &(*at)->next;
	}
}

/**
 * lend_room() - may a user have another?
 * @uid: the user.
 * @making: how many are being made for it.
 *
 * Return: 0, or EDQUOT when with those it has DDR_MAX_LENT_PER_UID.
 */
int lend_room(uid_t uid, unsigned int making)
{
	const struct lent *lent;
	unsigned int n = making;

	lend_collect();
	for (lent = all; lent; lent = lent->next)
		n += lent->uid == uid;
	return n < DDR_MAX_LENT_PER_UID ? 0 : EDQUOT;
}

/**
 * lend_new() - an empty memfd to be filled
 * @name: as /proc/PID/fd shows it.
 *
 * Return: for lend_give(), or to be closed; -1 with errno.
 */
int lend_new(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/**
 * lend_give() - seal what was filled
 * @fd: of lend_new(); closed.
 * @uid: who gets it.
 *
 * Return: an fd to pass on and to close then: read-only, at the beginning; -1 with errno.
 */
int lend_give(int fd, uid_t uid)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	struct lent *lent = malloc(sizeof(*lent));
	int given = -1, kept = -1, saved;
	char path[64];

	fchmod(fd, 0400); /* who has an fd may read, and nobody open it for more */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (lent && !fcntl(fd, F_ADD_SEALS, seals))
		kept = open(path, O_RDONLY | O_CLOEXEC);
	if (kept >= 0)
		given = open(path, O_RDONLY | O_CLOEXEC);
	saved = errno;
	close(fd);
	if (given < 0) {
		free(lent);
		if (kept >= 0)
			close(kept);
		errno = saved;
		return -1;
	}
	*lent = (struct lent){ .next = all, .uid = uid, .fd = kept };
	all = lent;
	return given;
}

/** lend_end() - forget all; clients keep what they have */
void lend_end(void)
{
	while (all)
		forget(&all);
}
