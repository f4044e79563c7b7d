// SPDX-License-Identifier: GPL-2.0-only
/* Events from pages, and formats, that no kernel makes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fds.h"
#include "pages.h"

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
	{ "pages of odd forms", odd_pages },
	{ "malformed records", malformed_records },
	{ "random pages", random_pages },
	{ "malformed formats", bad_formats },
};

KTAP_MAIN(cases)
