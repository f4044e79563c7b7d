// SPDX-License-Identifier: GPL-2.0-only
/*
 * A fuzzer's main() without libFuzzer: runs it once over each file of a directory, or over
 * the files named. Each in a process of its own, as a finding ends the process.
 */
#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "ktap.h"

static const char *dir = CORPUS;
static char **files;
static int n_files;

static void run_file(const char *path)
{
	size_t size = 0, room = 4096, n;
	uint8_t *data = NULL, *exact;
	FILE *f = fopen(path, "re");

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	do {
		room *= 2;
		data = realloc(data, room);
		MUST(data);
		n = fread(data + size, 1, room - size, f);
		size += n;
	} while (n);
	fclose(f);
	exact = malloc(size);
	MUST(exact || !size);
	memcpy(exact, data, size);
	free(data);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static bool holds(const char *path)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	MUST(pid >= 0);
	if (!pid) {
		run_file(path);
		exit(0);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	if (status)
		printf("# %s: see above\n", path);
	return !status;
}

static bool replay(void)
{
	struct dirent **names;
	bool ok = true;
	int i, n;

	if (n_files) {
		for (i = 0; i < n_files; i++)
			ok &= holds(files[i]);
		return ok;
	}
	n = scandir(dir, &names, NULL, alphasort);
	EXPECT(n > 2);
	for (i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			ok &= holds(path);
		free(names[i]);
	}
	free(names);
	return ok;
}

int main(int argc, char *argv[])
{
	static const struct ktap_case cases[] = { { "every input kept", replay } };

	files = argv + 1;
	n_files = argc - 1;
	return ktap_run(cases, ARRAY_SIZE(cases));
}
