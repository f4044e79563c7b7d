/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libddrecorder: kernel messages that dd-recorder(1) records, for the program that the
 * administrator named. Linked with "pkg-config --libs libddrecorder"; libddrecorder(3) has the
 * whole, and each function a page of its own.
 *
 * No call waits, except ddr_client_wait(). No object may be used by two threads at a time;
 * different ones may. No call raises SIGPIPE.
 */
#ifndef DDRECORDER_H
#define DDRECORDER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef __GNUC__
#pragma GCC visibility push(default)
#define DDR_PRINTF(fmt, args) __attribute__((__format__(__printf__, fmt, args)))
#else
#define DDR_PRINTF(fmt, args)
#endif

#define DDR_TEXT_MAX 8192 /* bytes of an event's line; what is longer is cut */
#define DDR_MARK_MAX 1024 /* bytes of a mark, as many as every kernel takes */

/* The way to the daemon. It connects when something is asked. */
struct ddr_client;

/**
 * struct ddr_answer - what the daemon said
 * @type: what was asked, enum ddr_type.
 * @error: 0, or the errno value of its refusal, and then there is nothing else.
 * @access: DDR_OPEN: what the fds are.
 * @fd: @n_fds of them, O_CLOEXEC, in the order of the bits in @access, lowest first; the others
 * are -1. They are the caller's, who closes them; they stay valid whatever becomes of the client
 * and of the daemon.
 * @n_fds: how many.
 * @stream: DDR_STATUS: @n_streams of them; valid until the next call on the client.
 * @n_streams: how many.
 * @cpu: DDR_CPUS: @n_cpus of them; as @stream.
 * @n_cpus: how many.
 */
struct ddr_answer {
	uint32_t type;
	int error;
	uint32_t access;
	int fd[DDR_MAX_FDS];
	size_t n_fds;
	const struct ddr_stream_status *stream;
	size_t n_streams;
	const struct ddr_cpu_status *cpu;
	size_t n_cpus;
};

struct ddr_client *ddr_client_new(const char *path);
void ddr_client_free(struct ddr_client *client);
int ddr_client_fd(const struct ddr_client *client);
int ddr_client_ask_open(struct ddr_client *client, const char *stream, uint32_t access);
int ddr_client_ask_raw(struct ddr_client *client, const char *stream, uint32_t cpu);
int ddr_client_ask_formats(struct ddr_client *client, const char *stream);
int ddr_client_ask_saved(struct ddr_client *client, const char *stream, uint32_t number);
int ddr_client_ask_status(struct ddr_client *client);
int ddr_client_ask_cpus(struct ddr_client *client, const char *stream);
int ddr_client_take(struct ddr_client *client, struct ddr_answer *answer);
int ddr_client_wait(struct ddr_client *client, struct ddr_answer *answer, int timeout_ms);

/* What is in a stream, event by event. */
struct ddr_reader;

/**
 * struct ddr_event - something that the kernel recorded, or somebody marked
 * @time_ns: by the stream's clock, in nanoseconds where that counts time; in text to the
 * microsecond.
 * @cpu: where.
 * @pid: the thread that did it.
 * @site: the number of the place in the source; 0: not known, as always in text.
 * @line: of @file; 0: not known.
 * @minor: the DRM device's; -1: none.
 * @comm: that thread's name, as the kernel knew it when this was read; NULL: not known.
 * @name: "prdbg" and "devdbg": a debug message without and with a device; "print": a mark; other
 * events' own. NULL: a line that is no event.
 * @module: of debug messages, as are the following. Each is NULL where it is not known.
 * @function: the function that the message stands in.
 * @file: the source file.
 * @class_name: e.g. DRM_UT_KMS; NULL: none.
 * @device: the device's name.
 * @text: the message; of other events all of their text. For people: it may be another one in
 * the next kernel. Without a newline at its end, but it may have some inside.
 * @lost: records that were lost on @cpu just before this one, at least.
 *
 * Strings are valid until the next call on the reader.
 */
struct ddr_event {
	uint64_t time_ns;
	uint32_t cpu;
	int32_t pid;
	uint32_t site;
	uint32_t line;
	int32_t minor;
	const char *comm;
	const char *name;
	const char *module;
	const char *function;
	const char *file;
	const char *class_name;
	const char *device;
	const char *text;
	uint64_t lost;
};

struct ddr_reader *ddr_reader_new(int fd);
struct ddr_reader *ddr_reader_new_raw(const int *fds, size_t n, int formats_fd);
int ddr_reader_formats(struct ddr_reader *reader, int formats_fd);
void ddr_reader_free(struct ddr_reader *reader);
int ddr_reader_fd(const struct ddr_reader *reader);
int ddr_reader_next(struct ddr_reader *reader, struct ddr_event *event);
int ddr_reader_rewind(struct ddr_reader *reader);
uint64_t ddr_reader_lost(const struct ddr_reader *reader);
uint64_t ddr_reader_cut(const struct ddr_reader *reader);

int ddr_mark(int fd, const char *fmt, ...) DDR_PRINTF(2, 3);
int ddr_vmark(int fd, const char *fmt, va_list ap) DDR_PRINTF(2, 0);
const char *ddr_version(void);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
