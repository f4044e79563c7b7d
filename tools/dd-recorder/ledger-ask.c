// SPDX-License-Identifier: GPL-2.0-only
/* The figures of dd-recorder status, from the daemon, the kernel and /proc. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/ddrecorder.h"
#include "cmd.h"
#include "holders.h"
#include "ledger.h"

/* Return: 0, or -1 when there is no such counter, as the module is not loaded. */
static int read_counter(const char *module, const char *name, unsigned long long *value)
{
	char path[96];
	FILE *file;
	int n;

	snprintf(path, sizeof(path), "/sys/module/%s/parameters/%s", module, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	n = fscanf(file, "%llu", value);
	fclose(file);
	return n == 1 ? 0 : -1;
}

/* Return: -1. */
static int refused(int err, char why[LEDGER_WHY])
{
	snprintf(why, LEDGER_WHY, "status: %s", strerror(err));
	return -1;
}

static int unanswered(char why[LEDGER_WHY])
{
	cmd_no_answer(why, LEDGER_WHY, errno);
	return -1;
}

static int ask_cpus(struct ddr_client *client, struct ledger *ledger, size_t i,
		    char why[LEDGER_WHY])
{
	struct ddr_cpu_status *list = calloc(DDR_MAX_CPUS, sizeof(*list));
	struct ddr_answer answer;

	ledger->cpu[i] = list;
	if (!list)
		return refused(errno, why);
	if (cmd_try(client, DDR_CPUS, ledger->stream[i].stream, 0, &answer))
		return unanswered(why);
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
		return refused(answer.error, why);
	}
}

/**
 * ledger_ask() - fill a ledger
 * @ledger: empty; to be freed with ledger_free() in any case.
 * @client: of cmd_connect().
 * @cpus: with each CPU's figures.
 * @why: set when it fails.
 *
 * Context: waits for the daemon, see cmd_try().
 *
 * Return: 0, or -1 with @why.
 */
int ledger_ask(struct ledger *ledger, struct ddr_client *client, bool cpus, char why[LEDGER_WHY])
{
	struct ledger_kernel *k = &ledger->kernel;
	struct ddr_answer answer;
	size_t i;

	if (cmd_try(client, DDR_STATUS, NULL, 0, &answer))
		return unanswered(why);
	if (answer.error)
		return refused(answer.error, why);
	memcpy(ledger->stream, answer.stream, answer.n_streams * sizeof(*answer.stream));
	ledger->n = answer.n_streams;
	for (i = 0; cpus && i < ledger->n; i++) {
		if (ask_cpus(client, ledger, i, why))
			return -1;
	}
	ledger->has_kernel = !read_counter("dyndbg_trace", "dropped", &k->dropped) &&
			     !read_counter("dyndbg_trace", "truncated", &k->truncated) &&
			     !read_counter("dyndbg_trace", "missed", &k->missed);
	k->ioctls_missed = 0;
	read_counter("dyndbg_drm", "ioctls_missed", &k->ioctls_missed);
	return holders_find(ledger) ? refused(errno, why) : 0;
}

/**
 * ledger_free() - free what a ledger holds
 * @ledger: not itself.
 */
void ledger_free(struct ledger *ledger)
{
	size_t i;

	for (i = 0; i < DDR_MAX_STREAMS; i++)
		free(ledger->cpu[i]);
	free(ledger->holder);
}
