// SPDX-License-Identifier: GPL-2.0-only
/* From events to failed ioctls, folded, with their reasons. What the kernel really says: recorder/explain. */
#include <stdlib.h>
#include <string.h>

#include "../dd-recorder/explain.h"
#include "ktap.h"

static struct brackets *brackets;
static struct failures all;
static struct failure *failed;
static uint64_t now;

static bool take_event(const struct ddr_event *event)
{
	struct bracket *ended;

	failed = NULL;
	if (brackets_take(brackets, event, &ended))
		return false;
	return !ended || !failures_add(&all, ended, &failed);
}

static bool says(int tid, const char *text)
{
	struct ddr_event e = { .time_ns = now += 1000, .pid = tid, .minor = 0, .name = "devdbg", .module = "drm",
			       .function = "f", .class_name = "DRM_UT_ATOMIC", .text = text, .comm = "x" };

	return take_event(&e);
}

static bool bracket(int tid, const char *fmt, long ret)
{
	char text[256];
	struct ddr_event e = { .time_ns = now += 1000, .pid = tid, .minor = 0, .name = "devdbg", .text = text,
			       .module = "dyndbg_drm", .class_name = "DRM_IOCTL_ATOMIC", .comm = "x" };

	snprintf(text, sizeof(text), fmt, ret);
	return take_event(&e);
}

static bool begins(int tid)
{
	return bracket(tid, "DRM_IOCTL_MODE_ATOMIC begins cmd=0xc03864bc node=0 client=5 pid=7 flags=0x500 objects=3", 0);
}

static bool ends(int tid, long ret)
{
	return bracket(tid, "DRM_IOCTL_MODE_ATOMIC ends cmd=0xc03864bc node=0 client=5 pid=7 ret=%ld ns=1234", ret);
}

static bool anew(void)
{
	failures_clear(&all);
	brackets_free(brackets);
	brackets = brackets_new();
	return brackets;
}

static bool one_failure(void)
{
	const struct bracket *b;

	EXPECT(anew());
	EXPECT(says(2, "[CRTC:1:c] not of it") && begins(1) && says(1, "Added [CRTC:1:c] state to 2"));
	EXPECT(says(2, "another's") && says(1, "[PLANE:3:p] is wrong for [CRTC:1:c]"));
	EXPECT(brackets_open(brackets) == 1);
	EXPECT(says(1, "Clearing atomic state 4") && ends(1, -22) && failed && says(1, "later"));
	EXPECT(brackets_open(brackets) == 0);
	b = failed ? failed->first : all.failure[0].first;
	EXPECT(all.n == 1 && all.total == 1 && all.ended == 1 && all.failure[0].count == 1);
	EXPECT(b->tid == 1 && b->pid == 7 && b->client == 5 && b->flags == 0x500 && b->objects == 3);
	EXPECT(b->cmd == 0xc03864bc && b->ret == -22 && b->took_ns == 1234 && !strcmp(b->name, "MODE_ATOMIC"));
	EXPECT(b->n_lines == 3 && b->n_more == 0 && b->lost == 0 && b->begin_ns && b->begin_ns < b->end_ns);
	EXPECT(!strcmp(bracket_reason(b)->text, "[PLANE:3:p] is wrong for [CRTC:1:c]"));
	return true;
}

static bool not_failed(void)
{
	EXPECT(anew());
	EXPECT(begins(1) && ends(1, 0) && !failed && begins(1) && ends(1, 3) && !failed);
	EXPECT(begins(1) && ends(1, -512) && !failed && begins(1) && ends(1, -516) && !failed); /* restarted */
	EXPECT(begins(1) && ends(1, -11) && failed && begins(1) && ends(1, -517) && failed);
	EXPECT(all.ended == 6 && all.total == 2);
	return true;
}

static bool reason_is(const char *const *line, const char *want)
{
	const struct bracket_line *reason;

	EXPECT(anew() && begins(1));
	for (; *line; line++)
		EXPECT(says(1, *line));
	EXPECT(ends(1, -22) && failed);
	reason = bracket_reason(failed->first);
	return want ? reason && !strcmp(reason->text, want) : !reason;
}

