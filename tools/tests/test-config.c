// SPDX-License-Identifier: GPL-2.0-only
/* The configuration reader: what it takes, and what each mistake is answered with. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/config-value.h"
#include "../lib/config.h"
#include "ktap.h"

static struct ddr_config *read_bytes(const char *text, size_t len, char *error)
{
	struct ddr_config *config = ddr_config_new();
	FILE *file = fmemopen((void *)text, len, "r");
	int err = ddr_config_read(config, file, "t.conf", error);

	fclose(file);
	if (!err)
		err = ddr_config_finish(config, error);
	if (!err)
		return config;
	ddr_config_free(config);
	return NULL;
}

static struct ddr_config *read_text(const char *text, char *error)
{
	return read_bytes(text, strlen(text), error);
}

#define GOOD_STREAM "[stream kms]\nselect=class DRM_UT_KMS\n"
#define GOOD_SUB "[subscriber w]\nuser=root\nstreams=kms\naccess=live\n"

static bool full_file(void)
{
	char error[DDR_CONFIG_ERROR_MAX];
	const struct ddr_stream *kms;
	struct ddr_config *c;

	c = read_text("; comment\n# another\n\n"
		      "[ stream  kms ]   ; the display\n"
		      "select = class DRM_UT_KMS   ; inline\n"
		      "  select=format \"a b\" line 10-20\n"
		      "device=drm:0, card1 0000:00:02.0\n"
		      "size=4M\r\n"
		      "on=failed-commit\non=marker: frame lost\non=drm-error\nsaves=64\nsave-every=2m\nsave-max=1M\n"
		      "clock=boot\nioctls=all\n"
		      "events=printk:console error_report:error_report_end\n"
		      "[stream other]\nselect=module foo\n"
		      "[subscriber w]\nuser=root\ngroup=0\nstreams=kms,other\n"
		      "access=snapshot mark\n",
		      error);
	EXPECT(c);
	EXPECT(c->n_streams == 2 && c->n_subscribers == 1);
	kms = ddr_config_stream(c, "kms");
	EXPECT(kms && kms->select.n == 2 && kms->device.n == 3 && kms->events.n == 2);
	EXPECT(!strcmp(kms->select.item[0], "class DRM_UT_KMS"));
	EXPECT(!strcmp(kms->select.item[1], "format \"a b\" line 10-20"));
	EXPECT(!strcmp(kms->device.item[1], "card1"));
	EXPECT(!strcmp(kms->size, "4M") && !strcmp(kms->clock, "boot"));
	EXPECT(kms->ioctls == DDR_IOCTLS_ALL && c->stream[1]->ioctls == DDR_IOCTLS_DEFAULT);
	EXPECT(kms->save.on == (DDR_ON_FAILED_COMMIT | DDR_ON_MARKER | DDR_ON_DRM_ERROR) && kms->save.marker.n == 1);
	EXPECT(!strcmp(kms->save.marker.item[0], " frame lost"));
	EXPECT(kms->save.keep == 64 && kms->save.every_s == 120 && kms->save.max == 1 << 20);
	EXPECT(!c->stream[1]->save.on && !c->stream[1]->save.keep);
	EXPECT(c->stream[1]->device.n == 0 && !c->stream[1]->size);
	EXPECT(!strcmp(c->stream[1]->clock, "mono"));
	EXPECT(c->subscriber[0]->has_user && c->subscriber[0]->uid == 0);
	EXPECT(c->subscriber[0]->has_group && c->subscriber[0]->gid == 0);
	EXPECT(c->subscriber[0]->streams.n == 2);
	EXPECT(c->subscriber[0]->access == (DDR_SNAPSHOT | DDR_MARK));
	ddr_config_free(c);
	return true;
}

/* A name longer than what inih keeps of a section. */
static bool long_name(void)
{
	char text[512], error[DDR_CONFIG_ERROR_MAX], name[DDR_NAME_MAX + 1];
	struct ddr_config *c;

	memset(name, 'n', DDR_NAME_MAX);
	name[DDR_NAME_MAX] = '\0';
	snprintf(text, sizeof(text), "[stream %s]\nselect=module a\n", name);
	c = read_text(text, error);
	EXPECT(c && ddr_config_stream(c, name));
	ddr_config_free(c);
	snprintf(text, sizeof(text), "[stream %sn]\nselect=module a\n", name);
	EXPECT(!read_text(text, error));
	EXPECT(strstr(error, "t.conf:1: not a name"));
	return true;
}

