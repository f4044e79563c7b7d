// SPDX-License-Identifier: GPL-2.0-only
/* Failed ioctls, those that are alike folded into one. Pure. */
#include <stdlib.h>
#include <string.h>

#include "failures.h"

/* The same process asks the same of the same card, and is refused for the same reason. */
static bool alike(const struct failure *f, const struct bracket *b, const struct bracket_line *reason)
{
	const struct bracket *a = f->first;

	return a->cmd == b->cmd && a->node == b->node && a->pid == b->pid && a->ret == b->ret &&
	       a->flags == b->flags &&
	       (f->reason && reason ? !strcmp(f->reason->text, reason->text) : f->reason == reason);
}

/* Makes room for one more. */
static struct failure *add(struct failures *failures)
{
	struct failure *f = failures->failure, *grown;
	size_t i, oldest = 0;

	if (failures->n == FAILURES_MAX) {
		for (i = 1; i < failures->n; i++) {
			if (f[i].order < f[oldest].order)
				oldest = i;
		}
		bracket_free(f[oldest].first);
		memmove(&f[oldest], &f[oldest + 1], (--failures->n - oldest) * sizeof(*f));
		failures->left_out++;
	}
	grown = realloc(f, (failures->n + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	failures->failure = grown;
	return &grown[failures->n++];
}

/**
 * failures_add() - take note of an ioctl that ended
 * @failures: zeroed at first.
 * @bracket: now owned by @failures, or freed: after an error, too.
 * @to: set to what it counts for, valid until the next failures_add(); NULL if it did not fail.
 *
 * Return: 0, or -1 with errno ENOMEM.
 */
int failures_add(struct failures *failures, struct bracket *bracket, struct failure **to)
{
	const struct bracket_line *reason;
	struct failure *f = NULL;
	size_t i;

	*to = NULL;
	failures->ended++;
	if (!bracket_failed(bracket)) {
		bracket_free(bracket);
		return 0;
	}
	reason = bracket_reason(bracket);
	for (i = failures->n; i-- > 0 && !f;) {
		if (alike(&failures->failure[i], bracket, reason))
			f = &failures->failure[i];
	}
	if (!f) {
		f = add(failures);
		if (!f) {
			bracket_free(bracket);
			return -1;
		}
		*f = (struct failure){ .first = bracket, .reason = reason };
	}
	f->count++;
	f->last_ns = bracket->end_ns;
	f->order = ++failures->total;
	if (f->first != bracket)
		bracket_free(bracket);
	*to = f;
	return 0;
}

/**
 * failures_last() - the one that the newest failed ioctl counts for
 * @failures: all.
 *
 * Return: valid until the next failures_add(); NULL if none failed.
 */
const struct failure *failures_last(const struct failures *failures)
{
	const struct failure *last = NULL;
	size_t i;

	for (i = 0; i < failures->n; i++) {
		if (!last || failures->failure[i].order > last->order)
			last = &failures->failure[i];
	}
	return last;
}

/**
 * failures_clear() - free all
 * @failures: zeroed afterwards.
 */
void failures_clear(struct failures *failures)
{
	size_t i;

	for (i = 0; i < failures->n; i++)
		bracket_free(failures->failure[i].first);
	free(failures->failure);
	*failures = (struct failures){ 0 };
}
