// SPDX-License-Identifier: GPL-2.0-only
/* The text that is written to the control file, and what is read from its end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../dd-recorder/batch.h"
#include "ktap.h"

static const struct start_options all = { true, true };

static struct trailer read_trailer(const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	struct trailer t;

	if (trailer_read(&t, f))
		printf("# trailer_read() failed\n");
	fclose(f);
	return t;
}

static struct ddr_stream make_stream(const char *name, const char *const *select, size_t n)
{
	struct ddr_stream s = { .name = (char *)name, .clock = "mono" };
	size_t i;

	for (i = 0; i < n; i++)
		ddr_list_add(&s.select, select[i], strlen(select[i]));
	return s;
}

static void free_stream(struct ddr_stream *s)
{
	ddr_list_clear(&s->select);
	ddr_list_clear(&s->device);
}

static bool trailer(void)
{
	struct trailer t = read_trailer(
		"drivers/a.c:1 [a]f =p \"#: x <- y\"\n"
		"#: Default trace destination: foo\n#: Opened trace instances: foo bar\n"
		"#: Routes: 2\n#: foo <- class DRM_UT_KMS device drm:0\n#: foobar <- device *\n");

	EXPECT(!strcmp(t.default_dest, "foo") && t.opened.n == 2 && t.routes.n == 2);
	EXPECT(trailer_is_open(&t, "bar") && !trailer_is_open(&t, "ba"));
	EXPECT(!strcmp(trailer_route_of(t.routes.item[0], "foo"), "class DRM_UT_KMS device drm:0"));
	EXPECT(!trailer_route_of(t.routes.item[1], "foo"));
	trailer_free(&t);
	t = read_trailer("#: Default trace destination: 0\n#: Opened trace instances:\n");
	EXPECT(!strcmp(t.default_dest, "0") && t.opened.n == 0);
	trailer_free(&t);
	return true;
}

static bool first_start(void)
{
	static const char *const select[] = { "class DRM_UT_KMS", "module a" };
	struct trailer t = read_trailer("#: Default trace destination: 0\n");
	struct ddr_stream s = make_stream("kms", select, 2);
	struct start_options none = { false, false };
	struct ddr_list b = { 0 };

	s.size = "4M";
	ddr_list_add(&s.device, "drm:0", 5);
	ddr_list_add(&s.device, "drm:1", 5);
	EXPECT(batch_start(&b, &s, &t, &all) == 0 && b.n == 1);
	EXPECT(!strcmp(b.item[0], "open kms size=4M clock=mono\nopen 0\n"
				  "class DRM_UT_KMS device drm:0 +T:kms\n"
				  "class DRM_UT_KMS device drm:1 +T:kms\n"
				  "module a device drm:0 +T:kms\nmodule a device drm:1 +T:kms\n"
				  "class DRM_IOCTL_ATOMIC device drm:0 +T:kms\n"
				  "class DRM_IOCTL_ATOMIC device drm:1 +T:kms\n"));
	EXPECT(batch_n_routes(&s) == 6);
	ddr_list_clear(&b);
	EXPECT(batch_start(&b, &s, &t, &none) == 0 && b.n == 1);
	EXPECT(!strncmp(b.item[0], "open kms\nopen 0\n", 16));
	ddr_list_clear(&b);
	trailer_free(&t);
	free_stream(&s);
	return true;
}

/* What a killed daemon left: what is still wanted stays, the default destination too. */
static bool second_start(void)
{
	static const char *const select[] = { "class DRM_UT_KMS" };
	struct trailer t = read_trailer(
		"#: Default trace destination: mine\n#: Opened trace instances: kms mine\n"
		"#: kms <- class DRM_UT_KMS device *\n#: kms <- class DRM_UT_KMS device drm:1\n"
		"#: kms <- class DRM_UT_KMSX device *\n#: mine <- module a device *\n"
		"#: kms <- class DRM_IOCTL_ATOMIC device *\n#: kms <- class DRM_IOCTL device *\n");
	struct ddr_stream s = make_stream("kms", select, 1);
	struct ddr_list b = { 0 };

	EXPECT(batch_start(&b, &s, &t, &all) == 0 && b.n == 1);
	EXPECT(!strcmp(b.item[0], "open kms clock=mono\nopen mine\n"
				  "class DRM_UT_KMS device drm:1 -T:kms\n"
				  "class DRM_UT_KMSX device * -T:kms\n"
				  "class DRM_IOCTL device * -T:kms\n"
				  "class DRM_UT_KMS device * +T:kms\n"
				  "class DRM_IOCTL_ATOMIC device * +T:kms\n"));
	ddr_list_clear(&b);
	trailer_free(&t);
	free_stream(&s);
	return true;
}

