/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_CONFIG_H
#define DDR_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "protocol.h"

#define DDR_CONFIG_PATH "/etc/dd-recorder/recorder.conf"
#define DDR_KEEP_MAX "64M"
#define DDR_CONFIG_ERROR_MAX 512 /* bytes of an error's text */

/**
 * struct ddr_list - strings in the order in which they were written
 * @item: @n strings, each and the array allocated.
 * @n: how many.
 */
struct ddr_list {
	char **item;
	size_t n;
};

/**
 * enum ddr_ioctls - which DRM ioctls a stream has the begin and end of
 * @DDR_IOCTLS_DEFAULT: nothing was said: DDR_IOCTLS_ATOMIC for DRM's messages, else none.
 * @DDR_IOCTLS_NONE: none.
 * @DDR_IOCTLS_ATOMIC: atomic commits.
 * @DDR_IOCTLS_ALL: all.
 */
enum ddr_ioctls { DDR_IOCTLS_DEFAULT, DDR_IOCTLS_NONE, DDR_IOCTLS_ATOMIC, DDR_IOCTLS_ALL };

/* What a stream can be saved at */
#define DDR_ON_FAILED_COMMIT 0x1u /* an atomic commit of one of its devices fails */
#define DDR_ON_DRM_ERROR 0x2u	  /* the kernel logs an error of DRM's */
#define DDR_ON_MARKER 0x4u	  /* somebody writes a mark that has a text in it */

/* The daemon's own stream; [stream] of that name is refused. */
#define DDR_WATCH_STREAM "dd_recorder_watch"

#define DDR_MAX_MARKERS 8	 /* texts of one stream */
#define DDR_MAX_SAVES 64	 /* files of one stream and kind */
#define DDR_SAVE_KINDS 3
#define DDR_SAVES_DEFAULT 4
#define DDR_SAVE_EVERY_DEFAULT 60 /* seconds */
#define DDR_SAVE_MAX_DEFAULT (16u << 20) /* bytes of a file */
#define DDR_SAVE_MAX_MOST DDR_MAX_COPY	 /* it is handed out as a copy */

/**
 * struct ddr_save - when a stream is saved, and how much of that is kept
 * @on: DDR_ON_ bits; 0: never.
 * @marker: the texts of DDR_ON_MARKER.
 * @keep: files; 0: nothing was said.
 * @every_s: seconds from one to the next at least; 0: nothing was said.
 * @max: bytes of a file at most; 0: nothing was said.
 */
struct ddr_save {
	unsigned int on;
	struct ddr_list marker;
	unsigned int keep;
	unsigned int every_s;
	uint64_t max;
};

/**
 * struct ddr_stream - one [stream NAME]
 * @name: also the name of its destination and instance.
 * @file: the file that named it first, for messages; owned by the config.
 * @line: the line there.
 * @select: matches of the control language, at least one.
 * @device: device SPECs; none stands for any device.
 * @events: stock trace events, each "system:event".
 * @ioctls: whose begin and end are recorded, too.
 * @size: as written (bytes, K or M), or NULL to leave the size to the kernel.
 * @keep_s: 0, or the seconds that the ring is to cover: its size follows what is recorded.
 * @max: with @keep_s, how large it may get, as written, or NULL for DDR_KEEP_MAX.
 * @clock: trace clock.
 * @save: what the daemon watches it for.
 * @internal: the daemon's own, which nobody may have.
 *
 * Owned by its struct ddr_config and never changed once that is loaded.
 */
struct ddr_stream {
	char *name;
	const char *file;
	unsigned int line;
	struct ddr_list select;
	struct ddr_list device;
	struct ddr_list events;
	enum ddr_ioctls ioctls;
	char *size;
	unsigned int keep_s;
	char *max;
	char *clock;
	struct ddr_save save;
	bool internal;
};

/**
 * struct ddr_subscriber - one [subscriber NAME]
 * @name: only for messages.
 * @file: the file that named it first; owned by the config.
 * @line: the line there.
 * @has_user: @uid must match.
 * @unit: the system service or scope that the process must be in, NULL for any.
 * @seat: the logind seat on which the user has to have the active session, NULL for any or none.
 * @has_group: @gid must match, as group of the process or supplementary one.
 * @streams: names, each of a stream that exists.
 * @access: access bits granted on each of @streams.
 *
 * Owned as struct ddr_stream is.
 */
struct ddr_subscriber {
	char *name;
	const char *file;
	unsigned int line;
	bool has_user;
	bool has_group;
	char *unit;
	char *seat;
	uid_t uid;
	gid_t gid;
	struct ddr_list streams;
	uint32_t access;
};

/**
 * struct ddr_config - everything that the files said
 * @stream: @n_streams of them; a pointer of its own each, so that they may be referred to.
 * @subscriber: @n_subscribers of them.
 * @files: the files read.
 *
 * Made by ddr_config_new(), freed by ddr_config_free().
 */
struct ddr_config {
	struct ddr_stream **stream;
	size_t n_streams;
	struct ddr_subscriber **subscriber;
	size_t n_subscribers;
	struct ddr_list files;
};

struct ddr_config *ddr_config_new(void);
void ddr_config_free(struct ddr_config *config);
int ddr_config_read(struct ddr_config *config, FILE *file, const char *name, char *error);
int ddr_config_finish(const struct ddr_config *config, char *error);
struct ddr_config *ddr_config_load(const char *path, char *error);
const struct ddr_stream *ddr_config_stream(const struct ddr_config *config, const char *name);
bool ddr_stream_same(const struct ddr_stream *a, const struct ddr_stream *b);

struct ddr_stream *ddr_config_add_stream(struct ddr_config *config, const char *name);
struct ddr_subscriber *ddr_config_add_subscriber(struct ddr_config *config, const char *name);
int ddr_list_add(struct ddr_list *list, const char *item, size_t len);
bool ddr_list_has(const struct ddr_list *list, const char *item);
void ddr_list_clear(struct ddr_list *list);

#endif
