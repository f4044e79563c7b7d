// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: a packet, given to what decodes requests in the daemon and replies in the library. The
 * first byte says to which, and whether the head is put right, as few packets get past it else.
 * What a request was understood as is encoded again and compared.
 */
#include "../lib/wire.h"
#include "fuzz.h"

#define MODE_WHICH 0x03	  /* request, reply, status, CPUs */
#define MODE_ROOM 0x7c	  /* entries that the list has room for */
#define MODE_MEND 0x80	  /* magic and size are made right */

static bool one_of(int err, const int *list)
{
	while (*list && *list != err)
		list++;
	return *list == err;
}

/* What a longer packet, or a shorter one, has at the place of what is known here */
static void known_part(void *to, size_t size, const uint8_t *packet, size_t len)
{
	memset(to, 0, size);
	memcpy(to, packet, len < size ? len : size);
}

static void check_open(const uint8_t *packet, size_t len, const struct ddr_request *req)
{
	struct ddr_open_request sent, again;

	known_part(&sent, sizeof(sent), packet, len);
	MUST(len >= DDR_OPEN_SIZE_FIRST);
	MUST(req->access && !(req->access & ~DDR_ACCESS_ALL));
	MUST(ddr_encode_open(&again, req->stream, req->access, req->cpu) == sizeof(again));
	MUST(sent.access == again.access && sent.cpu == again.cpu && !sent.flags);
	MUST(!strcmp(sent.stream, again.stream));
}

static void check_named(const uint8_t *packet, size_t len, const struct ddr_request *req)
{
	struct ddr_named_request sent, again;

	known_part(&sent, sizeof(sent), packet, len);
	MUST(len >= sizeof(sent));
	MUST(ddr_encode_named(&again, req->type, req->stream) == sizeof(again));
	MUST(!strcmp(sent.stream, again.stream));
}

static void check_saved(const uint8_t *packet, size_t len, const struct ddr_request *req)
{
	struct ddr_saved_request sent, again;

	known_part(&sent, sizeof(sent), packet, len);
	MUST(len >= sizeof(sent));
	MUST(ddr_encode_saved(&again, req->stream, req->number) == sizeof(again));
	MUST(sent.number == again.number && !sent.reserved);
	MUST(!strcmp(sent.stream, again.stream));
}

static void request(const uint8_t *packet, size_t len)
{
	static const int errors[] = { -EBADMSG, -E2BIG, -EOPNOTSUPP, -EINVAL, 0 };
	struct ddr_request req;
	struct ddr_head head;
	int err;

	memset(&req, 0xa5, sizeof(req)); /* whatever it was, it counts no more */
	err = ddr_decode_request(packet, len, &req);
	MUST(one_of(err, errors));
	MUST(memchr(req.stream, '\0', sizeof(req.stream)));
	if (err == -EBADMSG)
		return;
	memcpy(&head, packet, sizeof(head));
	MUST(head.magic == DDR_MAGIC && head.size == len && !head.status);
	MUST(req.type == head.type);
	if (err) {
		MUST(!req.access);
		return;
	}
	switch (req.type) {
	case DDR_OPEN:
		return check_open(packet, len, &req);
	case DDR_CPUS:
	case DDR_FORMATS:
		return check_named(packet, len, &req);
	case DDR_SAVED:
		return check_saved(packet, len, &req);
	default:
		MUST(req.type == DDR_STATUS);
	}
}

static void reply(const uint8_t *packet, size_t len, uint32_t type)
{
	struct ddr_head head;
	int err = ddr_decode_reply(packet, len, type);

	MUST(err <= 0 && err >= -4095);
	if (err == -EBADMSG)
		return;
	memcpy(&head, packet, sizeof(head));
	MUST(head.size == len && head.type == type && head.status == -err);
}

/* How many entries a reply may tell of: what is behind its head, in entries of its own size */
static void check_n(const uint8_t *packet, size_t len, size_t n)
{
	struct ddr_table_reply head;

	MUST(len >= sizeof(head));
	memcpy(&head, packet, sizeof(head));
	MUST(n == head.n_entries && n * head.entry_size == len - sizeof(head));
}

static void status(const uint8_t *packet, size_t len, size_t room)
{
	struct ddr_stream_status *list = malloc(room * sizeof(*list) + 1);
	size_t n = 99, i;
	int err;

	MUST(list);
	err = ddr_decode_status(packet, len, list, room, &n);
	MUST(n <= room && (!err || !n));
	for (i = 0; i < n; i++) {
		MUST(memchr(list[i].stream, '\0', sizeof(list[i].stream)));
		MUST(memchr(list[i].destination, '\0', sizeof(list[i].destination)));
	}
	if (!err)
		check_n(packet, len, n);
	free(list);
}

static void cpus(const uint8_t *packet, size_t len, size_t room)
{
	struct ddr_cpu_status *list = malloc(room * sizeof(*list) + 1);
	size_t n = 99, i;
	uint64_t sum = 0;
	int err;

	MUST(list);
	err = ddr_decode_cpus(packet, len, list, room, &n);
	MUST(n <= room && (!err || !n));
	for (i = 0; i < n; i++)
		sum += list[i].overrun;
	if (!err)
		check_n(packet, len, n);
	free(list);
	(void)sum;
}

static void mend(uint8_t *packet, size_t len)
{
	struct ddr_head head;

	if (len < sizeof(head))
		return;
	memcpy(&head, packet, sizeof(head));
	head.magic = DDR_MAGIC;
	head.size = (uint32_t)len;
	memcpy(packet, &head, sizeof(head));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *all, *packet;
	size_t len, room;

	if (!size)
		return 0;
	/* Not aligned, which a packet need not be either */
	all = malloc(size);
	MUST(all);
	memcpy(all, data, size);
	packet = all + 1;
	len = size - 1;
	room = (data[0] & MODE_ROOM) >> 2;
	if (data[0] & MODE_MEND)
		mend(packet, len);
	switch (data[0] & MODE_WHICH) {
	case 0:
		request(packet, len);
		break;
	case 1:
		reply(packet, len, 1 + room % 4);
		break;
	case 2:
		status(packet, len, room);
		break;
	case 3:
		cpus(packet, len, room * 16);
		break;
	}
	free(all);
	return 0;
}
