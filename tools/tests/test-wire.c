// SPDX-License-Identifier: GPL-2.0-only
/* The protocol's bytes: every size, and every field out of range. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/names.h"
#include "../lib/wire.h"
#include "ktap.h"

/* Decodes from a heap block of exactly @len, so that valgrind and ASan see any read past it. */
static int decode(const void *bytes, size_t len, struct ddr_request *req)
{
	void *exact = malloc(len ? len : 1);
	int err;

	memcpy(exact, bytes, len);
	err = ddr_decode_request(exact, len, req);
	free(exact);
	return err;
}

static bool open_round_trip(void)
{
	struct ddr_open_request msg;
	struct ddr_request req;
	size_t len;

	len = ddr_encode_open(&msg, "kms", DDR_LIVE | DDR_MARK, 0);
	EXPECT(len == sizeof(msg) && decode(&msg, len, &req) == 0);
	EXPECT(req.type == DDR_OPEN && req.access == (DDR_LIVE | DDR_MARK));
	EXPECT(!strcmp(req.stream, "kms"));
	return true;
}

static bool name_lengths(void)
{
	char name[DDR_NAME_MAX + 2];
	struct ddr_open_request msg;
	struct ddr_request req;

	memset(name, 'x', sizeof(name));
	name[DDR_NAME_MAX] = '\0';
	EXPECT(ddr_encode_open(&msg, name, DDR_LIVE, 0) && decode(&msg, sizeof(msg), &req) == 0);
	EXPECT(!strcmp(req.stream, name));
	name[DDR_NAME_MAX] = 'x';
	name[DDR_NAME_MAX + 1] = '\0';
	EXPECT(ddr_encode_open(&msg, name, DDR_LIVE, 0) == 0);
	EXPECT(!ddr_name_valid(name) && !ddr_name_valid("") && !ddr_name_valid("0"));
	EXPECT(ddr_name_valid("00") && !ddr_name_valid("a b") && !ddr_name_valid("\303\244"));
	return true;
}

static bool every_short_size(void)
{
	struct ddr_open_request msg;
	struct ddr_request req;
	size_t len;

	for (len = 0; len < sizeof(msg); len++) {
		ddr_encode_open(&msg, "kms", DDR_LIVE, 0);
		EXPECT(decode(&msg, len, &req) == -EBADMSG); /* head says more */
		msg.head.size = (uint32_t)len;
		/* an older client's ends before the CPU */
		EXPECT(decode(&msg, len, &req) == (len < DDR_OPEN_SIZE_FIRST ? -EBADMSG : 0));
	}
	return true;
}

static bool wrong_heads(void)
{
	struct ddr_open_request msg;
	struct ddr_request req;
	struct ddr_head head;

	ddr_encode_open(&msg, "kms", DDR_LIVE, 0);
	msg.head.magic++;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG);
	ddr_encode_open(&msg, "kms", DDR_LIVE, 0);
	msg.head.size++;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG);
	msg.head.size = UINT32_MAX;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG);
	ddr_encode_open(&msg, "kms", DDR_LIVE, 0);
	msg.head.status = 1;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG);
	ddr_encode_head(&head, 77, 0);
	EXPECT(decode(&head, sizeof(head), &req) == -EOPNOTSUPP && req.type == 77);
	return true;
}

static bool wrong_opens(void)
{
	struct ddr_open_request msg;
	struct ddr_request req;

	ddr_encode_open(&msg, "kms", 0, 0);
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL && req.type == DDR_OPEN);
	ddr_encode_open(&msg, "kms", DDR_LIVE | 0x80000000u, 0);
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	ddr_encode_open(&msg, "kms", DDR_LIVE, 1);
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	ddr_encode_open(&msg, "kms", DDR_LIVE | DDR_RAW, 1);
	EXPECT(decode(&msg, sizeof(msg), &req) == 0 && req.cpu == 1);
	msg.reserved = 1;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	ddr_encode_open(&msg, "kms", DDR_COPY, 0);
	EXPECT(decode(&msg, sizeof(msg), &req) == 0);
	ddr_encode_open(&msg, "kms", DDR_COPY | DDR_MARK, 0);
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	ddr_encode_open(&msg, "kms", DDR_LIVE, 0);
	msg.flags = 1;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	memset(msg.stream, 'x', sizeof(msg.stream));
	msg.flags = 0;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG); /* no end */
	return true;
}

static bool saved_requests(void)
{
	struct ddr_saved_request msg;
	struct ddr_request req;

	EXPECT(ddr_encode_saved(&msg, "kms", 3) == sizeof(msg));
	EXPECT(decode(&msg, sizeof(msg), &req) == 0 && req.type == DDR_SAVED && req.number == 3);
	EXPECT(!strcmp(req.stream, "kms") && !req.access && !req.cpu);
	msg.reserved = 1;
	EXPECT(decode(&msg, sizeof(msg), &req) == -EINVAL);
	msg.reserved = 0;
	memset(msg.stream, 'x', sizeof(msg.stream));
	EXPECT(decode(&msg, sizeof(msg), &req) == -EBADMSG);
	msg.head.size = sizeof(struct ddr_named_request);
	EXPECT(decode(&msg, sizeof(struct ddr_named_request), &req) == -EBADMSG);
	return true;
}

