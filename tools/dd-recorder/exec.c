// SPDX-License-Identifier: GPL-2.0-only
/*
 * dd-recorder exec: run a program that inherits streams by the LISTEN_FDS convention of
 * sd_listen_fds(3): fds from 3 on, LISTEN_FDS their number, LISTEN_PID the program's pid,
 * LISTEN_FDNAMES their names with colons between. A name may hold no colon, hence NAME.ACCESS.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/names.h"
#include "cmd.h"

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define MAX_INHERITED 512 /* more is no service manager's doing */

struct wanted {
	char stream[DDR_NAME_MAX + 1];
	uint32_t access;
};

struct plan {
	struct wanted want[DDR_MAX_STREAMS];
	size_t n_want;
	int fd[DDR_MAX_STREAMS * (DDR_MAX_FDS + 1)];
	size_t n_fds;
	char *names; /* LISTEN_FDNAMES */
	/* what a service manager passed to us; stays in front */
	int inherited;
};

/* "NAME" or "NAME:ACCESS[,ACCESS]...". Return: 0, or -1 with @bad the word that is wrong. */
static int parse_stream(const char *arg, struct wanted *want, const char **bad)
{
	size_t len = strcspn(arg, ":"), n;
	const char *s;
	uint32_t bit;

	*bad = arg;
	if (len > DDR_NAME_MAX)
		return -1;
	memcpy(want->stream, arg, len);
	want->stream[len] = '\0';
	if (!ddr_name_valid(want->stream))
		return -1;
	want->access = arg[len] ? 0 : DDR_LIVE;
	for (s = arg + len; *s; s += n) {
		*bad = ++s; /* past the colon or comma */
		n = strcspn(s, ",");
		bit = ddr_access_bit(s, n);
		if (!bit)
			return -1;
		want->access |= bit;
	}
	return 0;
}

static int add_name(struct plan *plan, const char *name)
{
	char *names;

	if (asprintf(&names, "%s%s%s", plan->names ? plan->names : "", plan->names ? ":" : "",
		     name) < 0) {
		fprintf(stderr, "dd-recorder: out of memory\n");
		return -1;
	}
	free(plan->names);
	plan->names = names;
	return 0;
}

static int open_access(struct plan *plan, struct ddr_client *client, const struct wanted *want,
		       uint32_t access)
{
	char name[DDR_NAME_MAX + 16];
	struct ddr_answer answer;
	uint32_t bit;
	size_t i = 0;

	if (cmd_ask(client, DDR_OPEN, want->stream, access, &answer))
		return -1;
	if (answer.error) {
		cmd_stream_error(want->stream, access, answer.error);
		return -1;
	}
	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if (!(access & bit))
			continue;
		plan->fd[plan->n_fds++] = answer.fd[i++];
		snprintf(name, sizeof(name), "%s.%s", want->stream, ddr_access_name(bit));
		if (add_name(plan, name))
			return -1;
	}
	return 0;
}

/* A copy has to be asked for alone, and its bit is the highest, so that the order is the same. */
static int open_wanted(struct plan *plan, struct ddr_client *client, const struct wanted *want)
{
	uint32_t others = want->access & ~DDR_COPY;

	if (others && open_access(plan, client, want, others))
		return -1;
	return want->access & DDR_COPY ? open_access(plan, client, want, DDR_COPY) : 0;
}

static int open_all(struct plan *plan, const char *socket_path)
{
	struct ddr_client *client = cmd_connect(socket_path);
	int err = 0;
	size_t i;

	if (!client)
		return -1;
	for (i = 0; i < plan->n_want && !err; i++)
		err = open_wanted(plan, client, &plan->want[i]);
	ddr_client_free(client);
	return err;
}

