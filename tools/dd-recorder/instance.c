// SPDX-License-Identifier: GPL-2.0-only
/* A trace instance: its settings, by libtracefs, and its files, below a directory's fd. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include "instance.h"
#include "stdio-fd.h"

/* The ring buffer rounds a CPU's part up to whole pages, of which there are at least two. */
#define SIZE_SLACK_KIB 8

/**
 * instance_find() - an instance that exists
 * @name: its name.
 *
 * Return: to be freed with tracefs_instance_free(); NULL when there is none.
 */
struct tracefs_instance *instance_find(const char *name)
{
	if (!tracefs_instance_exists(name))
		return NULL;
	return tracefs_instance_alloc(NULL, name);
}

/**
 * instance_clocks() - the clocks that this kernel has
 *
 * Return: their names with blanks between and behind, to be freed; NULL with errno.
 */
char *instance_clocks(void)
{
	char *all = tracefs_instance_file_read(NULL, "trace_clock", NULL), *c;

	for (c = all; c && *c; c++) {
		if (strchr("[]\n", *c))
			*c = ' ';
	}
	return all;
}

/**
 * instance_has_clock() - does the instance use this clock now?
 * @instance: the instance.
 * @clock: trace clock.
 *
 * To be asked before a clock is set, as setting one clears the ring, even one that is set already.
 */
bool instance_has_clock(struct tracefs_instance *instance, const char *clock)
{
	/* "local global [mono] ...": the one in brackets is in use */
	char *all = tracefs_instance_file_read(instance, "trace_clock", NULL);
	const char *open = all ? strchr(all, '[') : NULL;
	size_t len = strlen(clock);
	bool has;

	has = open && strncmp(open + 1, clock, len) == 0 && open[len + 1] == ']';
	free(all);
	return has;
}

/**
 * instance_size() - the size that the instance has now
 * @instance: the instance.
 *
 * Return: bytes, all CPUs together; 0 when that cannot be read.
 */
uint64_t instance_size(struct tracefs_instance *instance)
{
	long long kib;

	if (tracefs_instance_file_read_number(instance, "buffer_total_size_kb", &kib) || kib < 0)
		return 0;
	return (uint64_t)kib * 1024;
}

/**
 * instance_has_size() - is the instance of this size now?
 * @instance: the instance.
 * @bytes: all CPUs together.
 *
 * To be asked before a size is set, as a resize fails while any reader has "trace" open.
 */
bool instance_has_size(struct tracefs_instance *instance, uint64_t bytes)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	ssize_t has = tracefs_instance_get_buffer_size(instance, 0);
	uint64_t want = bytes / 1024 / (uint64_t)(cpus > 0 ? cpus : 1);

	return has >= 0 && (uint64_t)has + SIZE_SLACK_KIB >= want &&
	       (uint64_t)has <= want + SIZE_SLACK_KIB;
}

/**
 * instance_set_clock() - change the clock; what the instance holds is cleared
 * @instance: the instance.
 * @clock: trace clock.
 *
 * Return: 0, or -1 with errno.
 */
int instance_set_clock(struct tracefs_instance *instance, const char *clock)
{
	return tracefs_instance_file_write(instance, "trace_clock", clock) < 0 ? -1 : 0;
}

/**
 * instance_set_size() - change the size
 * @instance: the instance.
 * @bytes: all CPUs together, shared out as the kernel side does it for "open".
 *
 * Return: 0, or -1 with errno.
 */
int instance_set_size(struct tracefs_instance *instance, uint64_t bytes)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char kib[24];

	snprintf(kib, sizeof(kib), "%" PRIu64, bytes / 1024 / (uint64_t)(cpus > 0 ? cpus : 1));
	return tracefs_instance_file_write(instance, "buffer_size_kb", kib) < 0 ? -1 : 0;
}

/**
 * instance_remove() - remove an instance with all that it holds; nothing if there is none
 * @name: its name.
 */
void instance_remove(const char *name)
{
	struct tracefs_instance *instance = instance_find(name);

	if (!instance)
		return;
	tracefs_instance_destroy(instance);
	tracefs_instance_free(instance);
}

/**
 * instance_open_dir() - open the instance's directory
 * @instance: the instance.
 *
 * Return: an O_PATH fd, the caller's to close; -1 with errno. It does not keep the instance from
 * being removed.
 */
int instance_open_dir(struct tracefs_instance *instance)
{
	char *path = tracefs_instance_get_dir(instance);
	int fd = -1;

	if (path)
		fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	tracefs_put_tracing_file(path);
	return fd;
}

