// SPDX-License-Identifier: GPL-2.0-only
/* A stream's events as a file for trace-cmd, read by libtraceevent: formats, pages, times, losses, names. */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <traceevent/event-parse.h>
#include <traceevent/kbuffer.h>
#include <traceevent/trace-seq.h>

#include "../dd-recorder/tracedat.h"
#include "ktap.h"

/* A file that is read: where we are, what it says. */
static struct tracedat_bytes file;
static size_t at;
static struct tep_handle *tep;
static unsigned int n_cpus;
static size_t table;

static bool bytes(const void *want, size_t len)
{
	if (file.len - at < len || memcmp(file.byte + at, want, len))
		return false;
	at += len;
	return true;
}

static uint64_t number(size_t len)
{
	uint64_t val = 0;

	if (file.len - at < len)
		return UINT64_MAX;
	memcpy(&val, file.byte + at, len);
	at += len;
	return le64toh(val);
}

/* Return: a text of so many bytes; static. */
static char *text(uint64_t len)
{
	static char copy[65536];

	if (len >= sizeof(copy) || file.len - at < len)
		return "";
	memcpy(copy, file.byte + at, len);
	copy[len] = '\0';
	at += len;
	return copy;
}

/* By trace-cmd.dat.v6(5). */
static bool read_head(void)
{
	char *p, *line;
	uint64_t i, n;

	at = 0;
	tep = tep_alloc();
	tep_set_long_size(tep, 8);
	tep_set_local_bigendian(tep, __BYTE_ORDER == __BIG_ENDIAN ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_file_bigendian(tep, TEP_LITTLE_ENDIAN);
	EXPECT(bytes("\x17\x08\x44tracing" "6", 12) && number(1) == 0 && number(1) == 8);
	EXPECT(number(4) == 4096 && bytes("header_page", 12));
	n = number(8);
	EXPECT(!tep_parse_header_page(tep, text(n), n, 8) && tep_get_header_page_size(tep) == 8);
	EXPECT(bytes("header_event", 13));
	text(number(8));
	EXPECT(number(4) == 0 && number(4) == 1 && bytes("dd_recorder", 12));
	for (i = number(4); i; i--) {
		n = number(8);
		EXPECT(!tep_parse_event(tep, text(n), n, "dd_recorder"));
	}
	EXPECT(number(4) == 0 && number(4) == 0);
	for (p = text(number(8)); (line = strsep(&p, "\n")) && *line;) {
		char *comm = strchr(line, ' ');

		EXPECT(comm && comm[1] && !tep_register_comm(tep, comm + 1, atoi(line)));
	}
	n_cpus = (unsigned int)number(4);
	EXPECT(bytes("options  ", 10) && number(2) == 4 && number(4) == 0 && number(2) == 0);
	EXPECT(bytes("flyrecord", 10));
	table = at;
	at += 16 * n_cpus;
	EXPECT(!strcmp(text(number(8)), "[mono]\n") && at <= file.len);
	return true;
}

/* Prints all of a CPU, as trace-cmd does it. Return: its bytes, to be freed; NULL: it is no CPU's. */
static char *print_cpu(unsigned int cpu)
{
	struct kbuffer *kbuf = kbuffer_alloc(KBUFFER_LSIZE_8, KBUFFER_ENDIAN_LITTLE);
	struct tep_record record = { .cpu = (int)cpu };
	unsigned long long ts, last = 0;
	uint64_t begin, size;
	struct trace_seq s;
	char *all;
	int lost;

	at = table + 16 * cpu;
	begin = number(8);
	size = number(8);
	trace_seq_init(&s);
	if (begin % 4096 || size % 4096 || begin > file.len || size > file.len - begin)
		return NULL;
	for (at = begin; at < begin + size; at += 4096) {
		if (kbuffer_load_subbuffer(kbuf, file.byte + at))
			return NULL;
		lost = kbuffer_missed_events(kbuf);
		if (lost)
			trace_seq_printf(&s, "lost %d\n", lost);
		while ((record.data = kbuffer_read_event(kbuf, &ts))) {
			record.size = kbuffer_event_size(kbuf);
			record.ts = ts;
			if (ts < last)
				return NULL;
			last = ts;
			trace_seq_printf(&s, "%llu ", ts);
			tep_print_event(tep, &s, &record, "%s-%d %s %s\n", TEP_PRINT_COMM, TEP_PRINT_PID,
					TEP_PRINT_NAME, TEP_PRINT_INFO);
			kbuffer_next_event(kbuf, NULL);
		}
	}
	kbuffer_free(kbuf);
	trace_seq_terminate(&s);
	all = strdup(s.buffer);
	trace_seq_destroy(&s);
	return all;
}

static bool write_file(struct tracedat *from)
{
	return !tracedat_file(from, &file) && read_head();
}

static void done(struct tracedat *from)
{
	tep_free(tep);
	free(file.byte);
	file = (struct tracedat_bytes){ 0 };
	tracedat_clear(from);
}

static const struct ddr_event message = {
	.time_ns = 5000000000, .cpu = 0, .pid = 12, .minor = 0, .comm = "Xorg", .name = "devdbg", .module = "drm",
	.function = "drm_mode", .class_name = "DRM_UT_KMS", .device = "0000:00:02.0", .text = "two\nlines",
};

static bool events(void)
{
	struct ddr_event e = message;
	struct tracedat dat = { 0 };
	uint32_t place;
	char *said;

	tracedat_add(&dat, &e, 1000);
	e = (struct ddr_event){ .time_ns = 5000000500, .cpu = 0, .pid = 0, .minor = -1, .name = "prdbg", .module = "m",
				.function = "f", .text = "" };
	tracedat_add(&dat, &e, 1000);
	e = (struct ddr_event){ .time_ns = 7, .cpu = 2, .pid = 13, .minor = -1, .comm = "w w", .name = "print",
				.text = "frame 7" };
	tracedat_add(&dat, &e, 0);
	e = (struct ddr_event){ .time_ns = 8, .cpu = 2, .pid = 12, .minor = -1, .comm = "weston", .name = "console",
				.text = "100% %s" };
	tracedat_add(&dat, &e, 0);
	e = message;
	e.time_ns = 9;
	e.cpu = 2;
	e.class_name = e.device = e.module = NULL;
	e.minor = -1;
	tracedat_add(&dat, &e, 0);
	EXPECT(write_file(&dat) && n_cpus == 3);
	EXPECT((said = print_cpu(0)) && !strcmp(said,
		"5000001000 Xorg-12 message [drm]drm_mode DRM_UT_KMS 0000:00:02.0 minor=0: two\\x0alines\n"
		"5000001500 <idle>-0 message [m]f -: \n"));
	free(said);
	EXPECT((said = print_cpu(1)) && !*said);
	free(said);
	/* the pid's last name is Xorg again, and not what it was in between */
	EXPECT((said = print_cpu(2)) && !strcmp(said, "7 w w-13 mark frame 7\n8 Xorg-12 event console: 100% %s\n"
						      "9 Xorg-12 message [?]drm_mode - - minor=-1: two\\x0alines\n"));
	free(said);
	/* a message that can have no device has an empty one */
	memcpy(&place, dat.bytes.byte + dat.cpu[0].record[1].at + 20, sizeof(place));
	EXPECT(le32toh(place) >> 16 == 1);
	EXPECT(dat.counts.events == 5 && !dat.counts.cut && !dat.counts.moved && !dat.counts.left_out);
	done(&dat);
	return true;
}

/* What trace-cmd report -F and KernelShark's filters look at. */
static bool filters(void)
{
	struct tep_event_filter *filter;
	struct tracedat dat = { 0 };
	struct tep_record record = { 0 };

	tracedat_add(&dat, &message, 0);
	EXPECT(write_file(&dat));
	record.data = dat.bytes.byte;
	record.size = (int)dat.bytes.len;
	filter = tep_filter_alloc(tep);
#define MATCHES(what) (tep_filter_reset(filter), tep_filter_add_filter_str(filter, "dd_recorder/message: " what) >= 0 && \
		       tep_filter_match(filter, &record) == TEP_ERRNO__FILTER_MATCH)
	EXPECT(MATCHES("class == \"DRM_UT_KMS\"") && !MATCHES("class == \"DRM_UT_ATOMIC\""));
	EXPECT(MATCHES("minor == 0 && module == \"drm\"") && !MATCHES("minor == 1"));
	EXPECT(MATCHES("device == \"0000:00:02.0\" && text =~ \"two\" && function == \"drm_mode\""));
	tep_filter_free(filter);
	done(&dat);
	return true;
}

