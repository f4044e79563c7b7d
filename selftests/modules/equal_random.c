// SPDX-License-Identifier: GPL-2.0-only
/*
 * The record path's copying and printing of arguments, against vsnprintf(), with random formats
 * and arguments, for selftests/dynamic_debug/equal_random:
 *   echo "SEED ROUNDS" > /sys/module/dyndbg_equal_random/parameters/run	(EINVAL: it differs)
 *   cat /sys/module/dyndbg_equal_random/parameters/result
 *
 * Arguments are handed on as so many unsigned longs, which is what they are to a function that
 * takes any, where an int among them has a slot of its own: on 64-bit machines.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "equal_random.h"

/* The very files of the record path, as they stand there. */
#include "../../lib/dyndbg_pack.h"
#include "../../lib/dyndbg_shape.c"
#include "../../lib/dyndbg_text.c"

#define TEXT	1024
#define DATA	8192

struct random_test {
	struct random_message m;
	struct dd_op ops[DD_OPS_MAX];
	int n_ops;
	char want[TEXT], got[TEXT];
	u8 data[DATA];
	unsigned int want_len, data_len;
};

static unsigned long rounds, refused, cut_texts, failures;
static char failure[1536];

static void failed(struct random_test *t, const char *what, const char *got)
{
	if (!failures++)
		scnprintf(failure, sizeof(failure),
			  "%s: format '%.300s' wanted '%.400s' got '%.400s'",
			  what, t->m.fmt, t->want, got);
}

static int want(struct random_test *t, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(t->want, sizeof(t->want), fmt, args);
	va_end(args);
	return len;
}

static unsigned int pack(struct random_test *t, u8 *buf, unsigned int size, bool *cut, ...)
{
	unsigned int len;
	va_list args;

	va_start(args, cut);
	len = dd_shape_pack(t->ops, t->n_ops, t->m.fmt, buf, size, &args);
	va_end(args);
	*cut = len & DD_PACK_CUT;
	return len & ~DD_PACK_CUT;
}

#define ARGS(a)	(a)[0], (a)[1], (a)[2], (a)[3], (a)[4], (a)[5], (a)[6], (a)[7], (a)[8],	\
		(a)[9], (a)[10], (a)[11], (a)[12], (a)[13], (a)[14], (a)[15]

/* All of it: the text must be the same, and cut where a record's would be. */
static void whole(struct random_test *t)
{
	bool cut = false, print_cut = false;
	unsigned int len;

	t->data_len = pack(t, t->data, DATA, &cut, ARGS(t->m.args));
	if (cut || t->data_len > DATA) {
		failed(t, "copied in part", "");
		return;
	}
	len = dd_shape_print(t->got, TEXT, t->m.fmt, t->data, t->data_len, &print_cut);
	if (len != min(t->want_len, TEXT - 1U) || memcmp(t->got, t->want, len + 1))
		failed(t, "text", t->got);
	else if (print_cut != (t->want_len >= TEXT))
		failed(t, print_cut ? "called cut" : "cut and not said", t->got);
	cut_texts += print_cut;
}

/* Too little room for the text: as much of it as there is room for. */
static void small_text(struct random_test *t)
{
	unsigned int size = 1 + random_below(&t->m, min(t->want_len + 1, TEXT - 1U)), len;
	char *out = kmalloc(size, GFP_KERNEL);
	bool cut = false;

	if (!out)
		return;
	len = dd_shape_print(out, size, t->m.fmt, t->data, t->data_len, &cut);
	if (len != min(t->want_len, size - 1) || memcmp(out, t->want, len) || out[len])
		failed(t, "text in a small buffer", len < size ? out : "too much");
	else if (cut != (t->want_len >= size))
		failed(t, "small buffer: called cut or not", out);
	kfree(out);
}

