// SPDX-License-Identifier: GPL-2.0-only
/* Records into text: what was packed, and what nobody packed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../include/uapi/linux/dyndbg.h"
#include "../decode/decode.h"
#include "dyndbg_pack.h"
#include "ktap.h"

#define TABLE "# dyndbg sites 1\n"									\
	"device 1 \"0000:00:01.0\"\n"									\
	"site 0x3f2a0001 \"DRM_UT_KMS\" \"drm\" \"probe\" \"-\" 0 \"%s: %d to %s\\n\"\n"		\
	"site 0x3f2a0002 \"-\" \"foo\" \"foo_fn\" \"lib/foo.c\" 12 \"%#x \\042q\\042%c %5s\\012\"\n"	\
	"device 65535 \"usb 1-1\"\n"									\
	"site 0x3f2a0003 \"-\" \"foo\" \"foo_fn\" \"lib/foo.c\" 13 \"plain\"\n"

static struct ddr_sites *sites;
static char messages[4096];
static uint8_t bytes[DYNDBG_ARGS_MAX];
static size_t n_bytes;

/* Read a list with this in it; what was said of it is in @messages. */
static int read_table(const char *text, size_t len)
{
	char path[] = "/tmp/test-decode-XXXXXX";
	int fd = mkstemp(path), rc;
	FILE *f = fmemopen(messages, sizeof(messages), "w");

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		return -1;
	close(fd);
	if (!sites)
		sites = ddr_sites_new();
	messages[0] = '\0';
	rc = ddr_sites_read(sites, path, f);
	fclose(f);
	unlink(path);
	return rc;
}

static void put(const void *data, size_t len)
{
	memcpy(bytes + n_bytes, data, len);
	n_bytes += len;
}

static void put_string(const char *s)
{
	put(s, strlen(s) + 1);
}

static void put_u32(uint32_t v)
{
	put(&v, sizeof(v));
}

/* The message's arguments behind what was put already. */
static void put_args(const char *fmt, ...)
{
	struct dd_op ops[DD_OPS_MAX];
	va_list args;

	va_start(args, fmt);
	n_bytes += dd_shape_pack(ops, dd_shape_make(fmt, ops, DD_OPS_MAX), fmt, bytes + n_bytes,
				 sizeof(bytes) - n_bytes, &args) & ~DD_PACK_CUT;
	va_end(args);
}

/* From a copy of the bytes of just that length, into just that room. Return: static. */
static const char *decode(struct ddr_record rec, size_t len, size_t size)
{
	static char text[DDR_DECODED_MAX];
	uint8_t *exact = malloc(len);
	char *room = malloc(size);
	size_t n;

	memcpy(exact, bytes, len);
	rec.args = exact;
	rec.len = len;
	n = ddr_decode(sites, &rec, room, size);
	if (n >= size || strlen(room) != n)
		abort();
	strcpy(text, room);
	free(room);
	free(exact);
	return text;
}

/* And begin the next record. */
static bool is(struct ddr_record rec, const char *want)
{
	const char *have = decode(rec, n_bytes, DDR_DECODED_MAX);
	bool ok = !strcmp(have, want);

	if (!ok)
		printf("# '%s'\n# not '%s'\n", have, want);
	n_bytes = 0;
	return ok;
}

static bool table(void)
{
	const struct ddr_site *s;

	EXPECT(read_table(TABLE, strlen(TABLE)) == 0 && !messages[0]);
	s = ddr_sites_find(sites, 0x3f2a0002);
	EXPECT(s && !strcmp(s->class, "-") && !strcmp(s->module, "foo") && s->line == 12);
	EXPECT(!strcmp(s->function, "foo_fn") && !strcmp(s->file, "lib/foo.c"));
	EXPECT(!strcmp(s->format, "%#x \"q\"%c %5s\n"));
	EXPECT(!ddr_sites_find(sites, 0x3f2a0004) && !ddr_sites_find(sites, 0));
	EXPECT(!strcmp(ddr_sites_device(sites, 65535), "usb 1-1"));
	EXPECT(!ddr_sites_device(sites, 0) && !ddr_sites_device(sites, 2));
	return true;
}

