/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_FORMATS_H
#define DDR_FORMATS_H

#include <stdint.h>
#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "ddrecorder.h"

struct ddr_formats;

struct ddr_formats *ddr_formats_new(const char *text, size_t len);
void ddr_formats_free(struct ddr_formats *formats);
void ddr_formats_event(struct ddr_formats *formats, struct tep_record *record,
		       struct ddr_event *event);
int ddr_formats_cut(const struct ddr_formats *formats);

#endif
