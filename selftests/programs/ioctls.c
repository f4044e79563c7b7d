// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctls FILE numbers: calls every ioctl number of DRM on the file once, with no argument; prints the
 * process and the file's client id of fdinfo, 0 if it has none.
 * ioctls FILE waits N SECONDS: N threads wait at the same time for what never comes; prints "waiting"
 * when all are about to, and at the end how often each errno was the answer.
 * ioctls FILE times N: calls one N times that does next to nothing; prints the nanoseconds that one took.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <xf86drm.h>
#include "card.h"

static int fd;
static uint32_t syncobj;
static int64_t until;
static int answers[256];

static unsigned long long client(void)
{
	unsigned long long id = 0;
	char line[256];
	FILE *f;

	snprintf(line, sizeof(line), "/proc/self/fdinfo/%d", fd);
	f = fopen(line, "r");
	if (!f)
		die("%s", line);
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "drm-client-id: %llu", &id) == 1)
			break;
	fclose(f);
	return id;
}

static void *wait_for_ever(void *unused)
{
	struct drm_syncobj_wait wait = {
		.handles = (uintptr_t)&syncobj,
		.count_handles = 1,
		.timeout_nsec = until,
		.flags = DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT,
	};
	int error = ioctl(fd, DRM_IOCTL_SYNCOBJ_WAIT, &wait) ? errno : 0;

	(void)unused;
	__atomic_fetch_add(&answers[error & 255], 1, __ATOMIC_RELAXED);
	return NULL;
}

static void waits(int n, int seconds)
{
	pthread_t *threads = calloc(n, sizeof(*threads));
	struct timespec now;
	int i;

	if (!threads || drmSyncobjCreate(fd, 0, &syncobj))
		die("no sync object");
	clock_gettime(CLOCK_MONOTONIC, &now);
	until = (now.tv_sec + seconds) * 1000000000ll + now.tv_nsec;
	for (i = 0; i < n; i++) {
		errno = pthread_create(&threads[i], NULL, wait_for_ever, NULL);
		if (errno)
			die("no thread");
	}
	puts("waiting");
	fflush(stdout);
	for (i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < 256; i++)
		if (answers[i])
			printf("%d: %s\n", answers[i], strerror(i));
}

static void times(int n)
{
	struct drm_get_cap cap = { .capability = DRM_CAP_DUMB_BUFFER };
	struct timespec begin, end;
	int i;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (i = 0; i < n; i++)
		if (ioctl(fd, DRM_IOCTL_GET_CAP, &cap))
			die("DRM_IOCTL_GET_CAP");
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.1f\n", ((end.tv_sec - begin.tv_sec) * 1e9 + (end.tv_nsec - begin.tv_nsec)) / n);
}

int main(int argc, char **argv)
{
	if (argc < 3 || argc > 5) {
		fputs("usage: ioctls FILE numbers | waits N SECONDS | times N\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("%s", argv[1]);
	if (!strcmp(argv[2], "numbers")) {
		unsigned int nr;

		for (nr = 0; nr < 256; nr++)
			ioctl(fd, DRM_IO(nr), 0);
		printf("%d %llu\n", getpid(), client());
	} else if (argc == 4) {
		times(atoi(argv[3]));
	} else if (argc == 5) {
		waits(atoi(argv[3]), atoi(argv[4]));
	}
	return 0;
}