static bool empty_resets(void)
{
	char error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *c;

	c = read_text("[stream a]\nselect=module x\nselect=\nselect=module y\nsize=1M\nsize=\n"
		      "clock=boot\nclock=\ndevice=card0\ndevice=\non=marker:x\non=drm-error\nsaves=2\non=\n"
		      "saves=\nsave-max=1M\nsave-max=\nsave-every=1h\nsave-every=\n", error);
	EXPECT(c);
	EXPECT(c->stream[0]->select.n == 1 && !strcmp(c->stream[0]->select.item[0], "module y"));
	EXPECT(!c->stream[0]->size && !strcmp(c->stream[0]->clock, "mono"));
	EXPECT(c->stream[0]->device.n == 0 && !c->stream[0]->save.on && !c->stream[0]->save.marker.n);
	ddr_config_free(c);
	return true;
}

static const struct {
	const char *text, *error;
} bad[] = {
	{ "x=1\n", "t.conf:1: 'x' stands before any section" },
	{ "[stream a]\n", "t.conf:1: stream a has no select=" },
	{ "[streams a]\n", "t.conf:1: unknown section 'streams'" },
	{ "[stream]\n", "t.conf:1: not [stream NAME] nor [subscriber NAME]: '[stream]'" },
	{ "[stream a b]\n", "t.conf:1: not [stream NAME] nor [subscriber NAME]: '[stream a b]'" },
	{ "[stream a\n", "t.conf:1: no ']' after '[stream a'" },
	{ "[subscriber w]\nunit=weston\n", "t.conf:2: unit: not a service or scope 'weston'" },
	{ "[subscriber w]\nunit=.service\n", "t.conf:2: unit: not a service or scope '.service'" },
	{ "[subscriber w]\nunit=a/b.service\n", "t.conf:2: unit: not a service or scope 'a/b.service'" },
	{ "[subscriber w]\nunit=user.slice\n", "t.conf:2: unit: not a service or scope 'user.slice'" },
	{ "[stream a] b\n", "t.conf:1: text after ']': 'b'" },
	{ "[stream a-b]\n", "t.conf:1: not a name (1 to 63 of A-Z a-z 0-9 _): 'a-b'" },
	{ "[stream 0]\n", "t.conf:1: not a name (1 to 63 of A-Z a-z 0-9 _): '0'" },
	{ "[stream ../x]\n", "t.conf:1: not a name" },
	{ GOOD_STREAM "bogus\n", "t.conf:3: neither a section nor key=value: 'bogus'" },
	{ GOOD_STREAM "bogus ; x=1\n", "t.conf:3: neither a section nor key=value: 'bogus" },
	{ GOOD_STREAM "colour=red\n", "t.conf:3: unknown key 'colour' in [stream kms]" },
	{ GOOD_STREAM "user=root\n", "t.conf:3: unknown key 'user' in [stream kms]" },
	{ GOOD_STREAM "=1\n", "t.conf:3: unknown key '' in [stream kms]" },
	{ GOOD_STREAM "select=klass X\n", "t.conf:3: select: unknown match 'klass'" },
	{ GOOD_STREAM "select=class\n", "t.conf:3: select: no value for match 'class'" },
	{ GOOD_STREAM "select=class A +p\n", "t.conf:3: select: unknown match '+p'" },
	{ GOOD_STREAM "select=class A class B\n", "t.conf:3: select: match given twice 'class'" },
	{ GOOD_STREAM "select=module a;close b\n", "select: a select must not contain ';'" },
	{ GOOD_STREAM "select=module a%close b\n", "select: a select must not contain '%'" },
	{ GOOD_STREAM "select=module a#\n", "select: a select must not contain '#'" },
	{ GOOD_STREAM "select=module a\001\n", "select: control character in" },
	{ GOOD_STREAM "select=format \"x\n", "select: unclosed quote '\"x'" },
	{ GOOD_STREAM "select=device drm:0\n", "select: unknown match 'device'" },
	{ GOOD_STREAM "select=,\n", "select: empty match ','" },
	{ GOOD_STREAM "device=drm:x\n", "t.conf:3: device: not drm:N with N a minor 'drm:x'" },
	{ GOOD_STREAM "device=card0 +T:x\n", "device: not a device '+T:x'" },
	{ GOOD_STREAM "device=a\"b\n", "device: not a device 'a\"b'" },
	{ GOOD_STREAM "size=4G\n", "t.conf:3: size: not a size (BYTES, or with K or M) '4G'" },
	{ GOOD_STREAM "ioctls=some\n", "t.conf:3: ioctls: not all, atomic or none 'some'" },
	{ GOOD_STREAM "size=0\n", "t.conf:3: size: size out of range '0'" },
	{ GOOD_STREAM "size=-1\n", "size: not a size" },
	{ GOOD_STREAM "size=99999999999999999999\n", "size: size out of range" },
	{ GOOD_STREAM "size=18446744073709551615M\n", "size: size out of range" },
	{ GOOD_STREAM "size=4M clock=x\n", "size: not a size" },
	{ GOOD_STREAM "clock=mono size=1\n", "t.conf:3: clock: not a clock 'mono size=1'" },
	{ GOOD_STREAM "events=printk\n", "t.conf:3: events: not system:event 'printk'" },
	{ GOOD_STREAM "events=../x:y\n", "events: not system:event '../x:y'" },
	{ GOOD_STREAM "events=a:b:c\n", "events: not system:event 'a:b:c'" },
	{ GOOD_STREAM "[subscriber w]\nstreams=kms\naccess=live\n",
	  "t.conf:3: subscriber w has none of user=, group=, unit=, seat=" },
	{ GOOD_STREAM "[subscriber w]\nuser=root\naccess=live\n",
	  "t.conf:3: subscriber w has no streams=" },
	{ GOOD_STREAM "[subscriber w]\nuser=root\nstreams=kms\n",
	  "t.conf:3: subscriber w has no access=" },
	{ GOOD_STREAM "[subscriber w]\nuser=no_such_user_x\n",
	  "t.conf:4: user: unknown user 'no_such_user_x'" },
	{ GOOD_STREAM "[subscriber w]\nuser=\n", "t.conf:4: user: unknown user ''" },
	{ GOOD_STREAM "[subscriber w]\nuser=4294967295\n", "unknown user '4294967295'" },
	{ GOOD_STREAM "[subscriber w]\ngroup=no_such_group_x\n",
	  "t.conf:4: group: unknown group 'no_such_group_x'" },
	{ GOOD_STREAM "[subscriber w]\nuser=root\nstreams=kms nope\naccess=live\n",
	  "t.conf:3: subscriber w: no [stream nope] is defined" },
	{ GOOD_STREAM "[subscriber w]\nuser=root\nstreams=k/s\n",
	  "t.conf:5: streams: not a stream's name 'k/s'" },
	{ GOOD_STREAM "[subscriber w]\nuser=root\naccess=live write\n",
	  "t.conf:5: access: unknown access 'write'" },
	{ "[subscriber w]\nseat=0\n", "t.conf:2: seat: not a seat '0'" },
	{ "[subscriber w]\nseat=seat0 seat1\n", "t.conf:2: seat: not a seat 'seat0 seat1'" },
	{ GOOD_STREAM "[subscriber w]\ncolour=red\n",
	  "t.conf:4: unknown key 'colour' in [subscriber w]" },
	{ "[stream a]\nkeep=30\n", "t.conf:2: keep: not a time (SECONDS with s, or m, h) '30'" },
	{ "[stream a]\nkeep=0s\n", "t.conf:2: keep: time out of range '0s'" },
	{ "[stream a]\nkeep=25h\n", "t.conf:2: keep: time out of range '25h'" },
	{ "[stream a]\nmax=4G\n", "t.conf:2: max: not a size (BYTES, or with K or M) '4G'" },
	{ "[stream a]\non=failed\n", "t.conf:2: on: not failed-commit, drm-error or marker:TEXT 'failed'" },
	{ "[stream a]\non=marker:\n", "t.conf:2: on: marker: not 1 to 64 characters ''" },
	{ "[stream a]\non=marker:a*b\n", "t.conf:2: on: marker: not printable ASCII without" },
	{ "[stream a]\non=marker:\303\244\n", "t.conf:2: on: marker: not printable ASCII without" },
	{ "[stream a]\non=marker:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	  "t.conf:2: on: marker: not 1 to 64 characters 'aaa" },
	{ "[stream a]\non=marker:1\non=marker:2\non=marker:3\non=marker:4\non=marker:5\non=marker:6\n"
	  "on=marker:7\non=marker:8\non=marker:9\n", "t.conf:10: on: more than 8 markers '9'" },
	{ "[stream a]\nsaves=0\n", "t.conf:2: saves: not 1 to 64 '0'" },
	{ "[stream a]\nsaves=65\n", "t.conf:2: saves: not 1 to 64 '65'" },
	{ "[stream a]\nsaves=4x\n", "t.conf:2: saves: not 1 to 64 '4x'" },
	{ "[stream a]\nsave-every=9\n", "t.conf:2: save-every: not a time" },
	{ "[stream a]\nsave-max=65M\n", "t.conf:2: save-max: not 64K to 64M '65M'" },
	{ "[stream a]\nsave-max=63K\n", "t.conf:2: save-max: not 64K to 64M '63K'" },
	{ "[stream a]\nselect=module x\nsaves=2\n",
	  "t.conf:1: stream a has saves=, save-every= or save-max= and no on=" },
	{ "[stream a]\nselect=module x\nmax=4M\n", "t.conf:1: stream a has max= and no keep=" },
	{ "[stream a]\nselect=module x\nkeep=1m\nclock=x86-tsc\n",
	  "t.conf:1: stream a has keep= and clock x86-tsc, which counts no time" },
	{ "[stream a]\nselect=module x\nkeep=1m\nsize=2M\nmax=1M\n",
	  "t.conf:1: stream a has a size= above its max=" },
};

static bool mistakes(void)
{
	char error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *c;
	bool ok = true;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error[0] = '\0';
		c = read_text(bad[i].text, error);
		if (c || !strstr(error, bad[i].error)) {
			printf("# %s# gave: %s\n# want: %s\n", bad[i].text,
			       c ? "no error" : error, bad[i].error);
			ok = false;
		}
		ddr_config_free(c);
	}
	return ok;
}

