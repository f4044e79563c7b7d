// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder info: the state of the cards and of the recorder now, as a tree or as JSON. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/protocol.h"
#include "cmd.h"
#include "info-json.h"
#include "info.h"

#define DRI "/dev/dri/"

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

/* cardN and nothing else: neither what lies beside nor names with something behind the number */
static int is_card(const struct dirent *entry)
{
	return strncmp(entry->d_name, "card", 4) == 0 && is_number(entry->d_name + 4);
}

static void add_card(struct json_object *all, const char *path, bool *failed)
{
	char key[4096]; /* and what messages say */

	info_plain(key, sizeof(key), path, strlen(path));
	info_add(all, key, info_card(path, key, failed));
}

/* Return: the path that cardN, N or a path means, to be freed; NULL where it is none of these. */
static char *path_of(const char *word)
{
	const char *number = strncmp(word, "card", 4) == 0 ? word + 4 : word;
	char *path = NULL;
	int n;

	if (strchr(word, '/'))
		return strdup(word);
	if (!is_number(number))
		return NULL;
	n = asprintf(&path, DRI "card%s", number);
	return n < 0 ? NULL : path;
}

/**
 * info_all_cards() - the state of every card
 * @all: gets an object for each, by its path.
 * @failed: set if something could not be read, after a message.
 */
void info_all_cards(struct json_object *all, bool *failed)
{
	struct dirent **list = NULL;
	char path[sizeof(DRI) + sizeof(list[0]->d_name)];
	int i, n;

	n = scandir(DRI, &list, is_card, versionsort);
	if (n <= 0) {
		fprintf(stderr, "dd-recorder: " DRI ": %s\n",
			n < 0 ? strerror(errno) : "there is no card");
		*failed = true;
	}
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), DRI "%s", list[i]->d_name);
		add_card(all, path, failed);
		free(list[i]);
	}
	free(list);
}

static int show(char **words, const char *socket_path, bool json)
{
	struct json_object *all = json_object_new_object();
	bool failed = false;
	char *path;

	if (!*words)
		info_all_cards(all, &failed);
	for (; *words; words++) {
		path = path_of(*words);
		if (path)
			add_card(all, path, &failed);
		free(path);
	}
	info_add(all, "recorder", info_recorder(socket_path));
	if (json)
		puts(json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN |
								 JSON_C_TO_STRING_NOSLASHESCAPE));
	else
		info_text(all, stdout);
	json_object_put(all);
	return failed ? EXIT_FAILED : EXIT_OK;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *socket_path = NULL;
	bool json = false;
	char *path;
	int opt, i;

	while ((opt = getopt_long(argc, argv, "s:jh", options, NULL)) != -1) {
		switch (opt) {
		case 's':
			socket_path = optarg;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	for (i = optind; i < argc; i++) {
		path = path_of(argv[i]);
		free(path);
		if (!path)
			return cmd_usage_error(cmd, "'%s' is not a card: cardN, N or a path",
					       argv[i]);
	}
	return show(argv + optind, socket_path, json);
}

const struct command cmd_info = {
	.name = "info",
	.summary = "print the cards' state, and the recorder's",
	.usage = "usage: dd-recorder info [-j] [-s SOCKET] [CARD...]\n\n"
		 "Prints each card's driver, capabilities, connectors, encoders, CRTCs, planes\n"
		 "and all their properties as they are now, and what 'dd-recorder status' says.\n"
		 "CARD is cardN, N or a path; without one: all. Nothing is probed or changed.\n"
		 "Opening a card takes group video. What cannot be read is told, and then it\n"
		 "ends with 1.\n\n"
		 "  -j, --json         one JSON object, laid out as that of 'drm_info -j'\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
