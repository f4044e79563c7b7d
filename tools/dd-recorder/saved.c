// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that streams were saved to: STREAM-20261122T013500Z-KIND.txt, or with "_2" behind the time for a second
 * one of that second. STREAM.KIND.new is one in the making; nobody ever sees one that is not whole under another name.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/config.h"
#include "bootid.h"
#include "log.h"
#include "saved.h"

/* More files of a stream than these are not ours. */
#define NAMES_MAX 256
#define NAME_BYTES 128

/* The daemon has one thread: no lock. */
static int dir = -1;
static char dir_path[PATH_MAX];

struct names {
	char name[NAMES_MAX][NAME_BYTES];
	size_t n;
};

/**
 * saved_begin() - from now on files are kept, and handed out
 * @path: the directory; made if it is not there.
 *
 * Return: 0, or -1 after a message; then all is as before.
 */
int saved_begin(const char *path)
{
	const char *why = NULL;
	struct stat st;
	int fd = -1;

	if (!mkdir(path, 0700) || errno == EEXIST)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		why = strerror(errno);
	else if (st.st_uid != geteuid() || (st.st_mode & 022))
		why = "others own it or may write to it";
	if (why) {
		log_msg(LOG_LEVEL_ERR, "on=: %s: %s", path, why);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	saved_end();
	dir = fd;
	snprintf(dir_path, sizeof(dir_path), "%s", path);
	return 0;
}

/**
 * saved_end() - no more
 */
void saved_end(void)
{
	if (dir >= 0)
		close(dir);
	dir = -1;
}

/* Is @name a file of @stream's? No stream's name has a '-' or a '.' in it. @kind: NULL for any. */
static bool is_of(const char *name, const char *stream, const char *kind)
{
	size_t len = strlen(stream);
	const char *behind;

	if (strlen(name) >= NAME_BYTES || strncmp(name, stream, len) || name[len] != '-')
		return false;
	behind = strchr(name + len + 1, '-');
	len = behind ? strlen(behind) : 0;
	if (len < 5 || strcmp(behind + len - 4, ".txt"))
		return false;
	return !kind || (len - 5 == strlen(kind) && !strncmp(behind + 1, kind, len - 5));
}

/**
 * saved_fd() - the fd of the directory, for who closes all others; -1: there is none
 */
int saved_fd(void)
{
	return dir;
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(a, b);
}

/* A stream's files, the oldest first. */
static void list(const char *stream, const char *kind, struct names *names)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *all = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	names->n = 0;
	if (!all) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (names->n < NAMES_MAX && (entry = readdir(all)) != NULL) {
		if (is_of(entry->d_name, stream, kind))
			strcpy(names->name[names->n++], entry->d_name);
	}
	closedir(all);
	qsort(names->name, names->n, sizeof(names->name[0]), by_name);
}

static int open_file(const char *name)
{
	/* O_NONBLOCK: for what is no file, and waits */
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = ENOENT;
		return -1;
	}
	return fd;
}

/**
 * saved_open() - open one of a stream's files
 * @stream: the stream's name.
 * @number: 0: the newest, 1: the one before, and so on.
 *
 * Return: the fd, to read only; -1 with errno, ENOENT: there are not so many.
 */
int saved_open(const char *stream, uint32_t number)
{
	static struct names names;

	names.n = 0;
	if (dir >= 0)
		list(stream, NULL, &names);
	if (number >= names.n) {
		errno = ENOENT;
		return -1;
	}
	return open_file(names.name[names.n - 1 - number]);
}

static void new_name(char name[NAME_BYTES], const char *stream, const char *kind)
{
	snprintf(name, NAME_BYTES, "%s.%s.new", stream, kind);
}

/**
 * saved_new() - begin a file
 * @stream: the stream's name.
 * @kind: why it is saved: those of several kinds may be in the making at once.
 *
 * Return: the fd, to be written to and closed; then saved_keep() or saved_drop(). -1 with errno.
 */
int saved_new(const char *stream, const char *kind)
{
	char name[NAME_BYTES];

	new_name(name, stream, kind);
	/* what a daemon that was killed left there goes */
	unlinkat(dir, name, 0);
	return openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/**
 * saved_drop() - let go of a file that was begun
 * @stream: the stream's name.
 * @kind: as for saved_new().
 */
void saved_drop(const char *stream, const char *kind)
{
	char name[NAME_BYTES];

	new_name(name, stream, kind);
	unlinkat(dir, name, 0);
}

/* Was it saved before the machine was booted? */
static bool is_of_before(const char *name)
{
	int fd = open_file(name);
	char head[1024];
	ssize_t n = fd >= 0 ? read(fd, head, sizeof(head)) : -1;

	if (fd >= 0)
		close(fd);
	return n < 0 || !bootid_is_now(head, (size_t)n);
}

/*
 * Leaves @keep of a kind. What was saved first since the machine was booted is kept for longest: of a failure that
 * comes again and again, that is where it began.
 */
static void prune(const char *stream, const char *kind, unsigned int keep)
{
	static struct names names;
	size_t gone;

	list(stream, kind, &names);
	while (names.n > keep) {
		gone = keep > 1 && !is_of_before(names.name[0]) ? 1 : 0;
		if (unlinkat(dir, names.name[gone], 0)) {
			log_msg(LOG_LEVEL_WARNING, "%s/%s: %s", dir_path, names.name[gone], strerror(errno));
			return;
		}
		names.n--;
		memmove(names.name[gone], names.name[gone + 1], (names.n - gone) * sizeof(names.name[0]));
	}
}

/**
 * saved_keep() - a file that was begun is whole
 * @stream: the stream's name.
 * @kind: why it was saved.
 * @now: CLOCK_REALTIME, seconds.
 * @keep: so many files of the stream and kind are kept, at least 1.
 * @path: set to where it is.
 *
 * Return: 0, or -1 with errno; then it is no more.
 */
int saved_keep(const char *stream, const char *kind, time_t now, unsigned int keep, char path[PATH_MAX])
{
	char from[NAME_BYTES], to[NAME_BYTES], when[32], more[8] = "";
	unsigned int i;
	struct tm tm;
	int err = -1;

	new_name(from, stream, kind);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	for (i = 1; err && i <= DDR_MAX_SAVES; i++) {
		if (i > 1)
			snprintf(more, sizeof(more), "_%u", i);
		snprintf(to, sizeof(to), "%s-%s%s-%s.txt", stream, when, more, kind);
		err = renameat2(dir, from, dir, to, RENAME_NOREPLACE);
		if (err && errno != EEXIST)
			break;
	}
	if (err) {
		saved_drop(stream, kind);
		return -1;
	}
	fsync(dir);
	prune(stream, kind, keep);
	if (snprintf(path, PATH_MAX, "%s/%s", dir_path, to) >= PATH_MAX)
		strcpy(path, to);
	return 0;
}
