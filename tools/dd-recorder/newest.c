// SPDX-License-Identifier: GPL-2.0-only
/* The newest part of a stream's text, in memory: of a text that is longer than that the oldest is left out. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/line.h"
#include "../lib/protocol.h"
#include "cmd.h"
#include "newest.h"

/* The kernel gives at most a page for each read. */
#define READS_PER_STEP 16
#define PAGE_BYTES 4096
/* Of a clock that counts no time nobody knows what is younger than what is wanted. */
#define READ_MAX (UINT64_C(4) * DDR_MAX_COPY)

/* Is the last line that a page has all of younger than that? @len: then, the bytes before it. */
static bool is_younger(const char *page, size_t *len, uint64_t until_ns)
{
	const char *end = memrchr(page, '\n', *len), *begin;
	char line[PAGE_BYTES];
	struct ddr_line at;

	begin = end ? memrchr(page, '\n', (size_t)(end - page)) : NULL;
	if (!begin++)
		return false;
	memcpy(line, begin, (size_t)(end - begin));
	line[end - begin] = '\0';
	if (!ddr_line_find(line, &at) || at.time_ns <= until_ns)
		return false;
	*len = (size_t)(begin - page);
	return true;
}

/**
 * newest_read() - read some more
 * @newest: with @max and @until_ns.
 * @fd: of the stream's text.
 *
 * While more comes than the kernel makes text of, a stream's text has no end, and what is wanted would be overwritten
 * here, too: so it ends with what is too young.
 *
 * Context: some milliseconds.
 *
 * Return: 1 at the end, 0 when there is more; -1 with errno.
 */
int newest_read(struct newest *newest, int fd)
{
	char page[PAGE_BYTES];
	size_t at, fit, len;
	bool enough;
	ssize_t n;
	int i;

	if (!newest->text)
		newest->text = malloc(newest->max);
	if (!newest->text)
		return -1;
	for (i = 0; i < READS_PER_STEP; i++) {
		n = read(fd, page, sizeof(page));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : 1;
		len = (size_t)n;
		enough = newest->until_ns && is_younger(page, &len, newest->until_ns);
		at = newest->bytes % newest->max;
		fit = newest->max - at < len ? newest->max - at : len;
		memcpy(newest->text + at, page, fit);
		memcpy(newest->text, page + fit, len - fit);
		newest->bytes += len;
		if (enough || newest->bytes > READ_MAX)
			return 1;
	}
	return 0;
}

/**
 * newest_left_out() - how many bytes of the oldest are not there: whole lines
 * @newest: read.
 */
uint64_t newest_left_out(const struct newest *newest)
{
	uint64_t first;

	if (newest->bytes <= newest->max)
		return 0;
	first = newest->bytes - newest->max;
	/* the line that begins there may have lost its beginning */
	while (first < newest->bytes && newest->text[first % newest->max] != '\n')
		first++;
	return first + (first < newest->bytes);
}

/**
 * newest_write() - write what is there
 * @newest: read.
 * @fd: where to.
 *
 * Return: 0, or -1 with errno.
 */
int newest_write(const struct newest *newest, int fd)
{
	uint64_t first = newest_left_out(newest);
	size_t at, n;

	for (; first < newest->bytes; first += n) {
		at = first % newest->max;
		n = newest->max - at;
		if (n > newest->bytes - first)
			n = newest->bytes - first;
		if (cmd_write_all(fd, newest->text + at, n))
			return -1;
	}
	return 0;
}
