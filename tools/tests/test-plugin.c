// SPDX-License-Identifier: GPL-2.0-only
/* The plugin, as libtraceevent uses it: good records, and formats and records that are not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <traceevent/event-parse.h>
#include <traceevent/trace-seq.h>

#include "formats.h"
#include "ktap.h"

int tep_plugin_loader(struct tep_handle *tep);
int tep_plugin_unloader(struct tep_handle *tep);
extern struct tep_plugin_option tep_plugin_options[];

static const char table[] = "# dyndbg sites 1\ndevice 1 \"0000:00:01.0\"\n"
			    "site 0x3f2a0001 \"-\" \"mod\" \"fn\" \"-\" 0 \"n=%d\\n\"\n";
static char path[] = "/tmp/test-plugin-XXXXXX";
static struct tep_handle *tep;

static bool start(const char *prdbg)
{
	static bool written;
	int fd;

	if (!written) {
		fd = mkstemp(path);
		if (fd < 0 || write(fd, table, strlen(table)) != (ssize_t)strlen(table))
			return false;
		close(fd);
		written = true;
	}
	tep_plugin_options[0].value = path;
	tep = tep_alloc();
	tep_set_long_size(tep, sizeof(long));
	tep_set_local_bigendian(tep, TEP_LITTLE_ENDIAN);
	tep_set_file_bigendian(tep, TEP_LITTLE_ENDIAN);
	tep_plugin_loader(tep);
	tep_set_loglevel(TEP_LOG_NONE);
	return !tep_parse_event(tep, prdbg, strlen(prdbg), "dyndbg") &&
	       !tep_parse_event(tep, DEVDBG, strlen(DEVDBG), "dyndbg");
}

static void stop(void)
{
	tep_plugin_unloader(tep);
	tep_free(tep);
}

/* From a copy of just that length. Return: static. */
static const char *print(const void *data, int len)
{
	struct tep_record rec = { .size = len, .data = malloc(len) };
	static char text[5000];
	struct trace_seq s;

	memcpy(rec.data, data, len);
	trace_seq_init(&s);
	tep_print_event(tep, &s, &rec, "%s", TEP_PRINT_INFO);
	trace_seq_terminate(&s);
	snprintf(text, sizeof(text), "%s", s.buffer);
	trace_seq_destroy(&s);
	free(rec.data);
	return text;
}

struct prdbg {
	uint16_t type;
	uint8_t common[6];
	uint32_t site, loc;
	uint8_t flags, prefix;
	uint8_t args[14];
};

struct devdbg {
	uint16_t type;
	uint8_t common[6];
	uint32_t site, loc;
	uint16_t device;
	int16_t minor;
	uint8_t flags, prefix;
	uint8_t args[10];
};

static struct prdbg prdbg = { .type = 77, .site = 0x3f2a0001, .loc = 4 << 16 | 18, .args = { 7 } };
static struct devdbg devdbg = { .type = 78, .site = 0x3f2a0001, .loc = 4 << 16 | 22, .device = 1,
				.minor = -1, .args = { 8 } };

static bool texts(void)
{
	EXPECT(start(PRDBG));
	EXPECT(!strcmp(print(&prdbg, 22), "[mod]fn -: n=7"));
	EXPECT(!strcmp(print(&prdbg, 32), "[mod]fn -: n=7"));
	EXPECT(!strcmp(print(&devdbg, 26), "[mod]fn - 0000:00:01.0 minor=-1: n=8"));
	prdbg.site++;
	EXPECT(!strcmp(print(&prdbg, 22), "[?]? -: (lost: site 0x3f2a0002 is not known)"));
	prdbg.site--;
	stop();
	return true;
}

/* A site that gets on the list while we read. */
static bool live(void)
{
	char line[sizeof(table)];
	FILE *f;

	EXPECT(start(PRDBG));
	prdbg.site++;
	EXPECT(strstr(print(&prdbg, 22), "lost"));
	f = fopen(path, "a");
	snprintf(line, sizeof(line), "%s", strstr(table, "site 0x"));
	line[14] = '2';
	EXPECT(f && fputs(line, f) >= 0 && !fclose(f));
	sleep(1);
	EXPECT(!strcmp(print(&prdbg, 22), "[mod]fn -: n=7"));
	prdbg.site--;
	stop();
	return true;
}

static bool short_records(void)
{
	int len;

	EXPECT(start(PRDBG));
	for (len = 8; len < 22; len++)
		EXPECT(strstr(print(&prdbg, len), "malformed"));
	for (len = 8; len < 26; len++)
		EXPECT(strstr(print(&devdbg, len), "malformed"));
	for (len = 0; len < 20000; len++) {
		prdbg.loc = len * 214748u;
		print(&prdbg, sizeof(prdbg));
	}
	prdbg.loc = 4 << 16 | 18;
	stop();
	return true;
}

/* The format comes with the file, too. */
static bool bad_formats(void)
{
	static const char * const odd[] = {
		"offset:-4;\tsize:4", "offset:8;\tsize:2147483647", "offset:2147483647;\tsize:4",
		"offset:8;\tsize:0", "offset:8;\tsize:-1", "offset:30;\tsize:4", "offset:8;\tsize:3",
	};
	char format[2000];
	const char *at;
	size_t i, len;

	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		at = strstr(PRDBG, "offset:8;");
		len = at - PRDBG;
		snprintf(format, sizeof(format), "%.*s%s%s", (int)len, PRDBG, odd[i],
			 at + strlen("offset:8;\tsize:4"));
		/* what libtraceevent refuses itself is as good */
		if (start(format))
			print(&prdbg, sizeof(prdbg));
		stop();
		at = strstr(PRDBG, "offset:12;");
		len = at - PRDBG;
		snprintf(format, sizeof(format), "%.*s%s%s", (int)len, PRDBG, odd[i],
			 at + strlen("offset:12;\tsize:4"));
		if (start(format))
			print(&prdbg, sizeof(prdbg));
		stop();
	}
	EXPECT(start("name: prdbg\nID: 77\nformat:\n" COMMON "\nprint fmt: \"%d\", 1\n"));
	EXPECT(strstr(print(&prdbg, sizeof(prdbg)), "malformed"));
	stop();
	return true;
}

static bool other_machine(void)
{
	EXPECT(start(PRDBG));
	tep_set_file_bigendian(tep, TEP_BIG_ENDIAN);
	prdbg.type = 77 << 8;
	EXPECT(strstr(print(&prdbg, 22), "another kind of machine"));
	prdbg.type = 77;
	stop();
	unlink(path);
	return true;
}

static const struct ktap_case cases[] = {
	{ "texts", texts },
	{ "sites that come while reading", live },
	{ "records that are too short", short_records },
	{ "formats that are malformed", bad_formats },
	{ "another machine's records", other_machine },
};

KTAP_MAIN(cases)
