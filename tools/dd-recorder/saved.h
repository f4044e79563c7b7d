/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_SAVED_H
#define DD_SAVED_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

#define SAVED_DIR "/var/lib/dd-recorder"

int saved_begin(const char *path);
void saved_end(void);
int saved_fd(void);
int saved_open(const char *stream, uint32_t number);
int saved_new(const char *stream, const char *kind);
int saved_keep(const char *stream, const char *kind, time_t now, unsigned int keep, char path[PATH_MAX]);
void saved_drop(const char *stream, const char *kind);

#endif