static bool bad_tables(void)
{
	static const char * const lines[] = {
		"site", "site 0x1", "site 0x1 \"-\" \"m\" \"f\" \"-\" 0 \"cut", "device x \"a\"",
		"site 0x1 \"-\" \"m\" \"f\" \"-\" 0 \"a\" ", "device 65536 \"a\"", "device 1 \"a\\9\"",
		"site 0x100000000 \"-\" \"m\" \"f\" \"-\" 0 \"a\"", "device 1 \"a\" b", "device 1",
		"site 0x \"-\" \"m\" \"f\" \"-\" 0 \"a\"", "device 1 \"\\000\"", "", "other 1 \"a\"",
		"site 0x1 \"-\" \"m\" \"f\" \"-\" \"0\" \"a\"", "device 1  \"a\"", "device 1 \"a\\\"",
		"site 0x1 - m f - 0 a", "device -1 \"a\"", "device 1 \"a\\01\"", "device  \"a\"",
	};
	char text[40000];
	size_t i, len;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		len = sprintf(text, "# dyndbg sites 1\n%s\ndevice 7 \"seven\"\n", lines[i]);
		EXPECT(read_table(text, len) == 0);
		if (!strstr(messages, ":2: "))
			printf("# '%s': '%s'\n", lines[i], messages);
		EXPECT(strstr(messages, ":2: ") && strchr(messages, '\n')[1] == '\0');
		EXPECT(ddr_sites_device(sites, 7) && !ddr_sites_device(sites, 1));
		EXPECT(!ddr_sites_find(sites, 1));
	}
	/* cut short anywhere, by a NUL, too: what stands before is there */
	for (len = 18; len < strlen(TABLE); len++) {
		EXPECT(read_table(TABLE, len) == 0);
		EXPECT(!messages[0] == (TABLE[len] == '\n' || TABLE[len - 1] == '\n'));
		memcpy(text, TABLE, sizeof(TABLE));
		text[len] = '\0';
		EXPECT(read_table(text, strlen(TABLE)) == 0 && messages[0]);
	}
	/* a line without end */
	memset(text, 'a', sizeof(text));
	memcpy(text, "# dyndbg sites 1\ndevice 1 \"", 27);
	memcpy(text + sizeof(text) - 20, "\"\ndevice 7 \"seven\"\n", 19);
	EXPECT(read_table(text, sizeof(text) - 1) == 0 && strstr(messages, ":2: "));
	EXPECT(ddr_sites_device(sites, 7) && !ddr_sites_device(sites, 1));
	/* something else altogether: the list stays as it was */
	EXPECT(read_table("", 0) == -EBADMSG && read_table("# dyndbg sites 2\n", 17) == -EBADMSG);
	EXPECT(ddr_sites_device(sites, 7));
	EXPECT(ddr_sites_read(sites, "/nowhere", stdout) == -ENOENT);
	EXPECT(ddr_sites_read(sites, "/dev/zero", stdout) == -EINVAL);
	return true;
}

static bool records(void)
{
	struct ddr_record prdbg = { .site = 0x3f2a0002, .minor = -1 };
	struct ddr_record devdbg = { .site = 0x3f2a0001, .device = 1, .minor = 2,
				     .has_device = true };

	EXPECT(read_table(TABLE, strlen(TABLE)) == 0);
	put_args("%#x %c %5s", 0, 'x', "abc");
	EXPECT(is(prdbg, "[foo]foo_fn -: 0x0 \"q\"x   abc"));
	put_args("%s %d %s", "DP-1", -1, "on");
	EXPECT(is(devdbg, "[drm]probe DRM_UT_KMS 0000:00:01.0 minor=2: DP-1: -1 to on"));
	devdbg.minor = DYNDBG_NO_MINOR;
	devdbg.device = 65535;
	put_args("%s %d %s", "DP-1\n", -1, "on\n");
	EXPECT(is(devdbg, "[drm]probe DRM_UT_KMS usb 1-1 minor=-1: DP-1\n: -1 to on\n"));
	prdbg.site++;
	EXPECT(is(prdbg, "[foo]foo_fn -: plain"));
	prdbg.flags = DYNDBG_REC_HOOKED;
	EXPECT(is(prdbg, "[foo]foo_fn -: plain"));
	return true;
}

static bool heads(void)
{
	struct ddr_record rec = { .site = 0x3f2a0003, .device = 9, .has_device = true };

	EXPECT(is(rec, "[foo]foo_fn - ? minor=0: plain"));
	rec.flags = DYNDBG_REC_DEVICE | DYNDBG_REC_LEAD | DYNDBG_REC_TID;
	rec.prefix = DYNDBG_PREFIX_MODULE | DYNDBG_PREFIX_FUNCTION | DYNDBG_PREFIX_FILE |
		     DYNDBG_PREFIX_LINE;
	put_u32(77);
	put_string("usb 1-2");
	put_string("eth0");
	EXPECT(is(rec, "[foo]foo_fn - usb 1-2 minor=0: [77] foo:foo_fn:lib/foo.c:13: eth0: plain"));
	rec.flags = DYNDBG_REC_TID;
	rec.prefix = DYNDBG_PREFIX_LINE;
	put_u32(-1);
	EXPECT(is(rec, "[foo]foo_fn - ? minor=0: <intr> 13: plain"));
	rec.prefix = 0;
	put_u32(0);
	EXPECT(is(rec, "[foo]foo_fn - ? minor=0: [0] plain"));
	rec.has_device = false;
	rec.flags = DYNDBG_REC_STACK;
	put_string("stack\n => one\n => two\n");
	EXPECT(is(rec, "[foo]foo_fn -: stack\n => one\n => two"));
	return true;
}

