// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: one word, given to every place of the language that reads inside words: flags,
 * names, sizes, clocks, lines, files with a tail, device SPECs. Regular expressions say what
 * each place should have made of it.
 */
#include <regex.h>

#include "fuzz.h"

static bool re(const char *pattern, const char *s, regmatch_t *groups, size_t n)
{
	static struct { const char *pattern; regex_t re; } known[16];
	size_t i;

	for (i = 0; known[i].pattern && known[i].pattern != pattern; i++)
		MUST(i + 1 < ARRAY_SIZE(known));
	if (!known[i].pattern) {
		MUST(!regcomp(&known[i].re, pattern, REG_EXTENDED));
		known[i].pattern = pattern;
	}
	return !regexec(&known[i].re, s, n, groups, 0);
}

static const char name_re[] = "^[A-Za-z0-9_]{1,63}$";
static const char size_re[] = "^0*([0-9]{1,13})([KkMm]?)$";
static const char minor_re[] = "^(drm:|card)([0-9]{1,8})$";
static const char line_re[] = "^\\+?0*([0-9]{0,10})$";
static const char flags_re[] =
	"^[-+=]([pmfltsdT_]*)(:([A-Za-z0-9_]{1,63}))?(\\.([pmfltsdT_]*))?$";

static char *buf;
static struct dd_cmd cmd;
static char err[DD_ERR_MAX];

/* Parse a command with the word in it; the last one's buffer goes. */
static int parse(const char *before, const char *word, const char *behind)
{
	/* After '=' no quote can begin, elsewhere the word is quoted to stay one. */
	const char *q = before[strlen(before) - 1] == '=' ? "" : strchr(word, '"') ? "'" : "\"";
	size_t len = strlen(before) + strlen(word) + strlen(behind) + 2 * strlen(q);

	free(buf);
	buf = malloc(len + 1);
	MUST(buf);
	sprintf(buf, "%s%s%s%s%s", before, q, word, q, behind);
	return parse_one(buf, DD_STOCK, &cmd, err);
}

static void flags(const char *word)
{
	static const char chars[] = "pmfltsdT";
	static const u8 bits[] = { DD_P, DD_M, DD_F, DD_L, DD_TID, DD_S, DD_D, DD_T };
	bool good, label;
	size_t i, name_len;
	regmatch_t g[6];
	char c;

	good = re(flags_re, word, g, 6);
	MUST(parse("func f ", word, "") == (good ? 1 : -EINVAL));
	if (!good) {
		MUST(strstr(err, "flag") || strstr(err, "name"));
		return;
	}
	MUST(cmd.flags.op == *word);
	label = g[2].rm_so >= 0;
	name_len = g[3].rm_eo - g[3].rm_so;
	MUST(!label == !cmd.flags.label);
	if (label)
		MUST(strlen(cmd.flags.label) == name_len &&
		     !memcmp(cmd.flags.label, word + g[3].rm_so, name_len));
	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		c = chars[i];
		MUST(!!(cmd.flags.bits & bits[i]) ==
		     (memchr(word + g[1].rm_so, c, g[1].rm_eo - g[1].rm_so) ||
		      (g[4].rm_so >= 0 &&
		       memchr(word + g[5].rm_so, c, g[5].rm_eo - g[5].rm_so))));
	}
	MUST(cmd.flags.has_flags ==
	     (g[1].rm_eo > g[1].rm_so || (g[4].rm_so >= 0 && g[5].rm_eo > g[5].rm_so)));
	label = label && cmd.flags.bits == DD_T;
	MUST(parse("device '*' ", word, "") == (label ? 1 : -EINVAL));
}

static void names(const char *word)
{
	bool good = re(name_re, word, NULL, 0);

	MUST(dd_name_valid(word) == (good && strcmp(word, "0")));
	MUST(parse("open ", word, "") == (good ? 1 : -EINVAL));
	MUST(cmd.verb == DD_OPEN && (!good || !strcmp(cmd.name, word)));
	MUST(parse("close ", word, "") == 1);
	MUST(cmd.verb == DD_CLOSE && !strcmp(cmd.name, word));
}

