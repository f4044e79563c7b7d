// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes random formats with arguments that fit them: whatever vsnprintf() takes without a
 * warning. What is read through a pointer is allocated by itself and to the byte, so that KASAN
 * sees whoever reads beyond.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "equal_random.h"

/**
 * random_below() - a random number, the same for the same seed
 * @m: whose state it is
 * @n: the limit
 *
 * Return: a number from 0 on, less than @n.
 */
u32 random_below(struct random_message *m, u32 n)
{
	m->state = m->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(m->state >> 33) % n;
}

static u64 random_value(struct random_message *m)
{
	static const u64 edges[] = {
		0, 1, 9, 255, S8_MIN, S16_MAX, INT_MAX, INT_MIN, UINT_MAX, LLONG_MAX, LLONG_MIN,
		ULLONG_MAX,
	};
	u64 v = (u64)random_below(m, 1U << 31) << 33 ^ random_below(m, 1U << 31);

	switch (random_below(m, 3)) {
	case 0:
		return edges[random_below(m, ARRAY_SIZE(edges))];
	case 1:
		return v >> random_below(m, 64);
	}
	return v;
}

static void both(struct random_message *m, const char *s)
{
	m->len += scnprintf(m->fmt + m->len, RANDOM_FORMAT - m->len, "%s", s);
	m->shown_len += scnprintf(m->shown + m->shown_len, RANDOM_FORMAT - m->shown_len, "%s", s);
}

static void one_char(struct random_message *m, char c)
{
	char s[2] = { c };

	both(m, s);
}

static void literal(struct random_message *m)
{
	static const char chars[] = "abcxyzXK0189 .,:;*-+#|\n\t\x7f\xe9\xff";
	u32 n = random_below(m, 12);

	while (n--)
		one_char(m, chars[random_below(m, sizeof(chars) - 1)]);
	if (!random_below(m, 6))
		both(m, "%%");
}

static void flags(struct random_message *m)
{
	u32 n = random_below(m, 4);

	while (n--)
		one_char(m, "-+ #0"[random_below(m, 5)]);
}

/* Further than this is warned about, or makes texts of which there is nothing to be seen. */
static int reach(struct random_message *m)
{
	return random_below(m, 20) ? random_below(m, 40) : random_below(m, 1500);
}

/* Return: whether there is one. */
static bool width(struct random_message *m)
{
	char s[12];

	switch (random_below(m, 4)) {
	case 0:
		m->args[m->n++] = random_below(m, 2) ? reach(m) : -reach(m);
		both(m, "*");
		return true;
	case 1:
		snprintf(s, sizeof(s), "%d", reach(m));
		both(m, s);
		return true;
	}
	return false;
}

/* Return: the precision, -1 for none. */
static int precision(struct random_message *m)
{
	int p = reach(m);
	char s[12];

	switch (random_below(m, 5)) {
	case 0:
		if (!random_below(m, 4))
			p = -p;
		m->args[m->n++] = p;
		both(m, ".*");
		return max(p, 0);
	case 1:
		snprintf(s, sizeof(s), ".%d", p);
		both(m, s);
		return p;
	case 2:
		both(m, ".");
		return 0;
	}
	return -1;
}

static int integer(struct random_message *m)
{
	static const char * const qualifiers[] = { "", "", "hh", "h", "l", "ll", "z", "t", "L" };

	flags(m);
	width(m);
	precision(m);
	both(m, qualifiers[random_below(m, ARRAY_SIZE(qualifiers))]);
	/* A character that is NUL is no matter: texts are compared by their length. */
	one_char(m, "diuxXoc"[random_below(m, 7)]);
	m->args[m->n++] = random_value(m);
	return 0;
}

