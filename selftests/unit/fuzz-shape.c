// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: messages into bytes and into text again. An input is a byte that says how much room
 * there is, a format, a NUL, and bytes. With the format they are taken for a record's as they
 * stand; then arguments are made of them, and what comes out is compared with what libc makes of
 * format and arguments, where the kernel is of the same opinion.
 */
#include "fuzz.h"

#include "dyndbg_pack.h"

/* libc makes every blank, also of a text that is made at once: not of widths like this. */
#define NUMBER_MAX 9999

struct input {
	const uint8_t *data, *end;
};

/* A message's arguments, and what may be said of its text. */
struct message {
	const char *fmt;
	u64 arg[DD_OPS_MAX];
	char *string[DD_OPS_MAX];
	unsigned int n, n_strings;
	bool libc_agrees;	/* with the kernel, on what the text is */
	bool libc_toils;	/* packing takes it seconds */
	bool padded;		/* a string is: of one that was cut the padding is not known */
};

static u64 number_from(struct input *in, unsigned int size)
{
	u64 val = 0;

	for (; size && in->data < in->end; size--)
		val = val << 8 | *in->data++;
	return val;
}

static char *string_from(struct input *in)
{
	size_t len = number_from(in, 1) % 32;
	char *s;

	len = len < in->end - in->data ? len : in->end - in->data;
	s = copy_of((const char *)in->data, len);
	in->data += len;
	return s;
}

static bool huge(const struct dd_conv *c)
{
	unsigned int i, n = 0;

	for (i = 0; i < c->len; i++) {
		n = isdigit(c->spec[i]) ? n * 10 + (c->spec[i] - '0') : 0;
		if (n > NUMBER_MAX)
			return true;
	}
	return false;
}

/* What libc and the kernel agree on, of a conversion with this argument. */
static bool agreed(const struct dd_conv *c, u64 val)
{
	char spec[DD_SPEC_MAX], *dot, *p;
	bool zero, special;

	memcpy(spec, c->spec, c->len);
	spec[c->len] = '\0';
	p = spec + 1 + strspn(spec + 1, "-+ #0");
	zero = memchr(spec, '0', p - spec) && !memchr(spec, '-', p - spec) && !c->width_star;
	zero |= c->width_star && memchr(spec, '0', p - spec);
	special = memchr(spec, '#', p - spec);
	dot = strchr(spec, '.');
	if (huge(c) || (dot && !isdigit(dot[1]) && dot[1] != '*'))
		return false;
	switch (c->kind) {
	case DD_CONV_INT:
		if (spec[c->len - 1] == 'c')
			return !zero && !strpbrk(spec, "lLhzt");
		/* fall through */
	case DD_CONV_LONG:
		return !(dot && zero) && ((u8)val || (!dot && !special)) && !(dot && special);
	case DD_CONV_STRING:
		return !zero && !strpbrk(spec, "lLhzt");
	case DD_CONV_TEXT:
		return !strpbrk(spec, "lLhzt#0+ ");
	default:
		return false;
	}
}

/* Return: false for a format that has no shape. */
static bool arguments(struct message *m, struct input *in)
{
	const char *p = m->fmt;
	struct dd_conv c;
	u64 val;

	m->libc_agrees = true;
	for (;;) {
		p = dd_conv_next(p, &c);
		if (c.kind == DD_CONV_END)
			return true;
		if (c.kind == DD_CONV_PERCENT)
			continue;
		if (c.kind == DD_CONV_BAD || m->n + 1 + c.width_star + c.precision_star > DD_OPS_MAX)
			return false;
		if (c.width_star)
			m->arg[m->n++] = (u64)(number_from(in, 1) % 64) - 20;
		if (c.precision_star)
			m->arg[m->n++] = number_from(in, 1) % 24;
		if (c.kind == DD_CONV_STRING) {
			m->string[m->n_strings] = string_from(in);
			val = (uintptr_t)m->string[m->n_strings++];
			m->padded |= c.width_star || isdigit(*strpbrk(c.spec, "123456789.s"));
		} else {
			val = number_from(in, 8);
		}
		m->arg[m->n++] = val;
		m->libc_agrees &= agreed(&c, val);
		m->libc_toils |= c.kind == DD_CONV_TEXT && huge(&c);
	}
}

