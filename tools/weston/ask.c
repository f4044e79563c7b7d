// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the daemon is asked: its status, which says what there is and what may be opened, and
 * then for each stream. There is a connection only while there is a question: the fds outlive
 * it, and the daemon.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "dd-kernel.h"

#define DELAY_MAX_S 30

static void hang_up(struct dd_kernel *dd)
{
	if (dd->client_source)
		wl_event_source_remove(dd->client_source);
	dd->client_source = NULL;
	ddr_client_free(dd->client);
	dd->client = NULL;
}

/**
 * ask_again() - ask after a while, which grows from time to time
 * @dd: the module.
 */
void ask_again(struct dd_kernel *dd)
{
	if (dd->waiting)
		return;
	dd->waiting = true;
	wl_event_source_timer_update(dd->retry, (int)dd->delay_s * 1000);
	dd->delay_s = dd->delay_s * 2 < DELAY_MAX_S ? dd->delay_s * 2 : DELAY_MAX_S;
}

static void no_daemon(struct dd_kernel *dd, int err)
{
	hang_up(dd);
	if (dd->said != err)
		weston_log("dd-recorder: no answer from the daemon: %s; trying again\n",
			   strerror(err));
	dd->said = err;
	ask_again(dd);
}

static void not_now(struct stream *s, int err)
{
	if (s->said != err)
		weston_log("dd-recorder: stream %s: %s; trying again\n", s->name,
			   err == EBUSY ? "another one reads it live" : strerror(err));
	s->said = err;
	ask_again(s->dd);
}

static void refused(struct stream *s)
{
	s->state = STREAM_REFUSED;
	weston_log("dd-recorder: stream %s: not granted live\n", s->name);
}

/* Asks for the next stream that was not asked for in this round, or ends the round. */
static void ask_next(struct dd_kernel *dd)
{
	struct stream *s;

	wl_list_for_each(s, &dd->streams, link) {
		if (s->state != STREAM_WANTED || s->asked)
			continue;
		s->asked = true;
		if (ddr_client_ask_open(dd->client, s->name,
					s->access & (DDR_LIVE | DDR_MARK)) == 0)
			return;
		if (errno != EACCES) {
			no_daemon(dd, errno);
			return;
		}
		refused(s);
	}
	hang_up(dd);
}

static uint32_t access_in(const struct ddr_answer *answer, const char *name)
{
	size_t i;

	for (i = 0; i < answer->n_streams; i++)
		if (!strcmp(answer->stream[i].stream, name))
			return answer->stream[i].access;
	return 0;
}

static void take_status(struct dd_kernel *dd, const struct ddr_answer *answer)
{
	struct stream *s;
	size_t i;

	if (!dd->names && wl_list_empty(&dd->streams)) {
		for (i = 0; i < answer->n_streams; i++)
			if (answer->stream[i].access & DDR_LIVE)
				kernel_add(dd, answer->stream[i].stream);
		if (wl_list_empty(&dd->streams))
			weston_log("dd-recorder: no stream is granted live\n");
	}
	wl_list_for_each(s, &dd->streams, link) {
		s->asked = false;
		s->access = access_in(answer, s->name);
		if (s->state == STREAM_WANTED && !(s->access & DDR_LIVE))
			refused(s);
	}
}

static struct stream *last_asked(struct dd_kernel *dd)
{
	struct stream *s, *last = NULL;

	wl_list_for_each(s, &dd->streams, link)
		if (s->asked)
			last = s;
	return last;
}

static void take_open(struct stream *s, struct ddr_answer *answer)
{
	int live = -1, mark = -1;
	size_t n = 0;

	if (answer->error) {
		if (answer->error == EACCES || answer->error == EPERM)
			refused(s);
		else
			not_now(s, answer->error);
		return;
	}
	/* in the order of their bits; nothing else was asked for */
	if (answer->access & DDR_LIVE && n < answer->n_fds)
		live = answer->fd[n++];
	if (answer->access & DDR_MARK && n < answer->n_fds)
		mark = answer->fd[n++];
	while (n < answer->n_fds)
		close(answer->fd[n++]);
	if (kernel_open(s, live, mark)) {
		not_now(s, errno);
		return;
	}
	s->said = 0;
	s->dd->delay_s = 1;
	weston_log("dd-recorder: stream %s: live%s\n", s->name, mark >= 0 ? ", with marks" : "");
}

static int on_answer(int fd, uint32_t mask, void *data)
{
	struct dd_kernel *dd = data;
	struct ddr_answer answer;
	struct stream *s;
	int ret;

	(void)fd;
	(void)mask;
	ret = ddr_client_take(dd->client, &answer);
	if (ret == 0)
		return 0;
	if (ret < 0) {
		no_daemon(dd, errno);
		return 0;
	}
	dd->said = 0;
	if (answer.type == DDR_STATUS && answer.error) {
		no_daemon(dd, answer.error);
		return 0;
	}
	s = last_asked(dd);
	if (answer.type == DDR_STATUS)
		take_status(dd, &answer);
	else if (s)
		take_open(s, &answer);
	ask_next(dd);
	return 0;
}

static int begin(struct dd_kernel *dd)
{
	dd->client = ddr_client_new(dd->socket_path);
	if (!dd->client)
		return -1;
	dd->client_source = wl_event_loop_add_fd(dd->loop, ddr_client_fd(dd->client),
						 WL_EVENT_READABLE, on_answer, dd);
	if (!dd->client_source) {
		errno = ENOMEM;
		return -1;
	}
	return ddr_client_ask_status(dd->client);
}

/**
 * ask_begin() - ask for all streams that are wanted
 * @dd: the module.
 */
void ask_begin(struct dd_kernel *dd)
{
	if (!dd->client && begin(dd))
		no_daemon(dd, errno);
}

static int on_retry(void *data)
{
	struct dd_kernel *dd = data;

	dd->waiting = false;
	if (dd->client)
		ask_again(dd);
	else
		ask_begin(dd);
	return 0;
}

/**
 * ask_init() - make ready to ask
 * @dd: the module.
 *
 * Return: 0, or -1 if there is no memory.
 */
int ask_init(struct dd_kernel *dd)
{
	dd->delay_s = 1;
	dd->retry = wl_event_loop_add_timer(dd->loop, on_retry, dd);
	return dd->retry ? 0 : -1;
}

/**
 * ask_end() - ask no more
 * @dd: the module.
 */
void ask_end(struct dd_kernel *dd)
{
	hang_up(dd);
	if (dd->retry)
		wl_event_source_timer_update(dd->retry, 0);
	dd->waiting = false;
	dd->delay_s = 1;
	dd->said = 0;
}
