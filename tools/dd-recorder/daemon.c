// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder daemon: the privileged part. Reads the policy, records, hands out fds. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "../lib/config.h"
#include "cmd.h"
#include "keep.h"
#include "lend.h"
#include "listen.h"
#include "log.h"
#include "peer.h"
#include "recording.h"
#include "save.h"
#include "saved.h"
#include "server.h"
#include "watch.h"

struct options {
	const char *config;
	const char *socket;
	const char *save_dir;
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
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/* What outlives a reload, and what it replaces */
struct daemon {
	const struct options *options;
	struct ddr_config *config;
	struct recording *rec;
	sd_event *event; /* of server_run() */
};

static void on_ready(void *ctx, sd_event *event)
{
	struct daemon *daemon = ctx;
	int fd = daemon->options->ready_fd;

	daemon->event = event;
	watch_begin(event, daemon->rec, daemon->config);
	sd_notify(0, "READY=1");
	if (fd < 0)
		return;
	if (write(fd, "\n", 1) != 1)
		log_msg(LOG_LEVEL_WARNING, "ready-fd %d: %s", fd, strerror(errno));
	close(fd);
}

static void warn_units(const struct ddr_config *config)
{
	size_t i;

	if (peer_has_pidfd())
		return;
	for (i = 0; i < config->n_subscribers; i++) {
		if (config->subscriber[i]->unit)
			log_msg(LOG_LEVEL_WARNING,
				"subscriber %s: gets nothing, as unit= needs Linux 6.5",
				config->subscriber[i]->name);
	}
}

static struct ddr_config *load(const struct options *options)
{
	char error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *config = ddr_config_load(options->config, error);

	if (!config)
		log_msg(LOG_LEVEL_ERR, "%s", error);
	else if (!config->n_streams)
		log_msg(LOG_LEVEL_WARNING, "%s: no stream is defined", options->config);
	if (config)
		warn_units(config);
	return config;
}

/* Loads it with what the daemon itself needs for it. @n: of how many streams it tells. */
static struct ddr_config *load_and_prepare(const struct options *options, size_t *n)
{
	struct ddr_config *config = load(options);
	bool saves = false;
	size_t i;

	if (!config)
		return NULL;
	*n = config->n_streams;
	for (i = 0; i < *n; i++)
		saves |= config->stream[i]->save.on != 0;
	/* what was saved is handed out, too, when nothing more is saved */
	saves |= access(options->save_dir, F_OK) == 0;
	if (!watch_configure(config) && (!saves || options->check || !saved_begin(options->save_dir)))
		return config;
	ddr_config_free(config);
	return NULL;
}

/* systemd waits for READY=1 after this, and wants to know that it is the answer to its own signal. */
static void notify_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		   (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
}

static const struct ddr_config *on_reload(void *ctx)
{
	struct daemon *daemon = ctx;
	struct ddr_config *config;
	size_t n_streams;

	notify_reloading();
	config = load_and_prepare(daemon->options, &n_streams);
	/* what comes meanwhile waits in the ring */
	watch_end(true);
	if (config && recording_reload(daemon->rec, config) == 0) {
		ddr_config_free(daemon->config);
		daemon->config = config;
		log_msg(LOG_LEVEL_INFO, "reloaded: %zu streams, %zu subscribers",
			n_streams, config->n_subscribers);
		sd_notify(0, "READY=1\nSTATUS=");
	} else {
		ddr_config_free(config);
		log_msg(LOG_LEVEL_ERR, "not reloaded: the old configuration stays in force");
		sd_notify(0, "READY=1\nSTATUS=Not reloaded, the log says why: the old configuration "
			     "is in force.");
	}
	watch_begin(daemon->event, daemon->rec, daemon->config);
	return daemon->config;
}

static void on_look(void *ctx)
{
	recording_look(((struct daemon *)ctx)->rec);
}

static int serve(struct daemon *daemon)
{
	const struct server_hooks hooks = {
		.ready = on_ready,
		.reload = on_reload,
		.look = on_look,
		.look_s = KEEP_LOOK_S,
		.ctx = daemon,
	};
	struct session_ops ops = {
		.open_file = recording_open,
		.formats = recording_formats,
		.saved = recording_saved,
		.status = recording_status,
		.cpus = recording_cpus,
	};
	struct listener listener;
	bool leave = false;
	int err;

	/* First the socket: its lock keeps a second daemon from this one's streams. */
	if (listener_open(&listener, daemon->options->socket)) {
		listener_close(&listener);
		return -1;
	}
	daemon->rec = recording_start(daemon->config, daemon->options->socket);
	if (!daemon->rec) {
		listener_close(&listener);
		return -1;
	}
	ops.ctx = daemon->rec;
	err = server_run(&listener, daemon->config, &ops, &hooks, &leave);
	sd_notify(0, "STOPPING=1");
	watch_end(leave);
	save_end();
	saved_end();
	recording_stop(daemon->rec, leave);
	lend_end();
	listener_close(&listener);
	return err;
}

static int run_daemon(const struct options *options)
{
	struct daemon daemon = { .options = options };
	size_t n_streams;
	int err;

	log_init();
	daemon.config = load_and_prepare(options, &n_streams);
	if (!daemon.config)
		return EXIT_FAILED;
	if (options->check) {
		printf("%s: %zu streams, %zu subscribers\n", options->config, n_streams,
		       daemon.config->n_subscribers);
		ddr_config_free(daemon.config);
		return EXIT_OK;
	}
	harden();
	block_signals();
	err = serve(&daemon);
	ddr_config_free(daemon.config);
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
		{ "save-dir", required_argument, NULL, 'S' },
		{ "check", no_argument, NULL, 'C' },
		{ "ready-fd", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	/* systemd.exec(5), StateDirectory= */
	const char *state = getenv("STATE_DIRECTORY");
	struct options options = { DDR_CONFIG_PATH, DDR_SOCKET_PATH, state ? state : SAVED_DIR, false, -1 };
	int opt;

	while ((opt = getopt_long(argc, argv, "c:s:h", longs, NULL)) != -1) {
		switch (opt) {
		case 'c':
			options.config = optarg;
			break;
		case 's':
			options.socket = optarg;
			break;
		case 'S':
			options.save_dir = optarg;
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
	.usage = "usage: dd-recorder daemon [-c FILE] [-s SOCKET] [--save-dir DIR] [--ready-fd N]\n"
		 "       dd-recorder daemon --check [-c FILE]\n\n"
		 "Records what the configuration's streams select, and gives their fds to the\n"
		 "subscribers that it names, until SIGTERM or SIGINT. SIGHUP has it read the\n"
		 "configuration again. Needs root and the module dyndbg_trace.\n\n"
		 "  -c, --config FILE  configuration (" DDR_CONFIG_PATH ")\n"
		 "  -s, --socket PATH  socket (" DDR_SOCKET_PATH ")\n"
		 "      --save-dir DIR where streams with on= are saved ($STATE_DIRECTORY, or\n"
		 "                     " SAVED_DIR ")\n"
		 "      --check        only check the configuration\n"
		 "      --ready-fd N   write a newline to fd N when ready, and close it\n"
		 "  -h, --help         this text\n",
	.run = run,
};
