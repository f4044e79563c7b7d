// SPDX-License-Identifier: GPL-2.0-only
/* What info makes of strings and blobs that come from monitors, drivers and other clients. */
#include <json.h>
#include <stdlib.h>
#include <string.h>
#include <xf86drmMode.h>

#include "../dd-recorder/info-blob.h"
#include "../dd-recorder/info-edid.h"
#include "../dd-recorder/info-json.h"
#include "../dd-recorder/info-tree.h"
#include "ktap.h"

/* What it becomes; static */
static const char *plain(const char *from, size_t len)
{
	static char buf[256];

	return info_plain(buf, sizeof(buf), from, len) == strlen(buf) ? buf : "wrong length";
}
#define PLAIN(literal) plain(literal, sizeof(literal) - 1)

static bool strings(void)
{
	char small[6];

	EXPECT(!strcmp(PLAIN("Dell U2720Q \\x \" '"), "Dell U2720Q \\x \" '"));
	EXPECT(!strcmp(PLAIN("\033[31mred"), "\\x1b[31mred"));
	EXPECT(!strcmp(PLAIN("a\nb\x7f"), "a\\x0ab\\x7f"));
	/* CSI of 8 bits, alone and in UTF-8 */
	EXPECT(!strcmp(PLAIN("\x9b" "2J"), "\\x9b2J"));
	EXPECT(!strcmp(PLAIN("\xc2\x9b" "2J"), "\\xc2\\x9b2J"));
	EXPECT(!strcmp(PLAIN("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
		       "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
	/* too long a form, a surrogate, too large, cut off */
	EXPECT(!strcmp(PLAIN("\xc0\xaf"), "\\xc0\\xaf"));
	EXPECT(!strcmp(PLAIN("\xed\xa0\x80"), "\\xed\\xa0\\x80"));
	EXPECT(!strcmp(PLAIN("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"));
	EXPECT(!strcmp(PLAIN("\xe2\x82"), "\\xe2\\x82"));
	EXPECT(!strcmp(PLAIN("\xff"), "\\xff"));
	/* turns the direction of what follows */
	EXPECT(!strcmp(PLAIN("\xe2\x80\xae" "a"), "\\xe2\\x80\\xaea"));
	/* no room: cut between characters */
	EXPECT(info_plain(small, sizeof(small), "ab\033c", 4) == 2 && !strcmp(small, "ab"));
	EXPECT(info_plain(small, sizeof(small), "abcdefg", 7) == 5 && !strcmp(small, "abcde"));
	EXPECT(info_plain(small, 1, "a", 1) == 0 && !*small);
	return true;
}

/* Is the object that, as JSON? It is put. */
static bool is(struct json_object *object, const char *want)
{
	const char *got = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	bool same = strcmp(got, want) == 0;

	if (!same)
		printf("# got %s\n", got);
	json_object_put(object);
	return same;
}

static bool json_strings(void)
{
	EXPECT(is(info_string("a\0b", 3), "\"a\""));
	EXPECT(is(info_string("abc", 2), "\"ab\""));
	EXPECT(is(info_string("\033", SIZE_MAX), "\"\\\\x1b\""));
	EXPECT(is(info_string("", 0), "\"\""));
	EXPECT(!info_get(NULL, "a") && info_get_uint(NULL, "a") == 0);
	EXPECT(!*info_get_string(NULL, "a") && info_count(NULL) == 0);
	return true;
}

static struct {
	struct drm_format_modifier_blob head;
	uint32_t formats[66];
	struct drm_format_modifier mods[2];
} blob;

static void fill_blob(void)
{
	int i;

	memset(&blob, 0, sizeof(blob));
	blob.head.version = FORMAT_BLOB_CURRENT;
	blob.head.count_formats = 66;
	blob.head.formats_offset = offsetof(typeof(blob), formats);
	blob.head.count_modifiers = 2;
	blob.head.modifiers_offset = offsetof(typeof(blob), mods);
	for (i = 0; i < 66; i++)
		blob.formats[i] = 100 + i;
	blob.mods[0].formats = 5;
	blob.mods[1].formats = 6; /* of 64, 65, 66 the second and one that there is not */
	blob.mods[1].offset = 64;
	blob.mods[1].modifier = UINT64_MAX;
}

static bool in_formats(void)
{
	fill_blob();
	EXPECT(is(info_blob_data("IN_FORMATS", &blob, sizeof(blob)),
		  "[{\"modifier\":0,\"formats\":[100,102]},"
		  "{\"modifier\":18446744073709551615,\"formats\":[165]}]"));
	blob.mods[1].offset = UINT32_MAX;
	EXPECT(is(info_blob_data("IN_FORMATS", &blob, sizeof(blob)),
		  "[{\"modifier\":0,\"formats\":[100,102]},"
		  "{\"modifier\":18446744073709551615,\"formats\":[]}]"));
	return true;
}

static bool broken_in_formats(void)
{
	void *exact;
	size_t len;

	/* each length, in memory of just that, for ASan and valgrind to see */
	fill_blob();
	for (len = 0; len < sizeof(blob); len++) {
		exact = malloc(len ? len : 1);
		EXPECT(exact);
		memcpy(exact, &blob, len);
		EXPECT(!info_blob_data("IN_FORMATS", exact, len));
		free(exact);
	}
	blob.head.count_formats = UINT32_MAX;
	EXPECT(!info_blob_data("IN_FORMATS", &blob, sizeof(blob)));
	fill_blob();
	blob.head.formats_offset = UINT32_MAX;
	EXPECT(!info_blob_data("IN_FORMATS", &blob, sizeof(blob)));
	fill_blob();
	blob.head.modifiers_offset = sizeof(blob) - 1;
	EXPECT(!info_blob_data("IN_FORMATS", &blob, sizeof(blob)));
	fill_blob();
	blob.head.version = 2;
	EXPECT(!info_blob_data("IN_FORMATS", &blob, sizeof(blob)));
	return true;
}

static bool other_blobs(void)
{
	static const struct drm_color_ctm ctm = {
		.matrix = { 1ull << 32, 1ull << 63 | 1ull << 31 },
	};
	struct drm_mode_modeinfo mode = { .clock = 65000, .hdisplay = 1024 };

	memset(mode.name, 'x', sizeof(mode.name));
	mode.name[1] = '\033';
	EXPECT(is(info_blob_data("MODE_ID", &mode, sizeof(mode)),
		  "{\"clock\":65000,\"hdisplay\":1024,\"hsync_start\":0,\"hsync_end\":0,"
		  "\"htotal\":0,\"hskew\":0,\"vdisplay\":0,\"vsync_start\":0,\"vsync_end\":0,"
		  "\"vtotal\":0,\"vscan\":0,\"vrefresh\":0,\"flags\":0,\"type\":0,"
		  "\"name\":\"x\\\\x1bxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}"));
	EXPECT(!info_blob_data("MODE_ID", &mode, sizeof(mode) - 1));
	EXPECT(is(info_blob_data("PATH", "mst:5-1", 8), "\"mst:5-1\""));
	EXPECT(is(info_blob_data("WRITEBACK_PIXEL_FORMATS", "XR24RG16!", 9),
		  "[875713112,909199186]"));
	EXPECT(!info_blob_data("GAMMA_LUT", "", 0));
	EXPECT(!info_blob_data("HDR_OUTPUT_METADATA", "", 0));
	EXPECT(is(info_blob_more("SIZE_HINTS", "\x40\x00\x20\x00\x01", 5),
		  "{\"size\":5,\"means\":[[64,32]]}"));
	EXPECT(is(info_blob_more("FB_DAMAGE_CLIPS",
				 "\xff\xff\xff\xff\1\0\0\0\2\0\0\0\3\0\0\0", 16),
		  "{\"size\":16,\"means\":[[-1,1,2,3]]}"));
	EXPECT(is(info_blob_more("CTM", &ctm, sizeof(ctm)),
		  "{\"size\":72,\"means\":[1.0,-0.5,0.0,0.0,0.0,0.0,0.0,0.0,0.0]}"));
	EXPECT(is(info_blob_more("CTM", "\x01\xfe", 2), "{\"size\":2,\"hex\":\"01fe\"}"));
	return true;
}

static bool long_blob(void)
{
	char *bytes = calloc(1, 100000);
	struct json_object *more;

	EXPECT(bytes);
	more = info_blob_more("X", bytes, 100000);
	EXPECT(info_get_uint(more, "size") == 100000);
	EXPECT(strlen(info_get_string(more, "hex")) == 2 * 4096);
	json_object_put(more);
	free(bytes);
	return true;
}

static bool no_edid(void)
{
	struct json_object *edid = info_edid("\xff\x00\xff", 3);

	EXPECT(info_get_uint(edid, "size") == 3 && *info_get_string(edid, "error"));
	json_object_put(edid);
	return true;
}

static bool tree(void)
{
	static const char want[] = "top\n├───a\n│   ├───b\n│   └───c\n└───d\n    └───e 1\nnext\n";
	struct info_node *root = info_node_new(), *top = info_node_add(root, "top"), *line;
	char *got = NULL;
	size_t len;
	FILE *file = open_memstream(&got, &len);

	EXPECT(root && file);
	line = info_node_add(top, "a");
	info_node_add(line, "b");
	info_node_add(line, "c");
	info_node_add(info_node_add(top, "d"), "e %d", 1);
	info_node_add(root, "next");
	EXPECT(!info_node_add(NULL, "nothing"));
	info_node_print(root, file);
	fclose(file);
	EXPECT(!strcmp(got, want));
	free(got);
	info_node_free(root);
	return true;
}

static const struct ktap_case cases[] = {
	{ "strings", strings },
	{ "strings in JSON", json_strings },
	{ "IN_FORMATS", in_formats },
	{ "IN_FORMATS, broken", broken_in_formats },
	{ "other blobs", other_blobs },
	{ "a blob too long to show", long_blob },
	{ "no EDID", no_edid },
	{ "a tree", tree },
};

KTAP_MAIN(cases)
