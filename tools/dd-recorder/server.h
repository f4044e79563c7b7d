/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SERVER_H
#define DD_SERVER_H

#include "session.h"

int server_run(int listen_fd, const struct ddr_config *config, const struct session_ops *ops,
	       void (*ready)(void *ctx), void *ready_ctx);

#endif
