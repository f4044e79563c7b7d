// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The values of the configuration, each checked alone.
 *
 * Much of this ends up as words in /proc/dynamic_debug/control. What could be read there as
 * something else than the word it was meant to be (a separator, a comment, a quote) is refused
 * here, with the file's line, rather than there, where only the kernel log says why.
 */
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config-value.h"
#include "names.h"

/**
 * ddr_complain() - note what is wrong
 * @c: filled in.
 * @what: static text.
 * @word: the word that is wrong.
 * @len: its bytes; what is too long is cut.
 *
 * Return: always -1, for the caller to return.
 */
int ddr_complain(struct ddr_complaint *c, const char *what, const char *word, size_t len)
{
	if (len >= sizeof(c->word))
		len = sizeof(c->word) - 1;
	c->what = what;
	memcpy(c->word, word, len);
	c->word[len] = '\0';
	return -1;
}

/**
 * ddr_next_word() - the next word of a list, which blanks and commas separate
 * @s: where to look.
 * @len: set to its bytes.
 *
 * Return: its start, NULL when there is none left.
 */
const char *ddr_next_word(const char *s, size_t *len)
{
	static const char blanks[] = " \t,";

	s += strspn(s, blanks);
	*len = strcspn(s, blanks);
	return *len ? s : NULL;
}

/* As ddr_next_word(), with the quotes of the control language; *len includes them. */
static const char *next_quoted(const char *s, size_t *len, bool *open)
{
	const char *end;

	*open = false;
	s = ddr_next_word(s, len);
	if (!s || (*s != '"' && *s != '\''))
		return s;
	end = strchr(s + 1, *s);
	*open = !end;
	*len = end ? (size_t)(end + 1 - s) : strlen(s);
	return s;
}

