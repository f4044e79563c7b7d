// SPDX-License-Identifier: GPL-2.0-only
/* Events from pages, as the kernel lays them out, and from pages that no kernel makes. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "formats.h"
#include "fds.h"
#include "ktap.h"

#define PAGE	4096
#define HEADER									\
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"		\
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"		\
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"		\
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n"
#define PRINT	"name: print\nID: 5\nformat:\n" COMMON				\
	"\tfield:unsigned long ip;\toffset:8;\tsize:8;\tsigned:0;\n"		\
	"\tfield:char buf[];\toffset:16;\tsize:0;\tsigned:0;\n"			\
	"\nprint fmt: \"%ps: %s\", (void *)REC->ip, REC->buf\n"
#define STOCK	"name: stock\nID: 99\nformat:\n" COMMON				\
	"\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n"			\
	"\nprint fmt: \"a=%d\", REC->a\n"
#define SITES	"# dyndbg sites 1\ndevice 1 \"0000:00:01.0\"\n"			\
	"site 0x3f2a0001 \"DRM_UT_KMS\" \"drm\" \"fn\" \"drm_x.c\" 42 \"n=%d\\n\"\n"

struct prdbg {
	uint16_t type;
	uint8_t flags_of_trace, preempt;
	int32_t pid;
	uint32_t site, loc;
	uint8_t flags, prefix;
	uint8_t args[6];
};

struct devdbg {
	uint16_t type;
	uint8_t flags_of_trace, preempt;
	int32_t pid;
	uint32_t site, loc;
	uint16_t device;
	int16_t minor;
	uint8_t flags, prefix;
	uint8_t args[6];
};

struct stock {
	uint16_t type;
	uint8_t flags_of_trace, preempt;
	int32_t pid;
	int32_t a;
};

/* A sub-buffer as it is put together. */
struct page {
	uint64_t time, commit;
	uint8_t data[PAGE - 16];
	/* not of it: */
	size_t len;
	uint64_t last;
};

static struct ddr_reader *reader;
static struct ddr_event e;
static struct page page;

static void page_begin(uint64_t time)
{
	memset(&page, 0, sizeof(page));
	page.time = page.last = time;
}

/* One event at @time; its length in its first word, or in its head where it fits in there. */
static void page_add(uint64_t time, const void *data, size_t size)
{
	size_t words = (size + 3) / 4, at = page.len;
	uint32_t head = (uint32_t)((time - page.last) << 5), len;

	if (words <= 28) {
		head |= (uint32_t)words;
		memcpy(page.data + at, &head, 4);
		at += 4;
	} else {
		memcpy(page.data + at, &head, 4);
		len = (uint32_t)words * 4 + 4;
		memcpy(page.data + at + 4, &len, 4);
		at += 8;
	}
	memcpy(page.data + at, data, size);
	page.len = at + words * 4;
	page.last = time;
	page.commit = page.len;
}

static void add_stock(uint64_t time, int32_t a)
{
	struct stock stock = { .type = 99, .pid = 7, .a = a };

	page_add(time, &stock, sizeof(stock));
}

static bool put_page(int fd)
{
	return write(fd, &page, PAGE) == PAGE;
}

static int part(char *to, const char *name, const char *text)
{
	return sprintf(to, "%s %zu\n%s", name, strlen(text), text);
}

static size_t all_parts(char *to)
{
	char *p = to;

	p += part(p, "header_page", HEADER);
	p += part(p, "format dyndbg", DEVDBG);
	p += part(p, "format dyndbg", PRDBG);
	p += part(p, "format ftrace", PRINT);
	p += part(p, "format test", STOCK);
	p += part(p, "something new", "x\ny");
	p += part(p, "sites", SITES);
	return (size_t)(p - to);
}

static int formats_of(const char *text, size_t len)
{
	int fd = memfd_create("formats", MFD_CLOEXEC);

	/* where it stands does not matter */
	return write(fd, text, len) == (ssize_t)len ? fd : -1;
}

static int formats(void)
{
	char text[16384];

	return formats_of(text, all_parts(text));
}

