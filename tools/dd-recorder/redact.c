// SPDX-License-Identifier: GPL-2.0-only
/*
 * What tells one machine, or one monitor, from all others, made unreadable in place: hardware
 * addresses, UUIDs, serial numbers, the host's name. Pure.
 */
#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "info-json.h"
#include "redact.h"

#define EDID_BLOCK 128
#define HOST_MIN 3 /* a shorter name is too often something else */

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
	return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'G' && c <= 'Z') || c == '_';
}

/* Groups of hexadecimal digits. Return: the bytes that they take up; 0 if they are not there. */
static size_t groups(const char *p, size_t left, const unsigned char *digits, size_t n, const char *between)
{
	size_t i, j, len = 0;

	for (i = 0; i < n; i++) {
		if (i && (len >= left || !strchr(between, p[len]) || !p[len]))
			return 0;
		len += i > 0;
		for (j = 0; j < digits[i]; j++, len++) {
			if (len >= left || !is_hex(p[len]))
				return 0;
		}
	}
	return len;
}

static void hide(char *p, size_t len)
{
	for (; len--; p++) {
		if (is_word(*p))
			*p = 'x';
	}
}

/* What stands at @p and is to be hidden. @before: the character in front. Return: its bytes, or 0. */
static size_t secret(const char *p, size_t left, char before, const char *host)
{
	static const unsigned char mac[] = { 2, 2, 2, 2, 2, 2 }, uuid[] = { 8, 4, 4, 4, 12 };
	size_t len, host_len = strlen(host);

	if (is_word(before))
		return 0;
	len = groups(p, left, mac, sizeof(mac), ":-");
	if (!len)
		len = groups(p, left, uuid, sizeof(uuid), "-");
	if (!len && host_len >= HOST_MIN && left >= host_len && !strncasecmp(p, host, host_len))
		len = host_len;
	return len && (len == left || !is_word(p[len])) ? len : 0;
}

/* "SerialNumber: 1234", of USB devices, and the like. Return: bytes to pass over before the value, or 0. */
static size_t serial_key(const char *p, size_t left)
{
	static const char *const keys[] = { "SerialNumber:", "Serial Number:", "serial number:", "serial=",
					    "Serial:" };
	size_t i, len;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		len = strlen(keys[i]);
		if (left < len || memcmp(p, keys[i], len))
			continue;
		while (len < left && (p[len] == ' ' || p[len] == '"'))
			len++;
		return len;
	}
	return 0;
}

/* An EDID's header, as drm and others print bytes. */
static bool is_hex_edid(const char *p, size_t left)
{
	static const char header[] = "00 ff ff ff ff ff ff 00";

	return left >= sizeof(header) - 1 && !strncasecmp(p, header, sizeof(header) - 1);
}

/* Of the EDID in the line, or of what there is of it. Return: how many serial numbers were taken out. */
static size_t hide_hex_edid(char *p, size_t len)
{
	uint8_t edid[2 * EDID_BLOCK];
	size_t at[2 * EDID_BLOCK], n = 0, i, hidden;

	for (i = 0; i + 1 < len && n < sizeof(edid) && is_hex(p[i]) && is_hex(p[i + 1]); i += 3) {
		char digits[3] = { p[i], p[i + 1], '\0' };

		at[n] = i;
		edid[n++] = (uint8_t)strtoul(digits, NULL, 16);
		if (i + 2 < len && p[i + 2] != ' ')
			break;
	}
	hidden = redact_edid(edid, n);
	for (i = 0; hidden && i < n; i++) {
		p[at[i]] = "0123456789abcdef"[edid[i] >> 4];
		p[at[i] + 1] = "0123456789abcdef"[edid[i] & 15];
	}
	return hidden;
}

/**
 * redact_text() - hide what identifies in a text
 * @text: changed in place, its length stays.
 * @len: its bytes.
 * @host: the host's name, "" for none.
 *
 * Return: how many places were changed.
 */
size_t redact_text(char *text, size_t len, const char *host)
{
	size_t i, n, changed = 0;
	char before = ' ';

	for (i = 0; i < len; before = text[i - 1]) {
		size_t left = len - i;
		const char *newline = memchr(text + i, '\n', left);

		left = newline ? (size_t)(newline - (text + i)) : left;
		n = secret(text + i, left, before, host);
		if (n) {
			hide(text + i, n);
			changed++;
			i += n;
			continue;
		}
		n = is_word(before) ? 0 : serial_key(text + i, left);
		if (n) {
			i += n;
			for (n = 0; i + n < len && text[i + n] != '\n' && text[i + n] != ' ' &&
				    text[i + n] != '"'; n++)
				;
			hide(text + i, n);
			changed += n > 0;
			i += n;
			continue;
		}
		if (is_hex_edid(text + i, left))
			changed += hide_hex_edid(text + i, left);
		i++;
	}
	return changed;
}