static void options(const char *word)
{
	unsigned __int128 want = 0;
	regmatch_t g[3];
	bool good;

	if (strpbrk(word, " \t\v\f\r\xa0,;%"))
		return;
	good = re(size_re, word, g, 3);
	if (good) {
		want = strtoull(word + g[1].rm_so, NULL, 10);
		switch (word[g[2].rm_so]) {
		case 'K': case 'k': want <<= 10; break;
		case 'M': case 'm': want <<= 20; break;
		}
		good = want && want <= 1ULL << 40;
	}
	MUST(parse("open a size=", word, "") == (good ? 1 : -EINVAL));
	MUST(good ? cmd.size == want : !!strstr(err, "size"));
	MUST(parse("open a clock=", word, "") == (*word ? 1 : -EINVAL));
	MUST(!*word || !strcmp(cmd.clock, word));
}

/* Of one end of a range: false if it is none. */
static bool line(const char *s, size_t len, unsigned int *val)
{
	char *one = copy_of(s, len);
	regmatch_t g[2];
	uint64_t v = 0;
	bool good;

	good = re(line_re, one, g, 2) && (!len || isdigit(one[len - 1]));
	if (good)
		v = strtoull(one + g[1].rm_so, NULL, 10);
	free(one);
	*val = v;
	return good && v <= UINT_MAX;
}

static bool range(const char *s, unsigned int *first, unsigned int *last)
{
	const char *dash = strchr(s, '-');

	if (!line(s, dash ? dash - s : strlen(s), first))
		return false;
	*last = *first;
	if (!dash)
		return true;
	if (!line(dash + 1, strlen(dash + 1), last))
		return false;
	*last = *last ? *last : UINT_MAX;
	return *last >= *first;
}

static void lines(const char *word)
{
	unsigned int first = 0, last = 0;
	const char *colon;
	bool good = range(word, &first, &last), func;

	MUST(parse("line ", word, " +p") == (good ? 1 : -EINVAL));
	MUST(!good || (cmd.match.first_line == first && cmd.match.last_line == last));
	MUST(!good || !cmd.match.file);

	colon = strchr(word, ':');
	func = colon && (isalpha(colon[1]) || colon[1] == '*' || colon[1] == '?');
	first = last = 0;
	good = !colon || func || range(colon + 1, &first, &last);
	MUST(parse("file ", word, " +p") == (good ? 1 : -EINVAL));
	if (!good)
		return;
	MUST(cmd.match.first_line == first && cmd.match.last_line == last);
	MUST(func ? same(cmd.match.function, colon + 1) : !cmd.match.function);
	MUST(strlen(cmd.match.file) == (colon ? colon - word : strlen(word)));
	MUST(!strncmp(cmd.match.file, word, strlen(cmd.match.file)));
}

static void device(const char *word)
{
	struct dd_spec spec;
	regmatch_t g[3];

	MUST(parse("device ", word, " +T:a") == (*word ? 1 : -EINVAL));
	if (!*word)
		return;
	MUST(!strcmp(cmd.device, word));
	dd_spec_parse(word, &spec);
	MUST(spec.text == word);
	if (!strcmp(word, "*")) {
		MUST(spec.kind == DD_SPEC_ANY && spec.minor == DYNDBG_NO_MINOR);
	} else if (re(minor_re, word, g, 3)) {
		MUST(spec.kind == DD_SPEC_MINOR);
		MUST(spec.minor == strtol(word + g[2].rm_so, NULL, 10));
	} else {
		MUST(spec.kind == DD_SPEC_NAME && spec.minor == DYNDBG_NO_MINOR);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *word = text_of(data, size);

	/* no quoting keeps these one word */
	if (!strchr(word, '\n') && !(strchr(word, '"') && strchr(word, '\''))) {
		flags(word);
		names(word);
		options(word);
		lines(word);
		device(word);
		free(buf);
		buf = NULL;
	}
	free(word);
	return 0;
}
