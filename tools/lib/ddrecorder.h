/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libddrecorder: kernel messages that dd-recorder(1) records, for the program that the
 * administrator named. Linked with "pkg-config --libs libddrecorder"; libddrecorder(3) has the
 * whole, and each function a page of its own.
 *
 * No call waits, except ddr_client_wait(). No object may be used by two threads at a time;
 * different ones may. No call raises SIGPIPE.
 */
#ifndef DDRECORDER_H
#define DDRECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* The way to the daemon. It connects when something is asked. */
struct ddr_client;

/**
 * struct ddr_answer - what the daemon said
 * @type: what was asked, enum ddr_type.
 * @error: 0, or the errno value of its refusal, and then there is nothing else.
 * @access: DDR_OPEN: what the fds are.
 * @fd: @n_fds of them, O_CLOEXEC, in the order of the bits in @access, lowest first; the others
 * are -1. They are the caller's, who closes them; they stay valid whatever becomes of the client
 * and of the daemon.
 * @n_fds: how many.
 * @stream: DDR_STATUS: @n_streams of them; valid until the next call on the client.
 * @n_streams: how many.
 * @cpu: DDR_CPUS: @n_cpus of them; as @stream.
 * @n_cpus: how many.
 */
struct ddr_answer {
	uint32_t type;
	int error;
	uint32_t access;
	int fd[DDR_MAX_FDS];
	size_t n_fds;
	const struct ddr_stream_status *stream;
	size_t n_streams;
	const struct ddr_cpu_status *cpu;
	size_t n_cpus;
};

struct ddr_client *ddr_client_new(const char *path);
void ddr_client_free(struct ddr_client *client);
int ddr_client_fd(const struct ddr_client *client);
int ddr_client_ask_open(struct ddr_client *client, const char *stream, uint32_t access);
int ddr_client_ask_raw(struct ddr_client *client, const char *stream, uint32_t cpu);
int ddr_client_ask_formats(struct ddr_client *client, const char *stream);
int ddr_client_ask_status(struct ddr_client *client);
int ddr_client_ask_cpus(struct ddr_client *client, const char *stream);
int ddr_client_take(struct ddr_client *client, struct ddr_answer *answer);
int ddr_client_wait(struct ddr_client *client, struct ddr_answer *answer, int timeout_ms);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
