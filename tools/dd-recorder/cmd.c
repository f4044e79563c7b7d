// SPDX-License-Identifier: GPL-2.0-only
/* What the subcommands share: help, messages, and the way to a stream. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/names.h"
#include "cmd.h"

#define RETRY_MS 50

/* for messages; set by cmd_connect() */
static const char *daemon_path;

/**
 * cmd_help() - print a subcommand's usage to stdout, as asked for
 * @cmd: the subcommand.
 *
 * Return: EXIT_OK.
 */
int cmd_help(const struct command *cmd)
{
	fputs(cmd->usage, stdout);
	return EXIT_OK;
}

/**
 * cmd_usage_error() - say what is wrong with the command line
 * @cmd: the subcommand.
 * @fmt: the reason; NULL when getopt has said it.
 *
 * Return: EXIT_USAGE.
 */
int cmd_usage_error(const struct command *cmd, const char *fmt, ...)
{
	va_list ap;

	if (fmt) {
		fprintf(stderr, "dd-recorder %s: ", cmd->name);
		va_start(ap, fmt);
		vfprintf(stderr, fmt, ap);
		va_end(ap);
		fputc('\n', stderr);
	}
	fprintf(stderr, "'dd-recorder %s -h' shows the usage.\n", cmd->name);
	return EXIT_USAGE;
}

/**
 * cmd_connect() - get ready to ask the daemon, or say why not
 * @socket_path: NULL for the default; has to outlive what is returned.
 *
 * Return: to be freed with ddr_client_free(); NULL after a message.
 */
struct ddr_client *cmd_connect(const char *socket_path)
{
	struct ddr_client *client = ddr_client_new(socket_path);

	daemon_path = socket_path ? socket_path : DDR_SOCKET_PATH;
	if (!client)
		fprintf(stderr, "dd-recorder: %s: %s\n", daemon_path, strerror(errno));
	return client;
}

static int ask(struct ddr_client *client, uint32_t type, const char *stream, uint32_t access)
{
	switch (type) {
	case DDR_STATUS:
		return ddr_client_ask_status(client);
	case DDR_CPUS:
		return ddr_client_ask_cpus(client, stream);
	case DDR_SAVED:
		return ddr_client_ask_saved(client, stream, access);
	default:
		return ddr_client_ask_open(client, stream, access);
	}
}

/**
 * cmd_try() - ask the daemon and wait for its answer
 * @client: of cmd_connect().
 * @type: DDR_OPEN, DDR_STATUS, DDR_CPUS or DDR_SAVED.
 * @stream: which; NULL with DDR_STATUS.
 * @access: with DDR_OPEN; with DDR_SAVED, which one.
 * @answer: filled in; a refusal is the caller's to tell of.
 *
 * Context: waits up to DDR_REPLY_TIMEOUT_S, for a copy DDR_COPY_TIMEOUT_S, and as long again for a daemon that is overrun.
 *
 * Return: 0, or -1 with errno when there is no answer.
 */
int cmd_try(struct ddr_client *client, uint32_t type, const char *stream, uint32_t access,
	    struct ddr_answer *answer)
{
	unsigned int tries = DDR_REPLY_TIMEOUT_S * 1000 / RETRY_MS;
	int ret;

	while ((ret = ask(client, type, stream, access)) < 0 && errno == EAGAIN && tries--)
		poll(NULL, 0, RETRY_MS);
	if (ret && errno == EACCES && stream && strlen(stream) > DDR_NAME_MAX) {
		memset(answer, 0, sizeof(*answer));
		answer->error = EACCES;
		return 0;
	}
	while (ret == 0) {
		ret = ddr_client_wait(client, answer, -1);
		if (ret > 0)
			return 0;
		ret = ret < 0 && errno != EINTR ? -1 : 0;
	}
	return -1;
}

/**
 * cmd_no_answer() - say why there is no answer
 * @to: where to, without a newline.
 * @room: its bytes.
 * @err: errno value of cmd_try().
 */
void cmd_no_answer(char *to, size_t room, int err)
{
	if (err == ENOENT || err == ECONNREFUSED)
		snprintf(to, room, "no daemon at %s: %s", daemon_path, strerror(err));
	else
		snprintf(to, room, "%s: %s", daemon_path,
			 err == ECONNRESET || err == EPIPE ? "the daemon hung up" : strerror(err));
}

/**
 * cmd_ask() - ask the daemon and wait for its answer, or say why there is none
 * @client: of cmd_connect().
 * @type: as of cmd_try(), and the others.
 * @stream: which.
 * @access: with DDR_OPEN.
 * @answer: filled in.
 *
 * Context: as cmd_try().
 *
 * Return: 0, or -1 after a message.
 */
int cmd_ask(struct ddr_client *client, uint32_t type, const char *stream, uint32_t access,
	    struct ddr_answer *answer)
{
	char why[256];

	if (!cmd_try(client, type, stream, access, answer))
		return 0;
	cmd_no_answer(why, sizeof(why), errno);
	fprintf(stderr, "dd-recorder: %s\n", why);
	return -1;
}

