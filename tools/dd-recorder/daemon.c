// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder daemon: the privileged part. Reads the policy, records, hands out fds. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "../lib/config.h"
#include "cmd.h"
#include "listen.h"
#include "log.h"
#include "server.h"
#include "stream.h"

struct options {
	const char *config;
	const char *socket;
	bool check;
	int ready_fd;
};

/* Nothing here needs a child with more rights, and nobody needs this process's memory. */
static void harden(void)
{
	umask(0077);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
}

/* Held back from the start on, so that one which comes while streams are opened closes them. */
static void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void on_ready(void *ctx)
{
	const struct options *options = ctx;

	sd_notify(0, "READY=1");
	if (options->ready_fd < 0)
		return;
	if (write(options->ready_fd, "\n", 1) != 1)
		log_msg(LOG_LEVEL_WARNING, "ready-fd %d: %s", options->ready_fd, strerror(errno));
	close(options->ready_fd);
}

static int serve(struct options *options, const struct ddr_config *config)
{
	struct session_ops ops = { .open_file = recording_open, .status = recording_status };
	struct listener listener;
	struct recording *rec;
	int err;

	/* First the socket: its lock keeps a second daemon from this one's streams. */
	if (listener_open(&listener, options->socket)) {
		listener_close(&listener);
		return -1;
	}
	rec = recording_start(config);
	if (!rec) {
		listener_close(&listener);
		return -1;
	}
	ops.ctx = rec;
	err = server_run(listener.fd, config, &ops, on_ready, options);
	sd_notify(0, "STOPPING=1");
	recording_stop(rec);
	listener_close(&listener);
	return err;
}

static int run_daemon(struct options *options)
{
	char error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *config;
	int err;

	log_init();
	config = ddr_config_load(options->config, error);
	if (!config) {
		log_msg(LOG_LEVEL_ERR, "%s", error);
		return EXIT_FAILED;
	}
	if (options->check) {
		printf("%s: %zu streams, %zu subscribers\n", options->config, config->n_streams,
		       config->n_subscribers);
		ddr_config_free(config);
		return EXIT_OK;
	}
	if (!config->n_streams)
		log_msg(LOG_LEVEL_WARNING, "%s: no stream is defined", options->config);
	harden();
	block_signals();
	err = serve(options, config);
	ddr_config_free(config);
	return err ? EXIT_FAILED : EXIT_OK;
}

static int parse_fd(const char *word)
{
	char *end;
	long fd;

	errno = 0;
	fd = strtol(word, &end, 10);
	if (errno || end == word || *end || fd < 0 || fd > 65535 || fcntl((int)fd, F_GETFD) < 0)
		return -1;
	return (int)fd;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "check", no_argument, NULL, 'C' },
		{ "ready-fd", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options options = { DDR_CONFIG_PATH, DDR_SOCKET_PATH, false, -1 };
	int opt;

	while ((opt = getopt_long(argc, argv, "c:s:h", longs, NULL)) != -1) {
		switch (opt) {
		case 'c':
			options.config = optarg;
			break;
		case 's':
			options.socket = optarg;
			break;
		case 'C':
			options.check = true;
			break;
		case 'r':
			options.ready_fd = parse_fd(optarg);
			if (options.ready_fd < 0)
				return cmd_usage_error(cmd, "'%s' is not an open fd", optarg);
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (optind != argc)
		return cmd_usage_error(cmd, "unexpected '%s'", argv[optind]);
	return run_daemon(&options);
}

const struct command cmd_daemon = {
	.name = "daemon",
	.summary = "record the configured streams and hand them out (root)",
	.usage = "usage: dd-recorder daemon [-c FILE] [-s SOCKET] [--ready-fd N]\n"
		 "       dd-recorder daemon --check [-c FILE]\n\n"
		 "Records what the configuration's streams select, and gives their fds to the\n"
		 "subscribers that it names, until SIGTERM or SIGINT. Needs root and the module\n"
		 "dyndbg_trace.\n\n"
		 "  -c, --config FILE  configuration (" DDR_CONFIG_PATH ")\n"
		 "  -s, --socket PATH  socket (" DDR_SOCKET_PATH ")\n"
		 "      --check        only check the configuration\n"
		 "      --ready-fd N   write a newline to fd N when ready, and close it\n"
		 "  -h, --help         this text\n",
	.run = run,
};
