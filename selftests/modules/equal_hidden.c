// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pointers that a message wants shown as they are: in a record they are hashed, as %p does it.
 * Here what is expected has a format of its own.
 */
#include "equal.h"

#define HIDDEN(line, fmt, shown, ...)					\
	do {								\
		equal_expect(0, "@hidden:" line "|" shown "|\n", __VA_ARGS__);	\
		pr_debug("@hidden:" line "|" fmt "|\n", __VA_ARGS__);	\
	} while (0)

/**
 * equal_fire_hidden() - fire them
 *
 * Context: process.
 */
void equal_fire_hidden(void)
{
	HIDDEN("1", "%px", "%p", equal.word);
	HIDDEN("2", "%pK", "%p", equal.word);
	HIDDEN("3", "%24px", "%24p", equal.word);
	HIDDEN("4", "%-24pK", "%-24p", equal.word);
	HIDDEN("5", "%*px", "%*p", 24, equal.word);
	HIDDEN("6", "%px", "%p", equal.null);
	HIDDEN("7", "%pK", "%p", equal.null);
	HIDDEN("8", "%px", "%p", equal.error);
	HIDDEN("9", "%d %px %s %pK %ld", "%d %p %s %p %ld", 1, equal.word, equal.word, equal.word, 2L);
	HIDDEN("10", "%pxyz", "%p", equal.word);
}
