// SPDX-License-Identifier: GPL-2.0-only
/*
 * A timeline as a page for the browser: the page of tools/page, and the lines behind it as blocks of JSON. Pure.
 *
 * A block is a script element of a type that no browser runs. Its text ends at the first "</script", and "<!--" can
 * hide that (HTML standard, "Restrictions for contents of script elements"): so no '<' of anybody's is written as
 * one, and nothing else can end it.
 */
#include <inttypes.h>
#include <string.h>

#include "timeline-html.h"

#define BLOCK_LINES 10000 /* few enough that the browser need not hold all of them as one string */

/* timeline-page.S */
extern const char timeline_page[], timeline_page_end[];

/* A string of JSON. Control characters and separators of lines do not come here, and would do no harm. */
static void put_string(const char *text, FILE *to)
{
	const char *plain;

	putc('"', to);
	for (; *text; text++) {
		for (plain = text; (unsigned char)*text >= 0x20 && !strchr("\"\\<>&\x7f\xe2", *text); text++)
			;
		fwrite(plain, 1, (size_t)(text - plain), to);
		if (!*text)
			break;
		if ((unsigned char)*text != 0xe2) {
			fprintf(to, "\\u%04x", (unsigned char)*text);
		} else if (!strncmp(text, "\xe2\x80\xa8", 3) || !strncmp(text, "\xe2\x80\xa9", 3)) {
			text += 2;
			fprintf(to, "\\u%04x", *text == '\xa8' ? 0x2028 : 0x2029);
		} else {
			putc(*text, to);
		}
	}
	putc('"', to);
}

/* The number of a name of timeline_name(): "?" comes behind all that it keeps. */
static int number_of(const struct timeline *timeline, const char *name)
{
	size_t i = 0;

	if (!name)
		return -1;
	while (i < timeline->n_names && timeline->name[i] != name)
		i++;
	return (int)i;
}

static void put_about(const struct timeline *timeline, const struct timeline_about *about, FILE *to)
{
	size_t i;

	fprintf(to, "<script type=\"application/json\" id=\"data\">{\"program\":");
	put_string(about->program, to);
	fprintf(to, ",\"monotonic_us\":%" PRIu64 ",\"realtime_us\":%" PRId64 ",\"since_us\":%" PRIu64
		    ",\"redact\":%s,\"lines\":%zu,\"lost\":%zu,\"names\":[",
		about->mono_ns / 1000, about->real_ns / 1000, about->since_ns / 1000,
		about->redact ? "true" : "false", timeline->n, timeline->lost);
	for (i = 0; i < timeline->n_names; i++) {
		put_string(timeline->name[i], to);
		putc(',', to);
	}
	fprintf(to, "\"?\"]}</script>\n");
}

/* [microseconds since the line before, source, class, device, failed, text]; data.js reads it */
static void put_line(const struct timeline *timeline, size_t i, FILE *to)
{
	const struct timeline_entry *entry = &timeline->entry[i];
	/* cut as in timeline.txt, and only then subtracted */
	int64_t passed = entry->time_ns / 1000 - (i ? entry[-1].time_ns / 1000 : 0);

	fprintf(to, "[%" PRId64 ",%d,%d,%d,%d,", passed, number_of(timeline, entry->source),
		number_of(timeline, entry->class_name), number_of(timeline, entry->device), entry->failed);
	put_string(entry->text, to);
	putc(']', to);
}

/**
 * timeline_html() - write it as a page that needs nothing beside it
 * @timeline: sorted.
 * @about: for its head.
 * @to: where to.
 */
void timeline_html(const struct timeline *timeline, const struct timeline_about *about, FILE *to)
{
	size_t i;

	fwrite(timeline_page, 1, (size_t)(timeline_page_end - timeline_page), to);
	put_about(timeline, about, to);
	for (i = 0; i < timeline->n; i++) {
		fputs(i % BLOCK_LINES ? ",\n" : "<script type=\"application/json\" class=\"lines\">[\n", to);
		put_line(timeline, i, to);
		if (i + 1 == timeline->n || (i + 1) % BLOCK_LINES == 0)
			fputs("\n]</script>\n", to);
	}
	fputs("</body>\n</html>\n", to);
}
