// SPDX-License-Identifier: GPL-2.0-only
/* The configured streams as things in the kernel: destinations, routes, events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "../lib/config-value.h"
#include "batch.h"
#include "control.h"
#include "instance.h"
#include "log.h"
#include "stream.h"

/* One stream in the kernel. The daemon has one thread: no lock. */
struct stream {
	const struct ddr_stream *conf;
	struct tracefs_instance *instance;
	int dir;
};

/* Made by recording_start(), freed by recording_stop(); the configuration has to outlive it. */
struct recording {
	struct stream *stream;
	size_t n;
};

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

/* Leaves unsaid what an instance from before already is: both clock and size cost something. */
static void choose_options(const struct ddr_stream *conf, struct tracefs_instance *instance,
			   uint64_t bytes, struct start_options *options)
{
	*options = (struct start_options){ .say_size = bytes > 0, .say_clock = true };
	if (!instance)
		return;
	options->say_clock = !instance_has_clock(instance, conf->clock);
	options->say_size = bytes && !instance_has_size(instance, bytes);
}

static void keeps_size(const struct ddr_stream *conf)
{
	log_msg(LOG_LEVEL_WARNING, "stream %s: keeps the size it has (%s; does a reader hold it open?)",
		conf->name, strerror(errno));
}

/* Of a destination that is open already, "open" changes neither: control-language. */
static int adjust(const struct ddr_stream *conf, struct tracefs_instance *instance,
		  uint64_t bytes, struct start_options *options)
{
	if (options->say_clock && instance_set_clock(instance, conf->clock))
		return -1;
	if (options->say_size && instance_set_size(instance, bytes))
		keeps_size(conf);
	*options = (struct start_options){ 0 };
	return 0;
}

static int start_destination(const struct ddr_stream *conf, const struct trailer *trailer)
{
	struct tracefs_instance *instance = instance_find(conf->name);
	struct ddr_complaint ignored; /* it was read before */
	struct start_options options;
	uint64_t bytes = 0;
	int err = 0;

	if (conf->size)
		ddr_parse_size(conf->size, &bytes, &ignored);
	choose_options(conf, instance, bytes, &options);
	if (instance && trailer_is_open(trailer, conf->name))
		err = adjust(conf, instance, bytes, &options);
	if (!err)
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

static int start_stream(struct stream *s, const struct trailer *trailer)
{
	const char *name = s->conf->name;

	if (start_destination(s->conf, trailer))
		return -1;
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
	return instance_events(s->instance, &s->conf->events, true);
}

static void stop_stream(struct stream *s, const struct trailer *trailer)
{
	struct ddr_list batches = { 0 };

	if (s->instance)
		instance_events(s->instance, &s->conf->events, false);
	if (trailer_is_open(trailer, s->conf->name) &&
	    (batch_stop(&batches, s->conf->name) || write_batches(&batches)))
		log_msg(LOG_LEVEL_WARNING, "stream %s: cannot be closed: %s", s->conf->name,
			strerror(errno));
	ddr_list_clear(&batches);
	if (s->dir >= 0)
		close(s->dir);
	if (s->instance)
		tracefs_instance_free(s->instance);
}

static bool selects_drm(const struct ddr_config *config)
{
	size_t i, j;

	for (i = 0; i < config->n_streams; i++) {
		for (j = 0; j < config->stream[i]->select.n; j++) {
			if (strstr(config->stream[i]->select.item[j], "DRM_"))
				return true;
		}
	}
	return false;
}

static int check_kernel(const struct ddr_config *config)
{
	const char *tracing;

	if (!control_module_loaded("dyndbg_trace")) {
		log_msg(LOG_LEVEL_ERR, "module dyndbg_trace is not loaded: modprobe dyndbg_trace");
		return -1;
	}
	if (selects_drm(config) && !control_module_loaded("dyndbg_drm"))
		log_msg(LOG_LEVEL_WARNING, "module dyndbg_drm is not loaded, so that DRM's classes "
					   "may stay silent: modprobe dyndbg_drm");
	if (tracefs_tracing_dir_is_mounted(true, &tracing) < 0) {
		log_msg(LOG_LEVEL_ERR, "tracefs is not mounted and cannot be: %s",
			strerror(errno));
		return -1;
	}
	return 0;
}

/**
 * recording_start() - make the kernel record every configured stream
 * @config: loaded; has to outlive what is returned.
 *
 * What a daemon that was killed left open is taken over, with what it holds.
 *
 * Return: to be ended with recording_stop(); NULL after a message, with nothing left behind.
 */
struct recording *recording_start(const struct ddr_config *config)
{
	struct trailer trailer;
	struct recording *rec;
	int err = 0;
	size_t i;

	if (check_kernel(config))
		return NULL;
	if (control_read(&trailer)) {
		log_msg(LOG_LEVEL_ERR, "dynamic debug's control file: %s", strerror(errno));
		return NULL;
	}
	rec = calloc(1, sizeof(*rec));
	if (rec)
		rec->stream = calloc(config->n_streams + 1, sizeof(*rec->stream));
	if (!rec || !rec->stream) {
		log_msg(LOG_LEVEL_ERR, "out of memory");
		free(rec);
		trailer_free(&trailer);
		return NULL;
	}
	for (i = 0; i < config->n_streams && !err; i++) {
		rec->stream[i] = (struct stream){ .conf = config->stream[i], .dir = -1 };
		rec->n = i + 1;
		err = start_stream(&rec->stream[i], &trailer);
	}
	trailer_free(&trailer);
	if (err) {
		recording_stop(rec);
		return NULL;
	}
	return rec;
}

/**
 * recording_stop() - remove the routes and close the destinations; the records stay
 * @rec: freed; may be NULL.
 */
void recording_stop(struct recording *rec)
{
	struct trailer trailer = { 0 };
	size_t i;

	if (!rec)
		return;
	/* What is not open, because its start failed or somebody closed it, needs no closing. */
	if (control_read(&trailer))
		log_msg(LOG_LEVEL_ERR, "dynamic debug's control file: %s", strerror(errno));
	for (i = 0; i < rec->n; i++)
		stop_stream(&rec->stream[i], &trailer);
	trailer_free(&trailer);
	free(rec->stream);
	free(rec);
}

static const struct stream *find(const struct recording *rec, const char *name)
{
	size_t i;

	for (i = 0; i < rec->n; i++) {
		if (strcmp(rec->stream[i].conf->name, name) == 0)
			return &rec->stream[i];
	}
	return NULL;
}

/**
 * recording_open() - open a file of a stream's instance; session_ops.open_file
 * @rec: the struct recording.
 * @stream: its name.
 * @access_bit: exactly one.
 *
 * Return: the fd, the caller's to close; -1 with errno.
 */
int recording_open(void *rec, const char *stream, uint32_t access_bit)
{
	const struct stream *s = find(rec, stream);

	if (!s) {
		errno = ENOENT;
		return -1;
	}
	return instance_open_file(s->dir, access_bit);
}

/**
 * recording_status() - a stream's figures; session_ops.status
 * @rec: the struct recording.
 * @stream: its name.
 * @status: destination, routes, size and figures are filled in.
 */
void recording_status(void *rec, const char *stream, struct ddr_stream_status *status)
{
	const struct stream *s = find(rec, stream);

	if (!s)
		return;
	strcpy(status->destination, s->conf->name); /* a valid name fits */
	status->routes = batch_n_routes(s->conf);
	instance_status(s->dir, status);
}
