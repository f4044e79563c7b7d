/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the control language share: a batch, and its commands one after another. */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include "dyndbg_match.h"
#include "ktap.h"

static char text[8192];
static struct dd_batch batch;
static struct dd_cmd cmd;

/* Begin a batch. Every stock flag is known. */
static inline void begin(const char *s)
{
	strcpy(text, s);
	batch = (struct dd_batch){ .pos = text, .known_flags = DD_STOCK };
}

static inline int next(void)
{
	return dd_parse_next(&batch, &cmd);
}

/* The strings are the same; NULL only is NULL. */
static inline bool is(const char *have, const char *want)
{
	return have && want ? !strcmp(have, want) : have == want;
}

/* The batch is one command, and a good one. */
static inline bool takes(const char *s)
{
	struct dd_cmd more;

	begin(s);
	return next() == 1 && !dd_parse_next(&batch, &more);
}

/* The command is refused for a reason that has this text, on one line, and only the command. */
static inline bool refused(const char *s, const char *reason)
{
	char more[4200], why[DD_ERR_MAX];
	enum dd_verb verb;
	bool ok;

	snprintf(more, sizeof(more), "%s\n=m", s);
	begin(more);
	ok = next() == -EINVAL && strstr(batch.err, reason) && !strchr(batch.err, '\n');
	verb = cmd.verb;
	strcpy(why, batch.err);
	ok = ok && next() == 1 && cmd.flags.bits == DD_M && next() == 0;
	if (!ok)
		printf("# '%s': '%s'\n", s, why);
	cmd.verb = verb;
	return ok;
}

#endif