/* fds that the service manager passed to this process, as sd_listen_fds() would count them. */
static int find_inherited(struct plan *plan)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	int i;

	if (!pid || !n || strtol(pid, NULL, 10) != (long)getpid())
		return 0;
	plan->inherited = (int)strtol(n, NULL, 10);
	if (plan->inherited <= 0 || plan->inherited > MAX_INHERITED) {
		plan->inherited = 0;
		return 0;
	}
	/* Names are counted from the first fd: those without one need a stand-in. */
	if (names)
		return add_name(plan, names);
	for (i = 0; i < plan->inherited; i++) {
		if (add_name(plan, "unknown"))
			return -1;
	}
	return 0;
}

/*
 * Moves the fds to where the convention wants them. First all of them past the end, as one may
 * stand where another has to go.
 */
static int place_fds(struct plan *plan)
{
	int first = FIRST_FD + plan->inherited, end = first + (int)plan->n_fds, fd;
	size_t i;

	for (i = 0; i < plan->n_fds; i++) {
		fd = fcntl(plan->fd[i], F_DUPFD_CLOEXEC, end);
		if (fd < 0)
			return -1;
		close(plan->fd[i]);
		plan->fd[i] = fd;
	}
	for (i = 0; i < plan->n_fds; i++) {
		/* dup2() leaves O_CLOEXEC off, on these alone */
		if (dup2(plan->fd[i], first + (int)i) < 0)
			return -1;
		close(plan->fd[i]);
	}
	return 0;
}

static int set_environment(const struct plan *plan)
{
	char number[24];

	snprintf(number, sizeof(number), "%d", plan->inherited + (int)plan->n_fds);
	if (setenv("LISTEN_FDS", number, 1))
		return -1;
	snprintf(number, sizeof(number), "%ld", (long)getpid());
	if (setenv("LISTEN_PID", number, 1))
		return -1;
	return setenv("LISTEN_FDNAMES", plan->names, 1);
}

static int run_program(struct plan *plan, const char *socket_path, char **program)
{
	int err;

	if (find_inherited(plan) || open_all(plan, socket_path))
		return EXIT_FAILED;
	if (place_fds(plan) || set_environment(plan)) {
		fprintf(stderr, "dd-recorder: cannot pass the streams on: %s\n", strerror(errno));
		return EXIT_FAILED;
	}
	execvp(program[0], program);
	err = errno;
	fprintf(stderr, "dd-recorder: %s: %s\n", program[0], strerror(err));
	return err == ENOENT ? 127 : 126; /* as shells do */
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "stream", required_argument, NULL, 'S' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *socket_path = NULL, *bad;
	static struct plan plan;
	int opt;

	/* '+': what follows the program's name is the program's */
	while ((opt = getopt_long(argc, argv, "+s:S:h", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			socket_path = optarg;
			break;
		case 'S':
			if (plan.n_want == DDR_MAX_STREAMS)
				return cmd_usage_error(cmd, "too many streams: '%s'", optarg);
			if (parse_stream(optarg, &plan.want[plan.n_want++], &bad))
				return cmd_usage_error(cmd, "'%s' is no stream: at '%s'", optarg,
						       bad);
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (!plan.n_want)
		return cmd_usage_error(cmd, "no --stream");
	if (optind == argc)
		return cmd_usage_error(cmd, "no PROGRAM");
	return run_program(&plan, socket_path, argv + optind);
}

const struct command cmd_exec = {
	.name = "exec",
	.summary = "run a program that inherits streams",
	.usage = "usage: dd-recorder exec [-s SOCKET] --stream NAME[:ACCESS,...]...\n"
		 "                        [--] PROGRAM [ARGS...]\n\n"
		 "Runs PROGRAM with the streams' fds from 3 on, or after those that a service manager\n"
		 "passed, and LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES set (sd_listen_fds(3)). An fd's\n"
		 "name is NAME.ACCESS. Any other fd in their place is closed.\n\n"
		 "  -S, --stream NAME[:ACCESS,...]  snapshot, live, mark, raw, copy; or live\n"
		 "  -s, --socket PATH               the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help                      this text\n\n"
		 "Exit status: the program's; 1 when a stream cannot be had, 2 wrong usage,\n"
		 "126 when PROGRAM cannot be run, 127 when it is not found.\n",
	.run = run,
};
