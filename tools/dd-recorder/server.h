/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SERVER_H
#define DD_SERVER_H

#include "session.h"

/**
 * struct server_hooks - what happens to the daemon as a whole
 * @ready: called once, when requests will be answered.
 * @reload: SIGHUP. Returns the policy in force from now on, which may be the old one.
 * @ctx: given to both.
 */
struct server_hooks {
	void (*ready)(void *ctx);
	const struct ddr_config *(*reload)(void *ctx);
	void *ctx;
};

int server_run(int listen_fd, const struct ddr_config *config, const struct session_ops *ops,
	       const struct server_hooks *hooks);

#endif
