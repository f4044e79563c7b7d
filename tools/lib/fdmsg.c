// SPDX-License-Identifier: LGPL-2.1-or-later
/* One packet with file descriptors, sent or received; no fd is ever left behind. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fdmsg.h"

/* The kernel's SCM_MAX_FD (include/net/scm.h): with room for all, none arrives uncounted. */
#define DDR_SCM_MAX_FD 253

/**
 * ddr_close_fds() - close some fds, errno kept
 * @fds: -1 stands for none.
 * @n: how many.
 */
void ddr_close_fds(const int *fds, size_t n)
{
	int saved = errno;
	size_t i;

	for (i = 0; i < n; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	errno = saved;
}

/**
 * ddr_send() - send one packet
 * @sock: SOCK_SEQPACKET socket.
 * @buf: the packet.
 * @len: its bytes.
 * @fds: fds to pass along; they stay open here.
 * @n_fds: how many; 0 for none.
 * @flags: for sendmsg(), beside MSG_NOSIGNAL; MSG_DONTWAIT in a daemon.
 *
 * Return: 0, or -1 with errno (EAGAIN: the peer does not read).
 */
int ddr_send(int sock, const void *buf, size_t len, const int *fds, size_t n_fds, int flags)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(DDR_SCM_MAX_FD * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = (void *)buf, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;
	ssize_t sent;

	if (n_fds > DDR_SCM_MAX_FD) {
		errno = EINVAL;
		return -1;
	}
	if (n_fds) {
		memset(&control, 0, sizeof(control));
		msg.msg_control = control.buf;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, n_fds * sizeof(int));
	}
	do {
		sent = sendmsg(sock, &msg, flags | MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

/* Takes the fds out of a received message; those past @max are closed, but counted. */
static size_t take_fds(struct msghdr *msg, int *fds, size_t max)
{
	struct cmsghdr *cmsg;
	size_t n = 0, i, len;
	int fd;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		len = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < len; i++, n++) {
			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(fd));
			if (n < max)
				fds[n] = fd;
			else
				close(fd);
		}
	}
	return n;
}

/**
 * ddr_receive() - receive one packet
 * @sock: SOCK_SEQPACKET socket.
 * @buf: where to.
 * @len: room there, in bytes.
 * @fds: fds that came along, O_CLOEXEC; the caller's to close.
 * @max_fds: fds that the caller expects at most.
 * @n_fds: how many are in @fds.
 * @flags: for recvmsg(), beside MSG_CMSG_CLOEXEC.
 *
 * Return: bytes; 0 when the peer hung up; -1 with errno, and then @n_fds is 0. EMSGSIZE: the
 * packet was larger than @len, EBADMSG: it carried more fds than expected; all were closed.
 */
ssize_t ddr_receive(int sock, void *buf, size_t len, int *fds, size_t max_fds, size_t *n_fds,
		    int flags)
{
	union {
		struct cmsghdr align;
		char buf[CMSG_SPACE(DDR_SCM_MAX_FD * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = len };
	struct msghdr msg;
	ssize_t got;
	size_t n;

	*n_fds = 0;
	do {
		memset(&msg, 0, sizeof(msg));
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		msg.msg_control = control.buf;
		msg.msg_controllen = sizeof(control.buf);
		got = recvmsg(sock, &msg, flags | MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;

	n = take_fds(&msg, fds, max_fds);
	if (n > max_fds || (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		ddr_close_fds(fds, n < max_fds ? n : max_fds);
		errno = (msg.msg_flags & MSG_TRUNC) ? EMSGSIZE : EBADMSG;
		return -1;
	}
	if (got == 0) {
		/* An empty packet looks like the end, and is treated as that; its fds are not kept. */
		ddr_close_fds(fds, n);
		n = 0;
	}
	*n_fds = n;
	return got;
}
