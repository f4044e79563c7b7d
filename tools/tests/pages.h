/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the raw reader: pages as the kernel lays them out, and what is needed to read them. */
#ifndef DDR_TEST_PAGES_H
#define DDR_TEST_PAGES_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats.h"
#include "reader.h"

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

static struct page page;

static inline void page_begin(uint64_t time)
{
	memset(&page, 0, sizeof(page));
	page.time = page.last = time;
}

/* One event at @time; its length in its first word, or in its head where it fits in there. */
static inline void page_add(uint64_t time, const void *data, size_t size)
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

static inline void add_stock(uint64_t time, int32_t a)
{
	struct stock stock = { .type = 99, .pid = 7, .a = a };

	page_add(time, &stock, sizeof(stock));
}

static inline bool put_page(int fd)
{
	return write(fd, &page, PAGE) == PAGE;
}

static inline int part(char *to, const char *name, const char *text)
{
	return sprintf(to, "%s %zu\n%s", name, strlen(text), text);
}

static inline size_t all_parts(char *to)
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

static inline int formats_of(const char *text, size_t len)
{
	int fd = memfd_create("formats", MFD_CLOEXEC);

	/* where it stands does not matter */
	return write(fd, text, len) == (ssize_t)len ? fd : -1;
}

static inline int formats(void)
{
	char text[16384];

	return formats_of(text, all_parts(text));
}

/* @ends: where each CPU's pages are written to. */
static inline bool begin(int *ends, size_t n)
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

static inline void finish(int *ends, size_t n)
{
	ddr_reader_free(reader);
	reader = NULL;
	while (n--)
		close(ends[n]);
}

static inline bool at_end(void)
{
	return ddr_reader_next(reader, &e) == 0;
}

#endif
