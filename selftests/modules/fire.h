/* SPDX-License-Identifier: GPL-2.0-only */
/* The parameter "fire" of a test module: echo "KIND COUNT" >.../parameters/fire calls a kind's function so often. */
#ifndef _FIRE_H
#define _FIRE_H

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

struct fire_kind {
	const char *name;
	void (*fire)(int i);
};

static int fire_kind(const struct fire_kind *kinds, unsigned int n, const char *val)
{
	unsigned int k;
	char kind[16];
	int i, count;

	if (sscanf(val, "%15s %d", kind, &count) != 2)
		return -EINVAL;
	for (k = 0; k < n; k++)
		if (!strcmp(kinds[k].name, kind))
			break;
	if (k == n)
		return -EINVAL;
	for (i = 0; i < count; i++)
		kinds[k].fire(i);
	return 0;
}

/* @kinds: an array of struct fire_kind */
#define FIRE_PARAM(kinds)							\
	static int fire_set(const char *val, const struct kernel_param *kp)	\
	{									\
		return fire_kind(kinds, ARRAY_SIZE(kinds), val);		\
	}									\
	static const struct kernel_param_ops fire_ops = { .set = fire_set };	\
	module_param_cb(fire, &fire_ops, NULL, 0200)

#endif /* _FIRE_H */
