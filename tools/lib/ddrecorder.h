/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client's side: ask the daemon for streams. */
#ifndef DDRECORDER_H
#define DDRECORDER_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

struct ddr_client;

struct ddr_client *ddr_client_connect(const char *path);
void ddr_client_free(struct ddr_client *client);
int ddr_client_open(struct ddr_client *client, const char *stream, uint32_t access,
		    int fds[DDR_MAX_FDS]);
int ddr_client_status(struct ddr_client *client, struct ddr_stream_status *list, size_t max,
		      size_t *n);
int ddr_client_cpus(struct ddr_client *client, const char *stream, struct ddr_cpu_status *list,
		    size_t max, size_t *n);

#endif