static bool reasons(void)
{
	static const char *const concluded[] = { "checking 1", "the reason", "[PLANE:1:p] atomic core check failed", NULL };
	static const char *const driver[] = { "the reason", "atomic driver check for 1 failed: -22", NULL };
	static const char *const course[] = { "Allocated atomic state 1", "Link [PLANE:1:p] state", "Set [NOFB] for", NULL };
	static const char *const newest[] = { "an older one", "the reason", "Freeing atomic state 1", NULL };
	static const char *const helper[] = {
		"[CRTC:1:c] mode changed", "Updating routing for [CONNECTOR:2:v]", "[CONNECTOR:2:v] using [ENCODER:3:e] on",
		"Invalid scaling of plane", "src: 1x1+0+0", "dst: 2x2+0+0", "[PLANE:1:p] atomic driver check failed", NULL,
	};
	static const char *const only[] = { "checking 1", "[PLANE:1:p] atomic driver check failed",
					    "atomic driver check for 1 failed: -22", NULL };
	static const char *const none[] = { NULL };

	EXPECT(reason_is(concluded, "the reason") && reason_is(driver, "the reason"));
	EXPECT(reason_is(helper, "Invalid scaling of plane") && reason_is(only, only[2]));
	EXPECT(reason_is(newest, "the reason") && reason_is(course, NULL) && reason_is(none, NULL));
	return true;
}

static bool folded(void)
{
	uint64_t last = 0;
	int i;

	EXPECT(anew());
	for (i = 0; i < 5; i++) {
		EXPECT(begins(1) && says(1, "the same") && ends(1, -22) && failed);
		last = now;
	}
	EXPECT(begins(2) && says(2, "another reason") && ends(2, -22));
	EXPECT(begins(1) && says(1, "the same") && ends(1, -28));
	EXPECT(all.n == 3 && all.total == 7 && all.failure[0].count == 5 && all.failure[0].last_ns == last);
	EXPECT(all.failure[0].first->end_ns < last && failures_last(&all) == &all.failure[2]);
	EXPECT(begins(1) && says(1, "the same") && ends(1, -22) && failures_last(&all) == &all.failure[0]);
	return true;
}

static bool bounded(void)
{
	char text[32];
	int i;

	EXPECT(anew() && begins(1));
	for (i = 0; i < BRACKET_LINES_MAX + 10; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT(says(1, text));
	}
	EXPECT(ends(1, -22) && failed->first->n_lines == BRACKET_LINES_MAX && failed->first->n_more == 10);
	EXPECT(!strcmp(failed->first->line[0].text, "10") && anew());
	for (i = 0; i < FAILURES_MAX + 5; i++) {
		snprintf(text, sizeof(text), "%d", i);
		EXPECT(begins(1) && says(1, text) && ends(1, -22));
	}
	EXPECT(all.n == FAILURES_MAX && all.left_out == 5 && all.total == FAILURES_MAX + 5);
	EXPECT(!strcmp(all.failure[0].first->line[0].text, "5") && anew());
	for (i = 1; i <= 5000; i++) /* tasks that begin and never end */
		EXPECT(begins(i));
	EXPECT(brackets_open(brackets) == 1024 && ends(5000, -22) && failed->first->begin_ns);
	EXPECT(ends(1, -22) && !failed->first->begin_ns);
	return true;
}

/* The stream begins in the middle, and loses something. */
static bool torn(void)
{
	struct ddr_event lost = { .lost = 17, .name = "print", .text = "x", .pid = 9, .minor = -1 };

	EXPECT(anew());
	EXPECT(says(1, "from before") && ends(1, -22) && failed && !failed->first->begin_ns);
	EXPECT(failed->first->n_lines == 1);
	EXPECT(begins(1) && says(1, "a") && take_event(&lost) && ends(1, -22) && failed->first->lost == 17);
	/* an end and a begin are lost: by the command, and by the time */
	EXPECT(begins(1) && says(1, "a") && bracket(1, "DRM_IOCTL_X ends cmd=0x1 node=0 client=5 pid=7 ret=%ld ns=1234", -5));
	EXPECT(failed && !failed->first->begin_ns && !failed->first->flags && !failed->first->objects);
	EXPECT(begins(1) && says(1, "of another"));
	now += 200000000;
	EXPECT(says(1, "z") && ends(1, -22) && !failed->first->begin_ns && !failed->first->flags);
	EXPECT(failed->first->n_lines == 1 && !strcmp(failed->first->line[0].text, "z"));
	/* an end is lost: what was said then is nobody's */
	EXPECT(begins(1) && says(1, "b") && begins(1) && says(1, "c") && ends(1, -28));
	EXPECT(failed->first->n_lines == 1 && !strcmp(failed->first->line[0].text, "c"));
	return true;
}

