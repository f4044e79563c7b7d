/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SESSION_H
#define DD_SESSION_H

#include "../lib/policy.h"

/**
 * struct session_ops - what the streams are, behind the protocol
 * @open_file: an fd for one access bit of a stream that exists, or -1 with errno; the CPU counts for
 *	DDR_RAW only.
 * @formats: an fd of DDR_FORMATS for a stream that exists and a user, or -1 with errno.
 * @saved: an fd of one of the files that a stream was saved to, 0 being the newest, or -1 with errno.
 * @status: fill in all but stream and access of a stream that exists.
 * @cpus: fill in at most that many CPUs' figures of a stream that exists; returns how many.
 * @ctx: given to all.
 */
struct session_ops {
	int (*open_file)(void *ctx, const char *stream, uint32_t access_bit, uint32_t cpu);
	int (*formats)(void *ctx, const char *stream, uid_t uid);
	int (*saved)(void *ctx, const char *stream, uint32_t number);
	void (*status)(void *ctx, const char *stream, struct ddr_stream_status *status);
	size_t (*cpus)(void *ctx, const char *stream, struct ddr_cpu_status *list, size_t max);
	void *ctx;
};

struct copy;

int session_handle(int sock, const struct ddr_peer *peer, const struct ddr_config *config,
		   const struct session_ops *ops, struct copy **copy);
int session_copied(int sock, uint32_t type, int fd, int err);

#endif
