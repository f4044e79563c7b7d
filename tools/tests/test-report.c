// SPDX-License-Identifier: GPL-2.0-only
/* What is made unreadable in a report, and its timeline. */
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "../dd-recorder/append.h"
#include "../dd-recorder/info-json.h"
#include "../dd-recorder/redact.h"
#include "../dd-recorder/timeline.h"
#include "ktap.h"

static bool becomes(const char *from, const char *want)
{
	char text[256];
	size_t n;

	snprintf(text, sizeof(text), "%s", from);
	n = redact_text(text, strlen(text), "my-host");
	return !strcmp(text, want) && (n > 0) == (strcmp(from, want) != 0);
}

static bool addresses(void)
{
	EXPECT(becomes("eth0: 52:54:00:AB:cd:ef up", "eth0: xx:xx:xx:xx:xx:xx up"));
	EXPECT(becomes("52-54-00-ab-cd-ef", "xx-xx-xx-xx-xx-xx"));
	EXPECT(becomes("a\n52:54:00:ab:cd:ef\nb", "a\nxx:xx:xx:xx:xx:xx\nb"));
	/* not one: a PCI name, a time, too few, a part of a word */
	EXPECT(becomes("0000:00:02.0 12:34:56 52:54:00:ab:cd", "0000:00:02.0 12:34:56 52:54:00:ab:cd"));
	EXPECT(becomes("x52:54:00:ab:cd:ef 52:54:00:ab:cd:efg", "x52:54:00:ab:cd:ef 52:54:00:ab:cd:efg"));
	EXPECT(becomes("52:54:00:ab\n:cd:ef", "52:54:00:ab\n:cd:ef"));
	EXPECT(becomes("root=UUID=0d15ea5e-0bad-4bad-8bad-feedfacecafe ro",
		       "root=UUID=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx ro"));
	return true;
}

static bool names(void)
{
	EXPECT(becomes("Hostname set to <my-host>.", "Hostname set to <xx-xxxx>."));
	EXPECT(becomes("MY-HOST my-hosts tummy-host", "xx-xxxx my-hosts tummy-host"));
	EXPECT(becomes("SerialNumber: AB-12 Z", "SerialNumber: xx-xx x"));
	EXPECT(becomes("usb: SerialNumber: \nnext", "usb: SerialNumber: \nnext"));
	EXPECT(becomes("myserial=5 serial=5,6", "myserial=5 serial=x,x"));
	EXPECT(becomes("serial=AB ro machine_id=12ab", "serial=xx ro machine_id=xxxx"));
	EXPECT(becomes("my-host.example.org: my-host.", "xx-xxxx.xxxxxxx.xxx: xx-xxxx."));
	EXPECT(becomes("a\\x0aSerialNumber: AB\\x0a52:54:00:ab:cd:ef", "a\\x0aSerialNumber: xx\\xxxxx:xx:xx:xx:xx:xx"));
	EXPECT(becomes("a\\x0a52:54:00:ab:cd:ef", "a\\x0axx:xx:xx:xx:xx:xx"));
	EXPECT(becomes("enx525400abcdef: up, enx5254", "xxxxxxxxxxxxxxx: up, enx5254"));
	EXPECT(becomes("", "") && becomes("SerialNumber:", "SerialNumber:"));
	return true;
}

static void make_edid(uint8_t edid[256])
{
	static const uint8_t header[] = { 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0 };
	uint8_t sum = 0;
	size_t i;

	memset(edid, 0, 256);
	memcpy(edid, header, sizeof(header));
	memcpy(edid + 12, "\x11\x22\x33\x45", 4);
	memcpy(edid + 54, "\1\2\3\xff", 4); /* a timing, no descriptor */
	memcpy(edid + 72, "\0\0\0\xff\0SERIAL-12345\n", 18);
	memcpy(edid + 90, "\0\0\0\xfc\0A MONITOR\n  ", 18);
	edid[126] = 1;
	for (i = 0; i < 127; i++)
		sum += edid[i];
	edid[127] = (uint8_t)-sum;
	/* DisplayID 1.3: a section of one block, the product's identification */
	memcpy(edid + 128, "\x70\x13\x0f\x00\x00\x00\x00\x0cVEN\x01\x02\xde\xad\xbe\xef\x01\x02\x00", 20);
}

