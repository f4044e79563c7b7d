// SPDX-License-Identifier: GPL-2.0-only
/*
 * Short forms of json-c's functions for info, and strings that are safe to print: a monitor, a
 * driver or another client of the card may have put anything into a name.
 */
#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "info-json.h"

/* Return: the bytes of the UTF-8 sequence that begins here, its code point in @point; 0: none. */
static size_t utf8(const unsigned char *s, size_t len, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n, i;

	if (s[0] < 0x80) {
		*point = s[0];
		return 1;
	}
	n = s[0] >= 0xf8 ? 0 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc0 ? 2 : 0;
	if (!n || n > len)
		return 0;
	*point = s[0] & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (s[i] & 0x3f);
	}
	if (*point < least[n] || *point > 0x10ffff || (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return n;
}

/* Is it shown as itself, and does nothing but that? */
static bool is_plain(uint32_t point)
{
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return false;
	/* those that turn the direction of what follows, and separators of lines */
	return !(point >= 0x200e && point <= 0x200f) && !(point >= 0x2028 && point <= 0x202e) &&
	       !(point >= 0x2066 && point <= 0x2069);
}

/**
 * info_plain() - make a string printable: valid UTF-8 without control characters
 * @to: where to; always ended by NUL.
 * @room: bytes; four times @len and one are enough for all.
 * @from: what; bytes that are not plain become \xNN.
 * @len: its bytes.
 *
 * Return: the bytes that were written, without the NUL.
 */
size_t info_plain(char *to, size_t room, const char *from, size_t len)
{
	size_t done = 0, n, i, fits;
	uint32_t point;

	for (; len; from += n, len -= n) {
		/* nearly all */
		fits = len < room - 1 - done ? len : room - 1 - done;
		for (n = 0; n < fits && from[n] >= 0x20 && from[n] < 0x7f; n++)
			to[done + n] = from[n];
		done += n;
		if (n == len)
			break;
		if (n)
			continue;
		n = utf8((const unsigned char *)from, len, &point);
		if (n && is_plain(point)) {
			if (done + n >= room)
				break;
			memcpy(to + done, from, n);
			done += n;
			continue;
		}
		n = n ? n : 1;
		if (done + 4 * n >= room)
			break;
		for (i = 0; i < n; i++, done += 4)
			snprintf(to + done, 5, "\\x%02x", (unsigned char)from[i]);
	}
	to[done] = '\0';
	return done;
}

/**
 * info_string() - a JSON string of text from elsewhere
 * @from: the text, up to @len bytes or its NUL.
 * @len: bytes.
 *
 * Return: the string, see info_plain(); NULL without memory.
 */
struct json_object *info_string(const char *from, size_t len)
{
	struct json_object *string;
	size_t room, n;
	char *buf;

	len = strnlen(from, len);
	room = 4 * len + 1;
	buf = malloc(room);
	if (!buf)
		return NULL;
	n = info_plain(buf, room, from, len);
	string = json_object_new_string_len(buf, (int)n);
	free(buf);
	return string;
}

/**
 * info_add() - put a value into an object
 * @to: the object.
 * @key: copied.
 * @value: the object's from now on; NULL is null.
 */
void info_add(struct json_object *to, const char *key, struct json_object *value)
{
	if (json_object_object_add(to, key, value))
		json_object_put(value);
}

void info_add_int(struct json_object *to, const char *key, int64_t value)
{
	info_add(to, key, json_object_new_int64(value));
}

void info_add_uint(struct json_object *to, const char *key, uint64_t value)
{
	info_add(to, key, json_object_new_uint64(value));
}

void info_add_bool(struct json_object *to, const char *key, bool value)
{
	info_add(to, key, json_object_new_boolean(value));
}

/**
 * info_add_string() - put a string from elsewhere into an object
 * @to: the object.
 * @key: copied.
 * @value: made plain; NULL is null.
 */
void info_add_string(struct json_object *to, const char *key, const char *value)
{
	info_add(to, key, value ? info_string(value, strlen(value)) : NULL);
}

/**
 * info_get() - look into an object
 * @from: the object; NULL has nothing in it.
 * @key: which.
 *
 * Return: the value, still the object's; NULL where there is none, or null.
 */
struct json_object *info_get(struct json_object *from, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(from, key, &value);
	return value;
}

uint64_t info_get_uint(struct json_object *from, const char *key)
{
	return json_object_get_uint64(info_get(from, key));
}

int64_t info_get_int(struct json_object *from, const char *key)
{
	return json_object_get_int64(info_get(from, key));
}

/* Return: the string, "" where there is none. */
const char *info_get_string(struct json_object *from, const char *key)
{
	struct json_object *value = info_get(from, key);

	return value ? json_object_get_string(value) : "";
}

/* Return: how many are in the array; 0 where it is none. */
size_t info_count(struct json_object *list)
{
	return json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
}
