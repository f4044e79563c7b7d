/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_FAILURES_H
#define DD_FAILURES_H

#include <stdint.h>

#include "brackets.h"

#define FAILURES_MAX 256

/**
 * struct failure - an ioctl that failed, and how often it failed again in the same way
 * @first: the first of them.
 * @reason: bracket_reason() of it.
 * @count: how many.
 * @last_ns: end of the last one.
 * @order: number of the last one among all that failed.
 * @told_ns: for who tells of it as it comes: @last_ns of then.
 */
struct failure {
	struct bracket *first;
	const struct bracket_line *reason;
	uint64_t count;
	uint64_t last_ns;
	uint64_t order;
	uint64_t told_ns;
};

/**
 * struct failures - all of a stream's, in the order of their first
 * @failure: @n of them.
 * @n: how many.
 * @left_out: how many more there were: those that were not seen for longest gave way.
 * @total: ioctls that failed, all together.
 * @ended: ioctls that ended, failed or not.
 */
struct failures {
	struct failure *failure;
	size_t n;
	uint64_t left_out;
	uint64_t total;
	uint64_t ended;
};

int failures_add(struct failures *failures, struct bracket *bracket, struct failure **to);
const struct failure *failures_last(const struct failures *failures);
void failures_clear(struct failures *failures);

#endif
