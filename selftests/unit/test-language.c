// SPDX-License-Identifier: GPL-2.0-only
/* The control language: parser and matcher, as they stand in lib/. */
#include "dyndbg_match.h"
#include "ktap.h"

static char text[8192];
static struct dd_batch batch;
static struct dd_cmd cmd;

/* Begin a batch. Every stock flag is known. */
static void begin(const char *s)
{
	strcpy(text, s);
	batch = (struct dd_batch){ .pos = text, .known_flags = DD_STOCK };
}

static int next(void)
{
	return dd_parse_next(&batch, &cmd);
}

static bool is(const char *have, const char *want)
{
	return have && !strcmp(have, want);
}

/* The one command of a batch is refused, and the reason names the word. */
static bool refused(const char *s, const char *word)
{
	begin(s);
	return next() == -EINVAL && strstr(batch.err, word);
}

static bool open_close(void)
{
	begin("open foo\nopen bar size=4M clock=boot;open b size=512K%open 0;close foo");
	EXPECT(next() == 1 && cmd.verb == DD_OPEN && is(cmd.name, "foo"));
	EXPECT(!cmd.size && !cmd.clock);
	EXPECT(next() == 1 && is(cmd.name, "bar") && cmd.size == 4 << 20 && is(cmd.clock, "boot"));
	EXPECT(next() == 1 && is(cmd.name, "b") && cmd.size == 512 << 10);
	EXPECT(next() == 1 && is(cmd.name, "0"));
	EXPECT(next() == 1 && cmd.verb == DD_CLOSE && is(cmd.name, "foo"));
	EXPECT(next() == 0 && next() == 0);
	EXPECT(refused("open", "name") && cmd.verb == DD_OPEN);
	EXPECT(refused("open a/b", "a/b"));
	EXPECT(refused("open a size=", "size"));
	EXPECT(refused("open a size=4G", "4G"));
	EXPECT(refused("open a size=0", "0"));
	EXPECT(refused("open a size=99999999999999999999", "9999"));
	EXPECT(refused("open a size=1 size=2", "2x"));
	EXPECT(refused("open a clock=", "clock="));
	EXPECT(refused("open a colour=red", "colour"));
	EXPECT(refused("open 0 size=1M", "size=1M"));
	EXPECT(refused("close", "name") && cmd.verb == DD_CLOSE);
	EXPECT(refused("close a b", "name"));
	return true;
}

static bool names(void)
{
	char name[80];

	memset(name, 'n', sizeof(name));
	name[DYNDBG_NAME_MAX] = '\0';
	EXPECT(dd_name_valid(name));
	name[DYNDBG_NAME_MAX] = 'n';
	name[DYNDBG_NAME_MAX + 1] = '\0';
	EXPECT(!dd_name_valid(name));
	EXPECT(dd_name_valid("aZ_09") && dd_name_valid("00"));
	EXPECT(!dd_name_valid("") && !dd_name_valid("0") && !dd_name_valid("a.b"));
	EXPECT(!dd_name_valid("\xe4"));
	return true;
}