/* Deltas of all sizes, pages that fill, and what goes back in time. */
static bool times(void)
{
	static const uint64_t steps[] = { 0, 1, 1000, (1 << 27) - 1, 1 << 27, 1ull << 32, 1ull << 58, 1ull << 59, 1ull << 60 };
	size_t i, len, n = 3000;
	struct ddr_event e = message;
	struct tracedat dat = { 0 };
	uint64_t time = 0, back;
	char *said, *p, want[128], long_text[2001];

	for (i = 0; i < n; i++) {
		memset(long_text, 'a' + (int)(i % 26), sizeof(long_text));
		long_text[i * 7919 % sizeof(long_text)] = '\0';
		e.text = long_text;
		time += i < 9 ? steps[i] : steps[i % 6];
		e.time_ns = time;
		tracedat_add(&dat, &e, 0);
	}
	EXPECT(write_file(&dat) && (said = print_cpu(0)));
	for (i = 0, p = said, time = 0; i < n; i++) {
		time += i < 9 ? steps[i] : steps[i % 6];
		len = (size_t)sprintf(want, "%" PRIu64 " Xorg-12 message [drm]drm_mode DRM_UT_KMS 0000:00:02.0 minor=0: ",
				      time);
		EXPECT(!strncmp(p, want, len) && strcspn(p + len, "\n") == i * 7919 % sizeof(long_text));
		p = strchr(p, '\n') + 1;
	}
	EXPECT(!*p && file.len < 2 * dat.bytes.len);
	free(said);
	done(&dat);
	e.text = "";
	for (i = 0; i < 10; i++) {
		back = i == 3 ? UINT64_MAX : i == 4 ? INT64_MAX : 1000 - i / 2;
		e.time_ns = back;
		e.pid = (int)i;
		tracedat_add(&dat, &e, i == 9 ? -2000 : i == 3 || i == 4 ? 10 : 0);
	}
	EXPECT(dat.counts.events == 10 && dat.counts.moved == 3 && write_file(&dat) && (said = print_cpu(0)));
	for (i = 0, p = said; i < 10; i++) {
		static const int order[] = { 9, 8, 6, 7, 5, 2, 0, 1, 3, 4 };

		len = (size_t)sprintf(want, "Xorg-%d ", order[i]);
		if (order[i])
			EXPECT(!strncmp(strchr(p, ' ') + 1, want, len));
		p = strchr(p, '\n') + 1;
	}
	EXPECT(!*p && !strncmp(said, "0 Xorg-9 ", 9) && strstr(said, "\n9223372036854775807 Xorg-4 "));
	free(said);
	done(&dat);
	return true;
}

