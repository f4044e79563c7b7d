/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_WIRE_H
#define DDR_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

/**
 * struct ddr_request - a request that passed every check
 * @type: enum ddr_type.
 * @access: DDR_OPEN: bits asked for.
 * @cpu: DDR_OPEN with DDR_RAW: which CPU's.
 * @number: DDR_SAVED: which.
 * @stream: all but DDR_STATUS: name as sent; terminated, but any characters.
 */
struct ddr_request {
	uint32_t type;
	uint32_t access;
	uint32_t cpu;
	uint32_t number;
	char stream[DDR_NAME_MAX + 1];
};

int ddr_decode_request(const void *buf, size_t len, struct ddr_request *req);
size_t ddr_encode_open(struct ddr_open_request *msg, const char *stream, uint32_t access,
		       uint32_t cpu);
size_t ddr_encode_named(struct ddr_named_request *msg, uint32_t type, const char *stream);
size_t ddr_encode_saved(struct ddr_saved_request *msg, const char *stream, uint32_t number);
size_t ddr_encode_head(struct ddr_head *head, uint32_t type, int status);
int ddr_decode_reply(const void *buf, size_t len, uint32_t type);
int ddr_decode_open(const void *buf, size_t len, uint32_t type, uint32_t *access, uint32_t *n_fds);
int ddr_decode_status(const void *buf, size_t len, struct ddr_stream_status *list, size_t max,
		      size_t *n);
int ddr_decode_cpus(const void *buf, size_t len, struct ddr_cpu_status *list, size_t max,
		    size_t *n);

#endif
