// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder dump: what a stream holds now, to stdout; nothing is consumed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/protocol.h"
#include "cmd.h"

static int copy(int fd, const char *stream)
{
	static char buf[65536];
	ssize_t n;

	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			cmd_stream_error(stream, DDR_SNAPSHOT, errno);
			return EXIT_FAILED;
		}
		if (n == 0)
			return EXIT_OK;
		if (cmd_write_all(STDOUT_FILENO, buf, (unsigned long)n)) {
			fprintf(stderr, "dd-recorder: stdout: %s\n", strerror(errno));
			return EXIT_FAILED;
		}
	}
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const char *socket_path, *stream;
	int fd, ret;

	ret = cmd_parse_stream_args(cmd, argc, argv, &socket_path, &stream);
	if (ret >= 0)
		return ret;
	fd = cmd_open_stream(socket_path, stream, DDR_SNAPSHOT, DDR_COPY);
	if (fd < 0)
		return EXIT_FAILED;
	ret = copy(fd, stream);
	close(fd);
	return ret;
}

const struct command cmd_dump = {
	.name = "dump",
	.summary = "print what a stream holds",
	.usage = "usage: dd-recorder dump [-s SOCKET] STREAM\n\n"
		 "Prints what STREAM holds and leaves it there. Needs access=snapshot,\n"
		 "or copy.\n\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
