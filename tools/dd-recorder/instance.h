/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INSTANCE_H
#define DD_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/config.h"

struct tracefs_instance;

struct tracefs_instance *instance_find(const char *name);
char *instance_clocks(void);
bool instance_has_clock(struct tracefs_instance *instance, const char *clock);
uint64_t instance_size(struct tracefs_instance *instance);
bool instance_has_size(struct tracefs_instance *instance, uint64_t bytes);
int instance_set_clock(struct tracefs_instance *instance, const char *clock);
int instance_set_size(struct tracefs_instance *instance, uint64_t bytes);
void instance_remove(const char *name);
int instance_open_dir(struct tracefs_instance *instance);
int instance_events(struct tracefs_instance *instance, const struct ddr_list *events);
int instance_drop_events(struct tracefs_instance *instance, const struct ddr_list *keep);
bool instance_event_exists(const char *event);
bool instance_event_bares(const char *event);
int instance_filter_event(int dir, const char *event, const char *filter);
int instance_watch_marks(int dir, const struct ddr_list *texts);
bool instance_mark_seen(int dir);
int instance_open_file(int dir, uint32_t access_bit, uint32_t cpu);
size_t instance_cpus(int dir, struct ddr_cpu_status *list, size_t max);
void instance_status(int dir, struct ddr_stream_status *status);

#endif
