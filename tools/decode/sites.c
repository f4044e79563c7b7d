// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Sites and devices by number, from /proc/dynamic_debug/sites or a copy of it. A copy may have
 * come from anywhere: a line that is not as it should be is skipped, and nothing is trusted.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sites.h"

/* The kernel's formats have 2047 characters at most, each of them four when escaped. */
#define LINE_BYTES	16384

/* @text is the line; all strings lie there. */
struct site {
	struct ddr_site site;
	char *text;
};

struct device {
	uint32_t number;
	const char *name;
	char *text;
};

struct ddr_sites {
	struct site *sites;
	struct device *devices;
	size_t n_sites, n_devices;
};

/* A blank and a number. Return: what stands behind; NULL if it is something else. */
static char *number(char *p, unsigned long max, unsigned long *val)
{
	bool hex = p[0] == ' ' && p[1] == '0' && p[2] == 'x';
	const char *digits = hex ? "0123456789abcdef" : "0123456789";
	const char *at, *first;

	if (*p != ' ')
		return NULL;
	p += hex ? 3 : 1;
	for (first = p, *val = 0; *p && (at = strchr(digits, *p)); p++) {
		*val = *val * strlen(digits) + (at - digits);
		if (*val > max)
			return NULL;
	}
	return p > first ? p : NULL;
}

/* An escape, from behind its backslash. Return: characters of it, 0 for none that is known. */
static unsigned int escape(const char *p, char *c)
{
	static const char from[] = "nrtvf\"\\", to[] = "\n\r\t\v\f\"\\";
	const char *at = *p ? strchr(from, *p) : NULL;

	if (at) {
		*c = to[at - from];
		return 1;
	}
	if (p[0] < '0' || p[0] > '3' || p[1] < '0' || p[1] > '7' || p[2] < '0' || p[2] > '7')
		return 0;
	*c = (p[0] - '0') * 64 + (p[1] - '0') * 8 + (p[2] - '0');
	return *c ? 3 : 0;
}

/* A blank and a string in quotes, unescaped where it stands. Return: as number(). */
static char *string(char *p, const char **val)
{
	char *to = p;
	unsigned int n;

	*val = p;
	if (p[0] != ' ' || p[1] != '"')
		return NULL;
	p += 2;
	while (*p && *p != '"') {
		if (*p != '\\') {
			*to++ = *p++;
			continue;
		}
		n = escape(p + 1, to++);
		if (!n)
			return NULL;
		p += 1 + n;
	}
	if (*p != '"')
		return NULL;
	*to = '\0';
	return p + 1;
}

/* Return: what stands behind the line's first word; NULL for another word. */
static char *word(char *p, const char *name)
{
	size_t len = strlen(name);

	return strncmp(p, name, len) ? NULL : p + len;
}

static bool parse_site(char *p, struct ddr_site *s)
{
	const char **texts[] = { &s->class, &s->module, &s->function, &s->file };
	unsigned long val;
	size_t i;

	p = number(p, UINT32_MAX, &val);
	s->key = val;
	for (i = 0; p && i < sizeof(texts) / sizeof(texts[0]); i++)
		p = string(p, texts[i]);
	p = p ? number(p, UINT_MAX, &val) : NULL;
	s->line = val;
	p = p ? string(p, &s->format) : NULL;
	return p && !*p;
}

static bool parse_device(char *p, struct device *d)
{
	unsigned long val;

	p = number(p, UINT16_MAX, &val);
	d->number = val;
	p = p ? string(p, &d->name) : NULL;
	return p && !*p;
}

/* Room for one more, a power of two at a time. Return: the array or NULL. */
static void *grow(void *array, size_t n, size_t size)
{
	if (n & (n - 1) || (n && n < 64))
		return array;
	return reallocarray(array, n ? 2 * n : 64, size);
}

/* Return: 1 if the line was taken, 0 for one that is malformed, -ENOMEM. */
static int take_line(struct ddr_sites *s, const char *line)
{
	struct device d = { .text = strdup(line) };
	struct site site = { .text = d.text };
	char *p;
	void *more;

	if (!d.text)
		return -ENOMEM;
	p = word(d.text, "site");
	if (p && parse_site(p, &site.site)) {
		more = grow(s->sites, s->n_sites, sizeof(site));
		if (!more)
			goto no_memory;
		s->sites = more;
		s->sites[s->n_sites++] = site;
		return 1;
	}
	p = p ? NULL : word(d.text, "device");
	if (p && parse_device(p, &d)) {
		more = grow(s->devices, s->n_devices, sizeof(d));
		if (!more)
			goto no_memory;
		s->devices = more;
		s->devices[s->n_devices++] = d;
		return 1;
	}
	free(d.text);
	return 0;
no_memory:
	free(d.text);
	return -ENOMEM;
}

/*
 * One line without its newline. Return: 1, 0 at the end; -EBADMSG for one that is too long or
 * has a NUL. It is read to its end all the same.
 */
