// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: a whole batch through lexer and parser. What comes out is within its limits, what
 * is written of it is read back as the same, and each command means what it means alone.
 */
#include "fuzz.h"

static bool inside(const char *s, const char *buf, size_t len)
{
	return !s || (s >= buf && s + strlen(s) <= buf + len);
}

static void check_limits(const struct dd_cmd *cmd, const char *buf, size_t len)
{
	const struct dd_match *m = &cmd->match;
	const struct dd_flags *f = &cmd->flags;

	MUST(inside(m->module, buf, len) && inside(m->function, buf, len));
	MUST(inside(m->file, buf, len) && inside(m->format, buf, len));
	MUST(inside(m->class, buf, len) && inside(m->label, buf, len));
	MUST(inside(cmd->name, buf, len) && inside(cmd->clock, buf, len));
	MUST(inside(cmd->device, buf, len) && inside(f->label, buf, len));
	if (cmd->verb != DD_QUERY) {
		static const struct dd_match none;

		MUST(cmd->name && !cmd->device && !f->op && !f->label);
		MUST(dd_match_equal(m, &none));
		if (cmd->verb == DD_OPEN) {
			MUST(!strcmp(cmd->name, "0") || dd_name_valid(cmd->name));
			MUST(strlen(cmd->name) <= DYNDBG_NAME_MAX);
			MUST(cmd->size <= 1ULL << 40);
			MUST(!cmd->clock || *cmd->clock);
			MUST(strcmp(cmd->name, "0") || (!cmd->size && !cmd->clock));
		}
		return;
	}
	MUST(!cmd->name && !cmd->size && !cmd->clock);
	MUST(f->op == '+' || f->op == '-' || f->op == '=');
	MUST(f->has_flags || !f->bits);
	MUST(!f->label || !strcmp(f->label, "0") || dd_name_valid(f->label));
	MUST(!m->last_line || m->first_line <= m->last_line);
	if (cmd->device) {
		struct dd_spec spec;

		MUST(*cmd->device && f->bits == DD_T && f->label && !m->label);
		dd_spec_parse(cmd->device, &spec);
		MUST(spec.text == cmd->device);
		MUST((spec.kind == DD_SPEC_MINOR) == (spec.minor != DYNDBG_NO_MINOR));
		MUST(spec.minor >= -1 && spec.minor <= 99999999);
	}
}

static void check_error(const char *err)
{
	MUST(*err && strnlen(err, DD_ERR_MAX) < DD_ERR_MAX);
	MUST(!strchr(err, '\n'));
}

static bool same_cmd(const struct dd_cmd *a, const struct dd_cmd *b)
{
	return a->verb == b->verb && same(a->name, b->name) && a->size == b->size &&
	       same(a->clock, b->clock) && dd_match_equal(&a->match, &b->match) &&
	       same(a->device, b->device) && a->flags.op == b->flags.op &&
	       a->flags.bits == b->flags.bits && a->flags.has_flags == b->flags.has_flags &&
	       same(a->flags.label, b->flags.label);
}

/* The flags word written anew, as a query and as the listing have it. */
static void check_flags_again(const struct dd_flags *f)
{
	static const char chars[] = "pmfltsdT";
	static const u8 bits[] = { DD_P, DD_M, DD_F, DD_L, DD_TID, DD_S, DD_D, DD_T };
	char before[16] = "", behind[16] = "", word[128], err[DD_ERR_MAX];
	struct dd_cmd again;
	int i, late;

	for (late = 0; late < 2; late++) {
		char *b = before, *e = behind;

		for (i = 0; i < 8; i++) {
			if (!(f->bits & bits[i]))
				continue;
			if (late && bits[i] & ~(DD_P | DD_T))
				*e++ = chars[i];
			else
				*b++ = chars[i];
		}
		if (f->has_flags && !f->bits)
			*b++ = '_';
		*b = *e = '\0';
		snprintf(word, sizeof(word), "%c%s%s%s%s%s", f->op, before, f->label ? ":" : "",
			 f->label ?: "", late ? "." : "", behind);
		MUST(parse_one(word, DD_STOCK, &again, err) == 1);
		MUST(again.flags.op == f->op && again.flags.bits == f->bits);
		MUST(again.flags.has_flags == f->has_flags);
		MUST(same(again.flags.label, f->label));
	}
}

