// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that trace-cmd and KernelShark open, version 6: trace-cmd.dat.v6(5), and for the pages what the
 * kernel says in events/header_page, events/header_event and linux/ring_buffer.h. Little endian on every
 * machine. Pure.
 *
 * Written here, as libtracecmd's functions (trace-cmd.h) only read files. And not of the ring buffer's own
 * pages: strings in those cannot be redacted, and addresses are in them as they are.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "tracedat.h"

#define PAGE_HEAD 16
/* Behind a page's last event stands how many were lost before its first. */
#define PAGE_ROOM (TRACEDAT_PAGE - PAGE_HEAD - 8)
/* In a page's commit, beside its bytes: RB_MISSED_EVENTS and RB_MISSED_STORED (kernel/trace/ring_buffer.c). */
#define MISSED_EVENTS (1u << 31)
#define MISSED_STORED (1u << 30)
/* An event's head: type or length in 5 bits, time since the one before in 27 (linux/ring_buffer.h). */
#define WORDS_MAX 28 /* of 4 bytes, that the 5 bits can say */
#define TYPE_TIME_EXTEND 30
#define DELTA_BITS 27
#define DELTA_MASK ((1u << DELTA_BITS) - 1)
#define EXTENDED_BITS (DELTA_BITS + 32)
/* A loss begins a page, but text may claim one before each event: later ones are told at the head of their page. */
#define EARLY_PAGES_MAX 4096

/* Types of options: TRACECMD_OPTION_* of trace-cmd. */
#define OPTION_END 0
#define OPTION_TRACECLOCK 4

static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

static const char header_event[] =
	"# compressed entry header\n"
	"\ttype_len    :    5 bits\n"
	"\ttime_delta  :   27 bits\n"
	"\tarray       :   32 bits\n\n"
	"\tpadding     : type == 29\n"
	"\ttime_extend : type == 30\n"
	"\ttime_stamp : type == 31\n"
	"\tdata max type_len  == 28\n";

#define NUMBER_(n) #n
#define STRING_FIELD(name, at) \
	"\tfield:__data_loc char[] " name ";\toffset:" NUMBER_(at) ";\tsize:4;\tsigned:0;\n"
#define FORMAT(name, id) \
	"name: " name "\nID: " NUMBER_(id) "\nformat:\n"						\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"				\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"				\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"			\
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

/* @where: the device and its minor once more, as they are printed: nothing where there is no device. */
static const char *const formats[] = {
	FORMAT("message", 501)
	STRING_FIELD("module", 8) STRING_FIELD("function", 12) STRING_FIELD("class", 16) STRING_FIELD("device", 20)
	"\tfield:int minor;\toffset:24;\tsize:4;\tsigned:1;\n"
	STRING_FIELD("where", 28) STRING_FIELD("text", 32)
	"\nprint fmt: \"[%s]%s %s%s: %s\", __get_str(module), __get_str(function), __get_str(class), "
	"__get_str(where), __get_str(text)\n",
	FORMAT("mark", 502)
	STRING_FIELD("text", 8)
	"\nprint fmt: \"%s\", __get_str(text)\n",
	FORMAT("event", 503)
	STRING_FIELD("name", 8) STRING_FIELD("text", 12)
	"\nprint fmt: \"%s: %s\", __get_str(name), __get_str(text)\n",
};
_Static_assert(TRACEDAT_MESSAGE == 501 && TRACEDAT_MARK == 502 && TRACEDAT_OTHER == 503, "as in the formats");

/* A file as it is written; what is added after memory ran out is not there. */
struct writing {
	struct tracedat_bytes *to;
	bool failed;
	size_t early; /* pages that a loss began */
};

static void put(struct writing *w, const void *data, size_t len)
{
	if (w->failed || !tracedat_room(w->to, len)) {
		w->failed = true;
		return;
	}
	if (len)
		memcpy(w->to->byte + w->to->len, data, len);
	w->to->len += len;
}

static void put16(struct writing *w, uint16_t val)
{
	val = htole16(val);
	put(w, &val, sizeof(val));
}

static void put32(struct writing *w, uint32_t val)
{
	val = htole32(val);
	put(w, &val, sizeof(val));
}

static void put64(struct writing *w, uint64_t val)
{
	val = htole64(val);
	put(w, &val, sizeof(val));
}

/* With its length before it, without its NUL. */
static void put_text(struct writing *w, const char *text)
{
	put64(w, strlen(text));
	put(w, text, strlen(text));
}

