// SPDX-License-Identifier: GPL-2.0-only
/* Events from text: lines of all forms, whole, cut and random, from files and from a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "../lib/version.h"
#include "fds.h"
#include "ktap.h"

#define HEADER	"# tracer: nop\n#\n# entries-in-buffer/entries-written: 3/3   #P:2\n#\n"	\
		"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
#define HEAD	"            Xorg-1234    [001] d..1.   123.456789: "
#define KMS	HEAD "devdbg: [drm]drm_mode DRM_UT_KMS 0000:00:01.0 minor=3: hello\n"

static struct ddr_reader *reader;
static struct ddr_event e;

static bool write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	for (; len; text += n, len -= (size_t)n) {
		n = write(fd, text, len);
		if (n <= 0)
			return false;
	}
	return true;
}

/* A snapshot's fd. */
static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);

	return write_all(fd, text, len) && !lseek(fd, 0, SEEK_SET) ? fd : -1;
}

static bool begin(const char *text)
{
	ddr_reader_free(reader);
	reader = ddr_reader_new(file_of(text, strlen(text)));
	return reader;
}

static bool next(void)
{
	return ddr_reader_next(reader, &e) == 1;
}

static bool at_end(void)
{
	return ddr_reader_next(reader, &e) == 0 && ddr_reader_next(reader, &e) == 0;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

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
	return true;
}

static bool more_lines(void)
{
	EXPECT(begin(HEADER HEAD "x: one\n# two\n\n three\n" KMS KMS "four") && next());
	EXPECT(same(e.text, "one\n# two\n\n three"));
	EXPECT(next() && same(e.text, "hello"));
	EXPECT(next() && same(e.text, "hello\nfour") && at_end());
	/* what belongs to no event is none, but it is there */
	EXPECT(begin("stray\nmore\n" KMS) && next());
	EXPECT(!e.name && !e.comm && !e.time_ns && e.minor == -1 && same(e.text, "stray\nmore"));
	EXPECT(next() && same(e.text, "hello") && at_end());
	/* a newline in a task's name */
	EXPECT(begin(KMS "             a\nb-9       [000] .....     5.000000: x: y\n") && next());
	EXPECT(same(e.text, "hello\n             a") && next() && same(e.comm, "b") && at_end());
	EXPECT(begin("") && at_end());
	EXPECT(begin(HEADER) && at_end());
	return true;
}

static bool losses(void)
{
	EXPECT(begin(KMS "CPU:1 [LOST 25 EVENTS]\n" KMS KMS "more\n"
		     "##### CPU 0 buffer started ####\nCPU:0 [LOST EVENTS]\n" KMS
		     "CPU:0 [LOST 1 EVENT]\nCPU:0 [LOST 1 EVENTS]x\nCPU:x [LOST 1 EVENTS]\n"
		     "##### CPU x buffer started ####"));
	EXPECT(ddr_reader_lost(reader) == 0 && next() && !e.lost && same(e.text, "hello"));
	EXPECT(next() && e.lost == 25 && ddr_reader_lost(reader) == 25);
	EXPECT(next() && e.lost == 0 && same(e.text, "hello\nmore"));
	EXPECT(next() && e.lost == 1 && ddr_reader_lost(reader) == 26);
	EXPECT(same(e.text, "hello\nCPU:0 [LOST 1 EVENT]\nCPU:0 [LOST 1 EVENTS]x\n"
			    "CPU:x [LOST 1 EVENTS]\n##### CPU x buffer started ####"));
	EXPECT(at_end());
	/* what was told before the end of what is there now is the next event's */
	EXPECT(begin("CPU:1 [LOST 2 EVENTS]\nCPU:1 [LOST 3 EVENTS]\n" KMS));
	EXPECT(next() && e.lost == 5);
	return true;
}

static bool long_lines(void)
{
	size_t len = DDR_TEXT_MAX + 1000, i, n;
	char *text = malloc(len + 2 * sizeof(KMS));

	/* of one line; of the one after that; without a newline */
	strcpy(text, HEAD "x: ");
	memset(text + strlen(text), 'y', len);
	strcpy(text + len, "\n" KMS);
	EXPECT(begin(text) && next() && strlen(e.text) == DDR_TEXT_MAX - strlen(HEAD "x: "));
	EXPECT(strspn(e.text, "y") == strlen(e.text) && ddr_reader_cut(reader) == 1);
	EXPECT(next() && same(e.text, "hello") && ddr_reader_cut(reader) == 1 && at_end());
	text[strlen(HEAD "x: ")] = '\n';
	EXPECT(begin(text) && next() && strlen(e.text) == DDR_TEXT_MAX - strlen(HEAD "x: "));
	EXPECT(ddr_reader_cut(reader) == 1 && next() && same(e.text, "hello") && at_end());
	text[len] = '\0';
	EXPECT(begin(text) && next() && ddr_reader_cut(reader) == 1 && at_end());
	/* not one too many, nor too few */
	strcpy(text, HEAD "x: ");
	n = strlen(text);
	memset(text + n, 'y', DDR_TEXT_MAX - n);
	strcpy(text + DDR_TEXT_MAX, "\n");
	EXPECT(begin(text) && next() && strlen(e.text) == DDR_TEXT_MAX - n);
	EXPECT(!ddr_reader_cut(reader) && at_end());
	/* many lines */
	strcpy(text, HEAD "x: ");
	for (i = strlen(text); i < len; i += 2)
		memcpy(text + i, "z\n", 2);
	strcpy(text + i, KMS);
	EXPECT(begin(text) && next() && strlen(e.text) < DDR_TEXT_MAX && e.text[1] == '\n');
	EXPECT(ddr_reader_cut(reader) == 1 && next() && same(e.text, "hello") && at_end());
	free(text);
	return true;
}

