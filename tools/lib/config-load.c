// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which files make up the configuration: the named one and its drop-ins. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

static int read_path(struct ddr_config *config, const char *path, char *error)
{
	FILE *file = fopen(path, "re");
	int err;

	if (!file) {
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: %s", path, strerror(errno));
		return -1;
	}
	err = ddr_config_read(config, file, path, error);
	fclose(file);
	return err;
}

static int is_dropin(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* Byte order, not the locale's: the same files mean the same everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_dropins(struct ddr_config *config, const char *dir, char *error)
{
	struct dirent **entries;
	int n, i, err = 0;
	char *path;

	n = scandir(dir, &entries, is_dropin, by_name);
	if (n < 0) {
		if (errno == ENOENT)
			return 0;
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: %s", dir, strerror(errno));
		return -1;
	}
	for (i = 0; i < n; i++) {
		if (!err && asprintf(&path, "%s/%s", dir, entries[i]->d_name) < 0) {
			snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: out of memory", dir);
			err = -1;
		} else if (!err) {
			err = read_path(config, path, error);
			free(path);
		}
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int read_all(struct ddr_config *config, const char *path, char *error)
{
	char *dir;
	int err;

	if (asprintf(&dir, "%s.d", path) < 0) {
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: out of memory", path);
		return -1;
	}
	err = read_path(config, path, error);
	if (!err)
		err = read_dropins(config, dir, error);
	if (!err)
		err = ddr_config_finish(config, error);
	free(dir);
	return err;
}

/**
 * ddr_config_load() - read a file and its drop-ins, and check the whole
 * @path: the file; the drop-ins are the .conf files in PATH.d, in byte order of their names.
 * @error: DDR_CONFIG_ERROR_MAX bytes for the reason.
 *
 * Return: to be freed with ddr_config_free(), or NULL with @error set.
 */
struct ddr_config *ddr_config_load(const char *path, char *error)
{
	struct ddr_config *config = ddr_config_new();

	if (!config) {
		snprintf(error, DDR_CONFIG_ERROR_MAX, "%s: out of memory", path);
		return NULL;
	}
	if (read_all(config, path, error)) {
		ddr_config_free(config);
		return NULL;
	}
	return config;
}
