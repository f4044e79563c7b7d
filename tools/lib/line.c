// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Lines of a trace file: which are events, and what stands where in those. Pure, and for any
 * bytes: a task's name and a message's text are what somebody chose.
 *
 *             Xorg-1234    [001] d..1.   123.456789: devdbg: [drm]f DRM_UT_KMS a minor=0: text
 *
 * The name is aligned to the right in 16 columns, the pid to the left in 7; "(1234567) " is
 * behind that where the instance has record-tgid, and without irq-info there are no flags. The
 * kernel's names have 15 characters at most, so that none has room for what could be taken for a
 * pid and a CPU.
 */
#include <string.h>

#include "line.h"

#define COMM_COLUMNS 16
#define PID_COLUMNS 7

/* Not isdigit(), which has to do with the locale. */
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits. Return: what stands behind; NULL: there are none, or too many for @max. */
static const char *number(const char *p, uint64_t max, uint64_t *val)
{
	const char *first = p;

	for (*val = 0; is_digit(*p); p++) {
		if (*val > (max - (uint64_t)(*p - '0')) / 10)
			return NULL;
		*val = *val * 10 + (uint64_t)(*p - '0');
	}
	return p > first ? p : NULL;
}

/* "123.456789:" or "123:", and a blank or the end. Return: as number(). */
static const char *time_of(const char *p, uint64_t *ns)
{
	const char *micro;
	uint64_t us;

	p = number(p, UINT64_MAX, ns);
	if (p && *p == '.') {
		if (*ns > UINT64_MAX / 1000000000 - 1)
			return NULL;
		micro = p + 1;
		p = number(micro, 999999, &us);
		if (!p || p - micro != 6)
			return NULL;
		*ns = *ns * 1000000000 + us * 1000;
	}
	if (!p || *p != ':' || (p[1] != ' ' && p[1]))
		return NULL;
	return p[1] ? p + 2 : p + 1;
}

static const char *blanks(const char *p)
{
	return p + strspn(p, " ");
}

/* From the '-' behind the name on, to the event's name. Return: whether that is there. */
static bool find_at(const char *line, const char *p, struct ddr_line *at)
{
	const char *first = ++p;
	uint64_t val;

	p = number(p, INT32_MAX, &val);
	if (!p)
		return false;
	at->pid = (int32_t)val;
	if (p - first < PID_COLUMNS && strspn(p, " ") < (size_t)(PID_COLUMNS - (p - first)))
		return false;
	p = blanks(p);
	if (*p == '(') {
		p += strcspn(p, ")");
		if (!*p)
			return false;
		p = blanks(p + 1);
	}
	if (*p != '[')
		return false;
	p = number(p + 1, UINT32_MAX, &val);
	if (!p || p[0] != ']' || p[1] != ' ')
		return false;
	at->cpu = (uint32_t)val;

	p = blanks(p + 1);
	first = time_of(p, &at->time_ns);
	if (!first) {
		/* These may look like a number, but not like one with a colon behind. */
		p = blanks(p + strcspn(p, " "));
		first = time_of(p, &at->time_ns);
	}
	if (!first)
		return false;
	at->rest = (size_t)(first - line);
	return true;
}

/**
 * ddr_line_find() - is this the line of an event?
 * @line: NUL-terminated, without the newline.
 * @at: filled in if it is.
 *
 * A name with a newline in it cuts the line in two; the second half is the event's then.
 *
 * Return: whether it is.
 */
bool ddr_line_find(const char *line, struct ddr_line *at)
{
	size_t i, end = strnlen(line, COMM_COLUMNS + 1);

	for (i = end; i--;) {
		if (line[i] != '-' || !find_at(line, line + i, at))
			continue;
		at->comm = strspn(line, " ");
		if (at->comm > i)
			at->comm = i;
		at->comm_len = i - at->comm;
		return true;
	}
	return false;
}

/**
 * ddr_line_lost() - does this line tell of lost records?
 * @line: NUL-terminated, without the newline.
 * @lost: how many if it does; 1 where the kernel does not know.
 *
 * Return: whether it does.
 */
bool ddr_line_lost(const char *line, uint64_t *lost)
{
	uint64_t cpu;
	const char *p;

	if (strncmp(line, "CPU:", 4) != 0)
		return false;
	p = number(line + 4, UINT32_MAX, &cpu);
	if (!p)
		return false;
	if (strcmp(p, " [LOST EVENTS]") == 0) {
		*lost = 1;
		return true;
	}
	if (strncmp(p, " [LOST ", 7) != 0)
		return false;
	p = number(p + 7, UINT64_MAX, lost);
	return p && strcmp(p, " EVENTS]") == 0;
}