/**
 * cmd_stream_error() - say why a stream could not be had
 * @stream: its name.
 * @access: what was asked for.
 * @err: errno value of the daemon's refusal or of reading the stream.
 */
void cmd_stream_error(const char *stream, uint32_t access, int err)
{
	char names[DDR_ACCESS_TEXT];

	fprintf(stderr, "dd-recorder: stream %s: ", stream);
	switch (err) {
	case EACCES:
		ddr_access_text(names, sizeof(names), access);
		fprintf(stderr, "permission denied (%s not granted to uid %u)\n", names,
			geteuid());
		break;
	case ENOENT:
		fprintf(stderr, "no such stream\n");
		break;
	case EBUSY:
		fprintf(stderr, "busy: somebody else has it open live\n");
		break;
	case EDQUOT:
		fprintf(stderr, "uid %u keeps %d copies already; the next when one is closed\n",
			geteuid(), DDR_MAX_LENT_PER_UID);
		break;
	case EFBIG:
		fprintf(stderr, "its text is longer than a copy may be (%u MiB)\n",
			DDR_MAX_COPY >> 20);
		break;
	default:
		fprintf(stderr, "%s\n", strerror(err));
	}
}

/**
 * cmd_parse_stream_args() - the command line "[-s SOCKET] STREAM"
 * @cmd: the subcommand.
 * @argc: of its run().
 * @argv: of its run().
 * @socket_path: set, NULL for the default.
 * @stream: set.
 *
 * Return: -1 to go on, otherwise the exit code to end with.
 */
int cmd_parse_stream_args(const struct command *cmd, int argc, char **argv,
			  const char **socket_path, const char **stream)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	*socket_path = NULL;
	while ((opt = getopt_long(argc, argv, "s:h", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			*socket_path = optarg;
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (argc - optind != 1)
		return cmd_usage_error(cmd, "exactly one STREAM is needed");
	*stream = argv[optind];
	return -1;
}

/**
 * cmd_open_stream() - get one fd of a stream, or say why not
 * @socket_path: NULL for the default.
 * @stream: its name.
 * @access: exactly one bit.
 * @otherwise: another, which will do where that is not granted; 0: none.
 *
 * Return: the fd, the caller's to close; -1 after a message.
 */
int cmd_open_stream(const char *socket_path, const char *stream, uint32_t access,
		    uint32_t otherwise)
{
	struct ddr_client *client = cmd_connect(socket_path);
	struct ddr_answer answer;
	int fd = -1, err;

	if (!client)
		return -1;
	err = cmd_ask(client, DDR_OPEN, stream, access, &answer);
	if (!err && answer.error == EACCES && otherwise) {
		err = cmd_ask(client, DDR_OPEN, stream, otherwise, &answer);
		if (answer.error != EACCES)
			access = otherwise;
	}
	if (!err && answer.error)
		cmd_stream_error(stream, access, answer.error);
	else if (!err)
		fd = answer.fd[0];
	ddr_client_free(client);
	return fd;
}

/**
 * cmd_write_all() - write all of a buffer
 * @fd: where to.
 * @buf: what.
 * @len: its bytes.
 *
 * Return: 0, or -1 with errno.
 */
int cmd_write_all(int fd, const char *buf, unsigned long len)
{
	ssize_t n;

	while (len) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		buf += n;
		len -= (unsigned long)n;
	}
	return 0;
}

/**
 * cmd_read_until() - read to the end, or until there is enough
 * @fd: what.
 * @len: set to the bytes.
 * @enough: told of each part that comes: all so far, which it may shorten, and @arg. NULL: nothing is.
 * @arg: its own.
 *
 * Return: what was read and a NUL behind it, to be freed; NULL with errno.
 */
char *cmd_read_until(int fd, size_t *len, bool (*enough)(char *text, size_t *len, void *arg), void *arg)
{
	size_t room = 0;
	char *text = NULL, *grown;
	ssize_t n;

	*len = 0;
	for (;;) {
		if (room - *len < 65536) {
			room = room ? 2 * room : 1 << 20;
			grown = realloc(text, room);
			if (!grown)
				break;
			text = grown;
		}
		n = read(fd, text + *len, room - *len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		*len += (size_t)n;
		if (n == 0 || (enough && enough(text, len, arg))) {
			text[*len] = '\0';
			return text;
		}
	}
	free(text);
	return NULL;
}

/**
 * cmd_read_all() - read to the end
 * @fd: what.
 * @len: set to its bytes.
 *
 * Return: as cmd_read_until().
 */
char *cmd_read_all(int fd, size_t *len)
{
	return cmd_read_until(fd, len, NULL, NULL);
}

volatile sig_atomic_t cmd_stop;

static void on_signal(int sig)
{
	(void)sig;
	cmd_stop = 1;
}

/**
 * cmd_stop_on_signal() - have SIGINT and SIGTERM set cmd_stop
 * @waiting: set to the mask to wait with, by ppoll(2).
 *
 * They are let in only while waiting: one that came just before would be slept over.
 */
void cmd_stop_on_signal(sigset_t *waiting)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t ours;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigprocmask(SIG_BLOCK, &ours, waiting);
	sigdelset(waiting, SIGINT);
	sigdelset(waiting, SIGTERM);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}
