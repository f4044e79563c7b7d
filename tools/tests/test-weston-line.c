// SPDX-License-Identifier: GPL-2.0-only
/* The lines of the Weston module's scope, byte for byte. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../weston/line.h"
#include "ktap.h"

static const int64_t wall_ns = 1700000000000000000 - 12345678901;

static struct ddr_event message(void)
{
	struct ddr_event event = {
		.time_ns = 12345678901, .cpu = 1, .pid = 812, .line = 1285, .minor = 0,
		.comm = "weston", .name = "devdbg", .module = "drm",
		.function = "drm_atomic_check_only", .class_name = "DRM_UT_ATOMIC",
		.device = "0000:00:02.0", .text = "checking 00000000f4c1d2ab",
	};
	return event;
}

static bool is(const struct ddr_event *event, const char *want)
{
	char buf[DK_LINE_MAX];
	size_t len = line_event(buf, sizeof(buf), "kms", event, wall_ns);

	if (len == strlen(want) && !strcmp(buf, want))
		return true;
	printf("# got: %s", buf);
	return false;
}

static bool whole(void)
{
	struct ddr_event event = message();

	EXPECT(is(&event, "[22:13:20.000] [   12.345678] kms: drm:0 0000:00:02.0 DRM_UT_ATOMIC "
			  "weston-812 drm:drm_atomic_check_only:1285: "
			  "checking 00000000f4c1d2ab\n"));
	return true;
}

static bool parts(void)
{
	struct ddr_event event = { .time_ns = 1000, .pid = 7, .minor = -1, .name = "print",
				   .comm = "sh", .text = "here\n" };

	EXPECT(is(&event, "[22:13:07.654] [    0.000001] kms: mark sh-7: here\n"));
	event.name = "console";
	EXPECT(is(&event, "[22:13:07.654] [    0.000001] kms: console sh-7: here\n"));
	event.name = NULL;
	event.comm = NULL;
	event.text = NULL;
	EXPECT(is(&event, "[22:13:07.654] [    0.000001] kms: event ?-7: \n"));
	event.function = "f";
	EXPECT(is(&event, "[22:13:07.654] [    0.000001] kms: ?-7 f: \n"));
	event.module = "m";
	event.line = 5;
	EXPECT(is(&event, "[22:13:07.654] [    0.000001] kms: ?-7 m:f:5: \n"));
	return true;
}

static bool one_line(void)
{
	struct ddr_event event = message();

	event.comm = "a\033[2Jb\x7f";
	event.text = "one\ntwo\tthree\r\n";
	EXPECT(is(&event, "[22:13:20.000] [   12.345678] kms: drm:0 0000:00:02.0 DRM_UT_ATOMIC "
			  "a?[2Jb?-812 drm:drm_atomic_check_only:1285: one two three?\n"));
	return true;
}

static bool cut(void)
{
	struct ddr_event event = message();
	char *buf = malloc(64), long_text[300];
	size_t size, len;

	EXPECT(buf);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	event.text = long_text;
	/* allocated to the byte, for the sanitizers to see what goes beyond */
	for (size = 64; size < 600; size++) {
		char *other = realloc(buf, size);

		EXPECT(other);
		buf = other;
		len = line_event(buf, size, "kms", &event, wall_ns);
		EXPECT(len < size && len == strlen(buf) && buf[len - 1] == '\n');
		EXPECT(strchr(buf, '\n') == buf + len - 1);
		EXPECT((len == size - 1 && !strcmp(buf + len - 4, "...\n")) ||
		       !strcmp(buf + len - 4, "xxx\n"));
	}
	EXPECT(!strcmp(buf + len - 4, "xxx\n"));
	free(buf);
	return true;
}

static bool notes(void)
{
	char buf[128];

	line_note(buf, sizeof(buf), "kms", 61000000000, 0, "%d messages lost on CPU %u", 3, 1u);
	EXPECT(!strcmp(buf, "[00:01:01.000] [   61.000000] kms: 3 messages lost on CPU 1\n"));
	return true;
}

static const struct ktap_case cases[] = {
	{ "a message", whole },
	{ "what is not known is left out", parts },
	{ "a line is one line, and no terminal's business", one_line },
	{ "a cut shows", cut },
	{ "notes", notes },
};

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]));
}
