/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_WATCH_H
#define DD_WATCH_H

#include <systemd/sd-event.h>

#include "../lib/config.h"

struct recording;

int watch_configure(struct ddr_config *config);
void watch_begin(sd_event *event, struct recording *rec, const struct ddr_config *config);
void watch_end(bool leave);

#endif
