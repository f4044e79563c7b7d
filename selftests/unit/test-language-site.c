// SPDX-License-Identifier: GPL-2.0-only
/* The control language: which sites a match means, and how it is listed. */
#include "language.h"

static struct dd_view site;

/* A site as it was, before each case. */
static void reset(void)
{
	site = (struct dd_view){
		.module = "virtio_gpu", .function = "probe", .file = "drivers/gpu/x.c",
		.format = "found %d\n", .line = 7,
	};
}

/* Does the query, as it is written, mean the site? */
static bool means(const char *query)
{
	char s[256];

	snprintf(s, sizeof(s), "%s +p", query);
	if (!takes(s)) {
		printf("# %s\n", batch.err);
		abort();
	}
	return dd_match_site(&cmd.match, &site, false);
}

static bool everything(void)
{
	reset();
	EXPECT(means("") && means("module * file * func * format '' line -"));
	/* each word has to fit */
	EXPECT(means("module virtio_gpu func probe file x.c line 7 format found"));
	EXPECT(!means("module virtio_net func probe file x.c line 7 format found"));
	EXPECT(!means("module virtio_gpu func prob file x.c line 7 format found"));
	EXPECT(!means("module virtio_gpu func probe file y.c line 7 format found"));
	EXPECT(!means("module virtio_gpu func probe file x.c line 8 format found"));
	EXPECT(!means("module virtio_gpu func probe file x.c line 7 format lost"));
	EXPECT(!means("module virtio_gpu class C"));
	/* the label is state, which the caller looks at */
	EXPECT(means("label elsewhere"));
	return true;
}

static bool modules(void)
{
	reset();
	EXPECT(means("module virtio_gpu") && means("module virtio*") && means("module *_gpu"));
	EXPECT(means("module virtio?gpu") && !means("module virtio") && !means("module gpu"));
	/* as stock: '-' is no '_' here, modprobe's rule does not hold */
	EXPECT(!means("module virtio-gpu") && !means("module Virtio_gpu") && !means("module ''"));
	return true;
}

static bool functions(void)
{
	reset();
	EXPECT(means("func probe") && means("func p*e") && means("func p?obe") && means("func *"));
	EXPECT(!means("func prob") && !means("func p?obes") && !means("func ?probe"));
	EXPECT(!means("func pro[b]e") && !means("func ''"));
	return true;
}

static bool files(void)
{
	reset();
	EXPECT(means("file drivers/gpu/x.c") && means("file x.c") && means("file drivers/*/x.c"));
	EXPECT(means("file *.c") && means("file */x.c") && means("file *gpu*") &&
	       means("file ?.c"));
	EXPECT(means("file drivers/*")); /* a star goes over slashes */
	/* as stock: the whole or the last part, no tail between */
	EXPECT(!means("file gpu/x.c") && !means("file drivers/gpu") && !means("file /x.c"));
	EXPECT(!means("file x") && !means("file ''"));
	EXPECT(means("file x.c:7") && means("file x.c:5-") && !means("file x.c:8-"));
	EXPECT(means("file x.c:probe") && means("file x.c:p*") && !means("file x.c:remove"));
	site.file = "main.c";
	EXPECT(means("file main.c") && means("file m*") && !means("file x.c"));
	site.file = "drivers/";
	EXPECT(means("file ''") && !means("file x"));
	return true;
}

static bool formats(void)
{
	reset();
	EXPECT(means("format found") && means("format ound") && means("format %d"));
	EXPECT(means("format 'found %d\\n'") && means("format found\\040%d") && means("format ''"));
	EXPECT(!means("format 'found %d\\n\\n'") && !means("format Found") && !means("format f*d"));
	EXPECT(means("format ^found") && means("format ^f") && means("format ^"));
	EXPECT(!means("format ^%d") && !means("format ^ound") && !means("format 'x^found'"));
	EXPECT(!means("format '^found %d\\n more'") && !means("format ^^found"));
	site.format = "aab";
	EXPECT(means("format ab") && !means("format ^ab") && means("format ^aa"));
	site.format = "a^b";
	EXPECT(means("format a^b") && !means("format ^b") && !means("format ^^b"));
	return true;
}

static bool lines(void)
{
	reset();
	EXPECT(means("line 7") && means("line 7-7") && means("line 7-") && means("line -7"));
	EXPECT(means("line 1-9") && means("line 0") && means("line ''") && means("line -"));
	EXPECT(!means("line 6") && !means("line 8") && !means("line 8-") && !means("line -6"));
	EXPECT(!means("line 8-9") && !means("line 1-6"));
	site.line = 0; /* not known */
	EXPECT(means("line -6") && !means("line 1-") && !means("line 7") && means("line 0"));
	return true;
}

