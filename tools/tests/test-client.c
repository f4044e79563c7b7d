// SPDX-License-Identifier: GPL-2.0-only
/* The library's client against a daemon's end that says what it should, or not. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon-end.h"

static bool opens(void)
{
	struct ddr_open_reply r = open_reply(DDR_OPEN, DDR_SNAPSHOT | DDR_MARK, 2);
	struct ddr_request req;
	size_t i;

	EXPECT(begin());
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(ddr_client_ask_open(client, "kms", DDR_SNAPSHOT | DDR_MARK) == 0);
	EXPECT(ddr_client_ask_status(client) == -1 && errno == EBUSY);
	EXPECT(take_request(&req) == DDR_OPEN && !strcmp(req.stream, "kms") && req.access == 5);
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());
	EXPECT(ddr_client_wait(client, &answer, 10) == 0 && nothing());
	EXPECT(reply(&r, sizeof(r), 2) && readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 1);
	EXPECT(answer.type == DDR_OPEN && !answer.error && answer.access == 5 && answer.n_fds == 2);
	for (i = 0; i < 2; i++)
		EXPECT(fcntl(answer.fd[i], F_GETFD) == FD_CLOEXEC);
	EXPECT(answer.fd[2] == -1 && answer.fd[3] == -1);
	ddr_close_fds(answer.fd, 2);
	EXPECT(!readable(ddr_client_fd(client)));
	EXPECT(ddr_client_take(client, &answer) == 0 && nothing());

	/* the same connection does for the next; all at once, a CPU's pages, and formats */
	r = open_reply(DDR_OPEN, DDR_ACCESS_ALL & ~DDR_COPY, 4);
	EXPECT(ddr_client_ask_open(client, "kms", DDR_ACCESS_ALL & ~DDR_COPY) == 0);
	EXPECT(accept4(listening, NULL, NULL, 0) < 0 && errno == EAGAIN);
	EXPECT(take_request(&req) == DDR_OPEN && reply(&r, sizeof(r), 4));
	EXPECT(ddr_client_wait(client, &answer, -1) == 1 && answer.n_fds == 4);
	ddr_close_fds(answer.fd, 4);
	r = open_reply(DDR_OPEN, DDR_RAW, 1);
	EXPECT(ddr_client_ask_raw(client, "kms", 3) == 0);
	EXPECT(take_request(&req) == DDR_OPEN && req.access == DDR_RAW && req.cpu == 3);
	EXPECT(reply(&r, sizeof(r), 1) && ddr_client_take(client, &answer) == 1);
	ddr_close_fds(answer.fd, 1);
	r = open_reply(DDR_FORMATS, 0, 1);
	EXPECT(ddr_client_ask_formats(client, "kms") == 0);
	EXPECT(take_request(&req) == DDR_FORMATS && !strcmp(req.stream, "kms"));
	EXPECT(reply(&r, sizeof(r), 1) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.type == DDR_FORMATS && answer.n_fds == 1);
	ddr_close_fds(answer.fd, 1);
	EXPECT(end());
	return true;
}

static bool tables(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[2];
	} streams = { .head = { .n_entries = 2, .entry_size = sizeof(streams.entry[0]) } };
	struct {
		struct ddr_table_reply head;
		struct ddr_cpu_status entry[1];
	} cpus = { .head = { .n_entries = 1, .entry_size = sizeof(cpus.entry[0]) } };
	struct ddr_request req;

	EXPECT(begin());
	ddr_encode_head(&streams.head.head, DDR_STATUS, 0);
	streams.head.head.size = sizeof(streams);
	strcpy(streams.entry[1].stream, "two");
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&streams, sizeof(streams), 0) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.n_streams == 2 && !strcmp(answer.stream[1].stream, "two"));
	EXPECT(!answer.cpu && !answer.n_cpus && answer.type == DDR_STATUS);

	ddr_encode_head(&cpus.head.head, DDR_CPUS, 0);
	cpus.head.head.size = sizeof(cpus);
	cpus.entry[0].overrun = 7;
	EXPECT(ddr_client_ask_cpus(client, "two") == 0 && take_request(&req) == DDR_CPUS);
	EXPECT(!strcmp(req.stream, "two"));
	EXPECT(reply(&cpus, sizeof(cpus), 0) && ddr_client_take(client, &answer) == 1);
	EXPECT(answer.n_cpus == 1 && answer.cpu[0].overrun == 7 && !answer.stream);

	/* fds that do not belong there are closed; that is no reply */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&streams, sizeof(streams), 1));
	EXPECT(ddr_client_take(client, &answer) == -1 && errno == EBADMSG && nothing());
	EXPECT(end());
	return true;
}

static bool refusals(void)
{
	struct ddr_request req;
	struct ddr_head head;

	EXPECT(begin());
	EXPECT(ddr_client_ask_open(client, "kms", DDR_LIVE) == 0 && take_request(&req));
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_OPEN, EACCES), 0));
	EXPECT(ddr_client_take(client, &answer) == 1 && answer.error == EACCES);
	EXPECT(!answer.n_fds && answer.fd[0] == -1 && answer.type == DDR_OPEN);
	/* the connection stays */
	EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
	EXPECT(reply(&head, ddr_encode_head(&head, DDR_STATUS, ENOMEM), 0));
	EXPECT(ddr_client_take(client, &answer) == 1 && answer.error == ENOMEM && !answer.stream);
	EXPECT(accept4(listening, NULL, NULL, 0) < 0);
	EXPECT(end());
	return true;
}