static int read_line(FILE *f, char *line)
{
	bool bad = false;
	size_t n = 0;
	int c;

	while ((c = getc_unlocked(f)) != EOF && c != '\n') {
		bad |= !c || n == LINE_BYTES - 1;
		if (n < LINE_BYTES - 1)
			line[n++] = c;
	}
	line[n] = '\0';
	return c == EOF && !n ? 0 : bad ? -EBADMSG : 1;
}

static int read_lines(struct ddr_sites *s, FILE *f, const char *path, FILE *messages)
{
	char *line = malloc(LINE_BYTES);
	unsigned int n = 1;
	int rc = line ? 0 : -ENOMEM;

	if (!rc && (read_line(f, line) != 1 || strcmp(line, "# dyndbg sites 1")))
		rc = -EBADMSG;
	while (!rc) {
		n++;
		rc = read_line(f, line);
		if (!rc)
			break;
		if (rc > 0 && line[0] != '#')
			rc = take_line(s, line);
		if ((!rc || rc == -EBADMSG) && messages)
			fprintf(messages, "%s:%u: malformed or truncated, skipped\n", path, n);
		rc = rc == -ENOMEM ? rc : 0;
	}
	free(line);
	return rc ? rc : ferror(f) ? -EIO : 0;
}

static int by_key(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return x->site.key < y->site.key ? -1 : x->site.key > y->site.key;
}

static int by_number(const void *a, const void *b)
{
	const struct device *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static void clear(struct ddr_sites *s)
{
	while (s->n_sites)
		free(s->sites[--s->n_sites].text);
	while (s->n_devices)
		free(s->devices[--s->n_devices].text);
	free(s->sites);
	free(s->devices);
}

/**
 * ddr_sites_new() - no sites yet
 *
 * Return: to be freed with ddr_sites_free(); NULL without memory.
 */
struct ddr_sites *ddr_sites_new(void)
{
	return calloc(1, sizeof(struct ddr_sites));
}

/**
 * ddr_sites_free() - free them
 * @sites: may be NULL
 */
void ddr_sites_free(struct ddr_sites *sites)
{
	if (!sites)
		return;
	clear(sites);
	free(sites);
}

/**
 * ddr_sites_read_file() - read a list of sites, in place of the one read before
 * @sites: what is found; as it was if this fails
 * @f: the list, to its end
 * @name: what @messages call it
 * @messages: where lines that are skipped are named; NULL for nowhere
 *
 * Return: 0; -errno: it cannot be read, -EBADMSG: it is no such list.
 */
int ddr_sites_read_file(struct ddr_sites *sites, FILE *f, const char *name, FILE *messages)
{
	struct ddr_sites fresh = { 0 };
	int rc = read_lines(&fresh, f, name, messages);

	if (rc) {
		clear(&fresh);
		return rc;
	}
	if (fresh.n_sites)
		qsort(fresh.sites, fresh.n_sites, sizeof(*fresh.sites), by_key);
	if (fresh.n_devices)
		qsort(fresh.devices, fresh.n_devices, sizeof(*fresh.devices), by_number);
	clear(sites);
	*sites = fresh;
	return 0;
}

/**
 * ddr_sites_read() - ddr_sites_read_file() of a file
 * @sites: as there
 * @path: a regular file; /proc/dynamic_debug/sites or a copy
 * @messages: as there, with @path
 *
 * Return: as there.
 */
int ddr_sites_read(struct ddr_sites *sites, const char *path, FILE *messages)
{
	/* A FIFO must not make us wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	struct stat st;
	FILE *f;

	if (fd < 0)
		return -errno;
	rc = fstat(fd, &st) ? -errno : S_ISREG(st.st_mode) ? 0 : -EINVAL;
	f = rc ? NULL : fdopen(fd, "r");
	if (!f) {
		rc = rc ? rc : -errno;
		close(fd);
		return rc;
	}
	rc = ddr_sites_read_file(sites, f, path, messages);
	fclose(f);
	return rc;
}

/**
 * ddr_sites_find() - a site by its number
 * @sites: where to look
 * @key: the number
 *
 * Return: it, until the next ddr_sites_read() or ddr_sites_free(); NULL if it is not listed.
 */
const struct ddr_site *ddr_sites_find(const struct ddr_sites *sites, uint32_t key)
{
	struct site want = { .site.key = key }, *found = NULL;

	if (sites->n_sites)
		found = bsearch(&want, sites->sites, sites->n_sites, sizeof(want), by_key);
	return found ? &found->site : NULL;
}

/**
 * ddr_sites_device() - a device's name by its number
 * @sites: where to look
 * @number: the number
 *
 * Return: as ddr_sites_find().
 */
const char *ddr_sites_device(const struct ddr_sites *sites, unsigned int number)
{
	struct device want = { .number = number }, *found = NULL;

	if (sites->n_devices)
		found = bsearch(&want, sites->devices, sites->n_devices, sizeof(want), by_number);
	return found ? found->name : NULL;
}
