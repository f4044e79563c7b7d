// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saves what streams hold. Making the text of a large ring takes the kernel seconds, so that is done in steps, between
 * which the daemon does other things: into memory, of which the newest part is kept. A child of its own brings it to
 * disk, for which one may have to wait long.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/version.h"
#include "announce.h"
#include "bootid.h"
#include "cmd.h"
#include "log.h"
#include "newest.h"
#include "recording.h"
#include "save.h"
#include "saved.h"

/* What stands before the text, which has to fit into a file and a copy, too */
#define HEAD_BYTES 1024
/* From one step to the next, in which copies for clients are made, which wait for a moment of rest. */
#define PAUSE_USEC 1000
/* That the daemon's end may be held up. */
#define END_MS 10000

/* What has to be known of a stream and a kind of incident from one to the next; never freed, there are few. */
struct past {
	struct past *next;
	char stream[DDR_NAME_MAX + 1];
	unsigned int on;
	bool busy; /* is being saved */
	bool has_last;
	uint64_t last_ns;   /* CLOCK_MONOTONIC, when it was saved */
	uint64_t not_saved; /* incidents since then */
};

/* One that is being saved. */
struct job {
	struct job *next;
	struct past *past;
	struct incident incident;
	unsigned int keep;
	sd_event *event;
	sd_event_source *step; /* NULL when the loop has ended: save_end() goes on with it */
	int from;
	struct newest newest;
	pid_t child;
	int result; /* of the child's pipe */
};

/* What the child says in the end, in one write. */
struct result {
	int err;
	char path[PATH_MAX];
};

/* The daemon has one thread: no lock. */
static struct past *pasts;
static struct job *jobs;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static struct past *past_of(const char *stream, unsigned int on)
{
	struct past *past;

	for (past = pasts; past; past = past->next) {
		if (!strcmp(past->stream, stream) && past->on == on)
			return past;
	}
	past = calloc(1, sizeof(*past));
	if (past) {
		strcpy(past->stream, stream); /* a valid name fits */
		past->on = on;
		past->next = pasts;
		pasts = past;
	}
	return past;
}

static void job_free(struct job *job)
{
	struct job **at = &jobs;

	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
	sd_event_source_disable_unref(job->step);
	if (job->from >= 0)
		close(job->from);
	if (job->result >= 0)
		close(job->result);
	if (job->child > 0)
		waitpid(job->child, NULL, 0); /* it has nothing left to do */
	sd_event_unref(job->event);
	free(job->newest.text);
	job->past->busy = false;
	free(job);
}

static void job_failed(struct job *job, int err)
{
	log_msg(LOG_LEVEL_ERR, "stream %s: cannot be saved: %s", job->past->stream, strerror(err));
	job->past->not_saved++;
	job_free(job);
}

/* What comes before the text: the reader takes no notice of it. */
static int write_head(const struct job *job, int to)
{
	const struct incident *in = &job->incident;
	const char *error = in->error ? strerrorname_np(in->error) : NULL;
	char head[HEAD_BYTES], when[32], text[sizeof(in->text)], boot[BOOTID_BYTES];
	time_t now = time(NULL);
	struct tm tm;
	size_t i;
	int n;

	bootid_get(boot);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	/* what the kernel logs is for root; of a stream's own device its readers know anyway */
	strcpy(text, in->on == DDR_ON_DRM_ERROR && !*in->device ? "?" : in->text);
	for (i = 0; text[i]; i++)
		text[i] = text[i] < ' ' ? ' ' : text[i];
	n = snprintf(head, sizeof(head),
		     "# dd-recorder " DDR_VERSION ": stream %s, saved %s on %s%s%s\n" BOOTID_HEAD "%s\n# device: %s\n"
		     "# pid: %" PRId32 "\n# at: %" PRIu64 ".%06" PRIu64 "\n# text: %s\n"
		     "# not saved since the last time, at least: %" PRIu64 "\n"
		     "# bytes of the oldest left out: %" PRIu64 "\n#\n",
		     job->past->stream, when, incident_name(in), error ? " " : "", error ? error : "", boot,
		     *in->device ? in->device : "?", in->pid, in->time_ns / 1000000000,
		     in->time_ns / 1000 % 1000000, text, job->past->not_saved, newest_left_out(&job->newest));
	return cmd_write_all(to, head, (size_t)n < sizeof(head) ? (size_t)n : sizeof(head) - 1);
}

/*
 * Closes all but these and the standard ones: the daemon's lock and sockets, its clients' and the streams' files have
 * to be gone when the daemon closes them, or is no more.
 */
static void close_others(int a, int b)
{
	unsigned int low = (unsigned int)(a < b ? a : b), high = (unsigned int)(a < b ? b : a);

	if (low > 3)
		close_range(3, low - 1, 0);
	if (high > low + 1)
		close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0u, 0);
}

/* The child's whole life. */
__attribute__((noreturn))
static void bring_to_disk(const struct job *job, int pipe)
{
	const char *stream = job->past->stream, *kind = incident_name(&job->incident);
	struct result result = { 0 };
	int to;

	close_others(pipe, saved_fd());
	to = saved_new(stream, kind);
	if (to < 0 || write_head(job, to) || newest_write(&job->newest, to) || fdatasync(to)) {
		result.err = errno;
		if (to >= 0)
			saved_drop(stream, kind);
	} else if (saved_keep(stream, kind, time(NULL), job->keep, result.path)) {
		result.err = errno;
	}
	_exit(write(pipe, &result, sizeof(result)) != sizeof(result));
}

