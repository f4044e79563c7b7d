// SPDX-License-Identifier: GPL-2.0-only
/* Events from text: lines of all forms. */
#include <stdio.h>
#include <string.h>

#include "text.h"

/* The only event of a text that is @line: its name and text. */
static bool only(const char *line, const char *name, const char *text)
{
	return begin(line) && next() && same(e.name, name) && same(e.text, text) && at_end();
}

static bool fields(void)
{
	EXPECT(begin(HEADER KMS) && next());
	EXPECT(e.time_ns == 123456789000 && e.cpu == 1 && e.pid == 1234 && same(e.comm, "Xorg"));
	EXPECT(same(e.name, "devdbg") && same(e.module, "drm") && same(e.function, "drm_mode"));
	EXPECT(same(e.class_name, "DRM_UT_KMS") && same(e.device, "0000:00:01.0") && e.minor == 3);
	EXPECT(same(e.text, "hello") && !e.lost && !e.site && !e.file && !e.line);
	EXPECT(at_end());

	EXPECT(begin(HEAD "prdbg: [usbcore]hub_port -: port 1: up\n") && next());
	EXPECT(same(e.name, "prdbg") && same(e.module, "usbcore") && same(e.function, "hub_port"));
	EXPECT(!e.class_name && !e.device && e.minor == -1 && same(e.text, "port 1: up"));
	EXPECT(begin(HEAD "devdbg: [m]f - 1-1.2 minor=-1: \n") && next());
	EXPECT(same(e.device, "1-1.2") && e.minor == -1 && !e.class_name && same(e.text, ""));
	/* what is not known */
	EXPECT(begin(HEAD "devdbg: [?]? - ? minor=0: (lost: site 0x12 is not known)\n") && next());
	EXPECT(!e.module && !e.function && !e.device && e.minor == 0);
	/* a device's name and a message may look like what stands behind or before */
	EXPECT(begin(HEAD "devdbg: [m]f C a b: c minor=x minor=7: d minor=8: e\n") && next());
	EXPECT(same(e.device, "a b: c minor=x") && e.minor == 7 && same(e.text, "d minor=8: e"));
	EXPECT(begin(HEAD "prdbg: [m]f C: a minor=8: e\n") && next());
	EXPECT(!e.device && e.minor == -1 && same(e.text, "a minor=8: e"));
	return true;
}

/* "%16s-%-7d [%03d] %s%s: x: y" */
static bool heads(void)
{
	static const struct {
		const char *line, *comm;
		int32_t pid;
		uint32_t cpu;
		uint64_t ns;
	} good[] = {
		{ "          <idle>-0       [000] d.h1.     0.000001: ", "<idle>", 0, 0, 1000 },
		{ "           <...>-77      [000] .....     5.000000: ", NULL, 77, 0, 5000000000 },
		{ " kworker/0:1-dm]-4194304 [127] .....     5.000000: ", "kworker/0:1-dm]", 4194304,
		  127, 5000000000 },
		{ " a-1 [0]  . 1:-2-12345678 [1024] DNZff 4294967295.999999: ", "a-1 [0]  . 1:-2",
		  12345678, 1024, 4294967295999999000 },
		{ "                -1       [000] .....     5.000000: ", "", 1, 0, 5000000000 },
		{ " ----------------1       [000] .....     5.000000: ", "---------------", 1, 0,
		  5000000000 },
		/* without irq-info; with record-tgid; with a clock that does not count time */
		{ "              sh-9       [000]     5.000000: ", "sh", 9, 0, 5000000000 },
		{ "              sh-9       (      9) [000] .....     5.000000: ", "sh", 9, 0,
		  5000000000 },
		{ "              sh-9       (-------) [000] .....     5.000000: ", "sh", 9, 0,
		  5000000000 },
		{ "              sh-9       [000] .....      7040: ", "sh", 9, 0, 7040 },
		{ "              sh-9       [000] 18446744073709551615: ", "sh", 9, 0, UINT64_MAX },
		{ "              sh-9       [000] 12345        88: ", "sh", 9, 0, 88 },
		/* what a name with a newline leaves of a line */
		{ "b-9       [000] .....     5.000000: ", "b", 9, 0, 5000000000 },
		{ "-9       [000] .....     5.000000: ", "", 9, 0, 5000000000 },
	};
	static const char *const bad[] = {
		"", " ", "-", "#", "[LINE TOO BIG]",
		"              sh-       [000] .....     5.000000: ",
		"              sh-9 [000] .....     5.000000: ",
		"              sh-x9      [000] .....     5.000000: ",
		"              sh-2147483648 [000] .....     5.000000: ",
		"              sh-9       000] .....     5.000000: ",
		"              sh-9       [] .....     5.000000: ",
		"              sh-9       [000 .....     5.000000: ",
		"              sh-9       [000].....     5.000000: ",
		"              sh-9       [4294967296] .....     5.000000: ",
		"              sh-9       (      9 [000] .....     5.000000: ",
		"              sh-9       [000] .....     5.00000: ",
		"              sh-9       [000] .....     5.0000000: ",
		"              sh-9       [000] .....     .000000: ",
		"              sh-9       [000] .....     5.: ",
		"              sh-9       [000] .....     5.000000 ",
		"              sh-9       [000] .....     5.000000:x",
		"              sh-9       [000] .....",
		"              sh-9       [000] ..... 18446744073709551616: ",
		"              sh-9       [000] ..... 18446744074.000000: ",
		"              sh-9       [000] ..... ..... 5.000000: ",
		"12345678901234567-9       [000] .....     5.000000: ",
	};
	char line[256];
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(line, sizeof(line), "%sx: y\n", good[i].line);
		if (!only(line, "x", "y") || !begin(line) || !next() ||
		    !same(e.comm, good[i].comm) || e.pid != good[i].pid ||
		    e.cpu != good[i].cpu || e.time_ns != good[i].ns) {
			printf("# '%s'\n", line);
			return false;
		}
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(line, sizeof(line), KMS "%s\n", bad[i]);
		if (!begin(line) || !next() || strncmp(e.text, "hello\n", 6) ||
		    strcmp(e.text + 6, bad[i]) || !at_end()) {
			printf("# '%s'\n", line);
			return false;
		}
	}
	return true;
}

