// SPDX-License-Identifier: GPL-2.0-only
/* The control language: the flags word. */
#include "language.h"

#define ALL_PREFIX (DD_M | DD_F | DD_S | DD_L | DD_TID)

static const struct { char c; int bit; } chars[] = {
	{ 'p', DD_P }, { 'T', DD_T }, { 'm', DD_M }, { 'f', DD_F }, { 's', DD_S },
	{ 'l', DD_L }, { 't', DD_TID }, { 'd', DD_D }, { '_', 0 },
};

/* The word is read as this. */
static bool reads(const char *s, char op, int bits, bool has_flags, const char *label)
{
	return takes(s) && cmd.verb == DD_QUERY && cmd.flags.op == op && cmd.flags.bits == bits &&
	       cmd.flags.has_flags == has_flags && is(cmd.flags.label, label);
}

static bool every_character(void)
{
	char s[40];
	size_t i, k;
	int c;

	for (i = 0; i < ARRAY_SIZE(chars); i++) {
		for (k = 0; k < 3; k++) {
			snprintf(s, sizeof(s), "%c%c", "+-="[k], chars[i].c);
			EXPECT(reads(s, "+-="[k], chars[i].bit, true, NULL));
			snprintf(s, sizeof(s), "%c:a.%c", "+-="[k], chars[i].c);
			EXPECT(reads(s, "+-="[k], chars[i].bit, true, "a"));
		}
	}
	for (c = 1; c < 256; c++) {
		if (strchr("pTmfsltd_:.\n;%, \t\v\f\r", c) || c == 0xa0)
			continue;
		snprintf(s, sizeof(s), "+%c", c);
		snprintf(s + 20, sizeof(s) - 20, "unknown flag '%c'", c);
		EXPECT(refused(s, s + 20));
	}
	return true;
}

/* The bits are the stock kernel's own, and T's is one that it does not use. */
static bool bits(void)
{
	EXPECT(DD_P == 1 && DD_M == 2 && DD_F == 4 && DD_L == 8 && DD_TID == 16 && DD_S == 32);
	EXPECT(DD_D == 64 && DD_T == 128 && DD_STOCK == 127);
	EXPECT(DD_PREFIX == ALL_PREFIX);
	return true;
}

static bool operators(void)
{
	EXPECT(reads("+p", '+', DD_P, true, NULL));
	EXPECT(reads("-p", '-', DD_P, true, NULL));
	EXPECT(reads("=p", '=', DD_P, true, NULL));
	EXPECT(reads("=", '=', 0, false, NULL) && reads("+", '+', 0, false, NULL));
	EXPECT(reads("=_", '=', 0, true, NULL) && reads("-_", '-', 0, true, NULL));
	EXPECT(reads("=pp_p", '=', DD_P, true, NULL));
	EXPECT(reads("+pTmfslt", '+', DD_P | DD_T | ALL_PREFIX, true, NULL));
	EXPECT(refused("p", "\"p\""));
	EXPECT(refused("*p", "\"*p\""));
	EXPECT(refused(":a", "\":a\""));
	EXPECT(refused("''", "\"\""));
	EXPECT(refused("+p+m", "'+'") && refused("+-p", "'-'") && refused("+=p", "'='"));
	EXPECT(refused("+p m", "\"m\""));
	return true;
}