static void put_head(struct writing *w, const struct tracedat *from, size_t n_cpus)
{
	static const char system[] = "dd_recorder";
	struct tracedat_bytes names = { 0 };
	size_t i;

	put(w, "\x17\x08\x44" "tracing6\0" "\0\x08", 14); /* little endian, longs of 8 bytes */
	put32(w, TRACEDAT_PAGE);
	put(w, "header_page", 12);
	put_text(w, header_page);
	put(w, "header_event", 13);
	put_text(w, header_event);
	put32(w, 0); /* formats of ftrace's own events */
	put32(w, 1); /* systems of events */
	put(w, system, sizeof(system));
	put32(w, sizeof(formats) / sizeof(formats[0]));
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		put_text(w, formats[i]);
	put32(w, 0); /* kallsyms */
	put32(w, 0); /* formats of trace_printk() */
	if (tracedat_names(from, &names))
		w->failed = true;
	put64(w, names.len);
	put(w, names.byte, names.len);
	free(names.byte);
	put32(w, (uint32_t)n_cpus);
	put(w, "options  ", 10);
	put16(w, OPTION_TRACECLOCK); /* of no bytes: the clock stands behind the CPUs */
	put32(w, 0);
	put16(w, OPTION_END);
	put(w, "flyrecord", 10);
}

/* A page as it is put together: where in the file, what is in it. */
struct page {
	size_t at;
	size_t used;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t lost;
};

static void set64(struct writing *w, size_t at, uint64_t val)
{
	val = htole64(val);
	memcpy(w->to->byte + at, &val, sizeof(val));
}

static void end_page(struct writing *w, struct page *page)
{
	size_t end = page->at + PAGE_HEAD + page->used;
	uint64_t commit = page->used;

	if (!page->used || w->failed)
		return;
	if (!tracedat_room(w->to, TRACEDAT_PAGE)) {
		w->failed = true;
		return;
	}
	memset(w->to->byte + end, 0, page->at + TRACEDAT_PAGE - end);
	if (page->lost) {
		commit |= MISSED_EVENTS | MISSED_STORED;
		set64(w, end, page->lost);
	}
	set64(w, page->at, page->first_ns);
	set64(w, page->at + 8, commit);
	w->to->len = page->at + TRACEDAT_PAGE;
}

static void begin_page(struct writing *w, struct page *page, uint64_t time_ns)
{
	static const char head[PAGE_HEAD];

	*page = (struct page){ .at = w->to->len, .first_ns = time_ns, .last_ns = time_ns };
	put(w, head, sizeof(head));
}

/* Is the record to begin a page? */
static bool turn(struct writing *w, const struct page *page, const struct tracedat_record *record)
{
	/* at most: time that is extended (8), its length (4) and head (4), and so many words */
	if (!page->used || PAGE_ROOM - page->used < 16 + (record->len + 3) / 4 * 4 ||
	    (record->time_ns - page->last_ns) >> EXTENDED_BITS)
		return true;
	return record->lost && w->early < EARLY_PAGES_MAX && ++w->early;
}

static void put_record(struct writing *w, struct page *page, const struct tracedat *from,
		       const struct tracedat_record *record)
{
	uint32_t words = (record->len + 3) / 4;
	uint64_t delta;

	if (turn(w, page, record)) {
		end_page(w, page);
		begin_page(w, page, record->time_ns);
	}
	delta = record->time_ns - page->last_ns;
	if (delta > DELTA_MASK) {
		put32(w, TYPE_TIME_EXTEND | (uint32_t)(delta & DELTA_MASK) << 5);
		put32(w, (uint32_t)(delta >> DELTA_BITS));
		delta = 0;
	}
	put32(w, (words <= WORDS_MAX ? words : 0) | (uint32_t)delta << 5);
	if (words > WORDS_MAX)
		put32(w, 4 * words + 4);
	put(w, from->bytes.byte + record->at, record->len);
	put(w, "\0\0\0", 4 * words - record->len);
	page->used = w->to->len - page->at - PAGE_HEAD;
	page->last_ns = record->time_ns;
	page->lost += record->lost;
}

static int by_time(const void *a, const void *b)
{
	const struct tracedat_record *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void put_cpu(struct writing *w, const struct tracedat *from, struct tracedat_cpu *cpu)
{
	struct page page = { 0 };
	size_t i;

	if (cpu->unsorted)
		qsort(cpu->record, cpu->n, sizeof(*cpu->record), by_time);
	for (i = 0; i < cpu->n && !w->failed; i++)
		put_record(w, &page, from, &cpu->record[i]);
	end_page(w, &page);
}

/**
 * tracedat_file() - what was gathered, as a file
 * @from: all of it; put in order.
 * @to: where to; nothing yet. Its bytes are the caller's to free, in any case.
 *
 * Return: 0, or -1 without memory.
 */
int tracedat_file(struct tracedat *from, struct tracedat_bytes *to)
{
	struct writing w = { .to = to };
	static const char none[TRACEDAT_PAGE];
	/* an empty stream's file has a CPU, too: readers expect one */
	size_t n_cpus = from->n_cpus ? from->n_cpus : 1, table, begin, i;

	put_head(&w, from, n_cpus);
	table = to->len;
	for (i = 0; i < n_cpus; i++)
		put(&w, none, 16);
	put_text(&w, "[mono]\n");
	put(&w, none, -to->len % TRACEDAT_PAGE);
	for (i = 0; i < from->n_cpus && !w.failed; i++) {
		begin = to->len;
		put_cpu(&w, from, &from->cpu[i]);
		if (w.failed)
			break;
		set64(&w, table + 16 * i, begin);
		set64(&w, table + 16 * i + 8, to->len - begin);
	}
	return w.failed ? -1 : 0;
}