static bool monitors(void)
{
	uint8_t edid[256], sum = 0;
	size_t i;

	make_edid(edid);
	EXPECT(redact_edid(edid, sizeof(edid)) == 3);
	EXPECT(!memcmp(edid + 12, "\0\0\0\0", 4) && !memcmp(edid + 77, "             ", 13));
	EXPECT(!memcmp(edid + 95, "A MONITOR", 9) && !memcmp(edid + 54, "\1\2\3\xff", 4));
	EXPECT(!memcmp(edid + 136, "VEN\x01\x02\0\0\0\0\x01\x02", 11));
	for (i = 0; i < 128; i++)
		sum += edid[i];
	EXPECT(sum == 0);
	make_edid(edid); /* one that was wrong stays wrong */
	edid[127]++;
	redact_edid(edid, sizeof(edid));
	for (sum = 0, i = 0; i < 128; i++)
		sum += edid[i];
	EXPECT(sum == 1);
	/* cut at any byte: nothing beyond is touched (the sanitizers see it) */
	for (i = 0; i < sizeof(edid); i++) {
		uint8_t *copy = malloc(i ? i : 1);

		make_edid(edid);
		memcpy(copy, edid, i);
		redact_edid(copy, i);
		free(copy);
	}
	edid[0] = 1;
	EXPECT(redact_edid(edid, sizeof(edid)) == 0);
	return true;
}

static bool dumped(void)
{
	char text[4096];
	size_t i, len = 0;
	uint8_t edid[256];

	EXPECT(becomes("[00] BAD  00 ff ff ff ff ff ff 00 04 69 1c 27 9f 12 00 00",
		       "[00] BAD  00 ff ff ff ff ff ff 00 04 69 1c 27 00 00 00 00"));
	/* in lines, as the kernel does it */
	make_edid(edid);
	for (i = 0; i < 128; i++)
		len += (size_t)sprintf(text + len, "%s%02x%s", i % 16 ? " " : "[00] BAD  ", edid[i], i % 16 == 15 ? "\n" : "");
	EXPECT(redact_text(text, len, "") == 2 && !strstr(text, "41 4c 2d 31 32") && !strstr(text, "11 22 33 45"));
	EXPECT(strstr(text, "20 4d 4f 4e 49 54 4f 52") && strlen(text) == len);
	EXPECT(becomes("00 ff ff ff ff ff ff 00 04 69 1c 27 9f", "00 ff ff ff ff ff ff 00 04 69 1c 27 9f"));
	return true;
}