static bool classes(void)
{
	struct dd_match m = { 0 };

	reset();
	EXPECT(means("module *") && !means("class C") && !means("class *"));
	site.class = "DRM_UT_KMS";
	/* stock: a query that names no class leaves classed sites alone, one that does means it */
	EXPECT(!means("module *") && !means(""));
	EXPECT(means("class DRM_UT_KMS") && !means("class DRM_UT_*") && !means("class DRM_UT"));
	EXPECT(!means("class drm_ut_kms") && !means("class ''"));
	site.class = NULL;
	site.unknown_class = true;
	EXPECT(!means("") && !means("class C"));
	/* routes: no class covers all, and a glob is one */
	EXPECT(dd_match_site(&m, &site, true));
	m.class = "*";
	EXPECT(!dd_match_site(&m, &site, true));
	reset();
	EXPECT(!dd_match_site(&m, &site, true));
	m.class = NULL;
	EXPECT(dd_match_site(&m, &site, true));
	site.class = "DRM_UT_KMS";
	EXPECT(dd_match_site(&m, &site, true));
	m.class = "DRM_UT_*";
	EXPECT(dd_match_site(&m, &site, true) && !dd_match_site(&m, &site, false));
	m.class = "DRM_UT_KMS";
	EXPECT(dd_match_site(&m, &site, true) && dd_match_site(&m, &site, false));
	m.class = "DRM_UT_C*";
	EXPECT(!dd_match_site(&m, &site, true));
	m.class = "DRM_UT_?MS";
	m.module = "amdgpu";
	EXPECT(!dd_match_site(&m, &site, true));
	return true;
}

static bool equal(void)
{
	static const char * const all[] = {
		"", "module a", "func a", "file a", "format a", "class a", "label a", "line 1-",
		"line 1",
		"line -1", "module b", "func b", "file b", "format b", "class b", "label b",
		"line 2",
		"module a func a", "module ''", "func ''", "file ''", "format ''", "class ''",
		"label ''",
	};
	char a[64], b[64];
	struct dd_batch batch_b;
	struct dd_cmd cmd_b;
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		for (k = 0; k < ARRAY_SIZE(all); k++) {
			snprintf(a, sizeof(a), "%s +p", all[i]);
			snprintf(b, sizeof(b), "%s =m", all[k]);
			batch_b = (struct dd_batch){ .pos = b, .known_flags = DD_STOCK };
			EXPECT(takes(a) && dd_parse_next(&batch_b, &cmd_b) == 1);
			EXPECT(dd_match_equal(&cmd.match, &cmd_b.match) == (i == k));
		}
	}
	return true;
}

/* What the listing writes of a match is read back as the same match. */
static bool describing(void)
{
	static const struct { const char *query, *said; } all[] = {
		{ "", "" }, { "label l", "" }, { "line 0", "" },
		{ "format F class E line 3-9 func d file b/c.c module a",
		  "module a file b/c.c func d line 3-9 class E format F" },
		{ "line 7", "line 7" }, { "line 3-", "line 3-" }, { "line -9", "line 0-9" },
		{ "line -", "line 0-" }, { "line 7-7", "line 7" },
		{ "line 4294967295", "line 4294967295" },
		{ "file f:7", "file f line 7" }, { "file f:g*", "file f func g*" },
		{ "func ''", "func \"\"" }, { "func a'b", "func a'b" },
		{ "func a\"b'c", "func a\"b'c" },
		{ "func \"'a\"", "func \"'a\"" }, { "func '\"a'", "func '\"a'" },
		{ "func '#a'", "func \"#a\"" }, { "func a#b", "func a#b" },
		{ "func 'a;b'", "func \"a;b\"" }, { "func 'a%b'", "func \"a%b\"" },
		{ "func 'a,b'", "func \"a,b\"" }, { "func 'a b'", "func \"a b\"" },
		{ "func 'a\vb'", "func \"a\vb\"" }, { "func 'a\xa0z'", "func \"a\xa0z\"" },
		{ "func a\\b", "func a\\b" },
		{ "format \"a b;c\"", "format \"a b;c\"" },
		{ "format 'say \"x\"'", "format 'say \"x\"'" },
		{ "format a\\\\tb", "format a\\\\tb" },
		{ "format a\\nb\\tc", "format \"a\\nb\\tc\"" },
		{ "format \\033[1m", "format \\033[1m" }, { "format \\177", "format \\177" },
		{ "format 'a \\042b\\047'", "format 'a \"b\\047'" },
		{ "format %d,x", "format \"%d,x\"" },
	};
	char said[256], again[300], line[300];
	struct dd_match m;
	size_t i, n, cut;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		snprintf(line, sizeof(line), "%s +p", all[i].query);
		EXPECT(takes(line));
		m = cmd.match;
		n = dd_match_describe(&m, NULL, said, sizeof(said));
		EXPECT(n == strlen(said));
		if (!is(said, all[i].said))
			printf("# %s: %s\n", all[i].query, said);
		EXPECT(is(said, all[i].said));
		/* cut, but counted, where there is no room */
		for (cut = 1; cut <= n + 1; cut++) {
			EXPECT(dd_match_describe(&m, NULL, again, cut) == (int)n);
			EXPECT(strlen(again) == cut - 1 && !strncmp(again, said, cut - 1));
		}
		snprintf(again, sizeof(again), "%s +p", said);
		EXPECT(takes(again) && dd_match_describe(&cmd.match, NULL, again,
		       sizeof(again)) == (int)n);
		EXPECT(is(again, said));
	}
	return true;
}

static const struct ktap_case cases[] = {
	{ "every word has to fit", everything },
	{ "module", modules },
	{ "func", functions },
	{ "file", files },
	{ "format", formats },
	{ "line", lines },
	{ "class, and routes", classes },
	{ "the same match", equal },
	{ "describing", describing },
};

KTAP_MAIN(cases)
