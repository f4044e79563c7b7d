// SPDX-License-Identifier: GPL-2.0-only
/* The control language: routes, and the devices that they are for. */
#include "language.h"

static bool routes(void)
{
	begin("class DRM_UT_* device drm:0 +T:seat0; device * -T:a; device 'x y' =T:b. module m");
	EXPECT(next() == 1 && is(cmd.device, "drm:0") && is(cmd.match.class, "DRM_UT_*"));
	EXPECT(cmd.verb == DD_QUERY && cmd.flags.op == '+' && cmd.flags.bits == DD_T);
	EXPECT(is(cmd.flags.label, "seat0"));
	EXPECT(next() == 1 && is(cmd.device, "*") && cmd.flags.op == '-' && !cmd.match.class);
	EXPECT(next() == -EINVAL); /* flags come last */
	EXPECT(takes("device 'x y' module m file f.c:3- format a func g =T:b"));
	EXPECT(is(cmd.device, "x y") && cmd.flags.op == '=' && is(cmd.match.module, "m"));
	EXPECT(cmd.match.first_line == 3 && is(cmd.match.format, "a"));
	EXPECT(takes("device x +T:0") && is(cmd.flags.label, "0"));
	EXPECT(takes("device x +T:a.") && takes("device x +:a.T"));
	return true;
}

static bool route_flags(void)
{
	static const char * const bad[] = {
		"+p", "+T", "-T", "=T", "=_", "=", "+", "-", "+:a", "=:a", "-:a", "+pT:a",
		"+Tp:a", "+T:a.p",
		"+mT:a", "+fT:a", "+sT:a", "+lT:a", "+tT:a", "+dT:a", "-T:a.mf", "=_:a", "+p:a",
		"+m",
	};
	char s[64], why[80];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(s, sizeof(s), "class C device drm:0 %s", bad[i]);
		snprintf(why, sizeof(why), "takes only T:NAME, not \"%s\"", bad[i]);
		EXPECT(refused(s, why));
		snprintf(s, sizeof(s), "class C %s", bad[i]);
		EXPECT(takes(s)); /* it is for the device */
	}
	EXPECT(refused("device drm:0 +T:a-b", "\"a-b\""));
	EXPECT(refused("device drm:0 +T:", "name \"\""));
	return true;
}

static bool route_words(void)
{
	EXPECT(refused("device drm:0 label xx +T:a", "no label, not \"xx\""));
	EXPECT(refused("label xx device drm:0 -T:a", "\"xx\""));
	EXPECT(takes("label xx +T:a"));
	EXPECT(refused("device '' +T:a", "device: expecting drm:N"));
	EXPECT(refused("device +T:a", "pairs"));
	EXPECT(refused("device drm:0 device drm:11 +T:a", "device overridden by \"drm:11\""));
	return true;
}

static bool specs(void)
{
	static const struct { const char *s; enum dd_spec_kind kind; int minor; } all[] = {
		{ "*", DD_SPEC_ANY, -1 }, { "drm:0", DD_SPEC_MINOR, 0 },
		{ "drm:12", DD_SPEC_MINOR, 12 },
		{ "card0", DD_SPEC_MINOR, 0 }, { "card63", DD_SPEC_MINOR, 63 },
		{ "drm:9", DD_SPEC_MINOR, 9 }, { "card007", DD_SPEC_MINOR, 7 },
		{ "drm:99999999", DD_SPEC_MINOR, 99999999 },
		/* no minor: the name of some device */
		{ "drm:123456789", DD_SPEC_NAME, -1 }, { "drm:4294967296", DD_SPEC_NAME, -1 },
		{ "drm:", DD_SPEC_NAME, -1 }, { "drm:-1", DD_SPEC_NAME, -1 },
		{ "drm:+1", DD_SPEC_NAME, -1 }, { "drm:0x1", DD_SPEC_NAME, -1 },
		{ "drm:1 ", DD_SPEC_NAME, -1 }, { "drm:*", DD_SPEC_NAME, -1 },
		{ "drm0", DD_SPEC_NAME, -1 },
		{ "drm-7", DD_SPEC_NAME, -1 }, { "card", DD_SPEC_NAME, -1 },
		{ "cart7", DD_SPEC_NAME, -1 },
		{ "Card0", DD_SPEC_NAME, -1 }, { "card0-DP-1", DD_SPEC_NAME, -1 },
		{ "cardreader", DD_SPEC_NAME, -1 }, { "card:0", DD_SPEC_NAME, -1 },
		{ "**", DD_SPEC_NAME, -1 }, { "*0", DD_SPEC_NAME, -1 }, { "0", DD_SPEC_NAME, -1 },
		{ "0000:00:02.0", DD_SPEC_NAME, -1 }, { "wlan0", DD_SPEC_NAME, -1 },
		{ "1d.usb drm:0", DD_SPEC_NAME, -1 },
	};
	struct dd_spec spec;
	char s[64];
	size_t i;

	EXPECT(DYNDBG_NO_MINOR == -1);
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		dd_spec_parse(all[i].s, &spec);
		EXPECT(spec.kind == all[i].kind && spec.minor == all[i].minor);
		EXPECT(spec.text == all[i].s);
		snprintf(s, sizeof(s), "device '%s' +T:a", all[i].s);
		EXPECT(takes(s) && is(cmd.device, all[i].s));
	}
	return true;
}

static const struct ktap_case cases[] = {
	{ "routes", routes },
	{ "only T:NAME", route_flags },
	{ "label, and device without or with two values", route_words },
	{ "device SPECs", specs },
};

KTAP_MAIN(cases)
