/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that is put together a hundred thousand times: printf() takes too long for that. */
#ifndef DD_APPEND_H
#define DD_APPEND_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct append - text that gets longer
 * @to: where; ended by NUL from the first append() on.
 * @room: bytes, the NUL's, too. What does not fit is cut.
 * @len: bytes so far, without the NUL.
 */
struct append {
	char *to;
	size_t room;
	size_t len;
};

void append(struct append *text, const char *what);
void append_number(struct append *text, int64_t number);
void append_digits(struct append *text, uint64_t number, unsigned int digits);

#endif