static bool not_ours(void)
{
	struct ddr_event mark = { .name = "print", .pid = 1, .minor = -1,
				  .text = "DRM_IOCTL_MODE_ATOMIC ends cmd=0x1 node=0 client=5 pid=7 ret=-22 ns=1" };
	struct ddr_event other = { .name = "devdbg", .pid = 1, .module = "evil", .class_name = "DRM_IOCTL_ATOMIC",
				   .text = mark.text };
	struct ddr_event none = { .pid = 1 };

	EXPECT(anew() && begins(1) && take_event(&mark) && take_event(&other) && take_event(&none));
	EXPECT(all.ended == 0 && bracket(1, "DRM_IOCTL_ ends", 0) && all.ended == 0);
	EXPECT(bracket(1, "DRM_IOCTL_X ends cmd=zz node=0 client=5 pid=7 ret=-22 ns=1", 0) && all.ended == 0);
	EXPECT(brackets_open(brackets) == 1);
	return true;
}

static bool asked(void)
{
	char *name[ASKED_MAX], text[64];
	size_t n;
	int i;

	EXPECT(anew() && begins(1) && says(1, "[CRTC:38:crtc-0] and [PLANE:3:p] and [CRTC:38:crtc-0]"));
	EXPECT(says(1, "[NOCRTC] [] [x:1:y] [FB:4] [unclosed") && ends(1, -22));
	n = explain_asked(failed->first, name);
	EXPECT(n == 3 && !strcmp(name[0], "CRTC:38:crtc-0") && !strcmp(name[1], "PLANE:3:p") && !strcmp(name[2], "FB:4"));
	explain_free_asked(name, n);
	EXPECT(begins(1));
	for (i = 0; i < 2 * ASKED_MAX; i++) {
		snprintf(text, sizeof(text), "[FB:%d]", i);
		EXPECT(says(1, text));
	}
	EXPECT(ends(1, -22));
	n = explain_asked(failed->first, name);
	EXPECT(n == ASKED_MAX);
	explain_free_asked(name, n);
	return true;
}

static bool printed(void)
{
	char *text = NULL;
	size_t len;
	FILE *to;

	EXPECT(anew() && begins(1) && says(1, "a\033[2J\nb") && ends(1, -22) && failed);
	free(failed->first->line[0].function);
	failed->first->line[0].function = strdup("\033f");
	snprintf(failed->first->comm, sizeof(failed->first->comm), "\033x");
	to = open_memstream(&text, &len);
	EXPECT(to);
	explain_text(to, failed);
	fclose(to);
	EXPECT(strstr(text, "card0: DRM_IOCTL_MODE_ATOMIC failed: EINVAL (") && strstr(text, "why   a\\x1b[2J\\x0ab\n"));
	EXPECT(strstr(text, "TEST_ONLY|ALLOW_MODESET\n") && strstr(text, "who   \\x1bx, process 7, task 1, client 5\n"));
	EXPECT(!strchr(text, '\033'));
	free(text);
	failures_clear(&all);
	brackets_free(brackets);
	brackets = NULL;
	return true;
}

static const struct ktap_case cases[] = {
	{ "a failed ioctl and what its task said", one_failure },
	{ "what is no failure", not_failed },
	{ "the reason", reasons },
	{ "failures that are alike", folded },
	{ "lines, failures and tasks have limits", bounded },
	{ "begins and ends that are lost", torn },
	{ "what only looks like an ioctl", not_ours },
	{ "objects that are named", asked },
	{ "text without control characters", printed },
};

KTAP_MAIN(cases)
