/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the text reader: a trace file that holds what they say. */
#ifndef DDR_TEST_TEXT_H
#define DDR_TEST_TEXT_H

#include <sys/mman.h>
#include <unistd.h>

#include "reader.h"

#define HEADER	"# tracer: nop\n#\n# entries-in-buffer/entries-written: 3/3   #P:2\n#\n"	\
		"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
#define HEAD	"            Xorg-1234    [001] d..1.   123.456789: "
#define KMS	HEAD "devdbg: [drm]drm_mode DRM_UT_KMS 0000:00:01.0 minor=3: hello\n"

static inline bool write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	for (; len; text += n, len -= (size_t)n) {
		n = write(fd, text, len);
		if (n <= 0)
			return false;
	}
	return true;
}

/* A snapshot's fd. */
static inline int file_of(const char *text, size_t len)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);

	return write_all(fd, text, len) && !lseek(fd, 0, SEEK_SET) ? fd : -1;
}

static inline bool begin(const char *text)
{
	ddr_reader_free(reader);
	reader = ddr_reader_new(file_of(text, strlen(text)));
	return reader;
}

static inline bool at_end(void)
{
	return ddr_reader_next(reader, &e) == 0 && ddr_reader_next(reader, &e) == 0;
}

#endif