static int string(struct random_message *m)
{
	static const long bad[] = { 0, 1, 4095, -1, -ENOMEM, -4095 };
	int limit, len, i;
	bool ends;
	char *s;

	flags(m);
	m->padded |= width(m);
	limit = precision(m);
	both(m, "s");
	if (!random_below(m, 10)) {
		m->args[m->n++] = bad[random_below(m, ARRAY_SIZE(bad))];
		return 0;
	}
	len = reach(m);
	ends = limit < 0 || len < limit || random_below(m, 2);
	if (!ends)
		len = limit;
	s = kmalloc(len + ends, GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	for (i = 0; i < len; i++)
		s[i] = 1 + random_below(m, 255);
	if (ends)
		s[len] = '\0';
	m->strings[m->n_strings++] = s;
	m->args[m->n++] = (unsigned long)s;
	return 0;
}

/* A pointer for itself. What is shown as it is is recorded as %p. */
static int pointer(struct random_message *m)
{
	static const char * const ext[] = { "", "", "e", "x", "K", "x0Z" };
	const char *e = ext[random_below(m, ARRAY_SIZE(ext))];

	flags(m);
	width(m);
	precision(m);
	both(m, "p");
	if (*e == 'e')
		both(m, e);
	else
		m->len += scnprintf(m->fmt + m->len, RANDOM_FORMAT - m->len, "%s", e);
	m->args[m->n++] = random_below(m, 4) ? random_value(m) : -(long)random_below(m, 200);
	return 0;
}

/* One that is followed, and not beyond RANDOM_BYTES. */
static int extended(struct random_message *m)
{
	static const struct {
		const char *ext;
		int most;	/* of a width that says how much is read; 0 where it is a width */
	} exts[] = {
		{ "h", RANDOM_BYTES }, { "hC", RANDOM_BYTES }, { "hN", RANDOM_BYTES },
		{ "E", RANDOM_BYTES }, { "Ehp", RANDOM_BYTES }, { "Ea", RANDOM_BYTES },
		{ "Es", RANDOM_BYTES },
		{ "b", RANDOM_BYTES * 8 }, { "bl", RANDOM_BYTES * 8 },
		{ "M" }, { "MR" }, { "m" }, { "I4" }, { "i4" }, { "I6" }, { "I6c" }, { "U" },
		{ "UL" }, { "a" }, { "4cc" }, { "NF" }, { "ISpc" }, { "Gg" }, { "tT" }, { "S" }, { "Z" },
	};
	u32 i = random_below(m, ARRAY_SIZE(exts));
	char s[12];
	int n;

	if (exts[i].most) {
		n = random_below(m, exts[i].most + 1);
		if (random_below(m, 2)) {
			snprintf(s, sizeof(s), "%%%d", n);
		} else {
			strscpy(s, "%*", sizeof(s));
			m->args[m->n++] = n;
		}
		both(m, s + 1);
	} else {
		flags(m);
		width(m);
	}
	both(m, "p");
	both(m, exts[i].ext);
	m->args[m->n++] = random_below(m, 10) ? (unsigned long)m->bytes : 0;
	return 0;
}

/**
 * random_make() - make a format and arguments
 * @m: filled; its state goes on
 *
 * Context: process. Return: 0 or -ENOMEM; random_free() is due in either case.
 */
int random_make(struct random_message *m)
{
	u32 i, conversions = random_below(m, 8);
	int rc = 0;

	m->n = m->n_strings = m->len = m->shown_len = 0;
	m->padded = false;
	m->fmt[0] = m->shown[0] = '\0';
	m->bytes = kmalloc(RANDOM_BYTES, GFP_KERNEL);
	if (!m->bytes)
		return -ENOMEM;
	for (i = 0; i < RANDOM_BYTES; i++)
		m->bytes[i] = random_below(m, 256);
	for (i = 0; i < RANDOM_ARGS; i++)
		m->args[i] = 0;
	/* Each takes three arguments at most. */
	while (conversions-- && m->n + 3 <= RANDOM_ARGS && !rc) {
		literal(m);
		one_char(m, '%');
		switch (random_below(m, 8)) {
		case 0: case 1: case 2:
			rc = integer(m);
			break;
		case 3: case 4:
			rc = string(m);
			break;
		case 5:
			rc = pointer(m);
			break;
		default:
			rc = extended(m);
		}
		/* Behind a pointer a letter or digit would be its extension. */
		one_char(m, " .,|\n("[random_below(m, 6)]);
	}
	literal(m);
	return rc;
}

/**
 * random_spoil() - end the format with what no printf of the kernel takes
 * @m: whose format
 */
void random_spoil(struct random_message *m)
{
	static const char * const bad[] = {
		"%n", "%f", "%", "%l", "%ll", "%5", "%*", "%.", "%.*", "%-", "%y", "%hhhd", "%llld",
		"%e", "%lz", "%\xe9", "%h", "%$",
	};

	both(m, bad[random_below(m, ARRAY_SIZE(bad))]);
}

/**
 * random_free() - free what the arguments point at
 * @m: the message
 */
void random_free(struct random_message *m)
{
	while (m->n_strings)
		kfree(m->strings[--m->n_strings]);
	kfree(m->bytes);
	m->bytes = NULL;
}
