// SPDX-License-Identifier: GPL-2.0-only
/*
 * The streams of a daemon that ended without closing them: killed, or left to be taken over. Their
 * names stand in a file beside the socket; the next daemon takes over those that it has, too, and
 * closes the others, which nobody would otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../lib/names.h"
#include "instance.h"
#include "leftover.h"
#include "log.h"
#include "stdio-fd.h"
#include "stream.h"

static void file_name(char path[PATH_MAX], const char *socket, const char *suffix)
{
	snprintf(path, PATH_MAX, "%s.streams%s", socket, suffix);
}

static int write_names(const char *path, const struct ddr_config *config)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	FILE *file = file_of(open(path, flags, 0600), "w");
	size_t i;

	if (!file)
		return -1;
	for (i = 0; i < config->n_streams; i++)
		fprintf(file, "%s\n", config->stream[i]->name);
	return fclose(file);
}

/**
 * leftover_note() - write down which streams are open
 * @socket: path of the daemon's socket.
 * @config: what has just been started.
 */
void leftover_note(const char *socket, const struct ddr_config *config)
{
	char path[PATH_MAX], tmp[PATH_MAX];

	file_name(path, socket, "");
	file_name(tmp, socket, ".new");
	if (write_names(tmp, config) || rename(tmp, path)) {
		log_msg(LOG_LEVEL_WARNING, "%s: %s", path, strerror(errno));
		unlink(tmp);
	}
}

/**
 * leftover_forget() - all is closed
 * @socket: path of the daemon's socket.
 */
void leftover_forget(const char *socket)
{
	char path[PATH_MAX];

	file_name(path, socket, "");
	unlink(path);
}

/**
 * leftover_close() - close what a daemon before left open and this one does not have
 * @socket: path of the daemon's socket.
 * @config: what this one has.
 * @trailer: as it is now.
 */
void leftover_close(const char *socket, const struct ddr_config *config,
		    const struct trailer *trailer)
{
	char path[PATH_MAX], name[DDR_NAME_MAX + 2];
	FILE *file;

	file_name(path, socket, "");
	file = file_of(open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), "r");
	if (!file)
		return;
	while (fgets(name, sizeof(name), file)) {
		name[strcspn(name, "\n")] = '\0';
		if (!ddr_name_valid(name) || ddr_config_stream(config, name) ||
		    !trailer_is_open(trailer, name))
			continue;
		log_msg(LOG_LEVEL_INFO, "stream %s: left by a daemon before; closed", name);
		stream_close(name);
		if (!strcmp(name, DDR_WATCH_STREAM))
			instance_remove(name);
	}
	fclose(file);
}
