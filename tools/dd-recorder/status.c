// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder status: the streams that the caller may see, and what each has lost. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../lib/ddrecorder.h"
#include "../lib/names.h"
#include "cmd.h"

static void print_access(char *to, size_t room, uint32_t access)
{
	uint32_t bit;
	size_t n = 0;

	to[0] = '\0';
	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if ((access & bit) && n < room)
			n += (size_t)snprintf(to + n, room - n, "%s%s", n ? "," : "",
					      ddr_access_name(bit));
	}
}

static void print_table(const struct ddr_stream_status *list, size_t n)
{
	char access[64];
	size_t i;

	printf("%-16s %-18s %6s %9s %9s %11s %9s\n", "STREAM", "ACCESS", "ROUTES", "SIZE/KiB",
	       "HELD", "OVERWRITTEN", "DROPPED");
	for (i = 0; i < n; i++) {
		print_access(access, sizeof(access), list[i].access);
		printf("%-16s %-18s %6" PRIu32 " %9" PRIu64 " %9" PRIu64 " %11" PRIu64
		       " %9" PRIu64 "\n",
		       list[i].stream, access, list[i].routes, list[i].size / 1024,
		       list[i].entries, list[i].overrun,
		       list[i].dropped + list[i].commit_overrun);
	}
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	static struct ddr_stream_status list[DDR_MAX_STREAMS];
	const char *socket_path = NULL;
	struct ddr_client *client;
	int opt, ret = EXIT_OK;
	size_t n;

	while ((opt = getopt_long(argc, argv, "s:h", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			socket_path = optarg;
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
	if (ddr_client_status(client, list, DDR_MAX_STREAMS, &n)) {
		fprintf(stderr, "dd-recorder: status: %s\n", strerror(errno));
		ret = EXIT_FAILED;
	} else {
		print_table(list, n);
	}
	ddr_client_free(client);
	return ret;
}

const struct command cmd_status = {
	.name = "status",
	.summary = "list the streams that you may open, and what they lost",
	.usage = "usage: dd-recorder status [-s SOCKET]\n\n"
		 "Lists the streams that the caller may open (root: all of them): what is granted,\n"
		 "the routes that feed it, its size, the records it holds, how many were overwritten\n"
		 "by later ones and how many were dropped, of all CPUs together.\n\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
