// SPDX-License-Identifier: GPL-2.0-only
/*
 * Saves what streams hold. Making the text of a large ring takes the kernel seconds, so that is done in steps,
 * between which the daemon does other things: first into memory, of which the newest part is kept, and then to disk.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/version.h"
#include "announce.h"
#include "log.h"
#include "recording.h"
#include "save.h"
#include "saved.h"

/* The kernel gives at most a page for each read. */
#define READS_PER_STEP 16
#define PAGE_BYTES 4096
/* What is written and brought to disk in one go */
#define WRITE_BYTES (1u << 20)

/* What has to be known of a stream from one incident to the next; never freed, there are few names. */
struct past {
	struct past *next;
	char stream[DDR_NAME_MAX + 1];
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
	sd_event_source *step;
	int from, to;
	char *text;	/* @max bytes, round and round */
	size_t max;
	uint64_t bytes; /* that were read */
	uint64_t done;	/* of which so many are written, or not wanted */
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

static struct past *past_of(const char *stream)
{
	struct past *past;

	for (past = pasts; past; past = past->next) {
		if (!strcmp(past->stream, stream))
			return past;
	}
	past = calloc(1, sizeof(*past));
	if (past) {
		strcpy(past->stream, stream); /* a valid name fits */
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
	if (job->to >= 0) {
		close(job->to);
		saved_drop(job->past->stream);
	}
	close(job->from);
	free(job->text);
	free(job);
}

static void job_failed(struct job *job, int err)
{
	log_msg(LOG_LEVEL_ERR, "stream %s: cannot be saved: %s", job->past->stream, strerror(err));
	job->past->not_saved++;
	job_free(job);
}

/* Return: 1 at the end, 0 when there is more; -1 with errno. */
static int read_some(struct job *job)
{
	char page[PAGE_BYTES];
	size_t at, fit;
	ssize_t n;
	int i;

	for (i = 0; i < READS_PER_STEP; i++) {
		n = read(job->from, page, sizeof(page));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : 1;
		at = job->bytes % job->max;
		fit = job->max - at < (size_t)n ? job->max - at : (size_t)n;
		memcpy(job->text + at, page, fit);
		memcpy(job->text, page + fit, (size_t)n - fit);
		job->bytes += (uint64_t)n;
	}
	return 0;
}

static int write_all(int fd, const char *buf, size_t len)
{
	ssize_t n;

	for (; len; buf += n, len -= (size_t)n) {
		n = write(fd, buf, len);
		if (n < 0 && errno == EINTR)
			n = 0;
		else if (n <= 0)
			return -1;
	}
	return 0;
}

/* What comes before the text: the reader takes no notice of it. */
static int write_head(struct job *job)
{
	const struct incident *in = &job->incident;
	const char *error = in->error ? strerrorname_np(in->error) : NULL;
	char head[1024], when[32], text[sizeof(in->text)], boot[64] = "?";
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	time_t now = time(NULL);
	struct tm tm;
	size_t i;
	int n;

	if (file && !fgets(boot, sizeof(boot), file))
		strcpy(boot, "?");
	if (file)
		fclose(file);
	boot[strcspn(boot, "\n")] = '\0';
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	strcpy(text, in->text);
	for (i = 0; text[i]; i++)
		text[i] = text[i] < ' ' ? ' ' : text[i];
	n = snprintf(head, sizeof(head),
		     "# dd-recorder " DDR_VERSION ": stream %s, saved %s on %s%s%s\n# boot: %s\n# device: %s\n# pid: %" PRId32
		     "\n# at: %" PRIu64 ".%06" PRIu64 "\n# text: %s\n# not saved since the last time, at least: %" PRIu64
		     "\n# bytes of the oldest left out: %" PRIu64 "\n#\n",
		     job->past->stream, when, incident_name(in), error ? " " : "", error ? error : "", boot,
		     *in->device ? in->device : "?", in->pid, in->time_ns / 1000000000,
		     in->time_ns / 1000 % 1000000, text, job->past->not_saved, job->done);
	return write_all(job->to, head, (size_t)n < sizeof(head) ? (size_t)n : sizeof(head) - 1);
}

/* All is read. What does not fit was overwritten, and so was a part of a line. */
static int begin_writing(struct job *job)
{
	if (job->bytes > job->max) {
		job->done = job->bytes - job->max;
		while (job->done < job->bytes && job->text[job->done % job->max] != '\n')
			job->done++;
		job->done += job->done < job->bytes;
	}
	job->to = saved_new(job->past->stream);
	return job->to < 0 ? -1 : write_head(job);
}

/* Return: as read_some(). */
static int write_some(struct job *job)
{
	size_t at = job->done % job->max, n = job->max - at;

	if (n > job->bytes - job->done)
		n = job->bytes - job->done;
	if (n > WRITE_BYTES)
		n = WRITE_BYTES;
	if (write_all(job->to, job->text + at, n) || fdatasync(job->to))
		return -1;
	job->done += n;
	return job->done == job->bytes;
}

static void finish(struct job *job)
{
	char path[PATH_MAX];
	int to = job->to;

	job->to = -1;
	close(to);
	if (saved_keep(job->past->stream, time(NULL), job->keep, path)) {
		job_failed(job, errno);
		return;
	}
	announce_saved(job->past->stream, &job->incident, path, job->past->not_saved);
	job->past->not_saved = 0;
	job_free(job);
}

static int on_step(sd_event_source *source, void *data)
{
	struct job *job = data;
	int ret;

	(void)source;
	if (job->to >= 0) {
		ret = write_some(job);
		if (ret > 0)
			finish(job);
	} else {
		ret = read_some(job);
		if (ret > 0)
			ret = begin_writing(job);
	}
	if (ret < 0)
		job_failed(job, errno);
	return 0;
}

/* Return: 0, or a negative errno value. */
static int job_start(sd_event *event, struct job *job)
{
	int err;

	job->text = malloc(job->max);
	if (!job->text)
		return -ENOMEM;
	err = sd_event_add_defer(event, &job->step, on_step, job);
	if (err >= 0)
		err = sd_event_source_set_priority(job->step, SD_EVENT_PRIORITY_IDLE);
	if (err >= 0)
		err = sd_event_source_set_enabled(job->step, SD_EVENT_ON);
	return err;
}

static bool is_too_soon(const struct past *past, const struct ddr_stream *stream)
{
	uint64_t every_s = stream->save.every_s ? stream->save.every_s : DDR_SAVE_EVERY_DEFAULT;

	return past->has_last && now_ns() - past->last_ns < every_s * 1000000000;
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
	struct past *past = past_of(stream->name);
	struct job *job;
	int err;

	if (!past)
		return;
	if (is_too_soon(past, stream)) {
		past->not_saved++;
		return;
	}
	past->has_last = true;
	past->last_ns = now_ns();
	job = calloc(1, sizeof(*job));
	if (!job) {
		past->not_saved++;
		return;
	}
	*job = (struct job){
		.next = jobs,
		.past = past,
		.incident = *incident,
		.keep = stream->save.keep ? stream->save.keep : DDR_SAVES_DEFAULT,
		.max = stream->save.max ? stream->save.max : DDR_SAVE_MAX_DEFAULT,
		.from = recording_open(rec, stream->name, DDR_SNAPSHOT, 0),
		.to = -1,
	};
	jobs = job;
	err = job->from < 0 ? -errno : job_start(event, job);
	if (err < 0)
		job_failed(job, -err);
}

/**
 * save_end() - finish what is being saved, and forget what is known
 *
 * Context: takes the seconds that it takes; the loop has ended.
 */
void save_end(void)
{
	struct past *past;

	while (jobs)
		on_step(NULL, jobs);
	while ((past = pasts) != NULL) {
		pasts = past->next;
		free(past);
	}
}
