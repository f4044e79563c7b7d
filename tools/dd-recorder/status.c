// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder status: the streams that the caller may see, and what each has lost. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "cmd.h"
#include "holders.h"
#include "ledger.h"

/* Return: 0, or -1 when there is no such counter, as the module is not loaded. */
static int read_counter(const char *name, unsigned long long *value)
{
	char path[96];
	FILE *file;
	int n;

	snprintf(path, sizeof(path), "/sys/module/dyndbg_trace/parameters/%s", name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	n = fscanf(file, "%llu", value);
	fclose(file);
	return n == 1 ? 0 : -1;
}

/* Return: -1, after a message. */
static int refused(int err)
{
	fprintf(stderr, "dd-recorder: status: %s\n", strerror(err));
	return -1;
}

static int ask_cpus(struct ddr_client *client, struct ledger *ledger, size_t i)
{
	struct ddr_cpu_status *list = calloc(DDR_MAX_CPUS, sizeof(*list));
	struct ddr_answer answer;

	ledger->cpu[i] = list;
	if (!list)
		return refused(errno);
	if (cmd_ask(client, DDR_CPUS, ledger->stream[i].stream, 0, &answer))
		return -1;
	switch (answer.error) {
	case 0:
		memcpy(list, answer.cpu, answer.n_cpus * sizeof(*list));
		ledger->n_cpus[i] = answer.n_cpus;
		return 0;
	/* An older daemon does not know; what a reload took away meanwhile is no error either. */
	case EOPNOTSUPP:
	case EACCES:
	case ENOENT:
		return 0;
	default:
		return refused(answer.error);
	}
}

static int ask(struct ddr_client *client, struct ledger *ledger, bool cpus)
{
	struct ledger_kernel *k = &ledger->kernel;
	struct ddr_answer answer;
	size_t i;

	if (cmd_ask(client, DDR_STATUS, NULL, 0, &answer))
		return -1;
	if (answer.error)
		return refused(answer.error);
	memcpy(ledger->stream, answer.stream, answer.n_streams * sizeof(*answer.stream));
	ledger->n = answer.n_streams;
	for (i = 0; cpus && i < ledger->n; i++) {
		if (ask_cpus(client, ledger, i))
			return -1;
	}
	ledger->has_kernel = !read_counter("dropped", &k->dropped) &&
			     !read_counter("truncated", &k->truncated) &&
			     !read_counter("missed", &k->missed);
	return 0;
}

static bool is_terminal(void)
{
	const char *no = getenv("NO_COLOR"); /* as https://no-color.org has it */

	return isatty(STDOUT_FILENO) && !(no && *no);
}

static int show(struct ddr_client *client, bool cpus, bool json)
{
	static struct ledger ledger;
	int ret = EXIT_OK;
	size_t i;

	if (ask(client, &ledger, cpus || json)) {
		ret = EXIT_FAILED;
	} else if (holders_find(&ledger)) {
		fprintf(stderr, "dd-recorder: status: %s\n", strerror(errno));
		ret = EXIT_FAILED;
	} else {
		json ? ledger_json(&ledger) : ledger_table(&ledger, is_terminal());
	}
	for (i = 0; i < DDR_MAX_STREAMS; i++)
		free(ledger.cpu[i]);
	free(ledger.holder);
	return ret;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "cpus", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *socket_path = NULL;
	bool cpus = false, json = false;
	struct ddr_client *client;
	int opt, ret;

	while ((opt = getopt_long(argc, argv, "s:cjh", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			socket_path = optarg;
			break;
		case 'c':
			cpus = true;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (optind != argc)
		return cmd_usage_error(cmd, "unexpected '%s'", argv[optind]);

	client = cmd_connect(socket_path);
	if (!client)
		return EXIT_FAILED;
	ret = show(client, cpus, json);
	ddr_client_free(client);
	return ret;
}

const struct command cmd_status = {
	.name = "status",
	.summary = "list the streams that you may open, and what they lost",
	.usage = "usage: dd-recorder status [-c] [-j] [-s SOCKET]\n\n"
		 "Lists the streams that the caller may open (root: all of them): what is granted,\n"
		 "the routes that feed it, its size, the records it holds and the time since the\n"
		 "oldest of them, how many were overwritten by later ones, how many were dropped,\n"
		 "and how many readers took out; and who has files of it open, as far as the caller\n"
		 "may see that (root: all).\n\n"
		 "  -c, --cpus         a line for each CPU, too\n"
		 "  -j, --json         all of it as one JSON object\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