/* Bytes that end early: the text as far as they go, where a string's end is not what pads it. */
static void short_data(struct random_test *t)
{
	unsigned int size, len;
	bool cut = false;
	u8 *data;

	if (!t->data_len)
		return;
	size = random_below(&t->m, t->data_len);
	data = kmemdup(t->data, max(size, 1U), GFP_KERNEL);
	if (!data)
		return;
	len = dd_shape_print(t->got, TEXT, t->m.fmt, data, size, &cut);
	if (!cut || len >= TEXT || t->got[len])
		failed(t, "bytes that end early", "");
	else if (!t->m.padded && (len > t->want_len || memcmp(t->got, t->want, len)))
		failed(t, "text of bytes that end early", t->got);
	kfree(data);
}

/* Too little room for the bytes: no more is written, and what is there can be printed. */
static void small_data(struct random_test *t)
{
	unsigned int size = random_below(&t->m, t->data_len + 2), len;
	u8 *data = kmalloc(size + 1, GFP_KERNEL);
	bool cut = false, print_cut = false;

	if (!data)
		return;
	data[size] = 0xa5;
	len = pack(t, data, size, &cut, ARGS(t->m.args));
	if (len > size || data[size] != 0xa5)
		failed(t, "written beyond the buffer", "");
	else if (cut != (size < t->data_len))
		failed(t, "small buffer for bytes: called cut or not", "");
	else if (!cut && memcmp(data, t->data, len))
		failed(t, "other bytes", "");
	else if (dd_shape_print(t->got, TEXT, t->m.fmt, data, len, &print_cut) >= TEXT)
		failed(t, "more text than there is room for", "");
	kfree(data);
}

/* Any bytes: what another kernel left behind. There is a text, whatever it says. */
static void garbage(struct random_test *t)
{
	unsigned int size = random_below(&t->m, 128), i;
	bool cut = false;
	u8 *data;

	data = kmalloc(max(size, 1U), GFP_KERNEL);
	if (!data)
		return;
	for (i = 0; i < size; i++)
		data[i] = random_below(&t->m, 256);
	if (dd_shape_print(t->got, TEXT, t->m.fmt, data, size, &cut) >= TEXT)
		failed(t, "text of any bytes", "too much");
	kfree(data);
}

static int one_round(struct random_test *t)
{
	int rc = random_make(&t->m);

	if (rc)
		goto out;
	if (!random_below(&t->m, 20)) {
		random_spoil(&t->m);
		if (dd_shape_make(t->m.fmt, t->ops, DD_OPS_MAX) >= 0)
			failed(t, "a bad format has a shape", "");
		refused++;
		goto out;
	}
	t->n_ops = dd_shape_make(t->m.fmt, t->ops, DD_OPS_MAX);
	if (t->n_ops != t->m.n) {
		failed(t, "not as many steps as arguments", "");
		goto out;
	}
	t->want_len = want(t, t->m.shown, ARGS(t->m.args));
	whole(t);
	if (failures)
		goto out;
	small_text(t);
	short_data(t);
	small_data(t);
	garbage(t);
out:
	random_free(&t->m);
	rounds++;
	return rc;
}

static int run_set(const char *val, const struct kernel_param *kp)
{
	struct random_test *t;
	unsigned int i, n;
	u64 seed;
	int rc = 0;

	if (sscanf(val, "%llu %u", &seed, &n) != 2)
		return -EINVAL;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->m.state = seed * 0x9e3779b97f4a7c15ULL + 1;
	for (i = 0; i < n && !failures && !rc; i++) {
		rc = one_round(t);
		cond_resched();
	}
	kfree(t);
	return rc ?: failures ? -EINVAL : 0;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);

static int result_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE,
			 "%lu messages, %lu formats without a shape, %lu cut\n%s\n",
			 rounds, refused, cut_texts, failure);
}

static const struct kernel_param_ops result_ops = { .get = result_get };
module_param_cb(result, &result_ops, NULL, 0400);

static int __init dyndbg_equal_random_init(void)
{
	return IS_ENABLED(CONFIG_64BIT) ? 0 : -ENODEV;
}

static void __exit dyndbg_equal_random_exit(void)
{
}

module_init(dyndbg_equal_random_init);
module_exit(dyndbg_equal_random_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Random formats against the record path's copying of arguments");
