/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of gen-queries share. */
#ifndef _QUERY_FORMS_H
#define _QUERY_FORMS_H

#include <stddef.h>

/* A callsite, as the listing has it; the format's special characters are escaped. */
struct site {
	char *file, *module, *func, *format;
	int line;
};

struct query {
	char text[16384];
	size_t len;
};

/* A form of query: its @make() is called with 0 to @count - 1. */
struct form {
	const char *name;
	unsigned int count;
	void (*make)(struct query *q, unsigned int round);
};

extern const struct form forms[];	/* ends with a nameless one */

/* gen-queries.c */
unsigned int rnd(unsigned int n);
const struct site *any_site(void);

/* query-text.c */
void add(struct query *q, const char *fmt, ...);
void add_bytes(struct query *q, const char *bytes, size_t n);
void flags(struct query *q);
void glob(char *to, const char *from);
const char *base(const struct site *s);
void piece(char *to, const struct site *s, const char *but_not);

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define WORD		48	/* room for a glob or a piece */

/* One of a list, in turn */
#define IN_TURN(q, round, list)	add(q, "%s", (list)[(round) % ARRAY_SIZE(list)])

/* query-odd.c */
void make_blanks(struct query *q, unsigned int round);
void make_quotes(struct query *q, unsigned int round);
void make_comments(struct query *q, unsigned int round);
void make_wrong(struct query *q, unsigned int round);
void make_matches_nothing(struct query *q, unsigned int round);
void make_lengths(struct query *q, unsigned int round);
void make_nul(struct query *q, unsigned int round);
void make_new_flags(struct query *q, unsigned int round);
void make_new_commands(struct query *q, unsigned int round);
void make_new_matches(struct query *q, unsigned int round);
void make_new_percent(struct query *q, unsigned int round);
void make_new_comma(struct query *q, unsigned int round);
void make_new_pairs(struct query *q, unsigned int round);
void make_new_quoted(struct query *q, unsigned int round);
void make_new_comment(struct query *q, unsigned int round);

#endif /* _QUERY_FORMS_H */