/* @ends: where each CPU's pages are written to. */
static bool begin(int *ends, size_t n)
{
	int fds[8], pair[2];
	size_t i;

	ddr_reader_free(reader);
	reader = NULL;
	for (i = 0; i < n; i++) {
		/* packets, as a read() gives a page */
		if (pipe2(pair, O_CLOEXEC | O_DIRECT))
			return false;
		fds[i] = pair[0];
		ends[i] = pair[1];
	}
	reader = ddr_reader_new_raw(fds, n, formats());
	return reader;
}

static void finish(int *ends, size_t n)
{
	ddr_reader_free(reader);
	reader = NULL;
	while (n--)
		close(ends[n]);
}

static bool next(void)
{
	return ddr_reader_next(reader, &e) == 1;
}

static bool at_end(void)
{
	return ddr_reader_next(reader, &e) == 0;
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool ready(void)
{
	struct pollfd pfd = { .fd = ddr_reader_fd(reader), .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

static bool fields(void)
{
	struct devdbg dev = { .type = 78, .pid = 1234, .site = 0x3f2a0001, .loc = 4 << 16 | 22,
			      .device = 1, .minor = 3, .args = { 8 } };
	struct prdbg pr = { .type = 77, .pid = 5, .site = 0x3f2a0009, .loc = 4 << 16 | 18 };
	struct {
		struct stock head;
		uint8_t rest[4];
		char text[200];
	} mark = { .head = { .type = 5, .pid = 6 } };
	struct stock unknown = { .type = 98, .pid = 8 };
	int ends[1], before = count_fds();

	EXPECT(begin(ends, 1) && at_end() && !ready());
	page_begin(1000);
	page_add(1000, &dev, sizeof(dev));
	page_add(1234567, &pr, sizeof(pr));
	strcpy(mark.text, "my mark\n");
	page_add(1234568, &mark, 16 + 9);
	memset(mark.text, 'x', sizeof(mark.text));
	page_add(1234569, &mark, sizeof(mark));
	add_stock(1234570, -5);
	page_add(1234571, &unknown, sizeof(unknown));
	EXPECT(put_page(ends[0]) && ready());
	EXPECT(next() && e.time_ns == 1000 && e.cpu == 0 && e.pid == 1234 && !e.comm && !e.lost);
	EXPECT(same(e.name, "devdbg") && same(e.module, "drm") && same(e.function, "fn"));
	EXPECT(same(e.file, "drm_x.c") && e.line == 42 && e.site == 0x3f2a0001 && e.minor == 3);
	EXPECT(same(e.class_name, "DRM_UT_KMS") && same(e.device, "0000:00:01.0"));
	EXPECT(same(e.text, "n=8"));
	EXPECT(next() && e.time_ns == 1234567 && e.pid == 5 && same(e.name, "prdbg"));
	EXPECT(!e.module && !e.function && !e.file && !e.class_name && !e.device && !e.line);
	EXPECT(e.minor == -1 && e.site == 0x3f2a0009 && strstr(e.text, "0x3f2a0009 is not known"));
	EXPECT(next() && same(e.name, "print") && same(e.text, "my mark") && e.pid == 6 && !e.site);
	/* one without an end has as much as there is */
	EXPECT(next() && strlen(e.text) == 200 && strspn(e.text, "x") == 200);
	EXPECT(next() && same(e.name, "stock") && same(e.text, "a=-5") && e.pid == 7);
	EXPECT(next() && !e.name && strstr(e.text, "not known") && e.time_ns == 1234571);
	EXPECT(at_end() && !ready() && ddr_reader_cut(reader) == 0);
	EXPECT(ddr_reader_rewind(reader) == -1 && errno == ESPIPE);
	finish(ends, 1);
	EXPECT(count_fds() == before);
	return true;
}

/* A site that gets its number later. */
static bool newer_formats(void)
{
	struct prdbg pr = { .type = 77, .site = 0x3f2a0001, .loc = 4 << 16 | 18, .args = { 9 } };
	char text[16384];
	int ends[1], fd, before = count_fds();
	size_t len;

	EXPECT(begin(ends, 1));
	len = all_parts(text);
	fd = formats_of(text, len - 1);
	EXPECT(ddr_reader_formats(reader, fd) == -1 && errno == EBADMSG);
	close(fd);
	text[len - 3] = 'q'; /* "n=%dq\n" would be another format: the old one holds until here */
	page_begin(5);
	page_add(5, &pr, sizeof(pr));
	page_add(6, &pr, sizeof(pr));
	EXPECT(put_page(ends[0]) && next() && same(e.text, "n=9"));
	memcpy(strstr(text, "n=%d"), "m=%d", 4);
	text[len - 3] = 'n';
	EXPECT(ddr_reader_formats(reader, formats_of(text, len)) == 0);
	EXPECT(next() && same(e.text, "m=9") && at_end());
	finish(ends, 1);
	reader = ddr_reader_new(memfd_create("x", MFD_CLOEXEC));
	EXPECT(reader && ddr_reader_formats(reader, -1) == -1 && errno == EINVAL);
	ddr_reader_free(reader);
	reader = NULL;
	EXPECT(count_fds() == before);
	return true;
}

/* CPU 0's page of times @a.., CPU 1's of @b... */
static bool merged(void)
{
	int ends[3], i;

	EXPECT(begin(ends, 3));
	page_begin(100);
	add_stock(100, 0);
	add_stock(110, 2);
	add_stock(130, 5);
	EXPECT(put_page(ends[2]));
	page_begin(105);
	add_stock(105, 1);
	add_stock(120, 3);
	EXPECT(put_page(ends[0]));
	page_begin(125);
	add_stock(125, 4);
	add_stock(140, 6);
	EXPECT(put_page(ends[0]));
	for (i = 0; i < 7; i++) {
		static const uint32_t cpus[] = { 2, 0, 2, 0, 0, 2, 0 };

		EXPECT(next() && (uint8_t)e.text[2] == '0' + i && e.cpu == cpus[i]);
	}
	EXPECT(at_end());
	/* what comes while one CPU's page is handed out is newer; it is not kept back, either */
	page_begin(200);
	add_stock(200, 0);
	add_stock(210, 1);
	EXPECT(put_page(ends[1]) && next() && e.time_ns == 200);
	page_begin(220);
	add_stock(220, 2);
	EXPECT(put_page(ends[0]) && ready());
	EXPECT(next() && e.time_ns == 210 && next() && e.time_ns == 220 && e.cpu == 0 && at_end());
	/* what a CPU that had nothing gets before another's next page is taken is older */
	page_begin(230);
	add_stock(230, 0);
	add_stock(240, 1);
	EXPECT(put_page(ends[1]));
	page_begin(300);
	add_stock(300, 2);
	EXPECT(put_page(ends[2]));
	EXPECT(next() && e.time_ns == 230 && next() && e.time_ns == 240);
	page_begin(305);
	add_stock(305, 3);
	EXPECT(put_page(ends[0]));
	page_begin(310);
	add_stock(310, 4);
	EXPECT(put_page(ends[1]));
	EXPECT(next() && e.time_ns == 300 && next() && e.time_ns == 305);
	EXPECT(next() && e.time_ns == 310 && at_end());
	/* equal times: the lower CPU first */
	page_begin(400);
	add_stock(400, 0);
	EXPECT(put_page(ends[1]) && put_page(ends[0]));
	EXPECT(next() && e.cpu == 0 && next() && e.cpu == 1 && at_end());
	finish(ends, 3);
	return true;
}

static bool lost(void)
{
	uint64_t missed = 17;
	int ends[2];

	EXPECT(begin(ends, 2));
	page_begin(1);
	add_stock(1, 0);
	add_stock(2, 0);
	page.commit |= 1ull << 31; /* some, nobody knows how many */
	EXPECT(put_page(ends[1]) && next() && e.lost == 1 && ddr_reader_lost(reader) == 1);
	EXPECT(next() && e.lost == 0 && at_end());
	page_begin(3);
	add_stock(3, 0);
	memcpy(page.data + page.len, &missed, 8);
	page.commit |= 3ull << 30;
	EXPECT(put_page(ends[0]) && next() && e.lost == 17 && ddr_reader_lost(reader) == 18);
	EXPECT(e.cpu == 0 && at_end());
	finish(ends, 2);
	return true;
}

/* Time stamps of their own, padding, a page that is full, one that is empty. */
static bool odd_pages(void)
{
	static const struct stock stock = { .type = 99, .a = 1 };
	uint32_t word[2];
	int ends[1], i;

	EXPECT(begin(ends, 1));
	page_begin(7);
	EXPECT(put_page(ends[0]) && at_end());
	page_begin(1000);
	word[0] = 30 | 5 << 5; /* time extend: by 5 and 2^27 */
	word[1] = 1;
	memcpy(page.data, word, 8);
	page.len = 8;
	page_add(1000, &stock, sizeof(stock));
	word[0] = 29 | 0 << 5; /* padding to the end */
	memcpy(page.data + page.len, word, 4);
	page.commit = page.len + 4;
	EXPECT(put_page(ends[0]) && next() && e.time_ns == 1005 + (1 << 27) && at_end());
	/* an event that goes beyond the page's end, or the page beyond what there is: left out */
	page_begin(1);
	add_stock(1, 1);
	add_stock(2, 2);
	page.commit -= 4;
	EXPECT(put_page(ends[0]) && ddr_reader_next(reader, &e) == -1 && errno == EBADMSG);
	page.commit = sizeof(page.data) + 4;
	EXPECT(put_page(ends[0]) && ddr_reader_next(reader, &e) == -1 && errno == EBADMSG);
	EXPECT(at_end());
	page_begin(0);
	for (i = 0; page.len + 16 <= PAGE - 16; i++)
		add_stock((uint64_t)i, i);
	EXPECT(page.len == PAGE - 16 && put_page(ends[0]));
	while (i--)
		EXPECT(next());
	EXPECT(at_end());
	finish(ends, 1);
	return true;
}

/* A record that says more than there is of it. */
static bool malformed_records(void)
{
	struct devdbg dev = { .type = 78, .site = 0x3f2a0001, .loc = 4 << 16 | 22, .args = { 8 } };
	int ends[1];
	size_t len;

	EXPECT(begin(ends, 1));
	for (len = 2; len < sizeof(dev); len += 2) {
		page_begin(1);
		page_add(1, &dev, len);
		EXPECT(put_page(ends[0]) && next());
		EXPECT(len >= 21 || strstr(e.text, len < 4 ? "" : "malformed"));
		EXPECT(at_end());
	}
	page_begin(1);
	dev.loc = 100 << 16 | 22;
	page_add(1, &dev, sizeof(dev));
	dev.loc = 4 << 16 | 0xffff;
	page_add(2, &dev, sizeof(dev));
	EXPECT(put_page(ends[0]) && next() && same(e.text, "(malformed record)"));
	EXPECT(next() && same(e.text, "(malformed record)") && at_end());
	finish(ends, 1);
	return true;
}

/* Pages that are cut, or no pages: an error, or events from within them; always an end. */
static bool random_pages(void)
{
	struct devdbg dev = { .type = 78, .site = 0x3f2a0001, .loc = 4 << 16 | 22, .args = { 8 } };
	unsigned int i, k, events;
	int ends[2], ret;
	size_t len;

	EXPECT(begin(ends, 2));
	srand(3);
	for (i = 0; i < 4000; i++) {
		page_begin(1000 * i);
		for (k = 0; k < 20; k++) {
			page_add(1000 * i + k, &dev, sizeof(dev));
			add_stock(1000 * i + k, 3);
		}
		for (k = (unsigned int)rand() % 6; k; k--)
			((uint8_t *)&page)[(size_t)rand() % 700] = (uint8_t)rand();
		len = rand() % 2 ? PAGE : 1 + (size_t)rand() % 900;
		EXPECT(write(ends[i % 2], &page, len) == (ssize_t)len);
		for (events = 0; (ret = ddr_reader_next(reader, &e)) == 1; events++)
			EXPECT(events < 5000 && strlen(e.text) <= DDR_TEXT_MAX);
		EXPECT(ret == 0 || errno == EBADMSG);
		EXPECT(at_end());
	}
	finish(ends, 2);
	return true;
}

/* Each way in which a file is none, at each of its bytes. */
static bool bad_formats(void)
{
	char text[16384], bad[16384];
	static const char *const odd[] = {
		"", "\n", "x", "header_page", "header_page \n", "header_page x\n", "sites 5\nabc",
		"sites 99999999999999999999999\nabc", " 0\n", "header_page -1\n", "sites 3\nabc",
		"header_page 0\nsites 0\n",
	};
	int before = count_fds(), ends[2], fds[2], fd;
	size_t len = all_parts(text), sites, i;

	EXPECT(!pipe2(ends, O_CLOEXEC));
	fds[0] = ends[0];
	fds[1] = -1;
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		fd = formats_of(odd[i], strlen(odd[i]));
		EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADMSG);
		close(fd);
	}
	for (i = 0; i < len; i++) {
		fd = formats_of(text, i);
		EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADMSG);
		close(fd); /* still ours */
	}
	/* nor one without a part, or of a kernel with shorter longs */
	i = (size_t)(strstr(text, "format ") - text);
	fd = formats_of(text + i, len - i);
	EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADMSG);
	close(fd);
	fd = formats_of(text, (size_t)(strstr(text, "sites ") - text));
	EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADMSG);
	close(fd);
	memcpy(bad, text, len);
	memcpy(memmem(bad, len, "size:8;\tsigned:1", 16), "size:4", 6);
	fd = formats_of(bad, len);
	EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADMSG);
	close(fd);
	EXPECT(!ddr_reader_new_raw(fds, 2, -1) && errno == EBADF);
	EXPECT(!ddr_reader_new_raw(fds, 2, ends[1]) && errno == EBADMSG);
	fd = formats();
	EXPECT(!ddr_reader_new_raw(fds + 1, 1, fd) && errno == EINVAL);
	EXPECT(!ddr_reader_new_raw(fds, 0, fd) && errno == EINVAL);
	fds[1] = 9999;
	EXPECT(!ddr_reader_new_raw(fds, 2, fd) && errno == EBADF);
	EXPECT(fcntl(ends[0], F_GETFD) >= 0 && fcntl(fd, F_GETFD) >= 0);
	fds[1] = -1;
	srand(4);
	/* not the kernel's own formats, which libtraceevent takes apart, and trusts */
	sites = (size_t)(strstr(text, "sites ") - text);
	for (i = 0; i < 3000; i++) {
		memcpy(bad, text, len);
		bad[sites + (size_t)rand() % (len - sites)] = (char)rand();
		bad[sites + (size_t)rand() % (len - sites)] = "0123456789 :\n\t;\""[rand() % 16];
		close(fd);
		fd = formats_of(bad, len);
		reader = ddr_reader_new_raw(fds, 1, fd);
		if (!reader)
			continue;
		/* taken over */
		EXPECT(fcntl(fd, F_GETFD) < 0);
		close(ends[1]);
		ddr_reader_free(reader);
		EXPECT(fcntl(ends[0], F_GETFD) < 0 && !pipe2(ends, O_CLOEXEC));
		fds[0] = ends[0];
		fd = -1;
	}
	reader = NULL;
	close(fd);
	close(ends[0]);
	close(ends[1]);
	EXPECT(count_fds() == before);
	return true;
}

static const struct ktap_case cases[] = {
	{ "fields", fields },
	{ "formats that are newer", newer_formats },
	{ "CPUs by time", merged },
	{ "records that were lost", lost },
	{ "pages of odd forms", odd_pages },
	{ "malformed records", malformed_records },
	{ "random pages", random_pages },
	{ "malformed formats", bad_formats },
};

KTAP_MAIN(cases)
