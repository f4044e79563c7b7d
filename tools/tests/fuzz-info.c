// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: blobs of properties, an EDID among them, and names. The first byte says which. Whatever
 * comes of them is JSON that holds nothing a terminal would act on.
 */
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

/* Takes @object, which may be NULL. */
static void expect_json(struct json_object *object)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *again;
	const char *text;

	MUST(tok);
	text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	expect_plain(text);
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
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