static bool info(void)
{
	struct json_object *all = json_object_new_object(), *edid = json_object_new_object();
	uint8_t bytes[256];
	char hex[513];
	size_t i;

	make_edid(bytes);
	for (i = 0; i < sizeof(bytes); i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	info_add_string(edid, "serial", "SERIAL-12345");
	info_add_uint(edid, "serial_number", 4711);
	info_add_string(edid, "model", "A MONITOR");
	info_add_string(edid, "my-host", "of my-host");
	info_add_string(edid, "hex", hex);
	info_add(all, "edid", edid);
	EXPECT(redact_json(all, "my-host") == 6);
	EXPECT(!strcmp(info_get_string(edid, "serial"), "redacted") && info_get_uint(edid, "serial_number") == 0);
	EXPECT(!strcmp(info_get_string(edid, "model"), "A MONITOR"));
	EXPECT(!strcmp(info_get_string(edid, "my-host"), "of xx-xxxx"));
	EXPECT(!strncmp(info_get_string(edid, "hex") + 24, "00000000", 8) && strlen(info_get_string(edid, "hex")) == 512);
	json_object_put(all);
	return true;
}

static bool in_order(void)
{
	struct timeline t = { 0 };
	char *text = NULL, from[16];
	size_t len, i;
	FILE *to;

	timeline_add(&t, &(struct timeline_entry){ .time_ns = 2000000000, .source = "b" }, "second\033", 7);
	timeline_add(&t, &(struct timeline_entry){ .time_ns = 1000, .source = "a" }, "first, cut", 5);
	timeline_add(&t, &(struct timeline_entry){ .time_ns = 2000000000, .source = "a" }, "third", 5);
	timeline_add(&t, &(struct timeline_entry){ .time_ns = -1500000, .source = "a" }, "zeroth", 6);
	timeline_sort(&t);
	to = open_memstream(&text, &len);
	timeline_print(&t, to);
	fclose(to);
	EXPECT(!strcmp(text, "-0.001500 a            zeroth\n0.000001 a            first\n"
			     "2.000000 b            second\\x1b\n2.000000 a            third\n"));
	free(text);
	for (i = 0; i < 3000; i++) {
		snprintf(from, sizeof(from), "%zu", i);
		timeline_add(&t, &(struct timeline_entry){ .time_ns = (int64_t)(i * 7919 % 3000), .source = "x" }, from,
			     strlen(from));
	}
	timeline_sort(&t);
	for (i = 1; i < t.n; i++)
		EXPECT(t.entry[i - 1].time_ns <= t.entry[i].time_ns);
	timeline_clear(&t);
	EXPECT(!t.n && !t.lost);
	timeline_sort(&t);
	return true;
}

static bool names_kept(void)
{
	struct timeline t = { 0 };
	const char *first = timeline_name(&t, "DRM_UT_KMS");
	char name[16];
	size_t i;

	EXPECT(!strcmp(timeline_name(&t, "a\033b"), "a\\x1bb"));
	for (i = 0; i < TIMELINE_NAMES_MAX - 2; i++) {
		snprintf(name, sizeof(name), "%zu", i);
		/* made up by a line, they leave room for sources */
		EXPECT(!strcmp(timeline_tag(&t, name), i < TIMELINE_TAGS_MAX - 2 ? name : "?"));
		EXPECT(!strcmp(timeline_name(&t, name), name));
	}
	EXPECT(!strcmp(timeline_name(&t, "one too many"), "?"));
	EXPECT(timeline_name(&t, "DRM_UT_KMS") == first && timeline_tag(&t, "DRM_UT_KMS") == first);
	timeline_clear(&t);
	EXPECT(!t.n_names);
	return true;
}

static bool appended(void)
{
	char text[64], small[8];
	struct append to = { text, sizeof(text), 0 }, cut = { small, sizeof(small), 0 };

	append(&to, "a");
	append_number(&to, INT64_MIN);
	append(&to, "");
	append_number(&to, 0);
	append(&to, ".");
	append_digits(&to, 42, 6);
	append_digits(&to, UINT64_MAX, 1);
	EXPECT(!strcmp(text, "a-92233720368547758080.00004218446744073709551615") && to.len == strlen(text));
	append(&cut, "1234");
	append_digits(&cut, 56789, 9);
	append(&cut, "more");
	EXPECT(!strcmp(small, "1234000") && cut.len == 7);
	return true;
}

/* By runs, and by bytes where they are not plain; never more than there is room for. */
static bool made_plain(void)
{
	static const char from[] = "ab\nc\xc3\xa4\xff z\xe2\x80\xae\033\177";
	static const char want[] = "ab\\x0ac\xc3\xa4\\xff z\\xe2\\x80\\xae\\x1b\\x7f";
	char to[64];
	size_t room, n;

	EXPECT(info_plain(to, sizeof(to), from, sizeof(from) - 1) == sizeof(want) - 1 && !strcmp(to, want));
	for (room = 1; room < sizeof(want); room++) {
		memset(to, '#', sizeof(to));
		n = info_plain(to, room, from, sizeof(from) - 1);
		EXPECT(n < room && strlen(to) == n && !strncmp(to, want, n) && to[room] == '#');
	}
	EXPECT(info_plain(to, 3, "abc", 3) == 2 && !strcmp(to, "ab") && !info_plain(to, 3, "", 0) && !*to);
	return true;
}

static const struct ktap_case cases[] = {
	{ "hardware addresses and UUIDs", addresses },
	{ "the host's name and serial numbers", names },
	{ "a monitor's EDID", monitors },
	{ "an EDID in a log", dumped },
	{ "the state of the cards", info },
	{ "text without printf()", appended },
	{ "text that is made plain", made_plain },
	{ "a timeline", in_order },
	{ "a timeline's names", names_kept },
};

KTAP_MAIN(cases)