static bool newer_clients(void)
{
	struct {
		struct ddr_open_request known;
		uint64_t more;
	} msg = { .more = 0 };
	struct ddr_request req;

	ddr_encode_open(&msg.known, "kms", DDR_LIVE, 0);
	msg.known.head.size = sizeof(msg);
	EXPECT(decode(&msg, sizeof(msg), &req) == 0 && !strcmp(req.stream, "kms"));
	msg.more = UINT64_C(1) << 63;
	EXPECT(decode(&msg, sizeof(msg), &req) == -E2BIG && req.type == DDR_OPEN);
	return true;
}

static bool replies(void)
{
	struct ddr_head head;

	ddr_encode_head(&head, DDR_OPEN, EACCES);
	EXPECT(ddr_decode_reply(&head, sizeof(head), DDR_OPEN) == -EACCES);
	EXPECT(ddr_decode_reply(&head, sizeof(head), DDR_STATUS) == -EBADMSG);
	EXPECT(ddr_decode_reply(&head, sizeof(head) - 1, DDR_OPEN) == -EBADMSG);
	head.status = -1;
	EXPECT(ddr_decode_reply(&head, sizeof(head), DDR_OPEN) == -EBADMSG);
	head.status = INT32_MAX;
	EXPECT(ddr_decode_reply(&head, sizeof(head), DDR_OPEN) == -EBADMSG);
	return true;
}

static bool status_sizes(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[2];
	} msg;
	struct ddr_stream_status list[2];
	size_t n;

	memset(&msg, 0, sizeof(msg));
	ddr_encode_head(&msg.head.head, DDR_STATUS, 0);
	msg.head.head.size = sizeof(msg);
	msg.head.n_entries = 2;
	msg.head.entry_size = sizeof(msg.entry[0]);
	strcpy(msg.entry[1].stream, "b");
	msg.entry[1].overrun = 7;
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 2, &n) == 0 && n == 2);
	EXPECT(!strcmp(list[1].stream, "b") && list[1].overrun == 7);
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 1, &n) == -EBADMSG);

	/* unterminated names are cut */
	memset(msg.entry[0].stream, 'x', sizeof(msg.entry[0].stream));
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 2, &n) == 0);
	EXPECT(strlen(list[0].stream) == DDR_NAME_MAX);

	/* an older daemon's entries: half as long */
	msg.head.n_entries = 4;
	msg.head.entry_size = sizeof(msg.entry[0]) / 2;
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 2, &n) == -EBADMSG);
	msg.head.n_entries = 1;
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 2, &n) == -EBADMSG);
	msg.head.head.size = sizeof(msg.head) + sizeof(msg.entry[0]) / 2;
	EXPECT(ddr_decode_status(&msg, msg.head.head.size, list, 2, &n) == 0 && n == 1);
	EXPECT(list[0].overrun == 0);

	/* a product that overflows 32 bits */
	msg.head.head.size = sizeof(msg);
	msg.head.n_entries = 0x80000000u;
	msg.head.entry_size = 2;
	EXPECT(ddr_decode_status(&msg, sizeof(msg), list, 2, &n) == -EBADMSG);
	return true;
}

static bool cpus_round_trip(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_cpu_status entry[2];
	} msg = { 0 };
	struct ddr_cpu_status list[2];
	struct ddr_named_request ask;
	struct ddr_request req;
	size_t n;

	EXPECT(ddr_encode_named(&ask, DDR_CPUS, "kms") == sizeof(ask));
	EXPECT(decode(&ask, sizeof(ask), &req) == 0 && req.type == DDR_CPUS);
	EXPECT(!strcmp(req.stream, "kms"));

	ddr_encode_head(&msg.head.head, DDR_CPUS, 0);
	msg.head.head.size = sizeof(msg);
	msg.head.n_entries = 2;
	msg.head.entry_size = sizeof(msg.entry[0]);
	msg.entry[1] = (struct ddr_cpu_status){ .cpu = 1, .now_ns = 7 };
	EXPECT(ddr_decode_cpus(&msg, sizeof(msg), list, 2, &n) == 0 && n == 2);
	EXPECT(list[1].cpu == 1 && list[1].now_ns == 7);
	EXPECT(ddr_decode_cpus(&msg, sizeof(msg), list, 1, &n) == -EBADMSG && n == 0);
	EXPECT(ddr_decode_status(&msg, sizeof(msg), NULL, 0, &n) == -EBADMSG);
	return true;
}

static const struct ktap_case cases[] = {
	{ "an open request and back", open_round_trip },
	{ "lengths of names", name_lengths },
	{ "every short size is malformed", every_short_size },
	{ "wrong heads", wrong_heads },
	{ "wrong open requests", wrong_opens },
	{ "requests for what was saved", saved_requests },
	{ "longer requests of newer clients", newer_clients },
	{ "replies", replies },
	{ "sizes of a status reply", status_sizes },
	{ "CPUs there and back", cpus_round_trip },
};

KTAP_MAIN(cases)
