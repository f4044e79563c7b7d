/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SAVE_H
#define DD_SAVE_H

#include <systemd/sd-event.h>

#include "incident.h"

struct recording;

bool save_is_due(const struct ddr_stream *stream, unsigned int on);
void save_stream(sd_event *event, struct recording *rec, const struct ddr_stream *stream,
		 const struct incident *incident);
void save_end(void);

#endif