/* The child has come to its end. */
static void finish(struct job *job)
{
	struct result result;
	ssize_t n = read(job->result, &result, sizeof(result));

	if (n != sizeof(result) || result.err) {
		job_failed(job, n == sizeof(result) ? result.err : EIO);
		return;
	}
	announce_saved(job->past->stream, &job->incident, result.path, job->past->not_saved);
	job->past->not_saved = 0;
	job_free(job);
}

static int on_result(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	finish(data);
	return 0;
}

/* sd-event says that of a loop that has ended. */
static int unless_ended(int err)
{
	return err == -ESTALE ? 0 : err;
}

/* All is read. Return: 0, or a negative errno value. */
static int start_child(struct job *job)
{
	int ends[2];

	close(job->from);
	job->from = -1;
	job->step = sd_event_source_disable_unref(job->step);
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	job->result = ends[0];
	job->child = fork();
	if (job->child == 0)
		bring_to_disk(job, ends[1]);
	close(ends[1]);
	if (job->child < 0)
		return -errno;
	return unless_ended(sd_event_add_io(job->event, &job->step, job->result, EPOLLIN, on_result, job));
}

/* A timer's, so that it takes turns with clients, whoever asks as fast as he can. */
static int on_step(sd_event_source *source, uint64_t usec, void *data)
{
	struct job *job = data;
	int ret = newest_read(&job->newest, job->from);

	(void)usec;
	if (ret == 0 && source) {
		sd_event_source_set_time_relative(source, PAUSE_USEC);
		sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	}
	if (ret == 0)
		return 0;
	ret = ret < 0 ? -errno : start_child(job);
	if (ret < 0)
		job_failed(job, -ret);
	return 0;
}

/**
 * save_is_due() - would it be saved, and not be too soon?
 * @stream: the stream.
 * @on: the kind of incident.
 */
bool save_is_due(const struct ddr_stream *stream, unsigned int on)
{
	uint64_t every_s = stream->save.every_s ? stream->save.every_s : DDR_SAVE_EVERY_DEFAULT;
	const struct past *past = past_of(stream->name, on);

	return past && !past->busy && (!past->has_last || now_ns() - past->last_ns >= every_s * 1000000000);
}

/**
 * save_stream() - have a stream saved, unless that was done a moment ago
 * @event: the loop that does it.
 * @rec: which has the stream.
 * @stream: the stream.
 * @incident: why.
 *
 * Context: returns at once. What is not saved is counted, and told of at the next time.
 */
void save_stream(sd_event *event, struct recording *rec, const struct ddr_stream *stream,
		 const struct incident *incident)
{
	struct past *past = past_of(stream->name, incident->on);
	uint64_t max = stream->save.max ? stream->save.max : DDR_SAVE_MAX_DEFAULT;
	struct ddr_stream_status status = { 0 };
	struct job *job;
	int err;

	if (!past)
		return;
	job = save_is_due(stream, incident->on) ? calloc(1, sizeof(*job)) : NULL;
	if (!job) {
		past->not_saved++;
		return;
	}
	past->has_last = true;
	past->last_ns = now_ns();
	past->busy = true;
	recording_status(rec, stream->name, &status);
	*job = (struct job){
		.next = jobs,
		.past = past,
		.event = sd_event_ref(event),
		.incident = *incident,
		.keep = stream->save.keep ? stream->save.keep : DDR_SAVES_DEFAULT,
		.newest = { .max = max - HEAD_BYTES, .until_ns = status.now_ns },
		.from = recording_open(rec, stream->name, DDR_SNAPSHOT, 0),
		.result = -1,
	};
	jobs = job;
	err = job->from < 0 ? -errno :
	      unless_ended(sd_event_add_time_relative(event, &job->step, CLOCK_MONOTONIC, 0, 1, on_step, job));
	if (err < 0)
		job_failed(job, -err);
}

/* Goes on with a job that the loop does not any more. Return: whether there is more to do. */
static bool hurry(struct job *job, uint64_t end_ns)
{
	struct pollfd pfd = { .fd = job->result, .events = POLLIN };
	uint64_t now = now_ns();

	if (now >= end_ns)
		return false;
	if (job->from >= 0)
		return !on_step(job->step, 0, job);
	if (poll(&pfd, 1, (int)((end_ns - now) / 1000000)) > 0)
		finish(job);
	return true;
}

/**
 * save_end() - finish what is being saved, and forget what is known
 *
 * Context: END_MS at most; the loop has ended.
 */
void save_end(void)
{
	uint64_t end_ns = now_ns() + UINT64_C(1000000) * END_MS;
	struct past *past;

	while (jobs && hurry(jobs, end_ns))
		;
	while (jobs) {
		/* and is not waited for, as it may wait for a disk */
		if (jobs->child > 0)
			kill(jobs->child, SIGKILL);
		jobs->child = 0;
		job_failed(jobs, ETIMEDOUT);
	}
	while ((past = pasts) != NULL) {
		pasts = past->next;
		free(past);
	}
}
