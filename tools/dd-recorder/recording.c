// SPDX-License-Identifier: GPL-2.0-only
/* All configured streams together: started, changed and stopped with the configuration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "batch.h"
#include "control.h"
#include "copy.h"
#include "formats.h"
#include "instance.h"
#include "leftover.h"
#include "lend.h"
#include "log.h"
#include "recording.h"
#include "saved.h"
#include "stream.h"

/* Made by recording_start(), freed by recording_stop(). The daemon has one thread: no lock. */
struct recording {
	struct stream *stream;
	size_t n;
	const char *socket;
};

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
	int err = 0;
	size_t i;

	if (!control_module_loaded("dyndbg_trace")) {
		log_msg(LOG_LEVEL_ERR, "module dyndbg_trace is not loaded: modprobe dyndbg_trace");
		return -1;
	}
	if (selects_drm(config) && !control_module_loaded("dyndbg_drm"))
		log_msg(LOG_LEVEL_WARNING, "module dyndbg_drm is not loaded, so that DRM's classes "
					   "may stay silent: modprobe dyndbg_drm");
	/* It is mounted if it has to be. tracefs_tracing_dir_is_mounted() would leak (1.6, 1.8). */
	if (!tracefs_tracing_dir()) {
		log_msg(LOG_LEVEL_ERR, "tracefs is not mounted and cannot be: %s",
			strerror(errno));
		return -1;
	}
	for (i = 0; i < config->n_streams; i++)
		err |= stream_check(config->stream[i]);
	return err;
}

/* Both arrays have room for one more, so that there is one even without a stream. */
static struct stream *streams_alloc(const struct ddr_config *config)
{
	struct stream *streams = calloc(config->n_streams + 1, sizeof(*streams));

	if (!streams)
		log_msg(LOG_LEVEL_ERR, "out of memory");
	return streams;
}

/* Return: 0, or -1 after a message; @trailer needs no freeing then. */
static int read_trailer(struct trailer *trailer)
{
	*trailer = (struct trailer){ 0 };
	if (!control_read(trailer))
		return 0;
	log_msg(LOG_LEVEL_ERR, "dynamic debug's control file: %s", strerror(errno));
	return -1;
}

/**
 * recording_start() - make the kernel record every configured stream
 * @config: loaded; has to outlive what is returned, or the next recording_reload().
 * @socket: path of the daemon's socket, beside which is noted what is open.
 *
 * What a daemon that was killed left open is taken over, with what it holds, or closed if it is not
 * configured any more.
 *
 * Return: to be ended with recording_stop(); NULL after a message, with nothing left behind.
 */
struct recording *recording_start(const struct ddr_config *config, const char *socket)
{
	struct recording *rec;
	struct trailer trailer;
	int err = 0;

	if (check_kernel(config) || read_trailer(&trailer))
		return NULL;
	rec = calloc(1, sizeof(*rec));
	if (rec)
		rec->stream = streams_alloc(config);
	if (!rec || !rec->stream) {
		free(rec);
		trailer_free(&trailer);
		return NULL;
	}
	for (; rec->n < config->n_streams && !err; rec->n++)
		err = stream_start(&rec->stream[rec->n], config->stream[rec->n], &trailer);
	if (!err)
		leftover_close(socket, config, &trailer);
	trailer_free(&trailer);
	if (err) {
		recording_stop(rec, false);
		return NULL;
	}
	rec->socket = socket;
	leftover_note(socket, config);
	return rec;
}

static struct stream *find(const struct recording *rec, const char *name)
{
	size_t i;

	for (i = 0; i < rec->n; i++) {
		if (strcmp(rec->stream[i].conf->name, name) == 0)
			return &rec->stream[i];
	}
	return NULL;
}

/* Is it recorded? Somebody may have closed its destination: then it is begun anew. */
static bool goes_on(const struct stream *old, const struct trailer *before)
{
	return old && trailer_is_open(before, old->conf->name);
}

/* Back to what was @before: @next's first @n streams were touched, the last of them perhaps half. */
static void undo(struct recording *rec, struct stream *next, const struct ddr_config *config,
		 size_t n, const struct trailer *before)
{
	struct trailer trailer;
	struct stream *old;
	size_t i;

	/* Without it, what is not open is closed in vain, and foreign routes stay. */
	read_trailer(&trailer);
	for (i = 0; i < n; i++) {
		old = find(rec, config->stream[i]->name);
		if (!goes_on(old, before)) {
			stream_stop(&next[i], &trailer);
			continue;
		}
		next[i].conf = config->stream[i];
		if (stream_change(&next[i], old->conf, &trailer))
			log_msg(LOG_LEVEL_ERR, "stream %s: is neither as before nor as it should be",
				old->conf->name);
	}
	trailer_free(&trailer);
}

