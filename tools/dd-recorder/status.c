// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder status: the streams that the caller may see, and what each has lost. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "cmd.h"
#include "ledger.h"

static bool is_terminal(void)
{
	const char *no = getenv("NO_COLOR"); /* as https://no-color.org has it */

	return isatty(STDOUT_FILENO) && !(no && *no);
}

static int show(struct ddr_client *client, bool cpus, bool json)
{
	static struct ledger ledger;
	char why[LEDGER_WHY];
	int ret = EXIT_OK;

	if (ledger_ask(&ledger, client, cpus || json, why)) {
		fprintf(stderr, "dd-recorder: %s\n", why);
		ret = EXIT_FAILED;
	} else {
		json ? ledger_json(&ledger) : ledger_table(&ledger, is_terminal());
	}
	ledger_free(&ledger);
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