/* Of a text, whose times are cut to the microsecond: CPUs stay in the order that they had. */
static bool same_time(void)
{
	struct ddr_event e = message;
	struct tracedat dat = { 0 };
	size_t i;

	for (i = 0; i < 1200; i++) {
		e.cpu = (uint32_t)i % 3;
		e.time_ns = i < 600 ? 5000000 : 5001000;
		tracedat_add(&dat, &e, 0);
	}
	for (i = 0; i < 1200; i++)
		EXPECT(dat.cpu[i % 3].record[i / 3].time_ns == (i < 600 ? 5000000 : 5001000) + (i % 600 < 499 ? i % 600 : 499));
	tracedat_clear(&dat);
	/* one whose times are whole is left alone */
	e.time_ns = 5000001;
	tracedat_add(&dat, &e, 0);
	tracedat_add(&dat, &e, 0);
	EXPECT(dat.cpu[2].record[1].time_ns == 5000001);
	tracedat_clear(&dat);
	return true;
}

static bool losses(void)
{
	struct ddr_event e = message;
	struct tracedat dat = { 0 };
	size_t i, early, pages;
	uint64_t sum = 0;
	char *said, *p;

	e.text = "x";
	for (i = 0; i < 4; i++) {
		e.lost = i == 1 ? 17 : i == 3 ? UINT64_MAX : 0;
		e.time_ns = i;
		tracedat_add(&dat, &e, 0);
	}
	EXPECT(write_file(&dat) && (said = print_cpu(0)));
	EXPECT(!strncmp(said, "0 X", 3) && strstr(said, "\nlost 17\n1 X") && !strstr(said, "\nlost 17\n2") &&
	       strstr(said, "\nlost 2147483647\n3 X"));
	free(said);
	done(&dat);
	/* text that claims a loss before each line: no loss is left out, nor has each a page of its own */
	e.lost = 3;
	for (i = 0; i < 100000; i++)
		tracedat_add(&dat, &e, 0);
	EXPECT(write_file(&dat) && (said = print_cpu(0)));
	for (p = said; (p = strstr(p, "lost ")); p++)
		sum += strtoull(p + 5, NULL, 10);
	early = 4096;
	pages = file.len / 4096;
	EXPECT(sum == 300000 && pages > early && pages < early + 100000 * 200 / 4096);
	free(said);
	done(&dat);
	return true;
}