/* A NUL hides nothing. */
static bool nuls(void)
{
	static const char text[] = HEAD "x: a\0b\n";

	ddr_reader_free(reader);
	reader = ddr_reader_new(file_of(text, sizeof(text) - 1));
	EXPECT(reader && next() && same(e.text, "a?b") && at_end());
	return true;
}

/* Megabytes that are no events: every call ends, and all of it is over some time. */
static bool endless(void)
{
	static const char *const junk[] = { "x", "#", "\n", "#\n", "a\n", "CPU:1 [LOST 1 EVENTS]\n",
					    "##### CPU 1 buffer started ####\n" };
	size_t len = 3 << 20, i, at, n, calls;
	char *text = malloc(len + sizeof(KMS));

	for (i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		n = strlen(junk[i]);
		for (at = 0; at + n <= len; at += n)
			memcpy(text + at, junk[i], n);
		text[at] = '\0';
		EXPECT(begin(text));
		calls = 0;
		while (next()) {
			EXPECT(strlen(e.text) <= DDR_TEXT_MAX && e.name == NULL);
			/* a call takes a bounded part of it */
			EXPECT(lseek(ddr_reader_fd(reader), 0, SEEK_CUR) <=
			       (off_t)(++calls * (256 << 10) + (64 << 10)));
		}
		EXPECT(at_end());
	}
	free(text);
	return true;
}

static bool rewinds(void)
{
	int fd = file_of(HEADER KMS, strlen(HEADER KMS));

	ddr_reader_free(reader);
	reader = ddr_reader_new(fd);
	EXPECT(reader && ddr_reader_fd(reader) == fd && next() && at_end());
	EXPECT(pwrite(fd, KMS, strlen(KMS), strlen(HEADER KMS)) > 0);
	EXPECT(at_end()); /* the end stays the end */
	EXPECT(ddr_reader_rewind(reader) == 0 && next() && next() && at_end());
	/* what was lost is counted once */
	EXPECT(pwrite(fd, "CPU:1 [LOST 3 EVENTS]\n" KMS, 22 + strlen(KMS), strlen(HEADER)) > 0);
	EXPECT(ddr_reader_rewind(reader) == 0 && next() && ddr_reader_lost(reader) == 3);
	EXPECT(ddr_reader_rewind(reader) == 0 && next() && ddr_reader_lost(reader) == 3);
	EXPECT(pwrite(fd, HEADER KMS KMS, strlen(HEADER KMS KMS), 0) > 0);
	EXPECT(!ftruncate(fd, strlen(HEADER KMS KMS)) && !ddr_reader_rewind(reader));
	/* from the middle of an event */
	EXPECT(ddr_reader_rewind(reader) == 0 && next());
	EXPECT(ddr_reader_rewind(reader) == 0 && next() && next() && at_end());
	return true;
}

