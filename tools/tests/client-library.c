// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program with the library, for selftests/recorder: ddr-client-library SOCKET CASE STREAM [LIMIT]
 *
 *   never-waits   prints "ready" and waits for a line, before which the daemon is to be stopped.
 *                 Then each call but ddr_client_wait() is made, and has to end within LIMIT (50)
 *                 ms.
 *   restart       prints "ready" and waits for a line, before which the daemon is to be killed,
 *                 prints "gone" and waits for one, before which there is to be another daemon.
 *
 * Exits 0, or 1 after a message that says what was otherwise.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"

#define TRIES 5 /* the best counts: the guest is not alone on its machine */
#define MUST(cond)                                                                       \
	do {                                                                             \
		if (!(cond)) {                                                           \
			fprintf(stderr, "%s:%d: not so: %s (errno: %s)\n", __FILE__,     \
				__LINE__, #cond, strerror(errno));                       \
			exit(1);                                                         \
		}                                                                        \
	} while (0)

static double limit = 50;
static unsigned int too_long;

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Makes a call TRIES times, and compares the best. */
#define TIMED(call)                                                                      \
	do {                                                                             \
		double best = 1e9, start;                                                \
		unsigned int i;                                                          \
                                                                                         \
		for (i = 0; i < TRIES; i++) {                                            \
			start = now_ms();                                                \
			call;                                                            \
			if (now_ms() - start < best)                                     \
				best = now_ms() - start;                                 \
		}                                                                        \
		printf("%8.3f ms %s\n", best, #call);                                    \
		too_long += best > limit;                                                \
	} while (0)

static void meet(const char *say)
{
	char line[16];

	puts(say);
	fflush(stdout);
	MUST(fgets(line, sizeof(line), stdin));
}

static void open_all(struct ddr_client *client, const char *stream, struct ddr_answer *answer)
{
	MUST(ddr_client_ask_open(client, stream, DDR_SNAPSHOT | DDR_LIVE | DDR_MARK) == 0);
	MUST(ddr_client_wait(client, answer, -1) == 1 && !answer->error && answer->n_fds == 3);
}

/* All that there is, as a loop would. */
static unsigned int drain(struct ddr_reader *reader)
{
	struct ddr_event event;
	unsigned int n = 0;
	int ret;

	while ((ret = ddr_reader_next(reader, &event)) == 1)
		n++;
	MUST(ret == 0);
	return n;
}

static int never_waits(const char *path, const char *stream)
{
	struct ddr_client *client = ddr_client_new(path), *other[TRIES];
	struct ddr_reader *snapshot, *live;
	struct ddr_answer answer, none;
	struct ddr_event event;
	unsigned int n = 0;

	MUST(client);
	open_all(client, stream, &answer);
	meet("ready");
	TIMED(MUST(other[i] = ddr_client_new(path)));
	TIMED(ddr_client_ask_status(other[i]));
	TIMED(MUST(ddr_client_take(other[i], &none) == 0));
	TIMED(MUST(ddr_client_ask_cpus(other[i], stream)));
	TIMED(ddr_client_free(other[i]));
	MUST(ddr_client_ask_open(client, stream, DDR_SNAPSHOT) == 0);
	TIMED(MUST(ddr_client_take(client, &none) == 0));
	TIMED(MUST(ddr_client_ask_raw(client, stream, 0) == -1 && errno == EBUSY));
	TIMED(MUST(ddr_client_ask_formats(client, stream) == -1 && errno == EBUSY));
	TIMED(MUST(ddr_client_fd(client) >= 0));
	TIMED(MUST(ddr_mark(answer.fd[2], "a mark, number %u", n++) == 0));
	snapshot = ddr_reader_new(answer.fd[0]);
	live = ddr_reader_new(answer.fd[1]);
	MUST(snapshot && live);
	/* also where there is nothing */
	TIMED(MUST(ddr_reader_next(live, &event) == 1));
	n = drain(live);
	TIMED(MUST(ddr_reader_next(live, &event) >= 0));
	TIMED(MUST(ddr_reader_next(snapshot, &event) >= 0));
	drain(snapshot);
	TIMED(MUST(ddr_reader_rewind(snapshot) == 0));
	TIMED(ddr_reader_lost(live));
	ddr_reader_free(snapshot);
	ddr_reader_free(live);
	printf("%u events\n", n);
	ddr_client_free(client);
	if (too_long)
		fprintf(stderr, "%u calls took longer than %g ms\n", too_long, limit);
	return too_long != 0;
}

static int restart(const char *path, const char *stream)
{
	struct ddr_client *client = ddr_client_new(path);
	struct ddr_answer answer, later;
	struct ddr_reader *live;
	struct pollfd pfd = { .events = POLLIN };
	int fd;

	MUST(client);
	fd = ddr_client_fd(client);
	open_all(client, stream, &answer);
	live = ddr_reader_new(answer.fd[1]);
	MUST(live);
	meet("ready");
	/* a loop is woken for nothing, and then not again */
	pfd.fd = fd;
	MUST(poll(&pfd, 1, 10000) == 1 && ddr_client_take(client, &later) == 0);
	MUST(poll(&pfd, 1, 0) == 0);
	MUST(ddr_client_ask_status(client) == -1 && errno == ECONNREFUSED);
	drain(live);
	meet("gone");
	MUST(ddr_client_ask_status(client) == 0 && ddr_client_fd(client) == fd);
	MUST(poll(&pfd, 1, 10000) == 1 && ddr_client_take(client, &later) == 1);
	MUST(!later.error && later.n_streams == 1 && !strcmp(later.stream[0].stream, stream));
	/* what was given before is as good as ever */
	MUST(ddr_mark(answer.fd[2], "still here") == 0 && drain(live) > 0);
	ddr_reader_free(live);
	ddr_client_free(client);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 4)
		limit = atof(argv[4]);
	if (argc > 3 && strcmp(argv[2], "never-waits") == 0)
		return never_waits(argv[1], argv[3]);
	if (argc > 3 && strcmp(argv[2], "restart") == 0)
		return restart(argv[1], argv[3]);
	fprintf(stderr, "usage: ddr-client-library SOCKET CASE STREAM [LIMIT]\n");
	return 2;
}