/**
 * ddr_check_select() - check a match of the control language
 * @value: pairs of a keyword and its value, no flags.
 * @c: set on error.
 *
 * The keywords are those of the stock language (Documentation/admin-guide/dynamic-debug-howto.rst
 * of the kernel); "device" has its own key in the configuration.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_select(const char *value, struct ddr_complaint *c)
{
	static const char *const keywords[] = { "file", "func",	  "module",
						"line", "format", "class" };
	const size_t n_keywords = sizeof(keywords) / sizeof(keywords[0]);
	unsigned int seen = 0;
	const char *s, *bad;
	size_t len, i;
	bool open;

	bad = strpbrk(value, ";%#\n");
	if (bad)
		return ddr_complain(c, "a select must not contain", bad, 1);
	for (s = value; *s; s++) {
		if (iscntrl((unsigned char)*s) && *s != '\t')
			return ddr_complain(c, "control character in", value, strlen(value));
	}

	for (s = value; (s = next_quoted(s, &len, &open)) != NULL; s += len) {
		for (i = 0; i < n_keywords; i++) {
			if (strlen(keywords[i]) == len && strncmp(s, keywords[i], len) == 0)
				break;
		}
		if (i == n_keywords)
			return ddr_complain(c, "unknown match", s, len);
		if (seen & (1u << i))
			return ddr_complain(c, "match given twice", s, len);
		seen |= 1u << i;

		bad = s;
		s = next_quoted(s + len, &len, &open);
		if (!s)
			return ddr_complain(c, "no value for match", bad, strlen(keywords[i]));
		if (open)
			return ddr_complain(c, "unclosed quote", s, len);
	}
	if (!seen)
		return ddr_complain(c, "empty match", value, strlen(value));
	return 0;
}

static bool all_of(const char *word, size_t len, const char *more)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)word[i];

		if (ch >= 0x80 || (!isalnum(ch) && !strchr(more, ch)) || !ch)
			return false;
	}
	return len > 0;
}

static bool is_number(const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
	}
	return len > 0;
}

/**
 * ddr_check_device() - check a device SPEC of the control language
 * @word: "*", "drm:N", "cardN" or a device's name.
 * @len: its bytes.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_device(const char *word, size_t len, struct ddr_complaint *c)
{
	if (len == 1 && word[0] == '*')
		return 0;
	if (len >= 4 && strncmp(word, "drm:", 4) == 0 && !is_number(word + 4, len - 4))
		return ddr_complain(c, "not drm:N with N a minor", word, len);
	if (!all_of(word, len, "_.:/@!+-") || strchr("+-", word[0]))
		return ddr_complain(c, "not a device", word, len);
	return 0;
}

/**
 * ddr_check_event() - check the name of a stock trace event
 * @word: "system:event".
 * @len: its bytes.
 * @c: set on error.
 *
 * Both halves become directories below the instance's events/: no slash, no dot.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_event(const char *word, size_t len, struct ddr_complaint *c)
{
	const char *colon = memchr(word, ':', len);
	size_t system = colon ? (size_t)(colon - word) : 0;

	if (!colon || !all_of(word, system, "_-") ||
	    !all_of(colon + 1, len - system - 1, "_-"))
		return ddr_complain(c, "not system:event", word, len);
	return 0;
}

/**
 * ddr_check_unit() - check the form of a unit's name
 * @value: the name of a service or scope, which are the units that processes are in
 *	(systemd.unit(5)); whether there is one shows when its process asks.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_unit(const char *value, struct ddr_complaint *c)
{
	const char *dot = strrchr(value, '.');

	if (!dot || dot == value || (strcmp(dot, ".service") != 0 && strcmp(dot, ".scope") != 0) ||
	    !all_of(value, strlen(value), ":_.\\@-"))
		return ddr_complain(c, "not a service or scope", value, strlen(value));
	return 0;
}

/**
 * ddr_check_seat() - check the form of a seat's name
 * @value: as logind has it: "seat" and more of A-Z a-z 0-9 - _ (sd-login(3)); whether there is one
 *	shows when somebody asks.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_seat(const char *value, struct ddr_complaint *c)
{
	if (strncmp(value, "seat", 4) != 0 || !all_of(value, strlen(value), "_-"))
		return ddr_complain(c, "not a seat", value, strlen(value));
	return 0;
}

/**
 * ddr_check_clock() - check the form of a trace clock's name
 * @value: the name; which ones there are only the running kernel knows.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_check_clock(const char *value, struct ddr_complaint *c)
{
	if (!all_of(value, strlen(value), "_-"))
		return ddr_complain(c, "not a clock", value, strlen(value));
	return 0;
}

/**
 * ddr_parse_size() - read a size
 * @value: bytes in decimal, or with K (1024) or M (1024 * 1024) behind.
 * @bytes: set to the bytes.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_size(const char *value, uint64_t *bytes, struct ddr_complaint *c)
{
	size_t digits = strspn(value, "0123456789");
	unsigned long long n;
	unsigned int shift = 0;

	if (digits && value[digits] == 'K' && !value[digits + 1])
		shift = 10;
	else if (digits && value[digits] == 'M' && !value[digits + 1])
		shift = 20;
	else if (!digits || value[digits])
		return ddr_complain(c, "not a size (BYTES, or with K or M)", value, strlen(value));

	errno = 0;
	n = strtoull(value, NULL, 10);
	if (errno || n == 0 || n > (UINT64_C(1) << 40) >> shift)
		return ddr_complain(c, "size out of range", value, strlen(value));
	*bytes = (uint64_t)n << shift;
	return 0;
}

/**
 * ddr_parse_time() - read a time
 * @value: a number with s, m or h behind, up to a day.
 * @seconds: set to the seconds.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_time(const char *value, unsigned int *seconds, struct ddr_complaint *c)
{
	size_t digits = strspn(value, "0123456789");
	unsigned long n, unit;

	unit = value[digits] == 's' ? 1 : value[digits] == 'm' ? 60 : 3600;
	if (!digits || !value[digits] || !strchr("smh", value[digits]) || value[digits + 1])
		return ddr_complain(c, "not a time (SECONDS with s, or m, h)", value,
				    strlen(value));
	n = digits > 5 ? 0 : strtoul(value, NULL, 10) * unit;
	if (!n || n > 86400)
		return ddr_complain(c, "time out of range", value, strlen(value));
	*seconds = (unsigned int)n;
	return 0;
}

/**
 * ddr_parse_ioctls() - read which ioctls are meant
 * @value: "atomic", "all" or "none"; empty for the default.
 * @ioctls: set.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_ioctls(const char *value, enum ddr_ioctls *ioctls, struct ddr_complaint *c)
{
	static const char *const words[] = {
		[DDR_IOCTLS_DEFAULT] = "",
		[DDR_IOCTLS_NONE] = "none",
		[DDR_IOCTLS_ATOMIC] = "atomic",
		[DDR_IOCTLS_ALL] = "all",
	};
	unsigned int i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) == 0) {
			*ioctls = i;
			return 0;
		}
	}
	return ddr_complain(c, "not all, atomic or none", value, strlen(value));
}

/**
 * ddr_parse_access() - read a list of access words
 * @value: words, separated by blanks or commas.
 * @access: set to their bits.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_access(const char *value, uint32_t *access, struct ddr_complaint *c)
{
	const char *word;
	uint32_t bit;
	size_t len;

	*access = 0;
	for (word = value; (word = ddr_next_word(word, &len)) != NULL; word += len) {
		bit = ddr_access_bit(word, len);
		if (!bit)
			return ddr_complain(c, "unknown access", word, len);
		*access |= bit;
	}
	return 0;
}

/* A decimal id below @max, which the system's databases need not know. */
static bool numeric_id(const char *value, unsigned long long max, unsigned long long *id)
{
	if (!is_number(value, strlen(value)) || strlen(value) > 10)
		return false;
	*id = strtoull(value, NULL, 10);
	return *id < max;
}

/**
 * ddr_parse_user() - find a user
 * @value: name, or uid in decimal.
 * @uid: set to the uid.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_user(const char *value, uid_t *uid, struct ddr_complaint *c)
{
	const struct passwd *pw;
	unsigned long long id;

	/* (uid_t)-1 means "none" to the kernel */
	if (numeric_id(value, (uid_t)-1, &id)) {
		*uid = (uid_t)id;
		return 0;
	}
	pw = getpwnam(value);
	if (!pw)
		return ddr_complain(c, "unknown user", value, strlen(value));
	*uid = pw->pw_uid;
	return 0;
}

/**
 * ddr_parse_group() - find a group
 * @value: name, or gid in decimal.
 * @gid: set to the gid.
 * @c: set on error.
 *
 * Return: 0, or -1 with @c set.
 */
int ddr_parse_group(const char *value, gid_t *gid, struct ddr_complaint *c)
{
	const struct group *gr;
	unsigned long long id;

	if (numeric_id(value, (gid_t)-1, &id)) {
		*gid = (gid_t)id;
		return 0;
	}
	gr = getgrnam(value);
	if (!gr)
		return ddr_complain(c, "unknown group", value, strlen(value));
	*gid = gr->gr_gid;
	return 0;
}
