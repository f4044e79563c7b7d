/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_STDIO_FD_H
#define DD_STDIO_FD_H

#include <stdio.h>
#include <unistd.h>

/**
 * file_of() - a stream over an fd
 * @fd: taken over, on an error too; negative: that of an open() that failed.
 * @mode: as of fdopen(3).
 *
 * Return: for fclose(); NULL with errno.
 */
static inline FILE *file_of(int fd, const char *mode)
{
	FILE *file = fd < 0 ? NULL : fdopen(fd, mode);

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

#endif
