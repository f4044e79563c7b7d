// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches for what streams are saved at. A stream of the daemon's own has nothing but failed commits and DRM's errors
 * in it, so that nobody is woken for anything else. Of marks, which are written to the streams themselves, a trigger
 * of the kernel's takes note.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "incident.h"
#include "instance.h"
#include "log.h"
#include "recording.h"
#include "save.h"
#include "watch.h"

/* Of incidents: those that do not fit come at a rate at which most are not saved anyway. */
#define WATCH_SIZE "64K"
/* Of events that are looked at in one go: who makes them may be hostile, and others wait. */
#define EVENTS_PER_STEP 64
/* And then the daemon rests of them: in a storm all but the first are not saved anyway. */
#define REST_USEC UINT64_C(50000)
/* How often triggers are looked at. */
#define LOOK_USEC UINT64_C(1000000)

/* The daemon has one thread: no lock. */
static struct {
	sd_event *event;
	struct recording *rec;
	const struct ddr_config *config;
	struct ddr_reader *reader;
	sd_event_source *io;
	sd_event_source *rest; /* on while nothing is read */
	sd_event_source *look;
} watch;

/* What any stream is saved at. */
static unsigned int all_on(const struct ddr_config *config)
{
	unsigned int on = 0;
	size_t i;

	for (i = 0; i < config->n_streams; i++)
		on |= config->stream[i]->save.on;
	return on;
}

/**
 * watch_configure() - add the daemon's own stream to a configuration, if it takes one
 * @config: loaded.
 *
 * Return: 0, or -1 after a message.
 */
int watch_configure(struct ddr_config *config)
{
	unsigned int on = all_on(config);
	struct ddr_stream *own;

	if (ddr_config_stream(config, DDR_WATCH_STREAM)) {
		log_msg(LOG_LEVEL_ERR, "stream " DDR_WATCH_STREAM ": that name is the daemon's own");
		return -1;
	}
	if (!(on & (DDR_ON_FAILED_COMMIT | DDR_ON_DRM_ERROR)))
		return 0;
	if (config->n_streams == DDR_MAX_STREAMS) {
		log_msg(LOG_LEVEL_ERR, "on=: needs a stream of the daemon's own, and there are %d already",
			DDR_MAX_STREAMS);
		return -1;
	}
	own = ddr_config_add_stream(config, DDR_WATCH_STREAM);
	if (own)
		own->size = strdup(WATCH_SIZE);
	if (!own || !own->size ||
	    ((on & DDR_ON_FAILED_COMMIT) && ddr_list_add(&own->select, "class DRM_ATOMIC_FAILED", 23)) ||
	    ((on & DDR_ON_DRM_ERROR) && ddr_list_add(&own->events, "printk:console", 14))) {
		log_msg(LOG_LEVEL_ERR, "out of memory");
		return -1;
	}
	own->ioctls = DDR_IOCTLS_NONE;
	own->internal = true;
	return 0;
}

static void happened(const struct incident *incident)
{
	size_t i;

	for (i = 0; i < watch.config->n_streams; i++) {
		if (incident_concerns(incident, watch.config->stream[i]))
			save_stream(watch.event, watch.rec, watch.config->stream[i], incident);
	}
}

/* Return: whether there may be more. */
static bool take_events(void)
{
	struct incident incident;
	struct ddr_event event;
	int i, ret = 1;

	for (i = 0; i < EVENTS_PER_STEP && (ret = ddr_reader_next(watch.reader, &event)) > 0; i++) {
		if (incident_of_event(&incident, &event))
			happened(&incident);
	}
	if (ret < 0)
		log_msg(LOG_LEVEL_ERR, "stream " DDR_WATCH_STREAM ": %s: nothing is saved any more", strerror(errno));
	sd_event_source_set_enabled(watch.io, ret ? SD_EVENT_OFF : SD_EVENT_ON);
	if (ret > 0) {
		sd_event_source_set_time_relative(watch.rest, REST_USEC);
		sd_event_source_set_enabled(watch.rest, SD_EVENT_ONESHOT);
	}
	return ret > 0;
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	(void)data;
	take_events();
	return 0;
}

static int on_rested(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	(void)data;
	take_events();
	return 0;
}

/* Return: 0, or a negative errno value. */
static int watch_reader(void)
{
	int err;

	if (!watch.reader)
		return -errno;
	err = sd_event_add_io(watch.event, &watch.io, ddr_reader_fd(watch.reader), EPOLLIN, on_events, NULL);
	if (err >= 0)
		err = sd_event_add_time_relative(watch.event, &watch.rest, CLOCK_MONOTONIC, 0, 0, on_rested, NULL);
	return err;
}