/**
 * ddr_line_started() - is this the kernel's remark that a CPU's part begins?
 * @line: NUL-terminated, without the newline.
 *
 * Return: whether it is.
 */
bool ddr_line_started(const char *line)
{
	uint64_t cpu;
	const char *p;

	if (strncmp(line, "##### CPU ", 10) != 0)
		return false;
	p = number(line + 10, UINT32_MAX, &cpu);
	return p && strcmp(p, " buffer started ####") == 0;
}

/* Ends what comes before @p there. NULL: "?" and "-" say that something is not known, or none. */
static const char *ended(char *s, char *p)
{
	*p = '\0';
	return strcmp(s, "?") == 0 || strcmp(s, "-") == 0 ? NULL : s;
}

/* " minor=N: ", the first there is. Return: it; NULL: there is none. @text: behind it. */
static char *find_minor(char *p, int32_t *minor, char **text)
{
	const char *end;
	uint64_t val;
	char *at;

	for (at = p; (at = strstr(at, " minor=")); at++) {
		bool negative = at[7] == '-';

		end = number(at + 7 + negative, INT32_MAX, &val);
		if (!end || end[0] != ':' || (end[1] != ' ' && end[1]))
			continue;
		*minor = negative ? -(int32_t)val : (int32_t)val;
		*text = at + (end - at) + 1;
		return at;
	}
	return NULL;
}

/**
 * ddr_line_message() - take a debug message's text apart
 * @text: "[module]function CLASS[ device minor=N]: text", NUL-terminated; NULs are put into it.
 * @event: its fields are filled in as far as @text has them; .text is @text as it was if it has
 * not.
 */
void ddr_line_message(char *text, struct ddr_event *event)
{
	char *module = text + 1, *function, *class_name, *device, *end, *message;
	int32_t minor = -1;

	event->text = text;
	if (*text != '[')
		return;
	function = strstr(module, "]");
	class_name = function ? strchr(function, ' ') : NULL;
	if (!class_name)
		return;
	end = class_name + 1 + strcspn(class_name + 1, " :");
	/* a device stands between them only where there may be one: its name may have colons */
	if (*end == ' ') {
		device = end + 1;
		end = find_minor(device, &minor, &message);
		if (!end)
			return;
		event->device = ended(device, end);
		device[-1] = '\0';
	} else if (*end == ':') {
		message = end + 1;
		*end = '\0';
	} else {
		return;
	}
	event->minor = minor;
	event->module = ended(module, function);
	event->function = ended(function + 1, class_name);
	event->class_name = ended(class_name + 1, class_name + 1 + strlen(class_name + 1));
	event->text = *message == ' ' ? message + 1 : message;
}

/* A mark has the name of the kernel's function that writes it, which differs. */
static bool is_mark(const char *name)
{
	static const char *const writers[] = { "tracing_mark_write", "write_marker_to_buffer" };
	size_t i, len;

	for (i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		len = strlen(writers[i]);
		/* a compiler may put ".isra.0" and such behind it */
		if (strncmp(name, writers[i], len) == 0 && (!name[len] || name[len] == '.'))
			return true;
	}
	return false;
}

/**
 * ddr_line_event() - the event of a line
 * @line: NUL-terminated; NULs are put into it. It may have more lines of text behind the first.
 * @at: of ddr_line_find().
 * @event: all of it is filled in, but .lost. Its strings are in @line.
 */
void ddr_line_event(char *line, const struct ddr_line *at, struct ddr_event *event)
{
	char *rest = line + at->rest;
	size_t len = strcspn(rest, ": \n");

	event->time_ns = at->time_ns;
	event->cpu = at->cpu;
	event->pid = at->pid;
	line[at->comm + at->comm_len] = '\0';
	event->comm = line + at->comm;
	/* what the kernel says where it does not know */
	if (strcmp(event->comm, "<...>") == 0)
		event->comm = NULL;
	event->text = rest;
	if (!len || rest[len] != ':' || !strchr(" \n", rest[len + 1])) /* or its end */
		return;
	rest[len] = '\0';
	event->name = is_mark(rest) ? "print" : rest;
	rest += len + 1;
	rest += *rest == ' ';
	event->text = rest;
	if (strcmp(event->name, "devdbg") == 0 || strcmp(event->name, "prdbg") == 0)
		ddr_line_message(rest, event);
}