/* To a request for one fd. Return: whether that was dropped, and the next makes a connection. */
static bool drops(const void *buf, size_t len, size_t n_fds)
{
	struct ddr_request req;
	struct ddr_head head;
	int before;

	if (ddr_client_ask_open(client, "kms", DDR_LIVE) || !take_request(&req))
		return false;
	before = count_fds();
	if (!reply(buf, len, n_fds) || ddr_client_take(client, &answer) != -1 ||
	    errno != EBADMSG || !nothing() || count_fds() != before - 1)
		return false;
	/* nothing is under way, and the other end sees the end */
	if (ddr_client_take(client, &answer) != 0 || recv(server, &head, 1, MSG_DONTWAIT) != 0)
		return false;
	return !readable(ddr_client_fd(client));
}

static bool malformed(void)
{
	struct ddr_open_reply r = open_reply(DDR_OPEN, DDR_LIVE, 1), bad;
	static char big[DDR_MAX_REPLY + 1];
	struct ddr_head head;
	size_t len;

	EXPECT(begin());
	for (len = 1; len < sizeof(r); len++) {
		bad = r;
		EXPECT(drops(&bad, len, 1));
		bad.head.size = (uint32_t)len;
		EXPECT(drops(&bad, len, 1));
	}
	bad = r;
	bad.head.magic++;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.head.type = DDR_FORMATS;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.head.status = -1;
	EXPECT(drops(&bad, sizeof(bad), 1));
	bad = r;
	bad.access = DDR_SNAPSHOT;
	EXPECT(drops(&bad, sizeof(bad), 1));
	/* more or fewer fds than there should be, by the reply or by what was asked */
	EXPECT(drops(&r, sizeof(r), 0));
	EXPECT(drops(&r, sizeof(r), 2));
	EXPECT(drops(&r, sizeof(r), 5));
	r.n_fds = 2;
	EXPECT(drops(&r, sizeof(r), 1));
	EXPECT(drops(&r, sizeof(r), 2));
	EXPECT(drops(&head, ddr_encode_head(&head, DDR_OPEN, EACCES), 1));
	EXPECT(drops(big, sizeof(big), 0));
	EXPECT(drops(big, sizeof(big), 3));
	EXPECT(end());
	return true;
}

/* Any bytes, and good replies with some changed or cut. */
static bool random_replies(void)
{
	struct {
		struct ddr_table_reply head;
		struct ddr_stream_status entry[3];
	} streams;
	unsigned char buf[sizeof(streams)];
	struct ddr_request req;
	unsigned int i, k;
	size_t len;
	int ret;

	EXPECT(begin());
	srand(1);
	for (i = 0; i < 3000; i++) {
		streams.head = (struct ddr_table_reply){
			.n_entries = 3, .entry_size = sizeof(streams.entry[0]),
		};
		ddr_encode_head(&streams.head.head, DDR_STATUS, 0);
		streams.head.head.size = sizeof(streams);
		memset(streams.entry, 'x', sizeof(streams.entry));
		memcpy(buf, &streams, sizeof(buf));
		for (k = (unsigned int)rand() % 4; k; k--)
			buf[(unsigned int)rand() % 32] = (unsigned char)rand();
		len = rand() % 2 ? sizeof(buf) : 1 + (unsigned int)rand() % sizeof(buf);
		EXPECT(ddr_client_ask_status(client) == 0 && take_request(&req) == DDR_STATUS);
		EXPECT(reply(buf, len, (unsigned int)rand() % 2));
		ret = ddr_client_take(client, &answer);
		EXPECT(ret == 1 || (ret == -1 && errno == EBADMSG && nothing()));
		if (ret == 1 && answer.n_streams)
			EXPECT(strlen(answer.stream[answer.n_streams - 1].stream) <= DDR_NAME_MAX);
	}
	EXPECT(end());
	return true;
}

static bool names(void)
{
	char longest[DDR_NAME_MAX + 2];
	struct ddr_request req;

	EXPECT(begin());
	memset(longest, 'x', sizeof(longest) - 1);
	longest[DDR_NAME_MAX + 1] = '\0';
	EXPECT(ddr_client_ask_open(client, longest, DDR_LIVE) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_raw(client, longest, 0) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_cpus(client, longest) == -1 && errno == EACCES);
	EXPECT(ddr_client_ask_formats(client, longest) == -1 && errno == EACCES);
	longest[DDR_NAME_MAX] = '\0';
	EXPECT(ddr_client_ask_open(client, longest, DDR_LIVE) == 0);
	EXPECT(take_request(&req) == DDR_OPEN && strlen(req.stream) == DDR_NAME_MAX);
	EXPECT(end());
	return true;
}

static const struct ktap_case cases[] = {
	{ "fds that are asked for, and no other", opens },
	{ "tables", tables },
	{ "a refusal is an answer, and the connection stays", refusals },
	{ "malformed replies: EBADMSG, all fds closed, the connection dropped", malformed },
	{ "random replies", random_replies },
	{ "names that are too long", names },
};

KTAP_MAIN(cases)
