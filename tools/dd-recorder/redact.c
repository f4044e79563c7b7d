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

/* What a byte can be, by its value: every byte of a report is looked at. */
enum { HEX = 1, WORD = 2 };
static const unsigned char kinds[256] = {
	['0' ... '9'] = HEX | WORD, ['a' ... 'f'] = HEX | WORD, ['A' ... 'F'] = HEX | WORD,
	['g' ... 'z'] = WORD, ['G' ... 'Z'] = WORD, ['_'] = WORD,
};

/* The host's name up to the first dot, and with which bytes something can begin that is to be hidden. */
struct secrets {
	const char *host;
	size_t host_len;
	bool begins[256];
};

static bool is_hex(char c)
{
	return kinds[(unsigned char)c] & HEX;
}

static bool is_word(char c)
{
	return kinds[(unsigned char)c] & WORD;
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

/* Does a word go on at @i? What info_plain() and the kernel make of a newline, "\x0a", ends one. */
static bool in_word(const char *line, size_t i)
{
	return i && is_word(line[i - 1]) && !(i >= 4 && line[i - 4] == '\\' && line[i - 3] == 'x');
}

/* The host's name, whole or up to the first dot, and what of a domain stands behind it. Return: its bytes, or 0. */
static size_t host_name(const char *p, size_t left, const struct secrets *secrets)
{
	size_t len = secrets->host_len;

	if (len < HOST_MIN || left < len || (*p | 0x20) != (*secrets->host | 0x20) || strncasecmp(p, secrets->host, len) ||
	    (len < left && (is_word(p[len]) || p[len] == '-')))
		return 0;
	while (len + 1 < left && p[len] == '.' && is_word(p[len + 1])) {
		for (len++; len < left && (is_word(p[len]) || p[len] == '-'); len++)
			;
	}
	return len;
}

/* What stands at @i and is to be hidden. Return: its bytes, or 0. */
static size_t secret(const char *line, size_t i, size_t len, const struct secrets *secrets)
{
	static const unsigned char mac[] = { 2, 2, 2, 2, 2, 2 }, uuid[] = { 8, 4, 4, 4, 12 }, bare[] = { 12 };
	const char *p = line + i;
	size_t left = len - i, n = 0;

	if (left > 2 && (p[2] == ':' || p[2] == '-'))
		n = groups(p, left, mac, sizeof(mac), ":-");
	if (!n && left > 8 && p[8] == '-')
		n = groups(p, left, uuid, sizeof(uuid), "-");
	if (!n && left > 3 && !memcmp(p, "enx", 3)) { /* systemd.net-naming-scheme(7) */
		n = groups(p + 3, left - 3, bare, sizeof(bare), "");
		n = n ? n + 3 : 0;
	}
	if (n)
		return n == left || !is_word(p[n]) ? n : 0;
	return host_name(p, left, secrets);
}

/* "SerialNumber: 1234", of USB devices, and the like. Return: bytes to pass over before the value, or 0. */
static size_t serial_key(const char *p, size_t left)
{
	static const char *const keys[] = { "SerialNumber:", "Serial Number:", "serial number:", "serial=",
					    "Serial:", "machine_id=" };
	size_t i, len;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (*p != *keys[i])
			continue;
		len = strlen(keys[i]);
		if (left < len || memcmp(p, keys[i], len))
			continue;
		while (len < left && strchr(" \"\\", p[len]))
			len++;
		return len;
	}
	return 0;
}

/* Of a value to the line's end, or of a word of the kernel's command line: what ends it. */
static size_t value_len(const char *p, size_t left, bool word)
{
	size_t n = 0;

	while (n < left && p[n] != '"' && !(word && p[n] == ' '))
		n++;
	return n;
}

/* Return: how many places of the line were changed. */
static size_t redact_line(char *line, size_t len, const struct secrets *secrets)
{
	size_t i = 0, n, key, changed = 0;

	while (i < len) {
		if (!secrets->begins[(unsigned char)line[i]] || in_word(line, i)) {
			i++;
			continue;
		}
		n = secret(line, i, len, secrets);
		key = n ? 0 : serial_key(line + i, len - i);
		if (key) {
			n = value_len(line + i + key, len - i - key, line[i + key - 1] == '=');
			i += key;
		}
		hide(line + i, n);
		changed += n > 0;
		i += n ? n : 1;
	}
	return changed;
}

/* An EDID, as drm and others print bytes: some in each line, behind something else. */
struct dump {
	uint8_t byte[2 * EDID_BLOCK];
	char *at[2 * EDID_BLOCK];
	size_t n;
};

/* Return: where the first bytes of the line are, so many in a row; NULL: there are not. */
static char *first_bytes(char *line, size_t len, size_t want)
{
	size_t i, n;

	for (i = 0; i + 3 * want <= len + 1; i++) {
		if (in_word(line, i))
			continue;
		for (n = 0; n < want && is_hex(line[i + 3 * n]) && is_hex(line[i + 3 * n + 1]) &&
			    (i + 3 * n + 2 == len || line[i + 3 * n + 2] == ' '); n++)
			;
		if (n == want)
			return line + i;
	}
	return NULL;
}

