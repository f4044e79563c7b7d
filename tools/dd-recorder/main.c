// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder: finds the subcommand and runs it. */
#include <stdio.h>
#include <string.h>

#include "../lib/version.h"
#include "cmd.h"

static const struct command *const commands[] = { &cmd_daemon, &cmd_exec, &cmd_dump, &cmd_tail,
						  &cmd_status };
#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: dd-recorder COMMAND [ARGS...]\n\n");
	for (i = 0; i < N_COMMANDS; i++)
		fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(to, "\n'dd-recorder COMMAND -h' tells more. Also: --help, --version.\n"
		    "Exit status: 0 done, 1 failed, 2 wrong usage.\n");
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	char full[64];
	size_t i;

	if (name && (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)) {
		usage(stdout);
		return EXIT_OK;
	}
	if (name && strcmp(name, "--version") == 0)
		return printf("dd-recorder %s\n", DDR_VERSION) < 0 ? EXIT_FAILED : EXIT_OK;
	for (i = 0; name && i < N_COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) != 0)
			continue;
		/* getopt's own messages begin with argv[0] */
		snprintf(full, sizeof(full), "dd-recorder %s", name);
		argv[1] = full;
		return commands[i]->run(commands[i], argc - 1, argv + 1);
	}
	if (name)
		fprintf(stderr, "dd-recorder: unknown command '%s'\n", name);
	usage(stderr);
	return EXIT_USAGE;
}