/* The listing's text of a match means the same match, and is cut cleanly. */
static void check_match_again(const struct dd_match *match, size_t len)
{
	size_t room = 4 * len + 256, i;
	static const size_t cuts[] = { 1, 2, 7, 30 };
	char *said = malloc(room + 8), err[DD_ERR_MAX];
	struct dd_match m = *match;
	struct dd_cmd again;
	int n;

	MUST(said);
	m.label = NULL; /* no part of a route, the one thing that is listed */
	n = dd_match_describe(&m, NULL, said, room);
	MUST(n == (int)strlen(said) && (size_t)n < room);
	MUST(!strchr(said, '\n'));
	for (i = 0; i < ARRAY_SIZE(cuts); i++) {
		char *cut = malloc(cuts[i]);

		MUST(cut && dd_match_describe(&m, NULL, cut, cuts[i]) == n);
		MUST(strlen(cut) < cuts[i] && !strncmp(cut, said, strlen(cut)));
		MUST(strlen(cut) == cuts[i] - 1 || (int)strlen(cut) == n);
		free(cut);
	}
	strcat(said, " +p");
	MUST(parse_one(said, DD_STOCK, &again, err) == 1);
	MUST(dd_match_equal(&m, &again.match));
	free(said);
}

/*
 * Where a command ends: at a separator that stands neither in quotes, nor in a comment, nor
 * ('%') in a format that follows blanks. A comment and an open quote end at a newline or ';'.
 */
static size_t piece_len(const char *s)
{
	bool key_is_format = false, format_next;
	size_t i = 0, start;
	int words = 0;

	for (;;) {
		while (s[i] != '\n' && isspace(s[i]))
			i++;
		format_next = key_is_format && words % 2 && s[i - 1] != ',';
		if (s[i] == ',' && !format_next) {
			i++;
			continue;
		}
		if (!s[i] || s[i] == '\n' || s[i] == ';' || (s[i] == '%' && !format_next))
			return i;
		if (s[i] == '#')
			return i + strcspn(s + i, "\n;");
		start = i;
		if (s[i] == '\'' || s[i] == '"') {
			const char ends[] = { s[i], '\n', '\0' };

			i++;
			i += strcspn(s + i, ends);
			if (!s[i] || s[i] == '\n')
				return start + strcspn(s + start, "\n;");
			key_is_format = i - start == 7 && !strncmp(s + start + 1, "format", 6);
			i++;
		} else {
			while (s[i] && !isspace(s[i]) && s[i] != ';' &&
			       (format_next || (s[i] != '%' && s[i] != ',')))
				i++;
			if (!s[i] || strchr("\n;%", s[i]))
				return i;
			key_is_format = i++ - start == 6 && !strncmp(s + start, "format", 6);
		}
		words++;
	}
}

/* The same batch where the flags 's' and 'd' are not known. */
static void check_older(const struct dd_cmd *cmd, int rc, struct dd_batch *older)
{
	struct dd_cmd old;
	int old_rc = dd_parse_next(older, &old);

	if (rc == 1 && cmd->flags.bits & (DD_S | DD_D)) {
		MUST(old_rc == -EINVAL && strstr(older->err, "unknown flag"));
	} else {
		MUST(old_rc == rc);
		MUST(rc != 1 || same_cmd(cmd, &old));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dd_batch whole = { .known_flags = DD_STOCK };
	struct dd_batch older = { .known_flags = DD_STOCK & ~(DD_S | DD_D) };
	char *text = text_of(data, size), *buf, *old_buf, *piece, *at = text;
	size_t len = strlen(text), n;
	struct dd_cmd cmd, alone;
	char err[DD_ERR_MAX];
	char *was;
	int rc;

	buf = whole.pos = copy_of(text, len);
	old_buf = older.pos = copy_of(text, len);
	for (;;) {
		n = piece_len(at);
		piece = copy_of(at, n);
		rc = parse_one(piece, DD_STOCK, &alone, err);
		if (rc) {
			was = whole.pos;
			MUST(dd_parse_next(&whole, &cmd) == rc);
			MUST(whole.pos > was && whole.pos <= buf + len);
			MUST(cmd.verb == alone.verb);
			check_older(&cmd, rc, &older);
		}
		if (rc == 1) {
			MUST(same_cmd(&cmd, &alone));
			check_limits(&cmd, buf, len);
			check_limits(&alone, piece, n);
		} else if (rc) {
			MUST(rc == -EINVAL && !strcmp(err, whole.err));
			check_error(err);
		}
		if (rc == 1 && cmd.verb == DD_QUERY) {
			check_flags_again(&cmd.flags);
			check_match_again(&cmd.match, len);
		}
		free(piece);
		if (!at[n])
			break;
		at += n + 1;
	}
	MUST(!dd_parse_next(&whole, &cmd) && !dd_parse_next(&whole, &cmd));
	MUST(!dd_parse_next(&older, &cmd));
	free(buf);
	free(old_buf);
	free(text);
	return 0;
}