/* Return: how many serial numbers were taken out of what was gathered, which is then forgotten. */
static size_t end_dump(struct dump *dump)
{
	size_t i, hidden = redact_edid(dump->byte, dump->n);

	for (i = 0; hidden && i < dump->n; i++) {
		dump->at[i][0] = "0123456789abcdef"[dump->byte[i] >> 4];
		dump->at[i][1] = "0123456789abcdef"[dump->byte[i] & 15];
	}
	dump->n = 0;
	return hidden;
}

/* Gathers the line's bytes if they are an EDID's. Return: as end_dump(), of one that has ended. */
static size_t gather(struct dump *dump, char *line, size_t len)
{
	static const char header[] = "00 ff ff ff ff ff ff 00";
	size_t hidden = 0;
	char *p;

	if (!dump->n && !memmem(line, len, header, sizeof(header) - 1))
		return 0;
	p = first_bytes(line, len, 8);
	if (!p || !strncmp(p, header, sizeof(header) - 1) || dump->n == sizeof(dump->byte))
		hidden = end_dump(dump);
	if (!p || (!dump->n && strncmp(p, header, sizeof(header) - 1)))
		return hidden;
	for (; p + 1 < line + len && is_hex(p[0]) && is_hex(p[1]) && dump->n < sizeof(dump->byte); p += 3) {
		char digits[3] = { p[0], p[1], '\0' };

		dump->at[dump->n] = p;
		dump->byte[dump->n++] = (uint8_t)strtoul(digits, NULL, 16);
		if (p + 2 < line + len && p[2] != ' ')
			break;
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
	struct secrets secrets = { .host = host, .host_len = strcspn(host, ".") };
	struct dump dump = { .n = 0 };
	char *end = text + len, *newline;
	size_t n, changed = 0;
	unsigned int c;

	for (c = 0; c < 256; c++)
		secrets.begins[c] = is_hex((char)c) || c == 'S' || c == 's' || c == 'm' ||
				    (*host && (c | 0x20) == ((unsigned char)*host | 0x20));
	for (; text < end; text += n + (newline != NULL)) {
		newline = memchr(text, '\n', (size_t)(end - text));
		n = newline ? (size_t)(newline - text) : (size_t)(end - text);
		changed += redact_line(text, n, &secrets) + gather(&dump, text, n);
	}
	return changed + end_dump(&dump);
}

/* Sets bytes of a block, whose checksum stays as right or wrong as it was. */
static void set(uint8_t *block, size_t len, size_t at, uint8_t value, size_t n)
{
	for (; n--; at++) {
		if (len >= EDID_BLOCK)
			block[EDID_BLOCK - 1] += block[at] - value;
		block[at] = value;
	}
}

/* A display descriptor of 18 bytes: the one with a serial number (VESA E-EDID A.2, 3.10.3.1). */
static bool is_serial(const uint8_t *d)
{
	return !d[0] && !d[1] && !d[2] && d[3] == 0xff;
}

/**
 * redact_edid() - take the serial numbers out of an EDID
 * @edid: changed in place; its checksums are right afterwards if they were, and wrong if not.
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
		set(edid, len, 12, 0, 4);
		hidden++;
	}
	for (i = 54; i + 18 <= len && i < 126; i += 18) {
		if (!is_serial(edid + i))
			continue;
		set(edid, len, i + 5, ' ', 13);
		hidden++;
	}
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
			set(edid + i, EDID_BLOCK, j - i + 3 + 5, 0, 4); /* behind vendor and product */
			hidden++;
		}
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
		if (hidden)
			json_object_set_string(info_get(of, "hex"), text);
	}
	free(edid);
	free(text);
	return hidden;
}

/* A string's text. Return: how many places were changed. */
static size_t redact_string(struct json_object *string, const char *host)
{
	char *copy = strdup(json_object_get_string(string));
	size_t changed = copy ? redact_text(copy, strlen(copy), host) : 0;

	if (changed)
		json_object_set_string(string, copy);
	free(copy);
	return changed;
}

/**
 * redact_json() - hide what identifies in what a JSON object's strings say, and in its EDIDs
 * @object: changed in place; keys stay.
 * @host: as of redact_text().
 *
 * Return: how many places were changed.
 */
size_t redact_json(struct json_object *object, const char *host)
{
	size_t i, hidden = 0;

	if (json_object_is_type(object, json_type_string))
		return redact_string(object, host);
	if (json_object_is_type(object, json_type_array)) {
		for (i = 0; i < json_object_array_length(object); i++)
			hidden += redact_json(json_object_array_get_idx(object, i), host);
	}
	if (!json_object_is_type(object, json_type_object))
		return hidden;
	json_object_object_foreach(object, key, value) {
		if (!strcmp(key, "hex")) {
			hidden += hex_string(object);
		} else if (!strcmp(key, "serial") && json_object_is_type(value, json_type_string)) {
			json_object_set_string(value, "redacted");
			hidden++;
		} else if (!strcmp(key, "serial_number")) {
			json_object_set_int(value, 0);
			hidden++;
		} else {
			hidden += redact_json(value, host);
		}
	}
	return hidden;
}