static void begin_events(void)
{
	int fd, dir, err;

	if (!ddr_config_stream(watch.config, DDR_WATCH_STREAM))
		return;
	dir = recording_dir(watch.rec, DDR_WATCH_STREAM);
	if ((all_on(watch.config) & DDR_ON_DRM_ERROR) &&
	    instance_filter_event(dir, "printk/console", "msg ~ \"*drm*ERROR*\""))
		log_msg(LOG_LEVEL_WARNING, "on=drm-error: each line of the kernel's log is looked at: %s",
			strerror(errno));
	fd = recording_open(watch.rec, DDR_WATCH_STREAM, DDR_LIVE, 0);
	watch.reader = fd >= 0 ? ddr_reader_new(fd) : NULL;
	err = watch_reader();
	if (!watch.reader && fd >= 0)
		close(fd);
	if (err < 0)
		log_msg(LOG_LEVEL_ERR, "stream " DDR_WATCH_STREAM ": %s: nothing is saved at failed commits and errors",
			strerror(-err));
}

/* The kernel has taken note of a mark: has the stream saved, and waits for the next. */
static void marked(const struct ddr_stream *stream, int dir)
{
	struct incident incident = { .on = DDR_ON_MARKER, .minor = -1 };

	/* with several, nobody knows which one it was */
	snprintf(incident.text, sizeof(incident.text), "%s",
		 stream->save.marker.n == 1 ? stream->save.marker.item[0] : "");
	save_stream(watch.event, watch.rec, stream, &incident);
	if (instance_watch_marks(dir, &stream->save.marker))
		log_limited(LOG_LEVEL_ERR, "stream %s: on=marker: no mark is seen any more: %s", stream->name,
			    strerror(errno));
}

static int on_look(sd_event_source *source, uint64_t usec, void *data)
{
	size_t i;

	(void)usec;
	(void)data;
	for (i = 0; i < watch.config->n_streams; i++) {
		const struct ddr_stream *stream = watch.config->stream[i];
		int dir = recording_dir(watch.rec, stream->name);

		/* to wait for the next takes the kernel a while, so not before that could be saved */
		if ((stream->save.on & DDR_ON_MARKER) && save_is_due(stream, DDR_ON_MARKER) && instance_mark_seen(dir))
			marked(stream, dir);
	}
	sd_event_source_set_time_relative(source, LOOK_USEC);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void begin_marks(void)
{
	size_t i;

	for (i = 0; i < watch.config->n_streams; i++) {
		const struct ddr_stream *stream = watch.config->stream[i];
		int dir = recording_dir(watch.rec, stream->name);

		/* one that came while nobody looked */
		if ((stream->save.on & DDR_ON_MARKER) && instance_mark_seen(dir))
			marked(stream, dir);
		else if (instance_watch_marks(dir, &stream->save.marker))
			log_msg(LOG_LEVEL_ERR, "stream %s: on=marker: the kernel has no such trigger: %s",
				stream->name, strerror(errno));
	}
	if ((all_on(watch.config) & DDR_ON_MARKER) &&
	    sd_event_add_time_relative(watch.event, &watch.look, CLOCK_MONOTONIC, LOOK_USEC, 0, on_look, NULL) < 0)
		log_msg(LOG_LEVEL_ERR, "on=marker: out of memory");
}

/**
 * watch_begin() - watch for what the streams are saved at
 * @event: the daemon's loop.
 * @rec: which has the streams, and the daemon's own.
 * @config: what watch_configure() was called for; until watch_end().
 */
void watch_begin(sd_event *event, struct recording *rec, const struct ddr_config *config)
{
	watch.event = event;
	watch.rec = rec;
	watch.config = config;
	begin_events();
	begin_marks();
}

/**
 * watch_end() - watch no more; nothing if that was not begun
 * @leave: leave the kernel's triggers as they are, for who takes over.
 */
void watch_end(bool leave)
{
	const struct ddr_list none = { 0 };
	size_t i;

	/* what was read of the pipe is nowhere else */
	for (i = 0; watch.reader && i < 16 && take_events(); i++)
		;
	watch.io = sd_event_source_disable_unref(watch.io);
	watch.rest = sd_event_source_disable_unref(watch.rest);
	watch.look = sd_event_source_disable_unref(watch.look);
	if (watch.reader)
		ddr_reader_free(watch.reader);
	watch.reader = NULL;
	for (i = 0; !leave && watch.config && i < watch.config->n_streams; i++)
		instance_watch_marks(recording_dir(watch.rec, watch.config->stream[i]->name), &none);
	watch.config = NULL;
}