static int change_all(struct recording *rec, struct stream *next, const struct ddr_config *config,
		      const struct trailer *trailer)
{
	const struct ddr_stream *conf;
	struct stream *old;
	size_t i;
	int err;

	for (i = 0; i < config->n_streams; i++) {
		conf = config->stream[i];
		old = find(rec, conf->name);
		if (goes_on(old, trailer)) {
			next[i] = *old;
			err = stream_change(&next[i], conf, trailer);
		} else {
			err = stream_start(&next[i], conf, trailer);
		}
		if (err) {
			undo(rec, next, config, i + 1, trailer);
			return -1;
		}
	}
	return 0;
}

/**
 * recording_reload() - record what another configuration has
 * @rec: the recording.
 * @config: loaded; has to outlive @rec, or the next recording_reload().
 *
 * What both configurations have is recorded on without a gap. What only the old one has is stopped
 * when all of the new one is there.
 *
 * Return: 0: the old configuration is not used any more; -1 after a message, and all is as before.
 */
int recording_reload(struct recording *rec, const struct ddr_config *config)
{
	struct stream *next = streams_alloc(config);
	struct trailer trailer;
	size_t i;

	if (!next)
		return -1;
	if (check_kernel(config) || read_trailer(&trailer)) {
		free(next);
		return -1;
	}
	if (change_all(rec, next, config, &trailer)) {
		trailer_free(&trailer);
		free(next);
		return -1;
	}
	for (i = 0; i < rec->n; i++) {
		if (!ddr_config_stream(config, rec->stream[i].conf->name))
			stream_stop(&rec->stream[i], &trailer);
		else if (!goes_on(&rec->stream[i], &trailer))
			stream_leave(&rec->stream[i]);
	}
	trailer_free(&trailer);
	free(rec->stream);
	rec->stream = next;
	rec->n = config->n_streams;
	leftover_note(rec->socket, config);
	return 0;
}

/**
 * recording_stop() - remove the routes and close the destinations; the records stay
 * @rec: freed; may be NULL.
 * @leave: leave all as it is, for the next daemon to take over.
 */
void recording_stop(struct recording *rec, bool leave)
{
	struct trailer trailer;
	size_t i;

	if (!rec)
		return;
	/* What is not open, because its start failed or somebody closed it, needs no closing. */
	if (!leave)
		read_trailer(&trailer);
	for (i = 0; i < rec->n; i++) {
		if (leave)
			stream_leave(&rec->stream[i]);
		else
			stream_stop(&rec->stream[i], &trailer);
	}
	if (!leave) {
		trailer_free(&trailer);
		if (rec->socket)
			leftover_forget(rec->socket);
	}
	free(rec->stream);
	free(rec);
}

/**
 * recording_look() - give streams with keep= the size that they need
 * @rec: the recording.
 */
void recording_look(struct recording *rec)
{
	size_t i;

	for (i = 0; i < rec->n; i++)
		stream_look(&rec->stream[i]);
}

/**
 * recording_open() - open a file of a stream's instance; session_ops.open_file
 * @rec: the struct recording.
 * @stream: its name.
 * @access_bit: exactly one.
 * @cpu: with DDR_RAW, which CPU's.
 *
 * Return: the fd, the caller's to close; -1 with errno.
 */
int recording_open(void *rec, const char *stream, uint32_t access_bit, uint32_t cpu)
{
	const struct stream *s = find(rec, stream);

	if (!s) {
		errno = ENOENT;
		return -1;
	}
	return instance_open_file(s->dir, access_bit, cpu);
}

/**
 * recording_dir() - the directory of a stream's instance
 * @rec: the recording.
 * @stream: its name.
 *
 * Return: an fd of the recording's own; -1 if there is none.
 */
int recording_dir(const struct recording *rec, const char *stream)
{
	const struct stream *s = find(rec, stream);

	return s ? s->dir : -1;
}

/**
 * recording_saved() - what a stream was saved to; session_ops.saved
 * @rec: the struct recording.
 * @stream: its name.
 * @number: 0 for the newest.
 *
 * Return: the fd, the caller's to close; -1 with errno.
 */
int recording_saved(void *rec, const char *stream, uint32_t number)
{
	(void)rec;
	return saved_open(stream, number);
}

/**
 * recording_formats() - what is needed to read a stream's raw pages; session_ops.formats
 * @rec: the struct recording.
 * @stream: its name.
 * @uid: who gets it.
 *
 * Return: an fd to pass on and to close then; -1 with errno.
 */
int recording_formats(void *rec, const char *stream, uid_t uid)
{
	const struct stream *s = find(rec, stream);
	int err = s ? lend_room(uid, copy_making(uid)) : ENOENT, fd;

	if (err) {
		errno = err;
		return -1;
	}
	fd = lend_new("dd-recorder formats");
	if (fd < 0)
		return -1;
	if (formats_write(fd, s->conf)) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	return lend_give(fd, uid);
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

/**
 * recording_cpus() - each CPU's figures of a stream; session_ops.cpus
 * @rec: the struct recording.
 * @stream: its name.
 * @list: filled in.
 * @max: room there.
 *
 * Return: how many were filled in.
 */
size_t recording_cpus(void *rec, const char *stream, struct ddr_cpu_status *list, size_t max)
{
	const struct stream *s = find(rec, stream);

	return s ? instance_cpus(s->dir, list, max) : 0;
}
