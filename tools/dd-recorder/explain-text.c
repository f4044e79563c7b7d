// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder explain, for people. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "info-json.h"

/* DRM gives render nodes the minors from here on (drivers/gpu/drm/drm_drv.c). */
#define RENDER_MIN 128

/* Text that came from elsewhere: other users' programs have a part in it. */
static void plain(FILE *to, const char *text)
{
	size_t len = strlen(text);
	char *buf = malloc(4 * len + 1);

	if (buf) {
		info_plain(buf, 4 * len + 1, text, len);
		fputs(buf, to);
	}
	free(buf);
}

static void time_of(FILE *to, uint64_t ns)
{
	fprintf(to, "%" PRIu64 ".%06" PRIu64, ns / 1000000000, ns / 1000 % 1000000);
}

static void headline(FILE *to, const struct bracket *b)
{
	int error = (int)-b->ret;
	const char *name = strerrorname_np(error);

	if (b->minor >= 0)
		fprintf(to, "card%d: ", b->minor);
	fputs("DRM_IOCTL_", to);
	plain(to, b->name);
	if (name)
		fprintf(to, " failed: %s (%s)\n", name, strerror(error));
	else
		fprintf(to, " failed: %d\n", error);
}

static void who(FILE *to, const struct bracket *b)
{
	fputs("  who   ", to);
	if (b->comm[0]) {
		plain(to, b->comm);
		fputs(", ", to);
	}
	fprintf(to, "process %d, task %d", b->pid, b->tid);
	if (b->client)
		fprintf(to, ", client %" PRIu64, b->client);
	if (b->node >= RENDER_MIN)
		fprintf(to, ", by renderD%d", b->node);
	fputc('\n', to);
}

static void when(FILE *to, const struct failure *f)
{
	const struct bracket *b = f->first;

	fputs("  when  ", to);
	time_of(to, b->end_ns);
	fprintf(to, ", after %" PRIu64 ".%03" PRIu64 " ms", b->took_ns / 1000000,
		b->took_ns / 1000 % 1000);
	if (f->count > 1) {
		fprintf(to, "; %" PRIu64 " times, the last at ", f->count);
		time_of(to, f->last_ns);
	}
	fputc('\n', to);
}

static void asked(FILE *to, const struct bracket *b)
{
	char *name[ASKED_MAX];
	size_t i, n = explain_asked(b, name);
	const char *before = "  asked ";
	uint32_t rest = b->flags;

	if (b->objects) {
		fprintf(to, "%s%" PRIu32 " object%s", before, b->objects, b->objects == 1 ? "" : "s");
		before = ", ";
	}
	for (i = 0; i < n_explain_flags; i++) {
		if (!(b->flags & explain_flags[i].bit))
			continue;
		fprintf(to, "%s%s", before, explain_flags[i].name);
		rest &= ~explain_flags[i].bit;
		before = "|";
	}
	if (rest) {
		fprintf(to, "%s0x%" PRIx32, before, rest);
		before = "|";
	}
	for (i = 0; i < n; i++) {
		fputs(i ? " " : *before == ' ' ? before : ": ", to);
		plain(to, name[i]);
		before = "";
	}
	if (*before != ' ')
		fputc('\n', to);
	explain_free_asked(name, n);
}

static void said(FILE *to, const struct bracket *b)
{
	size_t i;

	if (b->n_lines)
		fputs("  said, the newest first\n", to);
	for (i = b->n_lines; i-- > 0;) {
		const struct bracket_line *line = &b->line[i];

		fputs("    ", to);
		time_of(to, line->time_ns);
		fputc(' ', to);
		plain(to, line->class_name ? line->class_name : "-");
		fputc(' ', to);
		if (line->function) {
			plain(to, line->function);
			fputs(": ", to);
		}
		plain(to, line->text);
		fputc('\n', to);
	}
	if (b->n_more)
		fprintf(to, "    (%zu older lines are left out)\n", b->n_more);
	if (b->lost)
		fprintf(to, "    (%" PRIu64 " records were lost meanwhile; some may be of this)\n", b->lost);
	if (!b->begin_ns)
		fputs("    (its begin is not recorded: what is shown may be from before it)\n", to);
}

/**
 * explain_text() - print a failed ioctl
 * @to: where to.
 * @failure: it, and how often it was repeated.
 */
void explain_text(FILE *to, const struct failure *failure)
{
	const struct bracket *b = failure->first;
	const struct bracket_line *reason = failure->reason;

	headline(to, b);
	fputs("  why   ", to);
	if (reason)
		plain(to, reason->text);
	else
		fputs(b->n_lines ? "the kernel gives no reason" : "the stream has nothing that was said meanwhile", to);
	fputc('\n', to);
	who(to, b);
	when(to, failure);
	asked(to, b);
	said(to, b);
}

/**
 * explain_text_summary() - print what was looked at
 * @to: where to.
 * @summary: of all that was read.
 */
void explain_text_summary(FILE *to, const struct explain_summary *summary)
{
	fprintf(to, "%s: %" PRIu64 " of %" PRIu64 " recorded ioctls failed", summary->stream, summary->failed,
		summary->ended);
	if (summary->left_out)
		fprintf(to, "; %" PRIu64 " kinds of failures, the oldest, are left out", summary->left_out);
	if (summary->open)
		fprintf(to, "; %zu have not ended", summary->open);
	if (summary->lost)
		fprintf(to, "; %" PRIu64 " records were lost in between", summary->lost);
	fputc('\n', to);
}