static unsigned int pack(const struct dd_op *ops, int n, u8 *buf, unsigned int size, bool *cut,
			 const char *fmt, ...)
{
	unsigned int len;
	va_list args;

	va_start(args, fmt);
	len = dd_shape_pack(ops, n, fmt, buf, size, &args);
	va_end(args);
	*cut = len & DD_PACK_CUT;
	len &= ~DD_PACK_CUT;
	MUST(len <= size);
	return len;
}

/* As many arguments as there can be: in its place, each is what it is taken for. */
#define A4(m, i)	(m)->arg[i], (m)->arg[(i) + 1], (m)->arg[(i) + 2], (m)->arg[(i) + 3]
#define A16(m, i)	A4(m, i), A4(m, (i) + 4), A4(m, (i) + 8), A4(m, (i) + 12)
#define ARGS(m)		A16(m, 0), A16(m, 16), A16(m, 32)

/* Into a buffer of just that size. Return: malloc()ed. */
static char *print(unsigned int size, const char *fmt, const u8 *data, unsigned int len, bool *cut)
{
	char *text = malloc(size);
	unsigned int n;

	MUST(text);
	n = dd_shape_print(text, size, fmt, data, len, cut);
	MUST(n < size && !text[n]);
	return text;
}

/* With less room there is less text, and it is the same. */
static void text_of_bytes(const char *fmt, const u8 *data, unsigned int len, unsigned int size)
{
	bool cut = false, less_cut = false;
	char *all = print(2048, fmt, data, len, &cut), *less;

	less = print(size, fmt, data, len, &less_cut);
	MUST(!memcmp(all, less, strlen(less)) && (less_cut || !cut));
	free(all);
	free(less);
}

static void message(struct message *m, unsigned int room)
{
	bool cut = false, text_cut = false, less_cut = false;
	static struct dd_op ops[DD_OPS_MAX];
	static char want[16384];
	u8 *full = malloc(1024), *less = malloc(room);
	char *text, *less_text;
	unsigned int len;
	int n;

	n = dd_shape_make(m->fmt, ops, DD_OPS_MAX);
	MUST(n == m->n && full && less);
	len = pack(ops, n, full, 1024, &cut, m->fmt, ARGS(m));
	text = print(sizeof(want), m->fmt, full, len, &text_cut);
	MUST(!cut || text_cut);
	if (m->libc_agrees && !cut) {
		int ret = snprintf(want, sizeof(want), m->fmt, ARGS(m));

		MUST(text_cut == (ret >= (int)sizeof(want)));
		MUST(!memcmp(text, want, text_cut ? sizeof(want) : ret + 1));
	}
	free(full);

	len = pack(ops, n, less, room, &less_cut, m->fmt, ARGS(m));
	MUST(less_cut || !cut);
	less_text = print(sizeof(want), m->fmt, less, len, &text_cut);
	MUST(m->padded || !strncmp(text, less_text, strlen(less_text)));
	free(less_text);
	free(text);
	free(less);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data + 1, data + size };
	struct dd_op ops[DD_OPS_MAX];
	struct message m = { 0 };
	char *fmt;

	if (!size)
		return 0;
	fmt = text_of(in.data, in.end - in.data);
	in.data += strlen(fmt) + (strlen(fmt) < size - 1);
	text_of_bytes(fmt, in.data, in.end - in.data, 1 + *data);
	m.fmt = fmt;
	if (strlen(fmt) >= DD_FORMAT_MAX || !arguments(&m, &in))
		MUST(dd_shape_make(fmt, ops, DD_OPS_MAX) == -EINVAL);
	else if (!m.libc_toils)
		message(&m, *data);
	while (m.n_strings)
		free(m.string[--m.n_strings]);
	free(fmt);
	return 0;
}
