/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INCIDENT_H
#define DD_INCIDENT_H

#include <stdint.h>

#include "../lib/config.h"
#include "../lib/ddrecorder.h"

/**
 * struct incident - something that streams are saved at
 * @on: the DDR_ON_ bit.
 * @device: the device's name; "": not known.
 * @minor: the DRM device's; -1: not known.
 * @error: a failed commit's errno value; 0: none.
 * @pid: whose; 0: not known.
 * @time_ns: when, by the clock of what told of it; 0: not known.
 * @text: what was said.
 */
struct incident {
	unsigned int on;
	char device[64];
	int32_t minor;
	int error;
	int32_t pid;
	uint64_t time_ns;
	char text[256];
};

const char *incident_name(const struct incident *incident);
bool incident_concerns(const struct incident *incident, const struct ddr_stream *stream);
bool incident_of_event(struct incident *incident, const struct ddr_event *event);

#endif
