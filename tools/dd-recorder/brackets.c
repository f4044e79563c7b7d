// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a stream's events to DRM ioctls with what their tasks said in between. Pure.
 *
 * A task is in one ioctl at a time. What one says before anything is known of it (the stream begins
 * somewhere) may belong to an ioctl whose begin is overwritten, and is kept until that ends, or another
 * begins.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brackets.h"

/* What a task may be kept for: more tasks than these, and the one not heard of for longest goes. */
#define TASKS_MAX 1024
/* What is kept of a task that is in no ioctl that is known of: it is rarely of use. */
#define LINES_OUTSIDE 64
/* A restart of the system call, which user space never sees (include/linux/errno.h of the kernel). */
#define RESTART_FIRST 512
#define RESTART_LAST 516

struct task {
	struct bracket *b;
	bool begun;
	uint64_t heard; /* number of its last event */
};

struct brackets {
	struct task *task;
	size_t n;
	uint64_t events;
};

/**
 * brackets_new() - with nothing known yet
 *
 * Return: to be freed with brackets_free(); NULL with errno ENOMEM.
 */
struct brackets *brackets_new(void)
{
	return calloc(1, sizeof(struct brackets));
}

static void free_line(struct bracket_line *line)
{
	free(line->class_name);
	free(line->module);
	free(line->function);
	free(line->text);
}

/**
 * bracket_free() - free an ioctl
 * @bracket: may be NULL.
 */
void bracket_free(struct bracket *bracket)
{
	size_t i;

	if (!bracket)
		return;
	for (i = 0; i < bracket->n_lines; i++)
		free_line(&bracket->line[i]);
	free(bracket->line);
	free(bracket);
}

/**
 * brackets_free() - free it and the ioctls that have not ended
 * @brackets: may be NULL.
 */
void brackets_free(struct brackets *brackets)
{
	size_t i;

	if (!brackets)
		return;
	for (i = 0; i < brackets->n; i++)
		bracket_free(brackets->task[i].b);
	free(brackets->task);
	free(brackets);
}

static void forget(struct brackets *bs, struct task *task)
{
	bracket_free(task->b);
	*task = bs->task[--bs->n];
}

static struct task *find(struct brackets *bs, int tid)
{
	size_t i;

	for (i = 0; i < bs->n; i++) {
		if (bs->task[i].b->tid == tid)
			return &bs->task[i];
	}
	return NULL;
}

static struct task *add(struct brackets *bs, int tid)
{
	struct task *grown, *oldest = bs->task;
	struct bracket *b;
	size_t i;

	if (bs->n == TASKS_MAX) {
		for (i = 1; i < bs->n; i++) {
			if (bs->task[i].heard < oldest->heard)
				oldest = &bs->task[i];
		}
		forget(bs, oldest);
	}
	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	grown = realloc(bs->task, (bs->n + 1) * sizeof(*grown));
	if (!grown) {
		free(b);
		return NULL;
	}
	bs->task = grown;
	b->tid = tid;
	grown[bs->n] = (struct task){ .b = b };
	return &grown[bs->n++];
}

static int copy(char **to, const char *text)
{
	*to = text ? strdup(text) : NULL;
	return text && !*to ? -1 : 0;
}

static int add_line(struct bracket *b, size_t max, const struct ddr_event *event)
{
	struct bracket_line line = { .time_ns = event->time_ns }, *grown;

	if (copy(&line.class_name, event->class_name) || copy(&line.module, event->module) ||
	    copy(&line.function, event->function) || copy(&line.text, event->text ? event->text : "")) {
		free_line(&line);
		return -1;
	}
	if (b->n_lines == max) {
		free_line(&b->line[0]);
		memmove(b->line, b->line + 1, --b->n_lines * sizeof(*b->line));
		b->n_more++;
	}
	grown = realloc(b->line, (b->n_lines + 1) * sizeof(*grown));
	if (!grown) {
		free_line(&line);
		return -1;
	}
	b->line = grown;
	grown[b->n_lines++] = line;
	return 0;
}

