// SPDX-License-Identifier: GPL-2.0-only
/* Events from text: files and a pipe, whole, cut and random. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/version.h"
#include "fds.h"
#include "text.h"

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
