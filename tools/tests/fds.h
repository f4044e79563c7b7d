/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests that no fd is left behind. */
#ifndef DDR_TEST_FDS_H
#define DDR_TEST_FDS_H

#include <dirent.h>

/* Of this process; the one that is needed to count them is among them each time. */
static inline int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

#endif
