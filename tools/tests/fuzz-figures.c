// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: the files of an instance from which a status is made: each CPU's stats, and the size.
 * A directory has the input as such files; it is a plain one, as only its names matter.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dd-recorder/instance.h"
#include "fuzz.h"

static char path[] = "/tmp/fuzz-figures-XXXXXX";
static int dir = -1;
static pid_t maker;

static void tear_down(void)
{
	/* a replay's child leaves it to its parent */
	if (getpid() != maker)
		return;
	unlinkat(dir, "per_cpu/cpu0/stats", 0);
	unlinkat(dir, "per_cpu/cpu0", AT_REMOVEDIR);
	unlinkat(dir, "per_cpu", AT_REMOVEDIR);
	unlinkat(dir, "buffer_total_size_kb", 0);
	rmdir(path);
}

static void setup(void)
{
	if (dir >= 0)
		return;
	MUST(mkdtemp(path));
	dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	MUST(dir >= 0 && !mkdirat(dir, "per_cpu", 0700) && !mkdirat(dir, "per_cpu/cpu0", 0700));
	maker = getpid();
	atexit(tear_down);
}

static void put(const char *name, const uint8_t *data, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* What status should have: where a line says it as the kernel does, and it is the only one. */
static bool says(const uint8_t *data, size_t size, const char *name, uint64_t *value)
{
	char *text = copy_of((const char *)data, size);
	char *at = strstr(text, name), *end;
	bool found;

	found = at && (at == text || at[-1] == '\n') && !strstr(at + 1, name) &&
		!strncmp(at + strlen(name), ": ", 2) && isdigit(at[strlen(name) + 2]);
	if (found) {
		*value = strtoull(at + strlen(name) + 2, &end, 10);
		found = (!*end || *end == '\n') && end - at < 24;
	}
	free(text);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ddr_stream_status st = { 0 };
	struct ddr_cpu_status list[2];
	uint64_t value;

	setup();
	put("per_cpu/cpu0/stats", data, size);
	put("buffer_total_size_kb", data, size);
	MUST(instance_cpus(dir, list, 2) == 1 && list[0].cpu == 0 && !list[0].reserved);
	instance_status(dir, &st);
	MUST(st.entries == list[0].entries && st.overrun == list[0].overrun);
	MUST(st.bytes == list[0].bytes && st.oldest_ns == list[0].oldest_ns);
	MUST(st.now_ns == list[0].now_ns && st.read == list[0].read);
	MUST(st.entries || !st.oldest_ns);
	/* short lines without a NUL, as the kernel writes them */
	if (size < 100 && !memchr(data, '\0', size) && says(data, size, "entries", &value))
		MUST(list[0].entries == value);
	return 0;
}
