// SPDX-License-Identifier: GPL-2.0-only
/* What a failed ioctl was asked, as far as its record and the kernel's lines tell. */
#include <drm_mode.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"

const struct explain_flag explain_flags[] = {
	{ DRM_MODE_PAGE_FLIP_EVENT, "PAGE_FLIP_EVENT" },
	{ DRM_MODE_PAGE_FLIP_ASYNC, "PAGE_FLIP_ASYNC" },
	{ DRM_MODE_ATOMIC_TEST_ONLY, "TEST_ONLY" },
	{ DRM_MODE_ATOMIC_NONBLOCK, "NONBLOCK" },
	{ DRM_MODE_ATOMIC_ALLOW_MODESET, "ALLOW_MODESET" },
};
const size_t n_explain_flags = sizeof(explain_flags) / sizeof(explain_flags[0]);

static bool is_known(char **name, size_t n, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strlen(name[i]) == len && !memcmp(name[i], text, len))
			return true;
	}
	return false;
}

/* "[CRTC:38:crtc-0]", as DRM's messages name a mode object. Return: what is between, or NULL. */
static const char *next_object(const char **text, size_t *len)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	const char *open, *end;
	size_t kind;

	while ((open = strchr(*text, '[')) != NULL) {
		*text = ++open;
		kind = strspn(open, upper);
		end = strchr(open, ']');
		if (!kind || open[kind] != ':' || !end || end - open > 80)
			continue;
		*len = (size_t)(end - open);
		return open;
	}
	return NULL;
}

/**
 * explain_asked() - the mode objects that an ioctl was about
 * @b: the ioctl.
 * @name: room for their names, as "CRTC:38:crtc-0", in the order in which the kernel came to them.
 *
 * Return: how many; to be freed with explain_free_asked().
 */
size_t explain_asked(const struct bracket *b, char *name[ASKED_MAX])
{
	const char *text, *object;
	size_t i, len, n = 0;

	for (i = 0; i < b->n_lines; i++) {
		text = b->line[i].text;
		while (n < ASKED_MAX && (object = next_object(&text, &len)) != NULL) {
			if (is_known(name, n, object, len))
				continue;
			name[n] = strndup(object, len);
			if (!name[n])
				return n;
			n++;
		}
	}
	return n;
}

/**
 * explain_free_asked() - free names
 * @name: of explain_asked().
 * @n: how many.
 */
void explain_free_asked(char **name, size_t n)
{
	while (n--)
		free(name[n]);
}
