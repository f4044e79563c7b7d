// SPDX-License-Identifier: GPL-2.0-only
/* Text, put together without printf(). Pure. */
#include <string.h>

#include "append.h"

#define DIGITS_MAX 20 /* of 2^64 - 1 */

static void append_bytes(struct append *text, const char *what, size_t len)
{
	size_t left = text->room - text->len - 1;

	len = len < left ? len : left;
	memcpy(text->to + text->len, what, len);
	text->len += len;
	text->to[text->len] = '\0';
}

/**
 * append() - a string
 * @text: with room for one byte at least.
 * @what: the string.
 */
void append(struct append *text, const char *what)
{
	append_bytes(text, what, strlen(what));
}

/**
 * append_digits() - a number that is not negative
 * @text: as of append().
 * @number: in decimal.
 * @digits: so many at least, zeroes before it; up to 20.
 */
void append_digits(struct append *text, uint64_t number, unsigned int digits)
{
	char digit[DIGITS_MAX];
	size_t at = sizeof(digit);

	do {
		digit[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (at && (number || sizeof(digit) - at < digits));
	append_bytes(text, digit + at, sizeof(digit) - at);
}

/**
 * append_number() - a number
 * @text: as of append().
 * @number: in decimal, with "-" if it is negative.
 */
void append_number(struct append *text, int64_t number)
{
	if (number < 0)
		append(text, "-");
	append_digits(text, number < 0 ? -(uint64_t)number : (uint64_t)number, 1);
}
