// SPDX-License-Identifier: GPL-2.0-only
/* The pieces that queries are made of, see gen-queries.c. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "query-forms.h"

void add(struct query *q, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	q->len += vsnprintf(q->text + q->len, sizeof(q->text) - q->len, fmt, args);
	va_end(args);
}

void add_bytes(struct query *q, const char *bytes, size_t n)
{
	memcpy(q->text + q->len, bytes, n);
	q->len += n;
}

/* p less often than its share: a key that is switched takes its time. */
void flags(struct query *q)
{
	static const char some[] = "mflt_mfltsdp";
	unsigned int n = 1 + rnd(4);

	add(q, "%c", "+-="[rnd(3)]);
	while (n--)
		add(q, "%c", some[rnd(rnd(8) ? 8 : 12)]);
}

/* A text with some of its letters replaced by wildcards. */
void glob(char *to, const char *from)
{
	size_t n = strlen(from), cut = n > 2 ? 1 + rnd(n - 1) : n;

	switch (rnd(4)) {
	case 0:
		snprintf(to, WORD, "%.*s*", (int)cut, from);
		break;
	case 1:
		snprintf(to, WORD, "*%s", from + n - cut);
		break;
	case 2:
		snprintf(to, WORD, "*%.*s*", (int)cut, from + (n - cut) / 2);
		break;
	case 3:
		snprintf(to, WORD, "%s", from);
		to[rnd(strlen(to))] = '?';
		break;
	}
}

const char *base(const struct site *s)
{
	const char *slash = strrchr(s->file, '/');

	return slash ? slash + 1 : s->file;
}

/* Some letters out of a format, none of them special to the language or escaped in the listing */
void piece(char *to, const struct site *s, const char *but_not)
{
	size_t from = rnd(strlen(s->format) / 2 + 1), n;

	n = strcspn(s->format + from, but_not);
	snprintf(to, WORD, "%.*s", (int)(n > 12 ? 12 : n), s->format + from);
}