static bool odd_lines(void)
{
	static const char nul[] = "[stream a]\nselect=module \0x\n";
	static const char bom[] = "\357\273\277[stream a]\nselect=module x\n";
	char text[1024], error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *c;

	EXPECT(!read_bytes(nul, sizeof(nul) - 1, error));
	EXPECT(strstr(error, "t.conf:2: a NUL byte"));
	EXPECT(!read_text(bom, error));
	EXPECT(strstr(error, "t.conf:1: "));

	/* 197 bytes pass, 198 do not */
	memset(text, 0, sizeof(text));
	strcpy(text, "[stream a]\nselect=module ");
	memset(text + 25, 'x', 197 - 14);
	c = read_text(text, error);
	EXPECT(c);
	EXPECT(strlen(c->stream[0]->select.item[0]) == 197 - 7);
	ddr_config_free(c);
	strcat(text, "x");
	EXPECT(!read_text(text, error));
	EXPECT(strstr(error, "t.conf:2: longer than 197 bytes"));
	return true;
}

static bool too_many_streams(void)
{
	char error[DDR_CONFIG_ERROR_MAX], *text;
	size_t len, i;
	FILE *f = open_memstream(&text, &len);

	for (i = 0; i < DDR_MAX_STREAMS + 1; i++)
		fprintf(f, "[stream s%zu]\nselect=module x\n", i);
	fclose(f);
	EXPECT(!read_text(text, error));
	EXPECT(strstr(error, "t.conf:127: more than 63 streams: 's63'"));
	free(text);
	return true;
}

