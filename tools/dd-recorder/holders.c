// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has files of a stream's instance open, by /proc: what was handed out cannot be taken back, and
 * keeps the instance from being removed. The caller sees what it may see there: root all
 * processes, others their own.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holders.h"

#define INSTANCES "/instances/"

/* Return: which stream's file a link leads to, and @file its name below the instance; -1: none. */
static long stream_of(const struct ledger *ledger, const char *link, const char **file)
{
	const char *name = strstr(link, INSTANCES), *end;
	size_t i, len;

	if (!name)
		return -1;
	name += strlen(INSTANCES);
	end = strchr(name, '/');
	if (!end)
		return -1;
	len = (size_t)(end - name);
	for (i = 0; i < ledger->n; i++) {
		if (strlen(ledger->stream[i].destination) != len ||
		    strncmp(ledger->stream[i].destination, name, len) != 0)
			continue;
		*file = end + 1;
		return (long)i;
	}
	return -1;
}

/* A process gives itself any name; a terminal and JSON want one without surprises. */
static void make_plain(char *comm)
{
	for (; *comm; comm++) {
		if (*comm < ' ' || *comm > '~' || *comm == '"' || *comm == '\\')
			*comm = '?';
	}
}

/* The process's entry for that stream, made if it has none; NULL when there is no memory. */
static struct ledger_holder *holder_of(struct ledger *ledger, size_t stream, pid_t pid)
{
	struct ledger_holder *list = ledger->holder, *h;
	char path[64];
	struct stat st;
	FILE *file;

	/* processes come one after another */
	for (h = list + ledger->n_holders; h > list && h[-1].pid == pid; h--) {
		if (h[-1].stream == stream)
			return &h[-1];
	}
	list = realloc(list, (ledger->n_holders + 1) * sizeof(*list));
	if (!list)
		return NULL;
	ledger->holder = list;
	h = &list[ledger->n_holders++];
	*h = (struct ledger_holder){ .stream = stream, .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (!stat(path, &st))
		h->uid = st.st_uid;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (file && fgets(h->comm, sizeof(h->comm), file))
		h->comm[strcspn(h->comm, "\n")] = '\0';
	make_plain(h->comm);
	if (file)
		fclose(file);
	return h;
}

static void add_file(struct ledger_holder *h, const char *file)
{
	size_t len = strlen(h->files);

	/* what does not fit is only another of the same kind: a CPU's */
	if (!strstr(h->files, file))
		snprintf(h->files + len, sizeof(h->files) - len, "%s%s", len ? "," : "", file);
}

static int look_at(struct ledger *ledger, pid_t pid)
{
	char path[64], link[PATH_MAX];
	struct ledger_holder *h;
	struct dirent *entry;
	const char *file;
	ssize_t len;
	long stream;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	if (!dir)
		return 0; /* another's, or it has ended */
	while ((entry = readdir(dir)) != NULL) {
		len = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);
		if (len < 0)
			continue;
		link[len] = '\0';
		stream = stream_of(ledger, link, &file);
		if (stream < 0)
			continue;
		h = holder_of(ledger, (size_t)stream, pid);
		if (!h)
			break;
		add_file(h, file);
	}
	closedir(dir);
	return entry ? -1 : 0;
}

/**
 * holders_find() - find who has the streams' files open
 * @ledger: with its streams; its holders are filled in, to be freed by the caller.
 *
 * Return: 0, or -1 with errno.
 */
int holders_find(struct ledger *ledger)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int err = 0;

	if (!dir)
		return -1;
	while (!err && (entry = readdir(dir)) != NULL) {
		if (isdigit((unsigned char)entry->d_name[0]))
			err = look_at(ledger, atoi(entry->d_name));
	}
	closedir(dir);
	return err;
}
