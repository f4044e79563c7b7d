// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes queries into the control file, one write() each, and prints of each what write() said
 * and which lines of the listing it changed:
 *   run-queries QUERIES CONTROL TWIN
 * QUERIES is what gen-queries prints. Every fourth goes through TWIN, the same file elsewhere.
 * What our modules add to the listing is left out: their own sites, sites found at run time, and
 * the three lines of an empty trailer. Anything else behind the sites is an error.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LISTING_MAX	(8 << 20)
#define LINES_MAX	65536

struct listing {
	char *text;
	char *lines[LINES_MAX];
	int n;
};

static struct listing buffers[2];

static bool ours(const char *line)
{
	return !strncmp(line, "-:0 [", 5) || strstr(line, " [dyndbg_trace]") ||
	       strstr(line, " [dyndbg_drm]");
}

static void check_trailer(char *line, int n)
{
	static const char * const empty[] = {
		"#: Default trace destination: 0", "#: Opened trace instances:", "#: Routes: 0",
	};

	if (n >= 3 || strcmp(line, empty[n]))
		errx(1, "in the listing's trailer: %s", line);
}

static void read_listing(const char *path, struct listing *l)
{
	int fd = open(path, O_RDONLY), trailer = 0;
	size_t have = 0;
	char *line, *end;
	ssize_t n;

	if (fd < 0)
		err(1, "%s", path);
	while ((n = read(fd, l->text + have, LISTING_MAX - 1 - have)) > 0)
		have += n;
	if (n < 0)
		err(1, "%s", path);
	close(fd);
	if (!have || have == LISTING_MAX - 1 || l->text[have - 1] != '\n')
		errx(1, "%s: no whole listing", path);
	l->text[have] = '\0';
	l->n = 0;
	for (line = l->text; *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		if (!strncmp(line, "#:", 2)) {
			check_trailer(line, trailer++);
			continue;
		}
		if (trailer)
			errx(1, "behind the listing's trailer: %s", line);
		if (ours(line))
			continue;
		if (l->n == LINES_MAX)
			errx(1, "%s: too many lines", path);
		l->lines[l->n++] = line;
	}
	if (trailer && trailer != 3)
		errx(1, "the listing's trailer has %d lines", trailer);
}

/* In place. Return: the length, for a query may hold NUL. */
static size_t unescape(char *s)
{
	char *out = s, *p = s, hex[3] = "";

	while (*p) {
		if (*p != '\\') {
			*out++ = *p++;
			continue;
		}
		p++;
		if (*p == 'n') {
			*out++ = '\n';
		} else if (*p == 't') {
			*out++ = '\t';
		} else if (*p == 'x' && p[1] && p[2]) {
			memcpy(hex, p + 1, 2);
			*out++ = strtol(hex, NULL, 16);
			p += 2;
		} else {
			*out++ = '\\';
		}
		p++;
	}
	return out - s;
}

static void show_changes(const struct listing *old, const struct listing *new)
{
	int i;

	if (old->n != new->n) {
		printf("lines: %d, now %d\n", old->n, new->n);
		return;
	}
	for (i = 0; i < new->n; i++)
		if (strcmp(old->lines[i], new->lines[i]))
			puts(new->lines[i]);
}

static void run(char *line, const char *path, const struct listing *old, struct listing *new)
{
	char *query = strchr(line, '\t');
	size_t len = strlen(line);
	int fd = open(path, O_WRONLY);
	ssize_t rc;

	if (fd < 0)
		err(1, "%s", path);
	if (!query)
		errx(1, "not a line of gen-queries: %s", line);
	if (len > 200) /* blanks mostly */
		printf("query: %.80s...\n", line);
	else
		printf("query: %s\n", line);
	query++;
	len = unescape(query);
	rc = write(fd, query, len);
	if (rc < 0)
		printf("result: %s\n", strerrorname_np(errno));
	else
		printf("result: %zd of %zu\n", rc, len);
	close(fd);
	read_listing(path, new);
	show_changes(old, new);
	putchar('\n');
}

int main(int argc, char *argv[])
{
	size_t size = 0;
	char *line = NULL;
	ssize_t len;
	FILE *f;
	int i;

	if (argc != 4)
		errx(2, "usage: run-queries QUERIES CONTROL TWIN");
	f = fopen(argv[1], "r");
	if (!f)
		err(1, "%s", argv[1]);
	for (i = 0; i < 2; i++) {
		buffers[i].text = malloc(LISTING_MAX);
		if (!buffers[i].text)
			err(1, "no memory");
	}
	read_listing(argv[2], &buffers[0]);
	for (i = 0; (len = getline(&line, &size, f)) > 0; i++) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		run(line, argv[i % 4 == 3 ? 3 : 2], &buffers[i % 2], &buffers[(i + 1) % 2]);
	}
	return 0;
}
