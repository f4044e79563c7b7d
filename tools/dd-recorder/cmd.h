/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_CMD_H
#define DD_CMD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes, the same for every subcommand; exec adds the shell's 126 and 127. */
enum {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

/**
 * struct command - a subcommand
 * @name: what the user writes.
 * @summary: one line for the list.
 * @usage: text for -h.
 * @run: its main(); argv[0] is "dd-recorder NAME".
 */
struct command {
	const char *name;
	const char *summary;
	const char *usage;
	int (*run)(const struct command *cmd, int argc, char **argv);
};

extern const struct command cmd_daemon, cmd_exec, cmd_dump, cmd_tail, cmd_status,
	cmd_info, cmd_explain, cmd_report;

struct ddr_answer;
struct ddr_client;

/* set by SIGINT and SIGTERM, after cmd_stop_on_signal() */
extern volatile sig_atomic_t cmd_stop;

int cmd_help(const struct command *cmd);
int cmd_usage_error(const struct command *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct ddr_client *cmd_connect(const char *socket_path);
int cmd_try(struct ddr_client *client, uint32_t type, const char *stream, uint32_t access,
	    struct ddr_answer *answer);
void cmd_no_answer(char *to, size_t room, int err);
int cmd_ask(struct ddr_client *client, uint32_t type, const char *stream, uint32_t access,
	    struct ddr_answer *answer);
void cmd_stream_error(const char *stream, uint32_t access, int err);
int cmd_parse_stream_args(const struct command *cmd, int argc, char **argv,
			  const char **socket_path, const char **stream);
int cmd_open_stream(const char *socket_path, const char *stream, uint32_t access,
		    uint32_t otherwise);
void cmd_stop_on_signal(sigset_t *waiting);
char *cmd_read_all(int fd, size_t *len);
char *cmd_read_until(int fd, size_t *len, bool (*enough)(char *text, size_t *len, void *arg), void *arg);
int cmd_write_all(int fd, const char *buf, unsigned long len);

#endif