static bool flags(void)
{
	static const struct { const char *s; char op; int bits; const char *label; } good[] = {
		{ "+p", '+', DD_P, NULL },
		{ "=pT:foo.mf", '=', DD_P | DD_T | DD_M | DD_F, "foo" },
		{ "=mfT:foo", '=', DD_T | DD_M | DD_F, "foo" },
		{ "=T:foo.", '=', DD_T, "foo" },
		{ "-T:0", '-', DD_T, "0" },
		{ "+Tsltd", '+', DD_T | DD_S | DD_L | DD_TID | DD_D, NULL },
		{ "=_", '=', 0, NULL },
		{ "=", '=', 0, NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		begin(good[i].s);
		EXPECT(next() == 1 && cmd.verb == DD_QUERY);
		EXPECT(cmd.flags.op == good[i].op && cmd.flags.bits == good[i].bits);
		EXPECT(good[i].label ? is(cmd.flags.label, good[i].label) : !cmd.flags.label);
	}
	begin("=_:foo; +:foo; -:0");
	EXPECT(next() == 1 && cmd.flags.has_flags && is(cmd.flags.label, "foo"));
	EXPECT(next() == 1 && !cmd.flags.has_flags && is(cmd.flags.label, "foo"));
	EXPECT(next() == 1 && !cmd.flags.has_flags && is(cmd.flags.label, "0"));
	EXPECT(refused("p", "\"p\""));
	EXPECT(refused("+x", "'x'"));
	EXPECT(refused("+p+m", "'+'"));
	EXPECT(refused("+T:", "name"));
	EXPECT(refused("+T:a b", "flag-op"));
	EXPECT(refused("+T:a:b", "a:b"));
	EXPECT(refused("+T:a.m.f", "'.'"));
	/* a flag that this kernel lacks */
	begin("+d");
	batch.known_flags = DD_STOCK & ~DD_D;
	EXPECT(next() == -EINVAL && strstr(batch.err, "'d'"));
	return true;
}

static bool matches(void)
{
	begin("module m func f file d/f.c class C format 'a b' label l line 3-9 +p");
	EXPECT(next() == 1);
	EXPECT(is(cmd.match.module, "m") && is(cmd.match.function, "f"));
	EXPECT(is(cmd.match.file, "d/f.c") && is(cmd.match.class, "C"));
	EXPECT(is(cmd.match.format, "a b") && is(cmd.match.label, "l"));
	EXPECT(cmd.match.first_line == 3 && cmd.match.last_line == 9);
	begin("file f.c:3- +p; file f.c:-9 +p; file f.c:7 +p; file f.c:fun* +p; format a\\tb\\040c +p");
	EXPECT(next() == 1 && cmd.match.first_line == 3 && cmd.match.last_line == UINT_MAX);
	EXPECT(next() == 1 && cmd.match.first_line == 0 && cmd.match.last_line == 9);
	EXPECT(next() == 1 && cmd.match.first_line == 7 && cmd.match.last_line == 7);
	EXPECT(next() == 1 && is(cmd.match.file, "f.c") && is(cmd.match.function, "fun*"));
	EXPECT(next() == 1 && is(cmd.match.format, "a\tb c"));
	EXPECT(refused("func +p", "pairs"));
	EXPECT(refused("funk f +p", "\"funk\""));
	EXPECT(refused("func a func b +p", "\"b\""));
	EXPECT(refused("line 9-3 +p", "last-line:3"));
	EXPECT(refused("line x +p", "x"));
	EXPECT(refused("line 1 file f:2 +p", "2x"));
	EXPECT(refused("file f:g func h +p", "func"));
	return true;
}

static bool devices(void)
{
	struct dd_spec spec;

	begin("class DRM_UT_* device drm:0 +T:seat0; device * -T:a");
	EXPECT(next() == 1 && is(cmd.device, "drm:0") && is(cmd.flags.label, "seat0"));
	EXPECT(next() == 1 && is(cmd.device, "*") && cmd.flags.op == '-');
	EXPECT(refused("device drm:0 +p", "only T:NAME"));
	EXPECT(refused("device drm:0 +pT:a", "only T:NAME"));
	EXPECT(refused("device drm:0 +T", "only T:NAME"));
	EXPECT(refused("device drm:0 +:a", "only T:NAME"));
	EXPECT(refused("device drm:0 label x +T:a", "label"));
	EXPECT(refused("device '' +T:a", "device"));
	dd_spec_parse("*", &spec);
	EXPECT(spec.kind == DD_SPEC_ANY);
	dd_spec_parse("drm:12", &spec);
	EXPECT(spec.kind == DD_SPEC_MINOR && spec.minor == 12);
	dd_spec_parse("card3", &spec);
	EXPECT(spec.kind == DD_SPEC_MINOR && spec.minor == 3);
	dd_spec_parse("cardreader", &spec);
	EXPECT(spec.kind == DD_SPEC_NAME);
	dd_spec_parse("drm:", &spec);
	EXPECT(spec.kind == DD_SPEC_NAME);
	dd_spec_parse("0000:00:02.0", &spec);
	EXPECT(spec.kind == DD_SPEC_NAME && is(spec.text, "0000:00:02.0"));
	return true;
}

static bool separators(void)
{
	begin(" ,\t;;%\n# a comment % with +x\n func,f,+p # +m\n  func\tg  ,, +m;");
	EXPECT(next() == 1 && is(cmd.match.function, "f") && cmd.flags.bits == DD_P);
	EXPECT(next() == 1 && is(cmd.match.function, "g") && cmd.flags.bits == DD_M);
	EXPECT(next() == 0);
	begin("format \"a;b%c,d\" +p; format %d,x +p; format,e,+p; func \"f\"+m");
	EXPECT(next() == 1 && is(cmd.match.format, "a;b%c,d"));
	EXPECT(next() == 1 && is(cmd.match.format, "%d,x"));
	EXPECT(next() == 1 && is(cmd.match.format, "e"));
	EXPECT(next() == 1 && is(cmd.match.function, "f") && cmd.flags.bits == DD_M);
	/* a comment ends at ';' too, as in the stock parsers, but not at '%' */
	begin("func f +p # x % func g +p; func h +p");
	EXPECT(next() == 1 && is(cmd.match.function, "f"));
	EXPECT(next() == 1 && is(cmd.match.function, "h") && next() == 0);
	/* a bad command does not swallow the next */
	begin("func \"f +p\nfunc g +p; x +p; func h +p");
	EXPECT(next() == -EINVAL && strstr(batch.err, "unclosed quote"));
	EXPECT(next() == 1 && is(cmd.match.function, "g"));
	EXPECT(next() == -EINVAL);
	EXPECT(next() == 1 && is(cmd.match.function, "h"));
	/* nor does an open quote, which the stock parsers end there too; but not at '%' */
	begin("func \"f; func g +p");
	EXPECT(next() == -EINVAL && next() == 1 && is(cmd.match.function, "g"));
	begin("format \"100% +p");
	EXPECT(next() == -EINVAL && strstr(batch.err, "100% +p") && next() == 0);
	/* a constant is left alone: the kernel passes one for "dyndbg" without a value */
	batch = (struct dd_batch){ .pos = (char *)"+p", .known_flags = DD_STOCK };
	EXPECT(next() == 1 && cmd.flags.bits == DD_P && next() == 0);
	begin("a b c d e f g h i j k l m n o p q r s +p; +p");
	EXPECT(next() == -EINVAL && strstr(batch.err, "too many words"));
	EXPECT(next() == 1 && next() == 0);
	return true;
}

static bool matching(void)
{
	static const struct dd_view plain = {
		.module = "virtio_gpu", .function = "probe", .file = "drivers/gpu/x.c",
		.format = "found %d\n", .line = 7,
	};
	struct dd_view classed = plain, unknown = plain;
	struct dd_match m = { 0 };

	classed.class = "DRM_UT_KMS";
	unknown.unknown_class = true;
	/* without a class: unclassed sites; for a route: every site */
	EXPECT(dd_match_site(&m, &plain, false) && !dd_match_site(&m, &classed, false));
	EXPECT(!dd_match_site(&m, &unknown, false) && dd_match_site(&m, &unknown, true));
	EXPECT(dd_match_site(&m, &classed, true));
	m.class = "DRM_UT_*";
	EXPECT(!dd_match_site(&m, &classed, false) && dd_match_site(&m, &classed, true));
	m.class = "DRM_UT_KMS";
	EXPECT(dd_match_site(&m, &classed, false) && !dd_match_site(&m, &plain, true));

	m = (struct dd_match){ .file = "x.c" };
	EXPECT(dd_match_site(&m, &plain, false));
	m.file = "drivers/*/x.c";
	EXPECT(dd_match_site(&m, &plain, false));
	m.file = "gpu/x.c";
	EXPECT(!dd_match_site(&m, &plain, false));
	m = (struct dd_match){ .format = "^found" };
	EXPECT(dd_match_site(&m, &plain, false));
	m.format = "^%d";
	EXPECT(!dd_match_site(&m, &plain, false));
	m.format = "%d";
	EXPECT(dd_match_site(&m, &plain, false));
	m = (struct dd_match){ .first_line = 7, .last_line = 7 };
	EXPECT(dd_match_site(&m, &plain, false));
	m.last_line = m.first_line = 8;
	EXPECT(!dd_match_site(&m, &plain, false));
	m = (struct dd_match){ .module = "virtio*", .function = "p?obe" };
	EXPECT(dd_match_site(&m, &plain, false));
	m.function = "p?obes";
	EXPECT(!dd_match_site(&m, &plain, false));
	return true;
}

/* What the listing writes of a match is read back as the same match. */
static bool describing(void)
{
	static const char * const all[] = {
		"module a file b/c.c func d line 3-9 class E",
		"line 7", "line 3-", "line 0-9", "format \"a b;c\"", "format 'say \"x\"'", "",
	};
	char said[256], copy[512];
	struct dd_match m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(copy, sizeof(copy), "%s +p", all[i]);
		begin(copy);
		EXPECT(next() == 1);
		m = cmd.match;
		dd_match_describe(&m, said, sizeof(said));
		EXPECT(!strcmp(said, all[i]));
	}
	return true;
}

static const struct ktap_case cases[] = {
	{ "open and close", open_close }, { "names", names }, { "flags", flags },
	{ "matches", matches }, { "devices", devices }, { "separators", separators },
	{ "matching", matching }, { "describing", describing },
};

KTAP_MAIN(cases)