static bool write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return false;
	fputs(text, f);
	return fclose(f) == 0;
}

static bool drop_ins(void)
{
	char dir[] = "/tmp/ddr-test-XXXXXX", error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *c;

	EXPECT(mkdtemp(dir) && chdir(dir) == 0 && mkdir("r.conf.d", 0700) == 0);
	EXPECT(write_file("r.conf", GOOD_STREAM "size=1M\n"));
	EXPECT(write_file("r.conf.d/20.conf", "[stream kms]\nsize=3M\n" GOOD_SUB));
	EXPECT(write_file("r.conf.d/10.conf", "[stream kms]\nsize=2M\nselect=module m\n"));
	EXPECT(write_file("r.conf.d/.x.conf", "bad\n"));
	EXPECT(write_file("r.conf.d/30.conf~", "bad\n"));
	c = ddr_config_load("r.conf", error);
	EXPECT(c && c->n_streams == 1 && c->n_subscribers == 1);
	EXPECT(!strcmp(c->stream[0]->size, "3M") && c->stream[0]->select.n == 2);
	ddr_config_free(c);

	EXPECT(write_file("r.conf.d/30.conf", "[stream kms]\nwhat=1\n"));
	EXPECT(!ddr_config_load("r.conf", error));
	EXPECT(strstr(error, "r.conf.d/30.conf:2: unknown key 'what'"));
	EXPECT(!ddr_config_load("none.conf", error));
	EXPECT(strstr(error, "none.conf: No such file"));

	unlink("r.conf.d/10.conf");
	unlink("r.conf.d/20.conf");
	unlink("r.conf.d/30.conf");
	unlink("r.conf.d/30.conf~");
	unlink("r.conf.d/.x.conf");
	EXPECT(rmdir("r.conf.d") == 0 && unlink("r.conf") == 0 && chdir("/") == 0);
	EXPECT(rmdir(dir) == 0);
	return true;
}

