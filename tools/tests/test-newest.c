// SPDX-License-Identifier: GPL-2.0-only
/* The newest part of a text. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../dd-recorder/newest.h"
#include "ktap.h"

/* What is left of @text if @max bytes are kept, and @until_ns. To be freed. */
static char *kept(const char *text, size_t len, size_t max, uint64_t until_ns, uint64_t *left_out)
{
	struct newest newest = { .max = max, .until_ns = until_ns };
	int from = memfd_create("from", 0), to = memfd_create("to", 0), ret;
	char *got = calloc(1, max + 1);
	ssize_t n;

	if (from < 0 || to < 0 || write(from, text, len) != (ssize_t)len || lseek(from, 0, SEEK_SET))
		abort();
	do {
		ret = newest_read(&newest, from);
	} while (!ret);
	*left_out = newest_left_out(&newest);
	if (ret < 0 || newest_write(&newest, to) || lseek(to, 0, SEEK_SET))
		abort();
	n = read(to, got, max);
	if (n < 0 || got[n] || read(to, &ret, 1))
		abort();
	free(newest.text);
	close(from);
	close(to);
	return got;
}

static bool is(const char *text, size_t max, const char *want)
{
	uint64_t left_out;
	char *got = kept(text, strlen(text), max, 0, &left_out);
	bool same = !strcmp(got, want) && left_out == strlen(text) - strlen(want);

	free(got);
	return same;
}

static bool short_ones(void)
{
	EXPECT(is("", 8, "") && is("a", 8, "a") && is("a\n", 8, "a\n"));
	EXPECT(is("1234567\n", 8, "1234567\n"));
	/* one byte too many: the first line goes, and one without an end goes whole */
	EXPECT(is("a\n345678\n", 8, "345678\n") && is("12345678\n", 8, ""));
	EXPECT(is("1\n3\n5\n7\n9\n", 8, "5\n7\n9\n") && is("1\n3\n5\n7\n9", 8, "3\n5\n7\n9"));
	EXPECT(is("123456789", 8, ""));
	return true;
}

static bool long_one(void)
{
	size_t max = 70000, len = 0, i;
	char *text = malloc(2000000), *got;
	uint64_t left_out;

	for (i = 0; i < 60000; i++)
		len += (size_t)sprintf(text + len, "line %zu\n", i);
	got = kept(text, len, max, 0, &left_out);
	EXPECT(strlen(got) + left_out == len && !strcmp(got, text + left_out) && !strncmp(got, "line ", 5));
	EXPECT(strlen(got) <= max && strlen(got) > max - 16);
	free(got);
	free(text);
	return true;
}

static bool in_a_storm(void)
{
	char *text = malloc(3000000), *got;
	uint64_t left_out;
	size_t len = 0, i;

	for (i = 0; i < 30000; i++)
		len += (size_t)sprintf(text + len, "              x-12      [000] .....    12.%06zu: prdbg: [m]f -: y\n", i);
	/* it ends within a page behind the time */
	got = kept(text, len, len, 12010000000u, &left_out);
	EXPECT(!left_out && strstr(got, " 12.009999: ") && strlen(got) < 10000 * 72 + 2 * 4096);
	EXPECT(!strcmp(got + strlen(got) - 2, "y\n"));
	free(got);
	got = kept(text, len, len, 0, &left_out);
	EXPECT(strlen(got) == len);
	free(got);
	free(text);
	return true;
}

static const struct ktap_case cases[] = {
	{ "all of it, or whole lines", short_ones },
	{ "longer than what is read at a time", long_one },
	{ "the end, where more comes than is wanted", in_a_storm },
};

KTAP_MAIN(cases)
