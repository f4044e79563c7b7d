// SPDX-License-Identifier: GPL-2.0-only
/* A stream's events, gathered as records of events of our own, for tracedat-file.c. Pure. */
#include <endian.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "info-json.h"
#include "tracedat.h"

/* Of a module's, function's, class's, device's or event's name; the text has what they leave. */
#define NAME_BYTES 255
/* A name of the kernel's has 15 bytes, and in a line there is room for 16; all of them escaped. */
#define COMM_BYTES (4 * 16)

struct task {
	int32_t pid;
	char comm[COMM_BYTES + 1];
};

/* An event's record as it is put together. */
struct making {
	unsigned char byte[TRACEDAT_EVENT_MAX];
	size_t len;
	bool cut;
};

static void put16(unsigned char *to, uint16_t val)
{
	val = htole16(val);
	memcpy(to, &val, sizeof(val));
}

static void put32(unsigned char *to, uint32_t val)
{
	val = htole32(val);
	memcpy(to, &val, sizeof(val));
}

/**
 * tracedat_room() - make room for more bytes
 * @bytes: zeroed at first.
 * @more: how many more.
 *
 * Return: whether there is.
 */
bool tracedat_room(struct tracedat_bytes *bytes, size_t more)
{
	size_t room = bytes->room ? bytes->room : 65536;
	unsigned char *grown;

	while (room - bytes->len < more) {
		if (room > SIZE_MAX / 2)
			return false;
		room *= 2;
	}
	if (room == bytes->room)
		return true;
	grown = realloc(bytes->byte, room);
	if (!grown)
		return false;
	bytes->byte = grown;
	bytes->room = room;
	return true;
}

/* Fields that every event has, and room for so many bytes of fields of its own. */
static void begin(struct making *to, uint16_t type, int32_t pid, size_t fields)
{
	to->len = 8 + fields;
	to->cut = false;
	memset(to->byte, 0, to->len);
	put16(to->byte, type);
	put32(to->byte + 4, (uint32_t)pid);
}

/* A string of at most so many bytes: a line, as who shows it prints a line for each event. @field: where its place is noted. */
static void put_string(struct making *to, size_t field, const char *text, size_t max)
{
	static char plain[4 * DDR_TEXT_MAX + 1];
	size_t len = strnlen(text, DDR_TEXT_MAX), n;

	/* of a short one none can be cut, which saves looking */
	if (4 * len > max && info_plain(plain, sizeof(plain), text, len) > max)
		to->cut = true;
	n = info_plain((char *)to->byte + to->len, max + 1, text, len);
	put32(to->byte + field, (uint32_t)((n + 1) << 16 | to->len));
	to->len += n + 1;
}

static void put_text(struct making *to, size_t field, const char *text)
{
	put_string(to, field, text, sizeof(to->byte) - to->len - 1);
}

/* As the kernel writes it: "?" of what is not known, "-" of what there is not; a device only where there may be one. */
static void put_message(struct making *to, const struct ddr_event *event)
{
	bool has_device = !strcmp(event->name, "devdbg");
	const char *device = event->device ? event->device : "-";
	char room[NAME_BYTES + 32] = "";
	struct append where = { room, sizeof(room), 0 };

	begin(to, TRACEDAT_MESSAGE, event->pid, 28);
	put_string(to, 8, event->module ? event->module : "?", NAME_BYTES);
	put_string(to, 12, event->function, NAME_BYTES);
	put_string(to, 16, event->class_name ? event->class_name : "-", NAME_BYTES);
	put_string(to, 20, has_device ? device : "", NAME_BYTES);
	put32(to->byte + 24, (uint32_t)event->minor);
	if (has_device) {
		append(&where, " ");
		append(&where, device);
		append(&where, " minor=");
		append_number(&where, event->minor);
	}
	put_string(to, 28, room, sizeof(room) - 1);
	put_text(to, 32, event->text);
}

static void put_event(struct making *to, const struct ddr_event *event)
{
	if (event->function) {
		put_message(to, event);
	} else if (!strcmp(event->name, "print")) {
		begin(to, TRACEDAT_MARK, event->pid, 4);
		put_text(to, 8, event->text);
	} else {
		begin(to, TRACEDAT_OTHER, event->pid, 8);
		put_string(to, 8, event->name, NAME_BYTES);
		put_text(to, 12, event->text);
	}
}