static bool sizes(void)
{
	struct ddr_complaint c;
	uint64_t n;

	EXPECT(ddr_parse_size("65536", &n, &c) == 0 && n == 65536);
	EXPECT(ddr_parse_size("64K", &n, &c) == 0 && n == 65536);
	EXPECT(ddr_parse_size("4M", &n, &c) == 0 && n == 4194304);
	EXPECT(ddr_parse_size("4Mx", &n, &c) && ddr_parse_size("M", &n, &c) &&
	       ddr_parse_size("", &n, &c) && ddr_parse_size(" 4", &n, &c));
	return true;
}

/* Is the only stream of @text the same as that of GOOD_STREAM with two devices? */
static bool same_as(const char *text, bool same)
{
	char error[DDR_CONFIG_ERROR_MAX];
	struct ddr_config *a = read_text(GOOD_STREAM "device=drm:0 drm:1\n", error);
	struct ddr_config *b = read_text(text, error);
	bool is;

	EXPECT(a && b && a->n_streams == 1 && b->n_streams == 1);
	is = ddr_stream_same(a->stream[0], b->stream[0]);
	EXPECT(is == ddr_stream_same(b->stream[0], a->stream[0]));
	ddr_config_free(a);
	ddr_config_free(b);
	return is == same;
}

static bool same_streams(void)
{
	EXPECT(same_as("# moved\n" GOOD_STREAM "device=drm:0\ndevice=drm:1\nclock=mono\n", true));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\n" GOOD_SUB, true));
	EXPECT(same_as(GOOD_STREAM "device=drm:1 drm:0\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nsize=64K\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nclock=boot\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nioctls=none\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nioctls=none\nioctls=\n", true));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nevents=a:b\n", false));
	EXPECT(same_as(GOOD_STREAM "device=drm:0 drm:1\nselect=module x\n", false));
	EXPECT(same_as("[stream kmt]\nselect=class DRM_UT_KMS\ndevice=drm:0 drm:1\n", false));
	return true;
}

static const struct ktap_case cases[] = {
	{ "a file with everything", full_file },
	{ "names of 63 characters", long_name },
	{ "an empty value resets", empty_resets },
	{ "every mistake names file, line and word", mistakes },
	{ "NUL, byte order mark, long lines", odd_lines },
	{ "too many streams", too_many_streams },
	{ "drop-ins", drop_ins },
	{ "sizes", sizes },
	{ "which streams are the same", same_streams },
};

KTAP_MAIN(cases)
