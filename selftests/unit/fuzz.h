/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzzers share. Each is a program of its own: with libFuzzer's main() it looks
 * for inputs, with replay.c's it runs over the ones that are kept in corpus/.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "dyndbg_match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property of the code under test. */
#define MUST(cond)                                                                      \
	do {                                                                            \
		if (!(cond)) {                                                          \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,         \
				__LINE__, #cond);                                       \
			abort();                                                        \
		}                                                                       \
	} while (0)

/* Of just the size that it needs: a byte read or written beyond it is a finding. */
static inline char *copy_of(const char *s, size_t len)
{
	char *copy = malloc(len + 1);

	MUST(copy);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

/* The input as the kernel sees what was written: it ends with the first NUL. */
static inline char *text_of(const uint8_t *data, size_t size)
{
	return copy_of((const char *)data, strnlen((const char *)data, size));
}

static inline bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* One command, in a buffer of its own. */
static inline int parse_one(char *buf, u8 known_flags, struct dd_cmd *cmd, char err[DD_ERR_MAX])
{
	struct dd_batch b = { .pos = buf, .known_flags = known_flags };
	int rc = dd_parse_next(&b, cmd);

	memcpy(err, b.err, DD_ERR_MAX);
	return rc;
}

#endif