static int by_pid(const void *a, const void *b)
{
	const struct task *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* The last name counts. One of blanks only cannot be said in the file. Return: 0 or -1. */
static int note_name(struct tracedat *to, const struct ddr_event *event)
{
	struct task key = { .pid = event->pid }, *task, **found;
	size_t len = event->comm ? strlen(event->comm) : 0;

	if (strspn(event->comm ? event->comm : "", " ") == len)
		return 0;
	found = tsearch(&key, &to->names, by_pid);
	if (!found)
		return -1;
	if (*found == &key) {
		task = calloc(1, sizeof(*task));
		if (!task) {
			tdelete(&key, &to->names, by_pid);
			return -1;
		}
		task->pid = event->pid;
		*found = task;
	}
	info_plain((*found)->comm, sizeof((*found)->comm), event->comm, len);
	return 0;
}

static struct tracedat_cpu *find_cpu(struct tracedat *of, uint32_t n)
{
	struct tracedat_cpu *grown;

	if (n >= TRACEDAT_CPUS_MAX)
		return NULL;
	if (n >= of->n_cpus) {
		grown = reallocarray(of->cpu, n + 1, sizeof(*grown));
		if (!grown)
			return NULL;
		memset(grown + of->n_cpus, 0, (n + 1 - of->n_cpus) * sizeof(*grown));
		of->cpu = grown;
		of->n_cpus = n + 1;
	}
	return &of->cpu[n];
}

static struct tracedat_record *new_record(struct tracedat_cpu *cpu)
{
	size_t room = cpu->room ? 2 * cpu->room : 64;
	struct tracedat_record *grown;

	if (cpu->n == cpu->room) {
		grown = reallocarray(cpu->record, room, sizeof(*grown));
		if (!grown)
			return NULL;
		cpu->record = grown;
		cpu->room = room;
	}
	return &cpu->record[cpu->n];
}

/* Readers take times to be signed. Return: the time; @moved: it is not what it would be. */
static uint64_t time_of(uint64_t ns, int64_t ahead_ns, bool *moved)
{
	int64_t time;

	*moved = __builtin_add_overflow(ns, ahead_ns, &time) || time < 0;
	if (!*moved)
		return (uint64_t)time;
	return ns > INT64_MAX || ahead_ns > 0 ? INT64_MAX : 0;
}

/*
 * Of a time in text the nanoseconds are cut off, and readers put events of several CPUs together by their time: so those
 * of the same microsecond get nanoseconds that keep their order, and below 500, as readers round.
 */
static uint64_t in_order(struct tracedat *to, uint64_t ns)
{
	to->same = ns == to->last_ns && to->counts.events ? to->same + 1 : 0;
	to->last_ns = ns;
	return ns % 1000 ? ns : ns + (to->same < 499 ? to->same : 499);
}

/**
 * tracedat_add() - add an event, or count it
 * @to: zeroed at first.
 * @event: of a stream's text, redacted.
 * @ahead_ns: how much CLOCK_MONOTONIC is ahead of the stream's clock.
 */
void tracedat_add(struct tracedat *to, const struct ddr_event *event, int64_t ahead_ns)
{
	struct tracedat_cpu *cpu = event->name ? find_cpu(to, event->cpu) : NULL;
	struct tracedat_record *record = cpu ? new_record(cpu) : NULL;
	struct making making;
	bool moved;

	if (record)
		put_event(&making, event);
	if (!record || !tracedat_room(&to->bytes, making.len) || note_name(to, event)) {
		to->counts.left_out += 1 + event->lost;
		return;
	}
	memcpy(to->bytes.byte + to->bytes.len, making.byte, making.len);
	*record = (struct tracedat_record){
		.time_ns = in_order(to, time_of(event->time_ns, ahead_ns, &moved)),
		.at = to->bytes.len,
		.len = (uint32_t)making.len,
		/* readers have an int for it */
		.lost = event->lost < INT32_MAX ? (uint32_t)event->lost : INT32_MAX,
	};
	to->bytes.len += making.len;
	if (cpu->n && record->time_ns < record[-1].time_ns)
		cpu->unsorted = true;
	cpu->n++;
	to->counts.events++;
	to->counts.cut += making.cut;
	to->counts.moved += moved;
}

struct names {
	struct tracedat_bytes *to;
	bool failed;
};

static void put_name(const void *node, VISIT visit, void *arg)
{
	const struct task *task = *(struct task *const *)node;
	struct names *names = arg;

	if (visit != postorder && visit != leaf)
		return;
	if (names->failed || !tracedat_room(names->to, sizeof(*task) + 16)) {
		names->failed = true;
		return;
	}
	names->to->len += (size_t)sprintf((char *)names->to->byte + names->to->len, "%" PRId32 " %s\n", task->pid,
					  task->comm);
}

/**
 * tracedat_names() - add the tasks' names, as saved_cmdlines in tracefs has them
 * @from: which tasks.
 * @to: where to.
 *
 * Return: 0, or -1 without memory.
 */
int tracedat_names(const struct tracedat *from, struct tracedat_bytes *to)
{
	struct names names = { .to = to };

	twalk_r(from->names, put_name, &names);
	return names.failed ? -1 : 0;
}

/**
 * tracedat_clear() - free all
 * @of: zeroed afterwards.
 */
void tracedat_clear(struct tracedat *of)
{
	size_t i;

	for (i = 0; i < of->n_cpus; i++)
		free(of->cpu[i].record);
	free(of->cpu);
	free(of->bytes.byte);
	tdestroy(of->names, free);
	*of = (struct tracedat){ 0 };
}
