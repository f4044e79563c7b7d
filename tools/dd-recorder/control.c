// SPDX-License-Identifier: GPL-2.0-only
/* /proc/dynamic_debug/control: the one file by which the kernel side is told what to do. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "stdio-fd.h"

/* The first is there with any kernel that has CONFIG_DYNAMIC_DEBUG_CORE; debugfs may not be. */
static const char *const paths[] = {
	"/proc/dynamic_debug/control",
	"/sys/kernel/debug/dynamic_debug/control",
};

static int control_open(int flags)
{
	size_t i;
	int fd;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		fd = open(paths[i], flags | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	return -1;
}

/**
 * control_module_loaded() - is a kernel module there?
 * @module: its name.
 */
bool control_module_loaded(const char *module)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	return access(path, F_OK) == 0;
}

/**
 * control_read() - read the trailer
 * @trailer: filled in; to be freed with trailer_free() when 0 is returned.
 *
 * Return: 0, or -1 with errno.
 */
int control_read(struct trailer *trailer)
{
	FILE *file = file_of(control_open(O_RDONLY), "r");
	int err;

	if (!file)
		return -1;
	err = trailer_read(trailer, file);
	if (err)
		trailer_free(trailer);
	fclose(file);
	return err;
}

/**
 * control_write() - give the kernel one batch
 * @batch: at most BATCH_MAX bytes, as one write() is one batch.
 *
 * Return: 0, or -1 with the errno of the batch's first error; the kernel log has the reason.
 */
int control_write(const char *batch)
{
	size_t len = strlen(batch);
	int fd = control_open(O_WRONLY);
	int saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = write(fd, batch, len);
	} while (n < 0 && errno == EINTR);
	saved = errno;
	close(fd);
	errno = saved;
	if (n >= 0 && (size_t)n != len) {
		errno = EIO;
		return -1;
	}
	return n < 0 ? -1 : 0;
}
