/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SERVER_H
#define DD_SERVER_H

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "listen.h"
#include "session.h"

/**
 * struct server_hooks - what happens to the daemon as a whole
 * @ready: called once with the loop, when requests will be answered.
 * @reload: SIGHUP. Returns the policy in force from now on, which may be the old one.
 * @look: called every @look_s seconds while the policy has a stream with keep=.
 * @look_s: seconds.
 * @ctx: given to all.
 */
struct server_hooks {
	void (*ready)(void *ctx, sd_event *event);
	const struct ddr_config *(*reload)(void *ctx);
	void (*look)(void *ctx);
	unsigned int look_s;
	void *ctx;
};

int server_run(struct listener *listener, const struct ddr_config *config,
	       const struct session_ops *ops, const struct server_hooks *hooks, bool *leave);

#endif
