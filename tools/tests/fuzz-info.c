// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: blobs of properties, an EDID among them, and names. The first byte says which. Whatever
 * comes of them is JSON that holds nothing a terminal would act on.
 */
#include <errno.h>
#include <iconv.h>
#include <json.h>
#include <xf86drmMode.h>

#include "../dd-recorder/info-blob.h"
#include "../dd-recorder/info-edid.h"
#include "../dd-recorder/info-json.h"
#include "fuzz.h"

static const char *const props[] = {
	"IN_FORMATS", "MODE_ID", "WRITEBACK_PIXEL_FORMATS", "PATH", "HDR_OUTPUT_METADATA",
	"IN_FORMATS_ASYNC", "TILE", "FB_DAMAGE_CLIPS", "SIZE_HINTS", "CTM", "GAMMA_LUT",
};
#define N_PROPS (sizeof(props) / sizeof(props[0]))

/* Nothing below ' ', no DEL, and no C1 in UTF-8, which is two bytes of which the first is 0xc2 */
static void expect_plain(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;

	for (; *c; c++)
		MUST(*c >= ' ' && *c != 0x7f && !(c[0] == 0xc2 && c[1] < 0xa0));
}

/* By iconv: json-c 0.18, asked to be strict, takes nothing but ASCII in strings. */
static void expect_utf8(const char *text)
{
	iconv_t conv = iconv_open("UTF-32LE", "UTF-8");
	char *in = (char *)text, out[1024], *to;
	size_t left = strlen(text), room;

	MUST(conv != (iconv_t)-1);
	while (left) {
		to = out;
		room = sizeof(out);
		MUST(iconv(conv, &in, &left, &to, &room) != (size_t)-1 || errno == E2BIG);
	}
	iconv_close(conv);
}

/* Takes @object, which may be NULL. */
static void expect_json(struct json_object *object)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *again;
	const char *text;

	MUST(tok);
	text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	expect_plain(text);
	expect_utf8(text);
	again = json_tokener_parse_ex(tok, text, (int)strlen(text) + 1);
	MUST(json_tokener_get_error(tok) == json_tokener_success);
	json_object_put(again);
	json_tokener_free(tok);
	json_object_put(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes, plain[64];
	size_t which, n;

	if (!size)
		return 0;
	which = data[0];
	/* of just its size, for ASan to see what is read beyond */
	size--;
	bytes = malloc(size ? size : 1);
	MUST(bytes);
	memcpy(bytes, data + 1, size);
	if (which < N_PROPS) {
		expect_json(info_blob_data(props[which], bytes, size));
		expect_json(info_blob_more(props[which], bytes, size));
	} else if (which == N_PROPS) {
		expect_json(info_edid(bytes, size));
	} else {
		n = info_plain(plain, sizeof(plain), bytes, size);
		MUST(n < sizeof(plain) && n == strlen(plain));
		expect_plain(plain);
		expect_json(info_string(bytes, size));
	}
	free(bytes);
	return 0;
}