static bool is_message(const struct ddr_event *event)
{
	return event->name && (!strcmp(event->name, "devdbg") || !strcmp(event->name, "prdbg"));
}

/* One of dyndbg_drm's own: DYNDBG_IOCTL_BEGINS and _ENDS of include/uapi/linux/dyndbg.h. */
static bool is_bracket(const struct ddr_event *event)
{
	return event->class_name && !strncmp(event->class_name, "DRM_IOCTL", 9) && event->module &&
	       !strcmp(event->module, "dyndbg_drm");
}

static bool read_begin(const struct ddr_event *event, struct bracket *b)
{
	return sscanf(event->text, "DRM_IOCTL_%63s begins cmd=%" SCNx32 " node=%d client=%" SCNu64
		      " pid=%d flags=%" SCNx32 " objects=%" SCNu32, b->name, &b->cmd, &b->node,
		      &b->client, &b->pid, &b->flags, &b->objects) == 7;
}

static bool read_end(const struct ddr_event *event, struct bracket *b)
{
	return sscanf(event->text, "DRM_IOCTL_%63s ends cmd=%" SCNx32 " node=%d client=%" SCNu64
		      " pid=%d ret=%ld ns=%" SCNu64, b->name, &b->cmd, &b->node, &b->client, &b->pid,
		      &b->ret, &b->took_ns) == 7;
}

static void of_task(struct bracket *b, const struct ddr_event *event)
{
	b->tid = event->pid;
	b->minor = event->minor;
	if (event->comm)
		snprintf(b->comm, sizeof(b->comm), "%s", event->comm);
}

static int begin(struct brackets *bs, struct task *task, const struct ddr_event *event,
		 const struct bracket *read)
{
	int tid = event->pid;

	if (task)
		forget(bs, task); /* what it said before, or an ioctl whose end is lost */
	task = add(bs, tid);
	if (!task)
		return -1;
	*task->b = *read;
	of_task(task->b, event);
	task->b->begin_ns = event->time_ns;
	task->begun = true;
	task->heard = bs->events;
	return 0;
}

/*
 * Is it the end of what began? CPUs' rings reach back differently far, so that an end and the next begin can be
 * overwritten where a begin and the next end are not. The stream's clock may count something else than
 * nanoseconds, but not ten times as much.
 */
static bool belongs(const struct bracket *b, const struct ddr_event *event, const struct bracket *read)
{
	return b->cmd == read->cmd && b->node == read->node && b->client == read->client && b->pid == read->pid &&
	       event->time_ns - b->begin_ns <= 10 * read->took_ns + 100000000;
}

/* What was said before the ioctl can have begun; times are cut to the microsecond. */
static void drop_older(struct bracket *b, uint64_t begin_ns)
{
	size_t i = 0, n;

	while (i < b->n_lines && b->line[i].time_ns + 1000 < begin_ns)
		free_line(&b->line[i++]);
	n = b->n_lines - i;
	if (n)
		memmove(b->line, b->line + i, n * sizeof(*b->line));
	b->n_lines = n;
}

static int end(struct brackets *bs, struct task *task, const struct ddr_event *event,
	       const struct bracket *read, struct bracket **ended)
{
	struct bracket *b;

	if (!task)
		task = add(bs, event->pid);
	if (!task)
		return -1;
	b = task->b;
	if (task->begun && !belongs(b, event, read))
		b->begin_ns = b->flags = b->objects = 0;
	*task = bs->task[--bs->n];
	read_end(event, b);
	of_task(b, event);
	b->end_ns = event->time_ns;
	if (!b->begin_ns)
		drop_older(b, b->end_ns - (b->took_ns < b->end_ns ? b->took_ns : b->end_ns));
	*ended = b;
	return 0;
}

