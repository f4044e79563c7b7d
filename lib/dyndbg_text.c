// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * From a message's format and the bytes of its arguments to its text, when it is read: each
 * conversion by itself through snprintf(), which makes the same of it as of the whole.
 *
 * The bytes may be anything: a buffer that outlived a reboot holds what another kernel wrote.
 */
#include "dyndbg_shape.h"
#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#else
#include <string.h>
#include "ksnprintf.h"
#define min(a, b)	((a) < (b) ? (a) : (b))
#define snprintf	ddr_ksnprintf
#endif

/* Text that is made, and what is left of the bytes. */
struct out {
	char *buf;
	unsigned int pos, size;
	const u8 *data, *end;
	bool cut;
};

static bool take(struct out *o, void *to, unsigned int size)
{
	if (o->end - o->data < size) {
		o->cut = true;
		return false;
	}
	memcpy(to, o->data, size);
	o->data += size;
	return true;
}

static void literal(struct out *o, const char *s, unsigned int len)
{
	unsigned int n = min(len, o->size - 1 - o->pos);

	memcpy(o->buf + o->pos, s, n);
	o->pos += n;
	o->cut |= n < len;
}

/*
 * Return: a string in the bytes; NULL where the bytes end before it does, for it was cut. What
 * there is of it is the text's end then.
 */
static const char *take_string(struct out *o)
{
	unsigned int room = o->end - o->data, len = strnlen((const char *)o->data, room);
	const char *s = (const char *)o->data;

	if (len == room) {
		literal(o, s, len);
		o->cut = true;
		return NULL;
	}
	o->data += len + 1;
	return s;
}

/* Return: false where the bytes end before the text does. */
static bool take_text(struct out *o)
{
	unsigned int room;
	u16 len;

	if (!take(o, &len, sizeof(len)))
		return false;
	room = o->end - o->data;
	if (len >= room) {
		literal(o, (const char *)o->data, room);
		o->cut = true;
		return false;
	}
	literal(o, (const char *)o->data, len);
	o->data += len + 1;
	return true;
}

/*
 * Widths and precisions beyond this are as good as this: no text is as long. vsnprintf() makes
 * every blank of millions, and warns (which may be a panic) of still more.
 */
static int within(int val, int low)
{
	return val < low ? low : min(val, DD_WIDTH_MAX);
}

/* The conversion alone. A pointer that is not an error's is hashed, whatever was asked for. */
static void spec_of(const struct dd_conv *c, char *spec)
{
	unsigned int len = c->len;
	char *ext;

	memcpy(spec, c->spec, len);
	spec[len] = '\0';
	if (c->kind != DD_CONV_POINTER)
		return;
	ext = strchr(spec, 'p') + 1;
	if (*ext == 'e')
		ext++;
	*ext = '\0';
}

#define PIECE(o, spec, c, star, value)								\
	((c)->width_star && (c)->precision_star ?						\
	 snprintf((o)->buf + (o)->pos, (o)->size - (o)->pos, spec, star[0], star[1], value) :	\
	 (c)->width_star || (c)->precision_star ?						\
	 snprintf((o)->buf + (o)->pos, (o)->size - (o)->pos, spec, star[0], value) :		\
	 snprintf((o)->buf + (o)->pos, (o)->size - (o)->pos, spec, value))

/* Return: false when the bytes have come to their end. */
static bool piece(struct out *o, const struct dd_conv *c)
{
	unsigned int stars = c->width_star + c->precision_star;
	char spec[DD_SPEC_MAX];
	int star[2], len = 0;
	unsigned long ptr;
	const char *s;
	u32 v;
	u64 l;

	if (!take(o, star, stars * sizeof(*star)))
		return false;
	if (c->width_star)
		star[0] = within(star[0], -DD_WIDTH_MAX);
	if (c->precision_star)
		star[stars - 1] = within(star[stars - 1], 0);
	spec_of(c, spec);
	switch (c->kind) {
	case DD_CONV_INT:
		if (!take(o, &v, sizeof(v)))
			return false;
		len = PIECE(o, spec, c, star, v);
		break;
	case DD_CONV_LONG:
		if (!take(o, &l, sizeof(l)))
			return false;
		len = PIECE(o, spec, c, star, l);
		break;
	case DD_CONV_POINTER:
		if (!take(o, &ptr, sizeof(ptr)))
			return false;
		len = PIECE(o, spec, c, star, (void *)ptr);
		break;
	case DD_CONV_STRING:
		s = take_string(o);
		if (!s)
			return false;
		len = PIECE(o, spec, c, star, s);
		break;
	default: /* its text was made then, width and all */
		return take_text(o);
	}
	if (len < 0 || len >= o->size - o->pos) {
		o->cut = true;
		len = len < 0 ? 0 : o->size - o->pos - 1;
	}
	o->pos += len;
	return true;
}

/**
 * dd_shape_print() - make a message's text
 * @out: filled, NUL-terminated
 * @size: of @out, in bytes; 1 at least
 * @fmt: the message's format
 * @data: its arguments, as dd_shape_pack() left them
 * @len: bytes of @data
 * @cut: set when @out was too small, or @data ended early
 *
 * Context: any, as for snprintf().
 * Return: bytes in @out, the NUL not counted.
 */
unsigned int dd_shape_print(char *out, unsigned int size, const char *fmt, const u8 *data,
			    unsigned int len, bool *cut)
{
	struct out o = { .buf = out, .size = size, .data = data, .end = data + len };
	struct dd_conv c;

	do {
		fmt = dd_conv_next(fmt, &c);
		literal(&o, c.literal, c.literal_len);
		if (c.kind == DD_CONV_PERCENT)
			literal(&o, "%", 1);
	} while (c.kind == DD_CONV_PERCENT ||
		 (c.kind != DD_CONV_END && c.kind != DD_CONV_BAD && piece(&o, &c)));
	out[o.pos] = '\0';
	*cut |= o.cut;
	return o.pos;
}
