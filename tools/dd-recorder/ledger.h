/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LEDGER_H
#define DD_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "../lib/protocol.h"

/*
 * Of the whole machine, since the module was loaded: /sys/module/dyndbg_trace/parameters, and
 * /sys/module/dyndbg_drm/parameters for ioctls, 0 where that is not loaded
 */
struct ledger_kernel {
	unsigned long long dropped, truncated, missed, ioctls_missed;
};

/**
 * struct ledger_holder - a process that has files of a stream's instance open
 * @stream: index in the ledger.
 * @pid: its process ID.
 * @uid: whose it is.
 * @comm: what it calls itself, printable.
 * @files: their names, with commas between.
 */
struct ledger_holder {
	size_t stream;
	pid_t pid;
	uid_t uid;
	char comm[17];
	char files[128];
};

/**
 * struct ledger - what streams hold and what was lost
 * @stream: @n streams.
 * @cpu: of each, @n_cpus[] CPUs; NULL where they were not asked for.
 * @holder: @n_holders, those that the caller may see.
 * @kernel: what was lost before it came to any stream.
 * @has_kernel: @kernel could be read.
 */
struct ledger {
	struct ddr_stream_status stream[DDR_MAX_STREAMS];
	struct ddr_cpu_status *cpu[DDR_MAX_STREAMS];
	size_t n_cpus[DDR_MAX_STREAMS];
	size_t n;
	struct ledger_holder *holder;
	size_t n_holders;
	struct ledger_kernel kernel;
	int has_kernel;
};

#define LEDGER_WHY 256 /* bytes of a message of ledger_ask() */

struct ddr_client;
struct json_object;

int ledger_ask(struct ledger *ledger, struct ddr_client *client, bool cpus, char why[LEDGER_WHY]);
void ledger_free(struct ledger *ledger);
void ledger_table(const struct ledger *ledger, bool colour);
struct json_object *ledger_object(const struct ledger *ledger);
void ledger_json(const struct ledger *ledger);

#endif
