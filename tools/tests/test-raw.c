// SPDX-License-Identifier: GPL-2.0-only
/* Events from pages, as the kernel lays them out. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fds.h"
#include "pages.h"

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

static const struct ktap_case cases[] = {
	{ "fields", fields },
	{ "formats that are newer", newer_formats },
	{ "CPUs by time", merged },
	{ "records that were lost", lost },
};

KTAP_MAIN(cases)
