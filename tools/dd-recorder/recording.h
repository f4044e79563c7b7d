/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_RECORDING_H
#define DD_RECORDING_H

#include <stdbool.h>

#include "../lib/config.h"

struct recording;

struct recording *recording_start(const struct ddr_config *config, const char *socket);
int recording_reload(struct recording *rec, const struct ddr_config *config);
void recording_stop(struct recording *rec, bool leave);
void recording_look(struct recording *rec);
int recording_open(void *rec, const char *stream, uint32_t access_bit, uint32_t cpu);
int recording_dir(const struct recording *rec, const char *stream);
int recording_saved(void *rec, const char *stream, uint32_t number);
int recording_formats(void *rec, const char *stream, uid_t uid);
size_t recording_cpus(void *rec, const char *stream, struct ddr_cpu_status *list, size_t max);
void recording_status(void *rec, const char *stream, struct ddr_stream_status *status);

#endif
