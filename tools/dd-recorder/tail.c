// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder tail: a stream's messages as they come, until interrupted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/protocol.h"
#include "cmd.h"

struct lines {
	char buf[65536];
	size_t len;
};

/* Writes whole lines only, so that a reader of the output never sees half of one. */
static int write_lines(struct lines *l, bool all)
{
	const char *end = memrchr(l->buf, '\n', l->len);
	size_t n = end ? (size_t)(end + 1 - l->buf) : 0;

	if (all || l->len == sizeof(l->buf))
		n = l->len;
	if (cmd_write_all(STDOUT_FILENO, l->buf, n)) {
		fprintf(stderr, "dd-recorder: stdout: %s\n", strerror(errno));
		return -1;
	}
	memmove(l->buf, l->buf + n, l->len - n);
	l->len -= n;
	return 0;
}

/* Takes all that is there. Return: 0 to wait for more, 1 at the end, -1 after a message. */
static int drain(int fd, struct lines *l, const char *stream)
{
	ssize_t n;

	while (!cmd_stop) {
		n = read(fd, l->buf + l->len, sizeof(l->buf) - l->len);
		if (n == 0)
			return 1;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			cmd_stream_error(stream, DDR_LIVE, errno);
			return -1;
		}
		l->len += (size_t)n;
		if (write_lines(l, false))
			return -1;
	}
	return 0;
}

static int follow(int fd, const char *stream, const sigset_t *waiting)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static struct lines l;
	int ret = 0;

	while (!cmd_stop && ret == 0) {
		ret = drain(fd, &l, stream);
		if (ret == 0 && !cmd_stop && ppoll(&pfd, 1, NULL, waiting) < 0 && errno != EINTR) {
			cmd_stream_error(stream, DDR_LIVE, errno);
			ret = -1;
		}
	}
	if (write_lines(&l, true))
		ret = -1;
	return ret < 0 ? EXIT_FAILED : EXIT_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const char *socket_path, *stream;
	sigset_t waiting;
	int fd, ret;

	ret = cmd_parse_stream_args(cmd, argc, argv, &socket_path, &stream);
	if (ret >= 0)
		return ret;

	fd = cmd_open_stream(socket_path, stream, DDR_LIVE, 0);
	if (fd < 0)
		return EXIT_FAILED;
	cmd_stop_on_signal(&waiting);
	ret = follow(fd, stream, &waiting);
	close(fd);
	return ret;
}

const struct command cmd_tail = {
	.name = "tail",
	.summary = "print what a stream holds and what comes",
	.usage = "usage: dd-recorder tail [-s SOCKET] STREAM\n\n"
		 "Prints what STREAM holds, and then its messages as they come, until SIGINT or\n"
		 "SIGTERM. What it prints is taken out of the stream. Needs access=live, which one\n"
		 "reader at a time can have.\n\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
