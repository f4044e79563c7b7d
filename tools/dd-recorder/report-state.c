// SPDX-License-Identifier: GPL-2.0-only
/* A report's state of cards, modules and routes, as it is when the report is made. */
#include <errno.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "info-json.h"
#include "info.h"
#include "report.h"
#include "trailer.h"

static char *first_line(const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	if (file && getline(&line, &room, file) > 0)
		line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
	return line;
}

/* Modules by name and users, those of drm and ours: what drm is, uses or is used by. */
static struct json_object *modules(void)
{
	FILE *file = fopen("/proc/modules", "re");
	struct json_object *list = json_object_new_array(), *to;
	char name[64], users[4096];
	unsigned int size;

	while (file && fscanf(file, "%63s %u %*d %4095s%*[^\n]", name, &size, users) == 3) {
		if (!strstr(name, "drm") && !strstr(users, "drm") && strncmp(name, "dyndbg", 6))
			continue;
		to = json_object_new_object();
		info_add_string(to, "name", name);
		info_add_uint(to, "size", size);
		info_add_string(to, "used_by", strcmp(users, "-") ? users : "");
		json_object_array_add(list, to);
	}
	if (file)
		fclose(file);
	return list;
}

static struct json_object *routes(struct report *report)
{
	FILE *file = fopen("/proc/dynamic_debug/control", "re");
	struct json_object *list;
	struct trailer trailer;
	size_t i;

	if (!file || trailer_read(&trailer, file)) {
		report_source(report, "routes", strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	fclose(file);
	report_source(report, "routes", NULL);
	list = json_object_new_array();
	for (i = 0; i < trailer.routes.n; i++)
		json_object_array_add(list, info_string(trailer.routes.item[i], strlen(trailer.routes.item[i])));
	trailer_free(&trailer);
	return list;
}

static int add_system(struct report *report)
{
	struct json_object *to = json_object_new_object();
	char *cmdline = first_line("/proc/cmdline");
	struct utsname name;
	int err;

	if (!uname(&name)) {
		info_add_string(to, "release", name.release);
		info_add_string(to, "version", name.version);
		info_add_string(to, "machine", name.machine);
	}
	info_add(to, "cmdline", cmdline ? info_string(cmdline, strlen(cmdline)) : NULL);
	info_add(to, "modules", modules());
	info_add(to, "routes", routes(report));
	err = report_add_json(report, "system.json", to);
	json_object_put(to);
	free(cmdline);
	return err;
}

static int add_info(struct report *report)
{
	struct json_object *all = json_object_new_object();
	bool failed = false;
	char *text = NULL;
	size_t len = 0;
	FILE *to;
	int err;

	info_all_cards(all, &failed);
	info_add(all, "recorder", info_recorder(report->socket_path));
	report_source(report, "cards", failed ? "not all that there is to know" : NULL);
	err = report_add_json(report, "info.json", all);
	to = err ? NULL : open_memstream(&text, &len);
	if (to) {
		info_text(all, to);
		err = fclose(to) ? -1 : 0;
		report_redact(report, text, len);
		err = err ? err : report_add(report, "info.txt", text, len);
	}
	free(text);
	json_object_put(all);
	return err;
}

/**
 * report_state() - kernel, modules, routes and cards
 * @report: the report.
 *
 * Return: 0, or -1 when the archive cannot be written.
 */
int report_state(struct report *report)
{
	report_progress(report, "the state of the cards");
	return add_system(report) || add_info(report) ? -1 : 0;
}
