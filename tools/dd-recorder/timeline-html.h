/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_TIMELINE_HTML_H
#define DD_TIMELINE_HTML_H

#include "timeline.h"

/**
 * struct timeline_about - what a timeline's page says of the report
 * @program: name and version.
 * @mono_ns: CLOCK_MONOTONIC when the report was begun.
 * @real_ns: CLOCK_REALTIME at the same moment.
 * @since_ns: what is older is left out; CLOCK_MONOTONIC, 0: nothing is.
 * @redact: whether it is redacted.
 */
struct timeline_about {
	const char *program;
	uint64_t mono_ns;
	int64_t real_ns;
	uint64_t since_ns;
	bool redact;
};

void timeline_html(const struct timeline *timeline, const struct timeline_about *about, FILE *to);

#endif