/* The kernel lists a route in its own order and with quotes where they are needed. */
static bool respelt(void)
{
	static const char *const select[] = {
		"class DRM_UT_KMS module 'virtio_gpu'", "func f line 7", "format 'a b' file x.c",
		"format ^x\\040y",
	};
	struct trailer t = read_trailer(
		"#: Default trace destination: 0\n#: Opened trace instances: kms\n"
		"#: kms <- module virtio_gpu class DRM_UT_KMS device *\n"
		"#: kms <- func f line 7-7 device *\n"
		"#: kms <- file x.c format \"a b\" device *\n#: kms <- format \"^x y\" device *\n"
		"#: kms <- module virtio_gpu class DRM_UT_KM device *\n"
		"#: kms <- func f line 7-8 device *\n#: kms <- func f line 7 device drm:0\n");
	struct ddr_stream s = make_stream("kms", select, 4);
	struct ddr_list b = { 0 };

	EXPECT(batch_start(&b, &s, &t, &all) == 0 && b.n == 1);
	EXPECT(strstr(b.item[0], "open 0\nmodule virtio_gpu class DRM_UT_KM device * -T:kms\n"
				 "func f line 7-8 device * -T:kms\n"
				 "func f line 7 device drm:0 -T:kms\n"
				 "class DRM_UT_KMS module 'virtio_gpu' device * +T:kms\n"));
	ddr_list_clear(&b);
	trailer_free(&t);
	free_stream(&s);
	return true;
}

/* Whether a stream of these matches has ioctls, and which: NULL for none */
static bool has_ioctls(const char *select, enum ddr_ioctls ioctls, const char *want)
{
	struct ddr_stream s = make_stream("s", &select, 1);
	struct trailer t = read_trailer("");
	struct ddr_list b = { 0 };
	char line[128];
	bool is;

	s.ioctls = ioctls;
	snprintf(line, sizeof(line), "%s device * +T:s\n%s%s", select, want ? want : "",
		 want ? " device * +T:s\n" : "");
	is = batch_start(&b, &s, &t, &all) == 0 && b.n == 1 &&
	     strlen(b.item[0]) >= strlen(line) &&
	     !strcmp(b.item[0] + strlen(b.item[0]) - strlen(line), line) &&
	     batch_n_routes(&s) == (want ? 2 : 1);
	ddr_list_clear(&b);
	trailer_free(&t);
	free_stream(&s);
	return is;
}

static bool brackets(void)
{
	EXPECT(has_ioctls("class DRM_UT_DP func x", DDR_IOCTLS_DEFAULT, "class DRM_IOCTL_ATOMIC"));
	EXPECT(has_ioctls("class DRM_UT_*", DDR_IOCTLS_DEFAULT, "class DRM_IOCTL_ATOMIC"));
	EXPECT(has_ioctls("module virtio_gpu", DDR_IOCTLS_DEFAULT, NULL));
	EXPECT(has_ioctls("class NOUVEAU_x", DDR_IOCTLS_DEFAULT, NULL));
	EXPECT(has_ioctls("class DRM_UT_KMS", DDR_IOCTLS_NONE, NULL));
	EXPECT(has_ioctls("class DRM_UT_KMS", DDR_IOCTLS_ALL, "class DRM_IOCTL*"));
	EXPECT(has_ioctls("module virtio_gpu", DDR_IOCTLS_ATOMIC, "class DRM_IOCTL_ATOMIC"));
	return true;
}

static bool split(void)
{
	struct ddr_stream s = make_stream("kms", NULL, 0);
	struct trailer t = read_trailer("");
	struct ddr_list b = { 0 };
	size_t i, lines = 0;
	const char *p;
	char select[64];

	for (i = 0; i < 500; i++) {
		snprintf(select, sizeof(select), "module m%03zu func f", i);
		ddr_list_add(&s.select, select, strlen(select));
	}
	EXPECT(batch_start(&b, &s, &t, &all) == 0 && b.n == 5);
	for (i = 0; i < b.n; i++) {
		EXPECT(strlen(b.item[i]) <= BATCH_MAX);
		EXPECT(b.item[i][strlen(b.item[i]) - 1] == '\n'); /* no command is cut */
		for (p = b.item[i]; (p = strchr(p, '\n')) != NULL; p++)
			lines++;
	}
	EXPECT(lines == 502);
	ddr_list_clear(&b);
	trailer_free(&t);
	free_stream(&s);
	return true;
}

static bool stop(void)
{
	struct ddr_list b = { 0 };

	EXPECT(batch_stop(&b, "kms") == 0 && b.n == 1);
	EXPECT(!strcmp(b.item[0], "device * -T:kms\nclose kms\n"));
	ddr_list_clear(&b);
	return true;
}

static const struct ktap_case cases[] = {
	{ "the control file's trailer", trailer },
	{ "a first start", first_start },
	{ "a start after a crash", second_start },
	{ "routes that are written otherwise", respelt },
	{ "ioctls: what a stream has, and by default", brackets },
	{ "batches are split at 4095 bytes, between commands", split },
	{ "a stop", stop },
};

KTAP_MAIN(cases)