static bool ready(void)
{
	struct pollfd pfd = { .fd = ddr_reader_fd(reader), .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

/* Never waits, and holds back nothing that is whole. */
static bool live(void)
{
	static const char text[] = KMS "CPU:1 [LOST 2 EVENTS]\n" HEAD "x: a\nb\n" KMS;
	char path[] = "/tmp/test-reader-XXXXXX";
	int pipes[2], before, got, events = 0;
	size_t i;

	ddr_reader_free(reader);
	reader = NULL;
	before = count_fds();
	EXPECT(!pipe(pipes));
	reader = ddr_reader_new(pipes[0]);
	EXPECT(reader && at_end() && !ready());
	EXPECT(write_all(pipes[1], KMS, strlen(KMS)) && ready());
	EXPECT(next() && same(e.text, "hello") && at_end() && !ready());
	EXPECT(write_all(pipes[1], KMS "a\n" KMS, 2 * strlen(KMS) + 2));
	EXPECT(next() && same(e.text, "hello\na") && next() && same(e.text, "hello") && at_end());
	/* what has begun to come may be the event's */
	EXPECT(write_all(pipes[1], KMS "mor", strlen(KMS) + 3) && at_end());
	EXPECT(write_all(pipes[1], "e\n", 2) && next() && same(e.text, "hello\nmore") && at_end());
	/* from byte to byte, as if reads were that short */
	for (i = 0; i < sizeof(text) - 1; i++) {
		EXPECT(write(pipes[1], text + i, 1) == 1);
		got = ddr_reader_next(reader, &e);
		EXPECT(got >= 0);
		/* each line at its newline, as nothing else is there; not what tells of losses */
		events += got;
		EXPECT(!got || text[i] == '\n');
	}
	EXPECT(at_end() && ddr_reader_lost(reader) == 2 && events == 4);
	EXPECT(ddr_reader_rewind(reader) == -1 && errno == ESPIPE);
	close(pipes[1]);
	/* one that has ended for now, as when recording is switched off, may go on */
	close(mkstemp(path));
	EXPECT(!unlink(path) && !mkfifo(path, 0600));
	ddr_reader_free(reader);
	reader = ddr_reader_new(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	EXPECT(reader && at_end());
	pipes[1] = open(path, O_WRONLY | O_CLOEXEC);
	unlink(path);
	EXPECT(write_all(pipes[1], KMS, strlen(KMS)) && next() && at_end());
	close(pipes[1]);
	ddr_reader_free(reader);
	reader = NULL;
	EXPECT(count_fds() == before);
	return true;
}

static bool bad_fds(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	EXPECT(!ddr_reader_new(-1) && errno == EBADF);
	EXPECT(!ddr_reader_new(9999) && errno == EBADF);
	/* one that cannot be read: an error each time */
	ddr_reader_free(reader);
	reader = ddr_reader_new(fd);
	EXPECT(reader && ddr_reader_next(reader, &e) == -1 && errno == EBADF);
	EXPECT(ddr_reader_next(reader, &e) == -1 && ddr_reader_lost(reader) == 0);
	errno = EXDEV;
	ddr_reader_free(reader);
	EXPECT(errno == EXDEV);
	reader = NULL;
	ddr_reader_free(NULL);
	EXPECT(fcntl(fd, F_GETFD) == -1);
	return true;
}

/* Good lines, with bytes changed, left out, cut: never more than there is, and always an end. */
static bool random_text(void)
{
	static const char good[] = HEADER KMS "CPU:1 [LOST 25 EVENTS]\n" KMS "more\n"
				   HEAD "prdbg: [m]f -: x\n" HEAD "tracing_mark_write: y\n";
	static const char often[] = "\n\n -[]():.=#0123456789";
	char text[sizeof(good)];
	size_t i, k, at, len;
	unsigned int events;

	srand(2);
	for (i = 0; i < 20000; i++) {
		memcpy(text, good, sizeof(good));
		for (k = (size_t)rand() % 8; k; k--) {
			at = (size_t)rand() % (sizeof(good) - 1);
			text[at] = (char)rand();
			if (rand() % 2)
				text[at] = often[(size_t)rand() % sizeof(often)];
		}
		len = (size_t)rand() % sizeof(good);
		ddr_reader_free(reader);
		reader = ddr_reader_new(file_of(text, len));
		EXPECT(reader);
		for (events = 0; next(); events++) {
			EXPECT(e.text && strlen(e.text) <= len && events < 1000);
			EXPECT(e.minor >= -INT32_MAX && (!e.comm || strlen(e.comm) <= 16));
		}
		EXPECT(at_end());
	}
	return true;
}

static bool marks(void)
{
	char text[2 * DDR_MARK_MAX], got[2 * DDR_MARK_MAX];
	int pipes[2];

	EXPECT(!pipe2(pipes, O_CLOEXEC | O_NONBLOCK));
	EXPECT(ddr_mark(pipes[1], "frame %d\nof %s", 7, "eDP-1") == 0);
	EXPECT(read(pipes[0], got, sizeof(got)) == 16 && !memcmp(got, "frame 7 of eDP-1", 16));
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	EXPECT(ddr_mark(pipes[1], "%s", text) == 0);
	EXPECT(read(pipes[0], got, sizeof(got)) == DDR_MARK_MAX);
	EXPECT(ddr_mark(pipes[1], "%s", "") == -1 && errno == EINVAL);
	EXPECT(ddr_mark(-1, "x") == -1 && errno == EBADF);
	close(pipes[0]);
	/* a pipe's SIGPIPE: the kernel's file has none */
	signal(SIGPIPE, SIG_IGN);
	EXPECT(ddr_mark(pipes[1], "x") == -1 && errno == EPIPE);
	close(pipes[1]);
	EXPECT(same(ddr_version(), DDR_VERSION));
	return true;
}

static bool none_left(void)
{
	static int before;

	ddr_reader_free(reader);
	reader = NULL;
	before = count_fds();
	EXPECT(begin(KMS) && next());
	ddr_reader_free(reader);
	reader = NULL;
	EXPECT(count_fds() == before);
	return true;
}

static const struct ktap_case cases[] = {
	{ "a debug message's fields", fields },
	{ "heads of lines", heads },
	{ "other events", other_events },
	{ "texts of more lines", more_lines },
	{ "records that were lost", losses },
	{ "long lines are cut and counted", long_lines },
	{ "NULs", nuls },
	{ "files without end or sense", endless },
	{ "rewind", rewinds },
	{ "live", live },
	{ "fds that are none", bad_fds },
	{ "random text", random_text },
	{ "marks", marks },
	{ "no fd is left", none_left },
};

KTAP_MAIN(cases)
