/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_LOG_H
#define DD_LOG_H

#include <stdbool.h>

/* Levels of syslog(3), as systemd reads them from "<N>" in front of a line. */
enum log_level {
	LOG_LEVEL_ERR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_INFO = 6,
};

void log_init(void);
bool log_is_journal(void);
void log_msg(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_limited(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