static bool other_events(void)
{
	EXPECT(only(HEAD "sched_switch: prev=a ==> next=b\n", "sched_switch", "prev=a ==> next=b"));
	EXPECT(only(HEAD "console: [  1.0] x: y\n", "console", "[  1.0] x: y"));
	EXPECT(only(HEAD "tracing_mark_write: a mark: x\n", "print", "a mark: x"));
	EXPECT(only(HEAD "tracing_mark_write.isra.0: a mark\n", "print", "a mark"));
	EXPECT(only(HEAD "write_marker_to_buffer: a mark\n", "print", "a mark"));
	EXPECT(only(HEAD "tracing_mark_writer: a mark\n", "tracing_mark_writer", "a mark"));
	EXPECT(only(HEAD "empty: \n", "empty", ""));
	EXPECT(only(HEAD "empty:\n", "empty", ""));
	EXPECT(only(HEAD "vfs_read <-ksys_read\n", NULL, "vfs_read <-ksys_read"));
	EXPECT(only(HEAD "a name with blanks: x\n", NULL, "a name with blanks: x"));
	EXPECT(only(HEAD "Unknown type 9\n", NULL, "Unknown type 9"));
	EXPECT(only(HEAD "\n", NULL, ""));
	EXPECT(only(HEAD ": x\n", NULL, ": x"));
	EXPECT(only(HEAD "a:b\n", NULL, "a:b"));
	/* ours, but not as we print them */
	EXPECT(only(HEAD "devdbg: x\n", "devdbg", "x"));
	EXPECT(only(HEAD "devdbg: [m]f\n", "devdbg", "[m]f"));
	EXPECT(only(HEAD "devdbg: [m f C: x\n", "devdbg", "[m f C: x"));
	EXPECT(only(HEAD "devdbg: [m]f C\n", "devdbg", "[m]f C"));
	EXPECT(only(HEAD "devdbg: [m]f C dev: x\n", "devdbg", "[m]f C dev: x"));
	EXPECT(only(HEAD "devdbg: [m]f C dev minor=: x\n", "devdbg", "[m]f C dev minor=: x"));
	EXPECT(only(HEAD "devdbg: [m]f C dev minor=2147483648: x\n", "devdbg",
		    "[m]f C dev minor=2147483648: x"));
	EXPECT(!e.module && !e.device && e.minor == -1);
	/* without a newline at the file's end */
	EXPECT(only(HEAD "x: y", "x", "y"));
	ddr_reader_free(reader);
	return true;
}

static const struct ktap_case cases[] = {
	{ "a debug message's fields", fields },
	{ "heads of lines", heads },
	{ "other events", other_events },
};

KTAP_MAIN(cases)