static void make_sum(uint8_t *block)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < EDID_BLOCK - 1; i++)
		sum += block[i];
	block[EDID_BLOCK - 1] = (uint8_t)-sum;
}

/* A display descriptor of 18 bytes: the one with a serial number (VESA E-EDID A.2, 3.10.3.1). */
static bool is_serial(const uint8_t *d)
{
	return !d[0] && !d[1] && !d[2] && d[3] == 0xff;
}

/**
 * redact_edid() - take the serial numbers out of an EDID
 * @edid: changed in place; its checksums are right afterwards if they were.
 * @len: its bytes; may be cut.
 *
 * The number and the text of the base block (VESA E-EDID, release A.2: bytes 12 to 15, and the display
 * descriptor 0xff), and that of DisplayID product identifications (VESA DisplayID 1.3, 4.1; 2.0, 4.1).
 *
 * Return: how many were taken out.
 */
size_t redact_edid(uint8_t *edid, size_t len)
{
	static const uint8_t header[] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	size_t i, j, hidden = 0;

	if (len < 16 || memcmp(edid, header, sizeof(header)))
		return 0;
	if (memcmp(edid + 12, "\0\0\0\0", 4)) {
		memset(edid + 12, 0, 4);
		hidden++;
	}
	for (i = 54; i + 18 <= len && i < 126; i += 18) {
		if (!is_serial(edid + i))
			continue;
		memset(edid + i + 5, ' ', 13);
		hidden++;
	}
	if (hidden && len >= EDID_BLOCK)
		make_sum(edid);
	/* an extension of tag 0x70 holds a DisplayID section: blocks of tag, revision, length, data */
	for (i = EDID_BLOCK; i + EDID_BLOCK <= len; i += EDID_BLOCK) {
		if (edid[i] != 0x70)
			continue;
		for (j = i + 5; j + 3 < i + EDID_BLOCK - 2; j += 3u + edid[j + 2]) {
			uint8_t tag = edid[j], size = edid[j + 2];

			if (!tag && !size)
				break;
			if ((tag != 0x00 && tag != 0x20) || size < 9 || j + 3 + size > i + EDID_BLOCK - 2)
				continue;
			memset(edid + j + 3 + 5, 0, 4); /* behind vendor and product */
			hidden++;
		}
		make_sum(edid + i);
	}
	return hidden;
}

static int from_hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* "hex" of an EDID property. Return: how many serial numbers were taken out. */
static size_t hex_string(struct json_object *of)
{
	const char *hex = info_get_string(of, "hex");
	size_t n = hex ? strlen(hex) / 2 : 0, i, hidden = 0;
	uint8_t *edid = n ? malloc(n) : NULL;
	char *text = n ? malloc(2 * n + 1) : NULL;

	if (edid && text) {
		for (i = 0; i < n; i++)
			edid[i] = (uint8_t)(from_hex(hex[2 * i]) << 4 | from_hex(hex[2 * i + 1]));
		hidden = redact_edid(edid, n);
		for (i = 0; i < n; i++)
			sprintf(text + 2 * i, "%02x", edid[i]);
		info_add_string(of, "hex", text);
	}
	free(edid);
	free(text);
	return hidden;
}

/**
 * redact_info() - take serial numbers out of what "dd-recorder info -j" says
 * @info: changed in place.
 *
 * Return: how many were taken out.
 */
size_t redact_info(struct json_object *info)
{
	size_t i, hidden = 0;

	if (json_object_is_type(info, json_type_array)) {
		for (i = 0; i < json_object_array_length(info); i++)
			hidden += redact_info(json_object_array_get_idx(info, i));
	}
	if (!json_object_is_type(info, json_type_object))
		return hidden;
	json_object_object_foreach(info, key, value) {
		hidden += redact_info(value);
		if (!strcmp(key, "hex")) {
			hidden += hex_string(info);
		} else if (!strcmp(key, "serial") && json_object_is_type(value, json_type_string)) {
			info_add_string(info, key, "redacted");
			hidden++;
		} else if (!strcmp(key, "serial_number")) {
			info_add_uint(info, key, 0);
			hidden++;
		}
	}
	return hidden;
}
