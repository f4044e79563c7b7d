// SPDX-License-Identifier: GPL-2.0-only
/*
 * An archive (tar, compressed by zstd), by libarchive. It gets its name when it is whole, and nothing that
 * is there is written over. Who is interrupted leaves nothing behind; where the file system knows no files
 * without a name (vfat), a file of that name and ".part".
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pack.h"

struct pack {
	struct archive *archive;
	char *path;
	char *top;
	int fd;
	char *part; /* its name until then, where a file cannot be without one */
	char error[256];
};

static int fail(struct pack *pack, const char *what, const char *why)
{
	snprintf(pack->error, sizeof(pack->error), "%s: %s", what, why);
	return -1;
}

/* What libarchive could not do: its own words only where the system has none. */
static int archive_failed(struct pack *pack, const char *what)
{
	int err = archive_errno(pack->archive);

	return fail(pack, what, err > 0 ? strerror(err) : archive_error_string(pack->archive));
}

static int open_file(struct pack *pack)
{
	char *slash, *dir = strdup(pack->path);

	if (!dir)
		return -1;
	if (access(pack->path, F_OK) == 0) {
		free(dir);
		errno = EEXIST;
		return -1;
	}
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	pack->fd = open(slash ? dir : ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(dir);
	if (pack->fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return pack->fd;
	if (asprintf(&pack->part, "%s.part", pack->path) < 0) {
		pack->part = NULL;
		return -1;
	}
	pack->fd = open(pack->part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (pack->fd < 0) {
		free(pack->part);
		pack->part = NULL;
	}
	return pack->fd;
}

/**
 * pack_new() - begin an archive
 * @path: which must not be there yet.
 * @top: the directory that all its files are in.
 *
 * Return: to be freed with pack_free(); NULL with errno.
 */
struct pack *pack_new(const char *path, const char *top)
{
	struct pack *pack = calloc(1, sizeof(*pack));
	int saved;

	if (!pack)
		return NULL;
	pack->fd = -1;
	pack->path = strdup(path);
	pack->top = strdup(top);
	pack->archive = archive_write_new();
	if (pack->path && pack->top && pack->archive && open_file(pack) >= 0) {
		errno = EIO;
		/* the level: higher ones take longer, and make no less of these texts */
		if (!archive_write_add_filter_zstd(pack->archive) &&
		    !archive_write_set_filter_option(pack->archive, "zstd", "compression-level", "1") &&
		    !archive_write_set_format_pax_restricted(pack->archive) &&
		    !archive_write_open_fd(pack->archive, pack->fd))
			return pack;
	}
	saved = errno ? errno : ENOMEM;
	pack_free(pack);
	errno = saved;
	return NULL;
}

/**
 * pack_add() - add a file
 * @pack: of pack_new().
 * @name: below the top directory.
 * @data: its content.
 * @len: bytes.
 *
 * Return: 0, or -1 with pack_error().
 */
int pack_add(struct pack *pack, const char *name, const char *data, size_t len)
{
	struct archive_entry *entry = archive_entry_new();
	char *path = NULL;
	int err = -1;

	if (entry && asprintf(&path, "%s/%s", pack->top, name) >= 0) {
		archive_entry_set_pathname(entry, path);
		archive_entry_set_size(entry, (la_int64_t)len);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_mtime(entry, time(NULL), 0);
		err = archive_write_header(pack->archive, entry) != ARCHIVE_OK ||
			      archive_write_data(pack->archive, data, len) != (la_ssize_t)len ?
			      archive_failed(pack, name) :
			      0;
		free(path);
	} else {
		fail(pack, name, strerror(ENOMEM));
	}
	archive_entry_free(entry);
	return err;
}

/**
 * pack_finish() - write what is left, and give the archive its name
 * @pack: of pack_new().
 *
 * Return: 0, or -1 with pack_error().
 */
int pack_finish(struct pack *pack)
{
	char self[64];

	if (archive_write_close(pack->archive) != ARCHIVE_OK)
		return archive_failed(pack, pack->path);
	snprintf(self, sizeof(self), "/proc/self/fd/%d", pack->fd);
	if (fsync(pack->fd) ||
	    (pack->part ? renameat2(AT_FDCWD, pack->part, AT_FDCWD, pack->path, RENAME_NOREPLACE) :
			  linkat(AT_FDCWD, self, AT_FDCWD, pack->path, AT_SYMLINK_FOLLOW)))
		return fail(pack, pack->path, strerror(errno));
	free(pack->part);
	pack->part = NULL;
	return 0;
}

/**
 * pack_error() - what failed
 * @pack: of pack_new().
 */
const char *pack_error(const struct pack *pack)
{
	return pack->error;
}

/**
 * pack_free() - let go of an archive; one that was not finished is no more
 * @pack: may be NULL.
 */
void pack_free(struct pack *pack)
{
	if (!pack)
		return;
	archive_write_free(pack->archive);
	if (pack->fd >= 0)
		close(pack->fd);
	if (pack->part)
		unlink(pack->part);
	free(pack->part);
	free(pack->path);
	free(pack->top);
	free(pack);
}
