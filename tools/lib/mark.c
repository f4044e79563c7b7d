// SPDX-License-Identifier: LGPL-2.1-or-later
/* Marks: what a program writes among the kernel's messages. And the library's version. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "ddrecorder.h"
#include "version.h"

/**
 * ddr_vmark() - put a mark into a stream
 * @fd: of DDR_MARK.
 * @fmt: as of printf(3). Newlines become blanks: a mark is one line.
 * @ap: its arguments.
 *
 * It stands among the messages with the time and the thread of this call. What is longer than
 * DDR_MARK_MAX bytes is cut.
 *
 * Context: one write(2), which the kernel does not make wait.
 *
 * Return: 0, or -1 with errno as of vsnprintf(3) and write(2): EINVAL: an empty mark; EBADF:
 * recording is switched off.
 */
int ddr_vmark(int fd, const char *fmt, va_list ap)
{
	char text[DDR_MARK_MAX + 1];
	ssize_t written;
	size_t n, i;
	int len;

	len = vsnprintf(text, sizeof(text), fmt, ap);
	if (len < 0)
		return -1;
	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	n = (size_t)len < DDR_MARK_MAX ? (size_t)len : DDR_MARK_MAX;
	for (i = 0; i < n; i++) {
		if (text[i] == '\n')
			text[i] = ' ';
	}
	do {
		written = write(fd, text, n);
	} while (written < 0 && errno == EINTR);
	return written < 0 ? -1 : 0;
}

/**
 * ddr_mark() - put a mark into a stream
 * @fd: of DDR_MARK.
 * @fmt: as of printf(3).
 *
 * As ddr_vmark().
 *
 * Return: 0, or -1 with errno.
 */
int ddr_mark(int fd, const char *fmt, ...)
{
	va_list ap;
	int ret;

	va_start(ap, fmt);
	ret = ddr_vmark(fd, fmt, ap);
	va_end(ap);
	return ret;
}

/**
 * ddr_version() - the version of the library that runs, which may be newer than the header's
 *
 * Return: a static string such as "0.1.0".
 */
const char *ddr_version(void)
{
	return DDR_VERSION;
}
