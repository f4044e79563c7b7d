// SPDX-License-Identifier: GPL-2.0-only
/* The control language: from words to commands. See Documentation/admin-guide/dyndbg-trace.md. */
#include "dyndbg_parse.h"
#ifdef __KERNEL__
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#endif

#define FAIL(b, ...)	(snprintf((b)->err, sizeof((b)->err), __VA_ARGS__), -EINVAL)

static const struct { char c; u8 bit; } flag_chars[] = {
	{ 'p', DD_P }, { 'T', DD_T }, { 'm', DD_M }, { 'f', DD_F }, { 's', DD_S },
	{ 'l', DD_L }, { 't', DD_TID }, { 'd', DD_D }, { '_', 0 },
};

/**
 * dd_name_valid() - may a destination be called that?
 * @name: NUL-terminated
 *
 * Context: any; pure. "0" is no such name: it is always there.
 */
bool dd_name_valid(const char *name)
{
	size_t n = 0;

	for (; name[n]; n++)
		if (n == DYNDBG_NAME_MAX || !isascii(name[n]) ||
		    (!isalnum(name[n]) && name[n] != '_'))
			return false;
	return n && strcmp(name, "0");
}

static int parse_size(struct dd_batch *b, const char *str, u64 *size)
{
	const char *p = str;
	u64 val = 0;

	for (; isdigit(*p); p++) {
		if (val > (1ULL << 40))
			return FAIL(b, "size too large: %.40s", str);
		val = val * 10 + (*p - '0');
	}
	if (p == str)
		return FAIL(b, "bad size: \"%.40s\", expecting BYTES[K|M]", str);
	if (*p == 'K' || *p == 'k') {
		val <<= 10;
		p++;
	} else if (*p == 'M' || *p == 'm') {
		val <<= 20;
		p++;
	}
	if (*p)
		return FAIL(b, "bad size: \"%.40s\", expecting BYTES[K|M]", str);
	if (!val || val > (1ULL << 40))
		return FAIL(b, "size out of range: %.40s", str);
	*size = val;
	return 0;
}

static int parse_open(struct dd_batch *b, char *words[], int n, struct dd_cmd *cmd)
{
	int i, rc;

	if (n < 2)
		return FAIL(b, "open: expecting a name");
	cmd->verb = DD_OPEN;
	cmd->name = words[1];
	if (!dd_name_valid(cmd->name) && strcmp(cmd->name, "0"))
		return FAIL(b, "open: bad name \"%.70s\"", cmd->name);
	for (i = 2; i < n; i++) {
		if (!strncmp(words[i], "size=", 5)) {
			if (cmd->size)
				return FAIL(b, "open: size= used 2x");
			rc = parse_size(b, words[i] + 5, &cmd->size);
			if (rc)
				return rc;
		} else if (!strncmp(words[i], "clock=", 6) && words[i][6]) {
			if (cmd->clock)
				return FAIL(b, "open: clock= used 2x");
			cmd->clock = words[i] + 6;
		} else {
			return FAIL(b, "open: unknown word \"%.60s\"", words[i]);
		}
	}
	if (!strcmp(cmd->name, "0") && n > 2)
		return FAIL(b, "open: the global buffer takes no \"%.60s\"", words[2]);
	return 0;
}

static int parse_close(struct dd_batch *b, char *words[], int n, struct dd_cmd *cmd)
{
	cmd->verb = DD_CLOSE;
	if (n < 2)
		return FAIL(b, "close: expecting a name");
	if (n > 2)
		return FAIL(b, "close: expecting one name, not \"%.60s\" too", words[2]);
	cmd->name = words[1];
	return 0;
}

static int parse_flags(struct dd_batch *b, char *word, struct dd_flags *f)
{
	bool dot = false;
	char *p = word;
	size_t i;

	if (*p != '+' && *p != '-' && *p != '=')
		return FAIL(b, "bad flag-op at start of \"%.60s\", expecting + - or =", word);
	f->op = *p++;
	while (*p) {
		if (*p == ':' && !f->label && !dot) {
			f->label = ++p;
			p += strcspn(p, ".");
			if (*p) {
				*p++ = '\0';
				dot = true;
			}
			if (!dd_name_valid(f->label) && strcmp(f->label, "0"))
				return FAIL(b, "bad destination name \"%.70s\"", f->label);
			continue;
		}
		if (*p == '.' && !dot) {
			dot = true;
			p++;
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(flag_chars); i++)
			if (*p == flag_chars[i].c)
				break;
		if (i == ARRAY_SIZE(flag_chars) ||
		    (flag_chars[i].bit & ~(b->known_flags | DD_T)))
			return FAIL(b, "unknown flag '%c'", *p);
		f->bits |= flag_chars[i].bit;
		f->has_flags = true;
		p++;
	}
	return 0;
}

/* The empty string means no limit, as in the stock language. */
static int parse_lineno(struct dd_batch *b, const char *str, unsigned int *val)
{
	*val = 0;
	if (*str && kstrtouint(str, 10, val) < 0)
		return FAIL(b, "bad line-number: %.40s", str);
	return 0;
}