/**
 * instance_open_file() - open what a subscriber gets
 * @dir: fd of instance_open_dir().
 * @access_bit: exactly one.
 * @cpu: with DDR_RAW, which CPU's.
 *
 * Every subscriber gets an open file description of its own, as offset and flags belong to that.
 *
 * Return: the fd, O_CLOEXEC; -1 with errno, ENODEV for a CPU that there is not.
 */
int instance_open_file(int dir, uint32_t access_bit, uint32_t cpu)
{
	const int flags = O_NOFOLLOW | O_CLOEXEC;
	char path[64];
	int fd;

	switch (access_bit) {
	case DDR_SNAPSHOT:
		return openat(dir, "trace", O_RDONLY | flags);
	case DDR_LIVE:
		return openat(dir, "trace_pipe", O_RDONLY | O_NONBLOCK | flags);
	case DDR_MARK:
		return openat(dir, "trace_marker", O_WRONLY | flags);
	case DDR_RAW:
		snprintf(path, sizeof(path), "per_cpu/cpu%" PRIu32 "/trace_pipe_raw", cpu);
		fd = openat(dir, path, O_RDONLY | O_NONBLOCK | flags);
		if (fd < 0 && errno == ENOENT)
			errno = ENODEV;
		return fd;
	default:
		errno = EINVAL;
		return -1;
	}
}

static FILE *open_text(int dir, const char *name)
{
	return file_of(openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), "r");
}

/*
 * One line of per_cpu/cpuN/stats: kernel/trace/trace.c, tracing_stats_read(). Times have a point
 * and six digits behind it, unless the clock counts something else.
 */
static void take_figure(const char *line, struct ddr_cpu_status *cpu)
{
	const struct {
		const char *name;
		uint64_t *value;
		bool time;
	} lines[] = {
		{ "entries", &cpu->entries, false },
		{ "overrun", &cpu->overrun, false },
		{ "commit overrun", &cpu->commit_overrun, false },
		{ "bytes", &cpu->bytes, false },
		{ "oldest event ts", &cpu->oldest_ns, true },
		{ "now ts", &cpu->now_ns, true },
		{ "dropped events", &cpu->dropped, false },
		{ "read events", &cpu->read, false },
	};
	uint64_t value;
	char name[32];
	unsigned int usec;
	size_t i;
	int n;

	n = sscanf(line, "%31[^:]: %" SCNu64 ".%6u", name, &value, &usec);
	for (i = 0; n >= 2 && i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (strcmp(lines[i].name, name) != 0)
			continue;
		if (!lines[i].time)
			*lines[i].value = value;
		else if (n == 3)
			*lines[i].value = value * 1000000000 + usec * UINT64_C(1000);
	}
}

/**
 * instance_cpus() - each CPU's size and loss figures
 * @dir: fd of instance_open_dir().
 * @list: filled in.
 * @max: room there.
 *
 * Return: how many were filled in: of CPUs that may come, too.
 */
size_t instance_cpus(int dir, struct ddr_cpu_status *list, size_t max)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF), cpu;
	char path[64], line[128];
	size_t n = 0;
	FILE *file;

	for (cpu = 0; cpu < cpus && n < max; cpu++) {
		snprintf(path, sizeof(path), "per_cpu/cpu%ld/stats", cpu);
		file = open_text(dir, path);
		if (!file)
			continue;
		list[n] = (struct ddr_cpu_status){ .cpu = (uint32_t)cpu };
		while (fgets(line, sizeof(line), file))
			take_figure(line, &list[n]);
		if (!list[n].entries)
			list[n].oldest_ns = 0; /* of a page that has none */
		fclose(file);
		n++;
	}
	return n;
}

/**
 * instance_status() - size and loss figures of all CPUs together
 * @dir: fd of instance_open_dir().
 * @status: figures are added to it; what cannot be read stays as it is.
 */
void instance_status(int dir, struct ddr_stream_status *status)
{
	static struct ddr_cpu_status list[DDR_MAX_CPUS];
	FILE *file = open_text(dir, "buffer_total_size_kb");
	const struct ddr_cpu_status *cpu, *end;
	uint64_t kib;

	if (file) {
		if (fscanf(file, "%" SCNu64, &kib) == 1)
			status->size = kib * 1024;
		fclose(file);
	}
	end = list + instance_cpus(dir, list, DDR_MAX_CPUS);
	for (cpu = list; cpu < end; cpu++) {
		status->entries += cpu->entries;
		status->overrun += cpu->overrun;
		status->commit_overrun += cpu->commit_overrun;
		status->dropped += cpu->dropped;
		status->read += cpu->read;
		status->bytes += cpu->bytes;
		if (cpu->oldest_ns && (!status->oldest_ns || cpu->oldest_ns < status->oldest_ns))
			status->oldest_ns = cpu->oldest_ns;
		if (cpu->now_ns > status->now_ns)
			status->now_ns = cpu->now_ns;
	}
}
