// SPDX-License-Identifier: GPL-2.0-only
/* A configured stream as things in the kernel: destination, routes, events. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "../lib/config-value.h"
#include "batch.h"
#include "control.h"
#include "instance.h"
#include "keep.h"
#include "log.h"
#include "stream.h"

static int write_batches(const struct ddr_list *batches)
{
	size_t i;

	for (i = 0; i < batches->n; i++) {
		if (control_write(batches->item[i]))
			return -1;
	}
	return 0;
}

static int write_start(const struct ddr_stream *conf, const struct trailer *trailer,
		       const struct start_options *options)
{
	struct ddr_list batches = { 0 };
	int err, saved;

	err = batch_start(&batches, conf, trailer, options);
	if (!err)
		err = write_batches(&batches);
	saved = errno;
	ddr_list_clear(&batches);
	errno = saved;
	return err;
}

static uint64_t size_of(const char *text)
{
	struct ddr_complaint ignored; /* it was read before */
	uint64_t bytes = 0;

	if (text)
		ddr_parse_size(text, &bytes, &ignored);
	return bytes;
}

static uint64_t max_of(const struct ddr_stream *conf)
{
	return size_of(conf->max ? conf->max : DDR_KEEP_MAX);
}

/* Leaves unsaid what an instance from before already is: both clock and size cost something. */
static void choose_options(const struct ddr_stream *conf, struct tracefs_instance *instance,
			   uint64_t bytes, struct start_options *options)
{
	*options = (struct start_options){ .say_size = bytes > 0, .say_clock = true };
	if (!instance)
		return;
	options->say_clock = !instance_has_clock(instance, conf->clock);
	options->say_size = bytes && !instance_has_size(instance, bytes);
	/* What it has grown to is worth keeping. */
	if (conf->keep_s && instance_size(instance) >= bytes && instance_size(instance) <= max_of(conf))
		options->say_size = false;
}

static void keeps_size(const struct ddr_stream *conf)
{
	log_msg(LOG_LEVEL_WARNING, "stream %s: keeps the size it has (%s; does a reader hold it open?)",
		conf->name, strerror(errno));
}

/* Of a destination that is open already, "open" changes neither: control-language. Says why not. */
static int adjust(const struct ddr_stream *conf, struct tracefs_instance *instance,
		  uint64_t bytes, struct start_options *options)
{
	if (options->say_clock && instance_set_clock(instance, conf->clock)) {
		log_msg(LOG_LEVEL_ERR, "stream %s: clock %s: %s", conf->name, conf->clock,
			strerror(errno));
		return -1;
	}
	if (options->say_size && instance_set_size(instance, bytes))
		keeps_size(conf);
	*options = (struct start_options){ 0 };
	return 0;
}

static int start_destination(const struct ddr_stream *conf, const struct trailer *trailer)
{
	struct tracefs_instance *instance = instance_find(conf->name);
	uint64_t bytes = size_of(conf->size);
	struct start_options options;
	int err;

	choose_options(conf, instance, bytes, &options);
	if (instance && trailer_is_open(trailer, conf->name) &&
	    adjust(conf, instance, bytes, &options)) {
		tracefs_instance_free(instance);
		return -1;
	}
	err = write_start(conf, trailer, &options);
	/* A reader in the way is EBUSY; up to 6.1, every resize that fails is ENOMEM. */
	if (err && (errno == EBUSY || errno == ENOMEM) && instance && options.say_size) {
		keeps_size(conf);
		options.say_size = false;
		err = write_start(conf, trailer, &options);
	}
	if (err)
		log_msg(LOG_LEVEL_ERR, "stream %s: %s (the kernel log has the reason)",
			conf->name, strerror(errno));
	if (instance)
		tracefs_instance_free(instance);
	return err;
}

/**
 * stream_check() - does this kernel have what a stream's configuration names?
 * @conf: the stream.
 *
 * What can be seen beforehand: its clock and its events.
 *
 * Return: 0, or -1 after a message for each that there is not.
 */
int stream_check(const struct ddr_stream *conf)
{
	char *clocks = instance_clocks(), *word = NULL;
	int err = 0;
	size_t i;

	if (clocks && asprintf(&word, " %s ", conf->clock) >= 0 && !strstr(clocks, word) &&
	    strncmp(clocks, word + 1, strlen(word + 1)) != 0) {
		log_msg(LOG_LEVEL_ERR, "stream %s: no clock %s in this kernel; it has: %s",
			conf->name, conf->clock, clocks);
		err = -1;
	}
	free(word);
	free(clocks);
	for (i = 0; i < conf->events.n; i++) {
		if (instance_event_exists(conf->events.item[i])) {
			if (instance_event_bares(conf->events.item[i]))
				log_msg(LOG_LEVEL_WARNING,
					"stream %s: event %s may show kernel addresses to whoever may read it",
					conf->name, conf->events.item[i]);
			continue;
		}
		log_msg(LOG_LEVEL_ERR, "stream %s: no event %s in this kernel", conf->name,
			conf->events.item[i]);
		err = -1;
	}
	return err;
}