static bool older_kernels(void)
{
	static const struct { const char *s; int lacks; const char *why; } old[] = {
		{ "+d", DD_D, "'d'" }, { "+ps", DD_S, "'s'" }, { "=T:a.s", DD_S, "'s'" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(old); i++) {
		begin(old[i].s);
		EXPECT(next() == 1);
		begin(old[i].s);
		batch.known_flags = DD_STOCK & ~old[i].lacks;
		EXPECT(next() == -EINVAL && strstr(batch.err, old[i].why));
	}
	/* T and _ are known everywhere */
	begin("+T_");
	batch.known_flags = DD_P;
	EXPECT(next() == 1 && cmd.flags.bits == DD_T);
	return true;
}

static bool label_places(void)
{
	EXPECT(reads("=pT:foo.mf", '=', DD_P | DD_T | DD_M | DD_F, true, "foo"));
	EXPECT(reads("=mfpT:foo", '=', DD_P | DD_T | DD_M | DD_F, true, "foo"));
	EXPECT(reads("=mT:foo.fp", '=', DD_P | DD_T | DD_M | DD_F, true, "foo"));
	EXPECT(reads("=:foo.pTmf", '=', DD_P | DD_T | DD_M | DD_F, true, "foo"));
	EXPECT(reads("=T:foo.", '=', DD_T, true, "foo"));
	EXPECT(reads("=T.", '=', DD_T, true, NULL) && reads("=T.m", '=', DD_T | DD_M, true, NULL));
	EXPECT(reads("=.", '=', 0, false, NULL));
	EXPECT(reads("-T:0", '-', DD_T, true, "0"));
	EXPECT(reads("+T", '+', DD_T, true, NULL));
	EXPECT(reads("+p:0", '+', DD_P, true, "0"));
	return true;
}

static bool label_only(void)
{
	EXPECT(reads("=:foo", '=', 0, false, "foo") && reads("+:foo", '+', 0, false, "foo"));
	EXPECT(reads("-:foo", '-', 0, false, "foo") && reads("-:0", '-', 0, false, "0"));
	EXPECT(reads("=:foo.", '=', 0, false, "foo"));
	/* '_' is a flag character that stands for no flag: this one clears */
	EXPECT(reads("=_:foo", '=', 0, true, "foo") && reads("=:foo._", '=', 0, true, "foo"));
	return true;
}

static bool label_names(void)
{
	char name[80], s[100];

	memset(name, 'n', sizeof(name));
	name[63] = '\0';
	snprintf(s, sizeof(s), "+T:%s.p", name);
	EXPECT(reads(s, '+', DD_T | DD_P, true, name));
	name[63] = 'n';
	name[64] = '\0';
	snprintf(s, sizeof(s), "+T:%s", name);
	EXPECT(refused(s, name));
	EXPECT(refused("+T:", "bad destination name \"\""));
	EXPECT(refused("+T:.p", "bad destination name \"\""));
	EXPECT(refused("+T:b-c", "\"b-c\""));
	EXPECT(refused("+T:b/c.p", "\"b/c\""));
	EXPECT(refused("+T:\xe4", "\"\xe4\""));
	EXPECT(refused("+T: a", "\"a\"")); /* a blank is no part of it */
	return true;
}

static bool twice(void)
{
	EXPECT(refused("+T:a:b", "\"a:b\""));
	EXPECT(refused("+T:a.:b", "':'"));
	EXPECT(refused("+T:a.m:b", "':'"));
	EXPECT(refused("+T.:a", "':'"));
	EXPECT(refused("+T:a.m.f", "'.'"));
	EXPECT(refused("+T:a..", "'.'"));
	EXPECT(refused("+p..m", "'.'"));
	return true;
}

/* What the listing shows is read as what it shows. */
static bool listed(void)
{
	EXPECT(reads("=pT:foo.mf", '=', DD_P | DD_T | DD_M | DD_F, true, "foo"));
	EXPECT(reads("=T", '=', DD_T, true, NULL));
	EXPECT(reads("=:foo.m", '=', DD_M, true, "foo"));
	EXPECT(reads("=_", '=', 0, true, NULL));
	EXPECT(refused("=T:nnnnnnnnnnnnnnnnnnnn...", "'.'")); /* but not what it cut */
	return true;
}

static const struct ktap_case cases[] = {
	{ "every character", every_character },
	{ "bits", bits },
	{ "operators", operators },
	{ "flags that a kernel lacks", older_kernels },
	{ "the label's place, and dots", label_places },
	{ "a label and no flag", label_only },
	{ "a label's name", label_names },
	{ "two labels, two dots", twice },
	{ "as listed", listed },
};

KTAP_MAIN(cases)