static void note_loss(struct brackets *bs, uint64_t lost)
{
	size_t i;

	for (i = 0; i < bs->n; i++)
		bs->task[i].b->lost += lost;
}

/**
 * brackets_take() - a stream's next event
 * @brackets: of brackets_new().
 * @event: in the order of the stream.
 * @ended: set to the ioctl that ended with it, to be freed with bracket_free(); otherwise to NULL.
 *
 * Return: 0, or -1 with errno ENOMEM.
 */
int brackets_take(struct brackets *brackets, const struct ddr_event *event, struct bracket **ended)
{
	struct bracket read = { 0 };
	struct task *task;

	*ended = NULL;
	brackets->events++;
	if (event->lost)
		note_loss(brackets, event->lost);
	if (!is_message(event) || !event->text)
		return 0;
	task = find(brackets, event->pid);
	if (is_bracket(event)) {
		if (read_begin(event, &read))
			return begin(brackets, task, event, &read);
		if (read_end(event, &read))
			return end(brackets, task, event, &read, ended);
		return 0;
	}
	if (!task)
		task = add(brackets, event->pid);
	if (!task)
		return -1;
	task->heard = brackets->events;
	return add_line(task->b, task->begun ? BRACKET_LINES_MAX : LINES_OUTSIDE, event);
}

/**
 * brackets_open() - how many ioctls have begun and not ended
 * @brackets: of brackets_new().
 */
size_t brackets_open(const struct brackets *brackets)
{
	size_t i, n = 0;

	for (i = 0; i < brackets->n; i++)
		n += brackets->task[i].begun;
	return n;
}

/**
 * bracket_failed() - did user space get an error?
 * @bracket: that ended.
 */
bool bracket_failed(const struct bracket *bracket)
{
	return bracket->ret < 0 && bracket->ret >= -4095 &&
	       !(bracket->ret <= -RESTART_FIRST && bracket->ret >= -RESTART_LAST);
}

/*
 * What commits say of their course, not of their end; and what is only concluded from what was said
 * before (drm_atomic.c, drm_atomic_uapi.c, drm_atomic_helper.c, drm_rect.c, drm_mode_object.c,
 * drm_ioctl.c of the kernel).
 */
static const char *const course_begins[] = {
	"Allocated atomic state", "Added [", "Added new private object", "Adding all current", "Set [",
	"Link [", "checking ", "committing ", "Clearing atomic state", "Freeing atomic state", "OBJ ID: ",
	"comm=\"", "Updating routing for ", "Disabling [CONNECTOR:", "src: ", "dst: ", "clip: ", NULL,
};
static const char *const course_has[] = {
	"] mode changed", "] enable changed", "] active changed", "] connectors changed", "] using [ENCODER:",
	"] keeps [ENCODER:", " needs all connectors, enable:", NULL,
};
static const char *const concluded_has[] = { " check failed", "atomic driver check for ", NULL };

static bool begins_with_one(const char *text, const char *const *list)
{
	while (*list && strncmp(text, *list, strlen(*list)))
		list++;
	return *list;
}

static bool has_one(const char *text, const char *const *list)
{
	while (*list && !strstr(text, *list))
		list++;
	return *list;
}

/**
 * bracket_reason() - the line that most likely says why an ioctl failed
 * @bracket: that failed.
 *
 * Who refuses says so and returns, and who called him may conclude the same. So it is the newest line that
 * is not of the commit's course; one that does not only conclude before one that does.
 *
 * Return: one of its lines; NULL where there is none.
 */
const struct bracket_line *bracket_reason(const struct bracket *bracket)
{
	const struct bracket_line *concluded = NULL;
	size_t i;

	for (i = bracket->n_lines; i-- > 0;) {
		const struct bracket_line *line = &bracket->line[i];

		if (begins_with_one(line->text, course_begins) || has_one(line->text, course_has))
			continue;
		if (!has_one(line->text, concluded_has))
			return line;
		concluded = concluded ? concluded : line;
	}
	return concluded;
}
