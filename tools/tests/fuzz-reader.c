// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: the text of a trace file, read as a file and, in pieces whose size the first byte says,
 * from a pipe: what is in it must not depend on how it comes.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/ddrecorder.h"
#include "fuzz.h"

#define PIPE_BYTES (1 << 20)
#define PIECES_MAX 256 /* as many packets as a pipe of that size has */

static void check(const struct ddr_event *e, size_t size)
{
	MUST(e->text && strlen(e->text) <= size && strlen(e->text) <= DDR_TEXT_MAX);
	MUST(!e->comm || strlen(e->comm) <= 16);
	MUST(!e->name || (*e->name && !strpbrk(e->name, ": \n")));
	/* what is taken apart is a debug message */
	MUST((!e->module && !e->function && !e->class_name && !e->device) ||
	     (e->name && (same(e->name, "devdbg") || same(e->name, "prdbg"))));
	MUST(!e->site && !e->file && !e->line);
}

static struct ddr_reader *from_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);
	struct ddr_reader *reader;

	MUST(write(fd, data, size) == (ssize_t)size && !lseek(fd, 0, SEEK_SET));
	reader = ddr_reader_new(fd);
	MUST(reader);
	return reader;
}

/* @end: where the pieces were written to, to be closed when all was read */
static struct ddr_reader *from_pipe(const uint8_t *data, size_t size, size_t piece, int *end)
{
	struct ddr_reader *reader;
	int pipes[2];
	size_t n;

	MUST(!pipe2(pipes, O_CLOEXEC | O_DIRECT | O_NONBLOCK));
	MUST(fcntl(pipes[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES);
	for (; size; data += n, size -= n) {
		n = size < piece ? size : piece;
		MUST(write(pipes[1], data, n) == (ssize_t)n);
	}
	*end = pipes[1];
	reader = ddr_reader_new(pipes[0]);
	MUST(reader);
	return reader;
}

static bool same_event(const struct ddr_event *a, const struct ddr_event *b)
{
	return a->time_ns == b->time_ns && a->cpu == b->cpu && a->pid == b->pid &&
	       a->minor == b->minor && a->lost == b->lost && same(a->comm, b->comm) &&
	       same(a->name, b->name) && same(a->module, b->module) &&
	       same(a->function, b->function) && same(a->class_name, b->class_name) &&
	       same(a->device, b->device) && same(a->text, b->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ddr_reader *file, *live;
	struct ddr_event a, b;
	uint64_t lost = 0;
	size_t piece;
	int end, ret;

	if (!size)
		return 0;
	piece = 1 + data[0];
	data++;
	size--;
	/* the last line is not whole before its newline: in a file it is all the same */
	while (size && data[size - 1] != '\n')
		size--;
	if (size > PIECES_MAX)
		piece = piece > size / PIECES_MAX + 1 ? piece : size / PIECES_MAX + 1;
	if (piece > 4096)
		return 0;
	file = from_file(data, size);
	live = from_pipe(data, size, piece, &end);
	do {
		ret = ddr_reader_next(file, &a);
		MUST(ret == 0 || ret == 1);
		MUST(ddr_reader_next(live, &b) == ret);
		if (ret) {
			check(&a, size);
			MUST(same_event(&a, &b));
			lost += a.lost;
		}
	} while (ret);
	MUST(lost <= ddr_reader_lost(file) || lost > UINT64_MAX / 2);
	MUST(ddr_reader_lost(file) == ddr_reader_lost(live));
	MUST(ddr_reader_cut(file) == ddr_reader_cut(live));
	ddr_reader_free(file);
	ddr_reader_free(live);
	close(end);
	return 0;
}
