/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of dyndbg_equal_random share: a random format and its arguments. */
#ifndef _EQUAL_RANDOM_H
#define _EQUAL_RANDOM_H

#include <linux/types.h>

#define RANDOM_ARGS	16
#define RANDOM_FORMAT	512
#define RANDOM_BYTES	64

/**
 * struct random_message - a format and what goes with it
 * @state: of the random numbers
 * @fmt: the format
 * @shown: the same with %p for what is recorded as %p
 * @len: characters of @fmt
 * @shown_len: of @shown
 * @args: every one an argument or what was not asked for; as wide as the widest is
 * @n: of @args that are arguments
 * @strings: what is to be freed, each exactly as long as may be read
 * @n_strings: of those
 * @padded: a string has a width
 * @bytes: what pointers with an extension point at
 */
struct random_message {
	u64 state;
	char fmt[RANDOM_FORMAT], shown[RANDOM_FORMAT];
	unsigned int len, shown_len;
	unsigned long args[RANDOM_ARGS];
	unsigned int n;
	char *strings[RANDOM_ARGS];
	unsigned int n_strings;
	bool padded;
	u8 *bytes;
};

u32 random_below(struct random_message *m, u32 n);
int random_make(struct random_message *m);
void random_spoil(struct random_message *m);
void random_free(struct random_message *m);

#endif /* _EQUAL_RANDOM_H */