static bool hostile(void)
{
	char long_name[DDR_TEXT_MAX + 1], *said;
	struct ddr_event e = message;
	struct tracedat dat = { 0 };

	memset(long_name, '\n', DDR_TEXT_MAX);
	long_name[DDR_TEXT_MAX] = '\0';
	e.comm = "a\n99 b";
	tracedat_add(&dat, &e, 0); /* a name that looks like more of them */
	e.comm = "   ";
	e.pid = 1;
	tracedat_add(&dat, &e, 0);
	e.comm = "";
	e.pid = -1;
	tracedat_add(&dat, &e, 0);
	EXPECT(dat.counts.events == 3 && !dat.counts.cut);
	e.pid = 2;
	e.comm = e.module = e.function = e.class_name = e.device = e.text = long_name;
	tracedat_add(&dat, &e, 0);
	e.text = "\033[31m\xff\xe2\x80\xae";
	e.device = "";
	tracedat_add(&dat, &e, 0);
	e.name = long_name;
	e.function = NULL;
	e.text = long_name;
	tracedat_add(&dat, &e, 0);
	EXPECT(dat.counts.events == 6 && dat.counts.cut == 3 && !dat.counts.left_out);
	e = message;
	e.pid = 3;
	e.cpu = TRACEDAT_CPUS_MAX;
	e.lost = 4;
	tracedat_add(&dat, &e, 0);
	e.cpu = UINT32_MAX;
	tracedat_add(&dat, &e, 0);
	e.cpu = TRACEDAT_CPUS_MAX - 1;
	e.time_ns++;
	tracedat_add(&dat, &e, 0);
	tracedat_add(&dat, &(struct ddr_event){ .text = "no event", .minor = -1 }, 0);
	EXPECT(dat.counts.events == 7 && dat.counts.left_out == 11);
	EXPECT(write_file(&dat) && n_cpus == TRACEDAT_CPUS_MAX && (said = print_cpu(0)));
	EXPECT(!strchr(said, '\033') && strstr(said, "\\x1b[31m\\xff\\xe2\\x80\\xae\n") && strstr(said, " a\\x0a99 b-12 "));
	EXPECT(strstr(said, " <...>-1 ") && !strstr(said, " b-99"));
	free(said);
	EXPECT((said = print_cpu(TRACEDAT_CPUS_MAX - 1)) && !strncmp(said, "lost 4\n5000000001 ", 18));
	free(said);
	done(&dat);
	return true;
}

static bool empty(void)
{
	struct tracedat dat = { 0 };
	char *said;

	EXPECT(write_file(&dat) && n_cpus == 1 && (said = print_cpu(0)) && !*said);
	free(said);
	done(&dat);
	return true;
}

static const struct ktap_case cases[] = {
	{ "events of all kinds, and who did it", events },
	{ "filters by fields", filters },
	{ "times", times },
	{ "many at the same time", same_time },
	{ "losses", losses },
	{ "what nobody writes", hostile },
	{ "nothing", empty },
};

KTAP_MAIN(cases)
