// SPDX-License-Identifier: GPL-2.0-only
/* A timeline as a page: what is in it is text, whatever it is. What a browser makes of it: selftests/page. */
#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "../dd-recorder/timeline-html.h"
#include "ktap.h"

static const struct timeline_about about = {
	.program = "dd-recorder </script>",
	.mono_ns = 5000001999,
	.real_ns = 1700000000000000999,
	.since_ns = 1000,
	.redact = true,
};

static struct timeline t;
static char *page; /* all of it */
static const char *data; /* in it: what stands behind tools/page's */

/* Return: whether there is one; the timeline is gone then. */
static bool make(void)
{
	size_t len;
	FILE *to;

	free(page);
	page = NULL;
	to = open_memstream(&page, &len);
	timeline_html(&t, &about, to);
	timeline_clear(&t);
	if (fclose(to) || strlen(page) != len)
		return false;
	data = strstr(page, "<script type=\"application/json\" id=\"data\">");
	return data && !strncmp(page, "<!DOCTYPE html>", 15);
}

static void add(int64_t time_ns, const char *class_name, bool failed, const char *text)
{
	struct timeline_entry entry = { .time_ns = time_ns, .source = timeline_name(&t, "kms"), .failed = failed };
	char copy[64];

	if (class_name)
		entry.class_name = timeline_name(&t, class_name);
	timeline_add(&t, &entry, "", 0);
	/* as it is: here it has to do no harm that nobody has made it plain */
	free(t.entry[t.n - 1].text);
	snprintf(copy, sizeof(copy), "%s", text);
	t.entry[t.n - 1].text = strdup(copy);
}

static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* Return: what block number @n holds, 0 being what is about all; to be put. NULL: there is none, or it is no JSON. */
static struct json_object *block(unsigned int n)
{
	struct json_object *object = NULL;
	const char *begin = data;
	char *copy;

	while (n-- && begin)
		begin = strstr(begin + 1, "<script type=\"application/json\" ");
	begin = begin ? strchr(begin, '>') + 1 : NULL;
	if (begin && strstr(begin, "</script>")) {
		copy = strndup(begin, (size_t)(strstr(begin, "</script>") - begin));
		object = json_tokener_parse(copy);
		free(copy);
	}
	return object;
}

static struct json_object *at(struct json_object *block, size_t line, size_t column)
{
	return json_object_array_get_idx(json_object_array_get_idx(block, line), column);
}

static bool empty(void)
{
	struct json_object *all;

	EXPECT(make());
	all = block(0);
	EXPECT(all && !block(1) && count(data, "<") == 4 && strstr(data, "</body>\n</html>\n"));
	EXPECT(!strcmp(json_object_get_string(json_object_object_get(all, "program")), "dd-recorder </script>"));
	EXPECT(json_object_get_int64(json_object_object_get(all, "monotonic_us")) == 5000001);
	EXPECT(json_object_get_int64(json_object_object_get(all, "realtime_us")) == 1700000000000000);
	EXPECT(json_object_get_int64(json_object_object_get(all, "since_us")) == 1);
	EXPECT(json_object_get_boolean(json_object_object_get(all, "redact")));
	EXPECT(json_object_get_int64(json_object_object_get(all, "lines")) == 0);
	json_object_put(all);
	return true;
}

static bool hostile(void)
{
	static const char *const texts[] = {
		"</script><script>", "<!--<script>", "]]></SCRIPT >", "\"', \\\" \\", "&lt;&#60;", "a\nb\t\x01\x7f", "",
		"\xe2\x80", "\xe2",
	};
	struct json_object *lines;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		add(0, "</script>", false, texts[i]);
	EXPECT(make());
	/* the two blocks begin and end, and so does the page: nothing else */
	EXPECT(count(data, "<") == 6 && count(data, "<script ") == 2 && count(data, "</script>") == 2);
	EXPECT(!strpbrk(strchr(data, '{'), "\t\x01\x7f&"));
	lines = block(1);
	EXPECT(lines && json_object_array_length(lines) == i);
	while (i--)
		EXPECT(!strcmp(json_object_get_string(at(lines, i, 5)), texts[i]));
	json_object_put(lines);
	/* separators of lines in a script, and one of their bytes before what must not stand there */
	add(0, NULL, false, "a\xe2\x80\xa8 \xe2\x80\xa9 \xe2\x80\xaa\xe2\x86\x92 \xe2< \xff<");
	EXPECT(make());
	EXPECT(strstr(data, "\"a\\u2028 \\u2029 \xe2\x80\xaa\xe2\x86\x92 \xe2\\u003c \xff\\u003c\""));
	return true;
}

static bool columns(void)
{
	struct json_object *all, *lines;

	add(-1999, NULL, false, "before");
	add(1999, "DRM_UT_KMS", true, "failed");
	add(3000000, "DRM_UT_KMS", false, "later");
	t.entry[2].device = timeline_name(&t, "drm:0");
	add(3000000, NULL, false, "last");
	t.entry[3].source = "?"; /* of timeline_name() when there are too many */
	t.lost = 7;
	EXPECT(make());
	all = block(0);
	lines = block(1);
	EXPECT(!strcmp(json_object_to_json_string_ext(json_object_object_get(all, "names"), JSON_C_TO_STRING_PLAIN),
		       "[\"kms\",\"DRM_UT_KMS\",\"drm:0\",\"?\"]"));
	EXPECT(json_object_get_int64(json_object_object_get(all, "lines")) == 4);
	EXPECT(json_object_get_int64(json_object_object_get(all, "lost")) == 7);
	EXPECT(!strcmp(json_object_to_json_string_ext(lines, JSON_C_TO_STRING_PLAIN),
		       "[[-1,0,-1,-1,0,\"before\"],[2,0,1,-1,1,\"failed\"],[2999,0,1,2,0,\"later\"],"
		       "[0,3,-1,-1,0,\"last\"]]"));
	json_object_put(all);
	json_object_put(lines);
	return true;
}

static bool blocks(void)
{
	struct json_object *first, *second;
	int i;

	for (i = 0; i < 10001; i++)
		add(i * 1000, NULL, false, "x");
	EXPECT(make());
	first = block(1);
	second = block(2);
	EXPECT(first && second && !block(3));
	EXPECT(json_object_array_length(first) == 10000 && json_object_array_length(second) == 1);
	EXPECT(json_object_get_int64(at(second, 0, 0)) == 1);
	json_object_put(first);
	json_object_put(second);
	for (i = 0; i < 10000; i++)
		add(i * 1000, NULL, false, "x");
	EXPECT(make());
	first = block(1);
	EXPECT(first && json_object_array_length(first) == 10000 && !block(2));
	json_object_put(first);
	return true;
}

static const struct ktap_case cases[] = {
	{ "no lines", empty },
	{ "lines that are markup", hostile },
	{ "times and names", columns },
	{ "blocks of lines", blocks },
};

KTAP_MAIN(cases)