/* Of a site that was not registered yet, everything is in the record. */
static bool whole_texts(void)
{
	struct ddr_record rec = { .flags = DYNDBG_REC_SITE | DYNDBG_REC_LEAD,
				  .prefix = DYNDBG_PREFIX_FILE | DYNDBG_PREFIX_LINE };

	put_string("lead");
	put_string("mod");
	put_string("fn");
	put_string("a.c");
	put_string("C");
	put_u32(5);
	put_string("100%% of %d\n");
	put_u32(7);
	EXPECT(is(rec, "[mod]fn C: a.c:5: lead: 100% of 7"));
	return true;
}

static bool lost(void)
{
	struct ddr_record rec = { .site = 0x3f2a0009, .device = 1, .minor = 1 };

	put_string("anything");
	EXPECT(is(rec, "[?]? -: (lost: site 0x3f2a0009 is not known)"));
	rec.has_device = true;
	rec.site = 1;
	EXPECT(is(rec, "[?]? - 0000:00:01.0 minor=1: (lost: site 0x00000001 is not known)"));
	rec.prefix = DYNDBG_PREFIX_FILE | DYNDBG_PREFIX_LINE;
	rec.has_device = false;
	EXPECT(is(rec, "[?]? -: ?:0: (lost: site 0x00000001 is not known)"));
	rec.prefix = 0;
	rec.flags = DYNDBG_REC_STACK;
	put_string("stack: a");
	EXPECT(is(rec, "[?]? -: stack: a"));
	return true;
}

static bool truncated(void)
{
	struct ddr_record rec = { .site = 0x3f2a0001, .flags = DYNDBG_REC_TRUNCATED };
	static char line[sizeof(bytes)], want[2 * sizeof(bytes)];

	memset(line, 'x', sizeof(line) - 1);
	put_args("%s %d %s", line, 1, "on");
	EXPECT(n_bytes == sizeof(bytes));
	rec.flags = 0; /* no NUL is enough */
	sprintf(want, "[drm]probe DRM_UT_KMS: %s [truncated]", line);
	n_bytes--;
	EXPECT(is(rec, want));
	rec.flags = DYNDBG_REC_TRUNCATED;
	put_args("%s %d", "DP-1", 2);
	EXPECT(is(rec, "[drm]probe DRM_UT_KMS: DP-1: 2 to  [truncated]"));
	rec.flags = DYNDBG_REC_LEAD | DYNDBG_REC_DEVICE;
	rec.has_device = true;
	put("usb", 3);
	EXPECT(is(rec, "[drm]probe DRM_UT_KMS ? minor=0: ?:  [truncated]"));
	put_string("usb");
	put("eth", 3);
	EXPECT(is(rec, "[drm]probe DRM_UT_KMS usb minor=0: ?:  [truncated]"));
	/* the newline at the end of what is cut is no end of the message */
	rec.flags = DYNDBG_REC_STACK | DYNDBG_REC_TRUNCATED;
	rec.has_device = false;
	put_string("a\n");
	EXPECT(is(rec, "[drm]probe DRM_UT_KMS: a\n [truncated]"));
	return true;
}

/* Every length of a good record, with every flag, in any room. */
static bool every_length(void)
{
	struct ddr_record rec = { .site = 0x3f2a0001, .has_device = true };
	size_t i, all;

	n_bytes = 0;
	put_u32(1);
	put_string("device");
	put_string("lead");
	put_string("mod");
	put_string("fn");
	put_string("file");
	put_string("class");
	put_u32(1);
	put_args("%s %d %s", "DP-1", 2, "on");
	all = n_bytes;
	n_bytes = 0;
	do {
		for (i = 0; i <= all; i++)
			decode(rec, i, 1 + i % 100);
		rec.prefix += 37;
	} while (++rec.flags);
	return true;
}

static bool random_bytes(void)
{
	struct ddr_record rec = { .has_device = true };
	unsigned int i, k, len;

	srandom(1);
	for (i = 0; i < 100000; i++) {
		len = random() % 60;
		for (k = 0; k < len; k++)
			bytes[k] = random() % 3 ? random() : 0;
		rec.site = 0x3f2a0001 + random() % 4;
		rec.flags = random();
		rec.prefix = random();
		rec.device = random() % 3;
		decode(rec, len, 1 + random() % 300);
	}
	ddr_sites_free(sites);
	return true;
}

static const struct ktap_case cases[] = {
	{ "the list of sites", table },
	{ "lists that are malformed", bad_tables },
	{ "records", records },
	{ "prefix, lead, device", heads },
	{ "records with their text", whole_texts },
	{ "sites that are not listed", lost },
	{ "truncated records", truncated },
	{ "every length of a record", every_length },
	{ "random records", random_bytes },
};

KTAP_MAIN(cases)