static int open_instance(struct stream *s)
{
	const char *name = s->conf->name;

	s->instance = instance_find(name);
	if (!s->instance) {
		log_msg(LOG_LEVEL_ERR, "stream %s: no instance of it in tracefs", name);
		return -1;
	}
	s->dir = instance_open_dir(s->instance);
	if (s->dir < 0) {
		log_msg(LOG_LEVEL_ERR, "stream %s: its instance: %s", name, strerror(errno));
		return -1;
	}
	/* By default poll() would wait until half of a CPU's ring is full. */
	if (tracefs_instance_file_write(s->instance, "buffer_percent", "0") < 0)
		log_msg(LOG_LEVEL_WARNING, "stream %s: buffer_percent: %s", name,
			strerror(errno));
	return 0;
}

/**
 * stream_start() - have a stream recorded
 * @s: filled in; to be ended with stream_stop(), even after an error.
 * @conf: what it is to be; has to outlive @s, or stream_change() to another.
 * @trailer: as it is now; a destination that is open already is taken over, with what it holds.
 *
 * Return: 0, or -1 after a message.
 */
int stream_start(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer)
{
	*s = (struct stream){ .conf = conf, .dir = -1 };
	if (start_destination(conf, trailer) || open_instance(s))
		return -1;
	/* It may be there from before, with whatever was on. */
	if (instance_drop_events(s->instance, &conf->events))
		return -1;
	return instance_events(s->instance, &conf->events);
}

/**
 * stream_change() - have a stream that is recorded be as another configuration has it
 * @s: started.
 * @conf: what it is to be, of the same name; as for stream_start().
 * @trailer: as it is now.
 *
 * What both have in common is recorded on without a gap; only another clock clears the ring.
 *
 * Return: 0, or -1 after a message: @s->conf is still the old one, to which another
 * stream_change() goes back.
 */
int stream_change(struct stream *s, const struct ddr_stream *conf, const struct trailer *trailer)
{
	if (!ddr_stream_same(s->conf, conf)) {
		if (start_destination(conf, trailer) ||
		    instance_events(s->instance, &conf->events) ||
		    instance_drop_events(s->instance, &conf->events))
			return -1;
	}
	s->conf = conf;
	return 0;
}

/**
 * stream_close() - remove all routes to a destination and close it; the records stay
 * @name: the destination, which is open.
 */
void stream_close(const char *name)
{
	struct ddr_list batches = { 0 };

	if (batch_stop(&batches, name) || write_batches(&batches))
		log_msg(LOG_LEVEL_WARNING, "stream %s: cannot be closed: %s", name,
			strerror(errno));
	ddr_list_clear(&batches);
}

/**
 * stream_stop() - remove a stream's routes and close its destination; the records stay
 * @s: started; afterwards without instance and directory.
 * @trailer: as it is now; what is not open needs no closing.
 */
void stream_stop(struct stream *s, const struct trailer *trailer)
{
	const struct ddr_list none = { 0 };

	if (s->instance)
		instance_drop_events(s->instance, &none);
	if (s->dir >= 0)
		instance_watch_marks(s->dir, &none);
	if (trailer_is_open(trailer, s->conf->name))
		stream_close(s->conf->name);
	/* of the daemon's own, nobody wants to read what it holds */
	if (s->conf->internal && s->instance)
		tracefs_instance_destroy(s->instance);
	stream_leave(s);
}

/**
 * stream_leave() - let go of a stream and leave it in the kernel as it is
 * @s: started; afterwards without instance and directory.
 */
void stream_leave(struct stream *s)
{
	if (s->dir >= 0)
		close(s->dir);
	if (s->instance)
		tracefs_instance_free(s->instance);
	free(s->seen);
	s->dir = -1;
	s->instance = NULL;
	s->seen = NULL;
}

/* Says once that a ring cannot be as large as it would have to be, until it can again. */
static void say_at_max(struct stream *s, bool at_max)
{
	if (at_max && !s->at_max)
		log_msg(LOG_LEVEL_WARNING, "stream %s: cannot keep %u s: its ring is at max=%s",
			s->conf->name, s->conf->keep_s, s->conf->max ? s->conf->max : DDR_KEEP_MAX);
	s->at_max = at_max;
}

/**
 * stream_look() - give a stream with keep= the size that it needs now
 * @s: started.
 *
 * To be called every KEEP_LOOK_S.
 */
void stream_look(struct stream *s)
{
	static struct ddr_cpu_status cpu[DDR_MAX_CPUS];
	uint64_t size, want, least = size_of(s->conf->size), max = max_of(s->conf);
	size_t n;

	if (!s->conf->keep_s || !s->instance)
		return;
	if (!s->seen)
		s->seen = calloc(DDR_MAX_CPUS, sizeof(*s->seen));
	size = instance_size(s->instance);
	if (!s->seen || !size)
		return;
	n = instance_cpus(s->dir, cpu, DDR_MAX_CPUS);
	want = keep_size(s->seen, cpu, n, size, s->conf->keep_s, least ? least : KEEP_MIN);
	if (want == size)
		return;
	if (want > max && (size >= max || instance_has_size(s->instance, max))) {
		say_at_max(s, true);
		return;
	}
	if (want > max)
		want = max;
	if (instance_set_size(s->instance, want)) {
		log_limited(LOG_LEVEL_WARNING, "stream %s: cannot get another size now: %s",
			    s->conf->name, strerror(errno));
		return;
	}
	log_msg(LOG_LEVEL_INFO, "stream %s: %" PRIu64 " KiB, where it had %" PRIu64 ", to keep %u s",
		s->conf->name, want / 1024, size / 1024, s->conf->keep_s);
	say_at_max(s, false);
}