static int parse_lines(struct dd_batch *b, char *first, struct dd_match *m)
{
	char *last = strchr(first, '-');

	if (m->first_line || m->last_line)
		return FAIL(b, "match-spec: line used 2x, now \"%.40s\"", first);
	if (last)
		*last++ = '\0';
	if (parse_lineno(b, first, &m->first_line))
		return -EINVAL;
	if (!last) {
		m->last_line = m->first_line;
		return 0;
	}
	if (parse_lineno(b, last, &m->last_line))
		return -EINVAL;
	if (!m->last_line)
		m->last_line = UINT_MAX;
	if (m->last_line < m->first_line)
		return FAIL(b, "last-line:%u < 1st-line:%u", m->last_line, m->first_line);
	return 0;
}

static int set_once(struct dd_batch *b, const char **dest, const char *val, const char *key)
{
	if (*dest)
		return FAIL(b, "match-spec: %s overridden by \"%.60s\"", key, val);
	*dest = val;
	return 0;
}

/* "file NAME:FUNCTION" and "file NAME:LINES" are short for two pairs. */
static int parse_file(struct dd_batch *b, char *val, struct dd_match *m)
{
	char *tail = strchr(val, ':');

	if (set_once(b, &m->file, val, "file"))
		return -EINVAL;
	if (!tail)
		return 0;
	*tail++ = '\0';
	if (isalpha(*tail) || *tail == '*' || *tail == '?')
		return set_once(b, &m->function, tail, "func");
	return parse_lines(b, tail, m);
}

static int parse_pair(struct dd_batch *b, char *key, char *val, struct dd_cmd *cmd)
{
	struct dd_match *m = &cmd->match;

	if (!strcmp(key, "func"))
		return set_once(b, &m->function, val, key);
	if (!strcmp(key, "file"))
		return parse_file(b, val, m);
	if (!strcmp(key, "module"))
		return set_once(b, &m->module, val, key);
	if (!strcmp(key, "format")) {
		/* as it was written: what it stands for may not fit the line of a message */
		if (set_once(b, &m->format, val, key))
			return -EINVAL;
		string_unescape_inplace(val, UNESCAPE_SPACE | UNESCAPE_OCTAL | UNESCAPE_SPECIAL);
		return 0;
	}
	if (!strcmp(key, "line"))
		return parse_lines(b, val, m);
	if (!strcmp(key, "class"))
		return set_once(b, &m->class, val, key);
	if (!strcmp(key, "label"))
		return set_once(b, &m->label, val, key);
	if (!strcmp(key, "device")) {
		if (!*val)
			return FAIL(b, "device: expecting drm:N, cardN, a device name or *");
		return set_once(b, &cmd->device, val, key);
	}
	return FAIL(b, "unknown keyword \"%.60s\"", key);
}

static int parse_query(struct dd_batch *b, char *words[], int n, struct dd_cmd *cmd)
{
	struct dd_flags *f = &cmd->flags;
	size_t len = strlen(words[--n]);
	int i, rc;

	cmd->verb = DD_QUERY;
	rc = parse_flags(b, words[n], f);
	if (rc)
		return rc;
	if (n % 2)
		return FAIL(b, "expecting pairs of match-spec <value> before \"%.40s\"", words[n]);
	for (i = 0; i < n; i += 2) {
		rc = parse_pair(b, words[i], words[i + 1], cmd);
		if (rc)
			return rc;
	}
	if (!cmd->device)
		return 0;
	if (f->bits != DD_T || !f->label) {
		if (strlen(words[n]) < len) /* it was cut behind the name */
			words[n][strlen(words[n])] = '.';
		return FAIL(b, "a query with device takes only T:NAME, not \"%.60s\"", words[n]);
	}
	if (cmd->match.label)
		return FAIL(b, "a query with device takes no label, not \"%.60s\"",
			    cmd->match.label);
	return 0;
}

/**
 * dd_parse_next() - read the next command of a batch
 * @b: the batch; its place moves behind the command, also on error
 * @cmd: filled; its strings are valid as long as the batch's buffer
 *
 * Context: any; pure.
 * Return: 1 with @cmd filled, 0 at the end, -EINVAL with @b->err set and, so that the caller
 * can tell a bad open or close from a bad query, @cmd->verb set.
 */
int dd_parse_next(struct dd_batch *b, struct dd_cmd *cmd)
{
	char *words[DD_WORDS_MAX];
	int n, rc;

	memset(cmd, 0, sizeof(*cmd));
	cmd->verb = DD_QUERY;
	words[0] = NULL;
	n = dd_lex(b, words, DD_WORDS_MAX);
	if (n < 0 && words[0] && !strcmp(words[0], "open"))
		cmd->verb = DD_OPEN;
	else if (n < 0 && words[0] && !strcmp(words[0], "close"))
		cmd->verb = DD_CLOSE;
	if (n <= 0)
		return n;
	if (!strcmp(words[0], "open")) {
		cmd->verb = DD_OPEN;
		rc = parse_open(b, words, n, cmd);
	} else if (!strcmp(words[0], "close")) {
		cmd->verb = DD_CLOSE;
		rc = parse_close(b, words, n, cmd);
	} else {
		rc = parse_query(b, words, n, cmd);
	}
	return rc ?: 1;
}
