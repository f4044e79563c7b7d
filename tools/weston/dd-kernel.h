/* SPDX-License-Identifier: GPL-2.0-only */
/* The Weston module: the log scope "dd-kernel", the streams that it shows, and what is in order. */
#ifndef DD_KERNEL_H
#define DD_KERNEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <wayland-server-core.h>

#include "../lib/ddrecorder.h"
#include "compat.h"
#include "line.h"

#define DK_MAX_SCOPES 8

/*
 * STREAM_WANTED: to be asked for. STREAM_OPEN: reader, and source unless the loop refused it.
 * STREAM_REFUSED: the policy grants it not; not asked for again while somebody listens.
 */
enum stream_state {
	STREAM_WANTED,
	STREAM_OPEN,
	STREAM_REFUSED,
};

/* In dd_kernel's list; freed by kernel_forget(). All that is NULL or -1 is not there. */
struct stream {
	struct wl_list link;
	struct dd_kernel *dd;
	char name[DDR_NAME_MAX + 1];
	enum stream_state state;
	uint32_t access; /* what the daemon's status says */
	bool asked;	 /* in this round of questions */
	int said;	 /* the error that was logged last: none is logged twice in a row */
	struct ddr_reader *reader;
	struct wl_event_source *source;
	int mark_fd;
	uint64_t n_older; /* messages from before somebody listened, which are left out */
	/* Taken from the reader, not written yet; empty: none */
	char line[DK_LINE_MAX];
	uint64_t line_ns;
	bool dry; /* within one kernel_take(): it had nothing more */
};

/* A scope of the compositor's whose lines are to come behind the older ones of the kernel. */
struct order {
	struct dd_kernel *dd;
	char *scope;
	struct weston_log_subscriber *subscriber;
	FILE *file;
	bool seen;   /* something was written to it, so it exists */
	bool within; /* a line has begun there and not ended */
	bool marks;  /* its lines go into the streams as marks */
};

/*
 * All there is. Made by wet_module_init(), freed when the compositor is destroyed. One thread,
 * that of the compositor's event loop, no lock.
 */
struct dd_kernel {
	struct weston_compositor *compositor;
	struct wl_listener destroy;
	struct wl_event_loop *loop;
	struct weston_log_scope *scope;
	bool dying;

	/* options */
	char *socket_path; /* NULL: the default */
	char *names;	   /* NULL: all that the status says */

	struct wl_list streams;
	struct wl_event_source *pace; /* timer: when the streams are looked at again */
	bool paused;		      /* until then they are not */
	bool more;		      /* the readers may have more, whatever their fds say */
	bool busy;		      /* writing: what is logged meanwhile is not for us */

	struct order order[DK_MAX_SCOPES];
	unsigned int n_order;

	struct wl_event_source *idle; /* who listens has changed; NULL: no */
	bool listened;		      /* somebody does */
	uint64_t since_ns;	      /* CLOCK_MONOTONIC, when they began to */

	struct ddr_client *client; /* only while something is asked */
	struct wl_event_source *client_source;
	struct wl_event_source *retry; /* timer, which runs while @waiting */
	bool waiting;
	unsigned int delay_s;	       /* before the next */
	int said;
};

/* kernel.c: from the streams into the scope */
int kernel_init(struct dd_kernel *dd);
void kernel_since(struct dd_kernel *dd);
struct stream *kernel_add(struct dd_kernel *dd, const char *name);
void kernel_forget(struct dd_kernel *dd);
int kernel_open(struct stream *stream, int live_fd, int mark_fd);
void kernel_close(struct stream *stream);
void kernel_mark(struct dd_kernel *dd, const char *text, size_t len);
void kernel_write(struct dd_kernel *dd);

/* ask.c: from the daemon to the streams */
int ask_init(struct dd_kernel *dd);
void ask_begin(struct dd_kernel *dd);
void ask_again(struct dd_kernel *dd);
void ask_end(struct dd_kernel *dd);

/* order.c: before a line of the compositor's */
int order_add(struct dd_kernel *dd, const char *scope);
void order_first(struct dd_kernel *dd);
void order_end(struct dd_kernel *dd);

#endif
