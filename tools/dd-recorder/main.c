// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder: finds the subcommand and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/version.h"
#include "cmd.h"

static const struct command *const commands[] = { &cmd_daemon, &cmd_exec, &cmd_dump, &cmd_tail,
						  &cmd_status, &cmd_info, &cmd_explain,
						  &cmd_report };
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

/* What is opened next must not become the standard output of somebody who closed his. */
static int hold_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

/* Nothing that was printed may have been lost. */
static int finish(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	fprintf(stderr, "dd-recorder: stdout: %s\n", strerror(errno));
	return ret == EXIT_OK ? EXIT_FAILED : ret;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	char full[64];
	size_t i;

	if (hold_standard_fds())
		return EXIT_FAILED; /* and nowhere to say so */

	if (name && (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)) {
		usage(stdout);
		return finish(EXIT_OK);
	}
	if (name && strcmp(name, "--version") == 0) {
		printf("dd-recorder %s\n", DDR_VERSION);
		return finish(EXIT_OK);
	}
	for (i = 0; name && i < N_COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) != 0)
			continue;
		/* getopt's own messages begin with argv[0] */
		snprintf(full, sizeof(full), "dd-recorder %s", name);
		argv[1] = full;
		return finish(commands[i]->run(commands[i], argc - 1, argv + 1));
	}
	if (name)
		fprintf(stderr, "dd-recorder: unknown command '%s'\n", name);
	usage(stderr);
	return EXIT_USAGE;
}
