// SPDX-License-Identifier: LGPL-2.1-or-later
/* The names that users write: streams, and the kinds of access. */
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "protocol.h"

static const struct {
	uint32_t bit;
	const char *name;
} access_names[] = {
	{ DDR_SNAPSHOT, "snapshot" },
	{ DDR_LIVE, "live" },
	{ DDR_MARK, "mark" },
	{ DDR_RAW, "raw" },
	{ DDR_COPY, "copy" },
};

/**
 * ddr_name_valid() - is this a stream's (or a destination's) name?
 * @name: NUL-terminated.
 *
 * The rule is the kernel side's for destinations, as a stream's name becomes one, a directory
 * and a word of the control language: 1 to DDR_NAME_MAX of A-Z a-z 0-9 and underscore. "0" alone
 * is the global trace buffer there and no stream can be that.
 *
 * Return: true when valid.
 */
bool ddr_name_valid(const char *name)
{
	/* Spelt out: isalnum() would follow the locale. */
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t len = strlen(name);

	return len >= 1 && len <= DDR_NAME_MAX && strspn(name, allowed) == len &&
	       strcmp(name, "0") != 0;
}

/**
 * ddr_access_bit() - the access bit that a word names
 * @word: need not be NUL-terminated.
 * @len: bytes of @word.
 *
 * Return: the bit, or 0 when the word names none.
 */
uint32_t ddr_access_bit(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(access_names) / sizeof(access_names[0]); i++) {
		if (strlen(access_names[i].name) == len &&
		    memcmp(access_names[i].name, word, len) == 0)
			return access_names[i].bit;
	}
	return 0;
}

/**
 * ddr_access_name() - the word for an access bit
 * @bit: exactly one.
 *
 * Return: a static string, "?" for anything else.
 */
const char *ddr_access_name(uint32_t bit)
{
	size_t i;

	for (i = 0; i < sizeof(access_names) / sizeof(access_names[0]); i++) {
		if (access_names[i].bit == bit)
			return access_names[i].name;
	}
	return "?";
}

/**
 * ddr_access_text() - the names of access bits, with commas between
 * @to: written to, terminated.
 * @room: its bytes; DDR_ACCESS_TEXT suffice.
 * @access: the bits; unknown ones are left out.
 */
void ddr_access_text(char *to, size_t room, uint32_t access)
{
	uint32_t bit;
	size_t n = 0;

	to[0] = '\0';
	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if ((access & bit) && n < room)
			n += (size_t)snprintf(to + n, room - n, "%s%s", n ? "," : "",
					      ddr_access_name(bit));
	}
}
