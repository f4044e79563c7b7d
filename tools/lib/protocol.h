/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What goes over the daemon's socket (AF_UNIX, SOCK_SEQPACKET): one request, one reply, native
 * byte order. Every struct begins with ddr_head, whose size is the struct's own as its sender
 * knows it. Structs may only grow at the end, as with openat2() and clone3(): a longer one is
 * accepted when what the receiver does not know is zero, and answered with E2BIG otherwise.
 */
#ifndef DDR_PROTOCOL_H
#define DDR_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#define DDR_SOCKET_PATH "/run/dd-recorder/socket"
#define DDR_MAGIC 0x31524444u /* "DDR1": changes when an old peer could misread a message */

/* Limits. */
#define DDR_NAME_MAX 63		   /* characters of a stream's name, as of a destination's */
#define DDR_MAX_STREAMS 63	   /* destinations that the kernel side keeps open */
#define DDR_MAX_FDS 4		   /* fds in one reply: one for each access bit but copy's */
#define DDR_MAX_REQUEST 1024	   /* bytes */
#define DDR_MAX_REPLY 65536	   /* bytes */
#define DDR_MAX_CPUS 512	   /* entries in a reply about CPUs */
#define DDR_MAX_CLIENTS 64	   /* connections, all users together */
#define DDR_MAX_CLIENTS_PER_UID 8  /* connections of one user */
#define DDR_MAX_STRANGERS 32	   /* connections of users to whom nothing is granted */
#define DDR_MAX_COPY (64u << 20)   /* bytes of a copy (EFBIG) */
#define DDR_MAX_LENT_PER_UID 4	   /* memfds of one user, until it has closed them (EDQUOT) */
#define DDR_IDLE_TIMEOUT_S 30	   /* seconds without a request until the daemon hangs up */
#define DDR_REPLY_TIMEOUT_S 10	   /* seconds that a client waits for a reply */
#define DDR_COPY_TIMEOUT_S 60	   /* the same, where a copy has to be made */

enum ddr_type {
	DDR_OPEN = 1,	/* ddr_open_request -> ddr_open_reply and fds */
	DDR_STATUS = 2, /* ddr_head -> ddr_table_reply and ddr_stream_status of each stream */
	DDR_CPUS = 3,	/* ddr_named_request -> ddr_table_reply and ddr_cpu_status of each CPU */
	DDR_FORMATS = 4, /* ddr_named_request -> ddr_open_reply and an fd; needs DDR_RAW */
	DDR_SAVED = 5,	/* ddr_saved_request -> ddr_open_reply and an fd; needs DDR_SNAPSHOT or DDR_COPY */
};

/* Access bits; the fds of a reply come in the order of these bits, lowest first. */
#define DDR_SNAPSHOT 0x1u /* the instance's trace: non-consuming, can be rewound */
#define DDR_LIVE 0x2u	  /* its trace_pipe: consuming, O_NONBLOCK, open once at a time (EBUSY) */
#define DDR_MARK 0x4u	  /* its trace_marker: write only */
#define DDR_RAW 0x8u	  /* one CPU's trace_pipe_raw, with unhashed pointers; O_NONBLOCK */
#define DDR_COPY 0x10u	  /* a sealed memfd with the text of trace; to be asked for alone */
#define DDR_ACCESS_ALL (DDR_SNAPSHOT | DDR_LIVE | DDR_MARK | DDR_RAW | DDR_COPY)

struct ddr_head {
	uint32_t magic;
	uint32_t size;	/* bytes of the whole message */
	uint32_t type;	/* enum ddr_type; a reply repeats its request's */
	int32_t status; /* a request: 0; a reply: 0 or an errno value, positive */
};

struct ddr_open_request {
	struct ddr_head head;
	uint32_t access;
	uint32_t flags; /* 0 */
	char stream[DDR_NAME_MAX + 1];
	uint32_t cpu;	   /* DDR_RAW: which CPU's; otherwise 0 */
	uint32_t reserved; /* 0 */
};

/* Bytes of a ddr_open_request without what it has grown by: as long as it may be at least. */
#define DDR_OPEN_SIZE_FIRST offsetof(struct ddr_open_request, cpu)

struct ddr_open_reply {
	struct ddr_head head;
	uint32_t access; /* what the fds are: the request's bits; DDR_FORMATS, DDR_SAVED: 0 */
	uint32_t n_fds;
};

/*
 * The fd of a DDR_FORMATS reply is a sealed memfd with what is needed to read a stream's
 * trace_pipe_raw: parts, each a line "NAME BYTES\n" and so many bytes. "header_page" (once, first)
 * and "format" (each event that the stream may have, SYSTEM behind it: "format SYSTEM BYTES")
 * are files of tracefs, "sites" (last) is /proc/dynamic_debug/sites.
 */

/* What one stream is and lost, summed over CPUs, since its ring was made or cleared. */
struct ddr_stream_status {
	char stream[DDR_NAME_MAX + 1];
	char destination[DDR_NAME_MAX + 1];
	uint32_t access;	 /* what the asker may open */
	uint32_t routes;	 /* installed by the daemon */
	uint64_t size;		 /* bytes, all CPUs */
	uint64_t entries;	 /* records held now */
	uint64_t overrun;	 /* records overwritten by later ones */
	uint64_t commit_overrun; /* records lost to nested writers */
	uint64_t dropped;	 /* records not taken for want of room */
	uint64_t read;		 /* records taken out by readers (DDR_LIVE) */
	uint64_t bytes;		 /* taken up by the records held */
	uint64_t oldest_ns;	 /* the oldest record's time, by the stream's clock; 0: none, or */
	uint64_t now_ns;	 /* a clock that does not count time. now_ns: when this was read */
};

/* What a stream's name is all of. */
struct ddr_named_request {
	struct ddr_head head;
	char stream[DDR_NAME_MAX + 1];
};

/*
 * One of the files that a stream's content was saved to (recorder.conf(5), on=). The fd of the reply is a
 * sealed memfd with its text, a trace file's with a head of lines that begin with '#'.
 */
struct ddr_saved_request {
	struct ddr_head head;
	char stream[DDR_NAME_MAX + 1];
	uint32_t number; /* 0: the newest, 1: the one before, ...; ENOENT: there are not so many */
	uint32_t reserved; /* 0 */
};

/* As ddr_stream_status, of one CPU's part of a stream. */
struct ddr_cpu_status {
	uint32_t cpu;
	uint32_t reserved; /* 0 */
	uint64_t entries;
	uint64_t overrun;
	uint64_t commit_overrun;
	uint64_t dropped;
	uint64_t read;
	uint64_t bytes;
	uint64_t oldest_ns;
	uint64_t now_ns;
};

/* What any number of entries comes behind. It cannot grow: an entry can. */
struct ddr_table_reply {
	struct ddr_head head;
	uint32_t n_entries;
	uint32_t entry_size; /* bytes, as the sender knows them */
};

#endif
