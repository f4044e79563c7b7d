// SPDX-License-Identifier: GPL-2.0-only
/* A client's session over a socket pair. What the streams are is not looked at here. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../dd-recorder/session.h"
#include "../lib/fdmsg.h"
#include "../lib/wire.h"
#include "ktap.h"

static int opened, fail_bit;

static int open_file(void *ctx, const char *stream, uint32_t bit, uint32_t cpu)
{
	(void)ctx;
	(void)stream;
	(void)cpu;
	if ((int)bit == fail_bit) {
		errno = EBUSY;
		return -1;
	}
	opened++;
	return memfd_create("x", MFD_CLOEXEC);
}

static void status(void *ctx, const char *stream, struct ddr_stream_status *st)
{
	(void)ctx;
	(void)stream;
	st->entries = 42;
}

static size_t cpus(void *ctx, const char *stream, struct ddr_cpu_status *list, size_t max)
{
	size_t i;

	(void)ctx;
	(void)stream;
	for (i = 0; i < max; i++)
		list[i] = (struct ddr_cpu_status){ .cpu = (uint32_t)i, .overrun = 100 + i };
	return max;
}

static const struct session_ops ops = { .open_file = open_file, .status = status, .cpus = cpus };
static struct ddr_config *config;
static struct ddr_peer peer = { .pid = 1, .uid = 1001, .gid = 1001 };
static int ours, theirs; /* the daemon's end and the client's */

static bool load(void)
{
	static const char text[] = "[stream a]\nselect=module a\n[stream b]\nselect=module b\n"
				   "[subscriber w]\nuser=1001\nstreams=a\n"
				   "access=snapshot live mark raw\n";
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	char error[DDR_CONFIG_ERROR_MAX];
	bool ok;

	config = ddr_config_new();
	ok = !ddr_config_read(config, f, "t", error) && !ddr_config_finish(config, error);
	fclose(f);
	return ok;
}

static bool begin(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return false;
	ours = pair[0];
	theirs = pair[1];
	fail_bit = 0;
	return true;
}

static void end(void)
{
	close(ours);
	close(theirs);
}

static int count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int serve(void)
{
	return session_handle(ours, &peer, config, &ops);
}

/* Sends an open request; the reply's status, and its fds, closed again but counted. */
static int ask(const char *stream, uint32_t access, size_t *n_fds)
{
	struct ddr_open_request req;
	char reply[DDR_MAX_REPLY];
	int fds[DDR_MAX_FDS];
	ssize_t n;

	*n_fds = 0;
	if (ddr_send(theirs, &req, ddr_encode_open(&req, stream, access, 0), NULL, 0, 0) || serve())
		return -1000;
	n = ddr_receive(theirs, reply, sizeof(reply), fds, DDR_MAX_FDS, n_fds, MSG_DONTWAIT);
	if (n < 0)
		return -1001;
	ddr_close_fds(fds, *n_fds);
	return ddr_decode_reply(reply, (size_t)n, DDR_OPEN);
}

static bool grants(void)
{
	int before;
	size_t n;

	EXPECT(load() && begin());
	before = count_fds();
	EXPECT(ask("a", DDR_ACCESS_ALL & ~DDR_COPY, &n) == 0 && n == 4);
	EXPECT(ask("a", DDR_MARK, &n) == 0 && n == 1);
	EXPECT(opened == 5);
	EXPECT(count_fds() == before);
	end();
	return true;
}

static bool refusals(void)
{
	int before;
	size_t n;

	EXPECT(begin());
	before = count_fds();
	opened = 0;
	EXPECT(ask("b", DDR_LIVE, &n) == -EACCES && n == 0);
	EXPECT(ask("nope", DDR_LIVE, &n) == -EACCES && n == 0);
	EXPECT(ask("\033[2J", DDR_LIVE, &n) == -EACCES && n == 0);
	EXPECT(ask("a", 0x100, &n) == -EINVAL && n == 0);
	EXPECT(opened == 0);
	/* the last of three cannot be opened: the first two are closed, none is sent */
	fail_bit = DDR_MARK;
	EXPECT(ask("a", DDR_ACCESS_ALL & ~DDR_COPY, &n) == -EBUSY && n == 0);
	EXPECT(ask("a", DDR_LIVE, &n) == 0 && n == 1);
	EXPECT(count_fds() == before);
	end();
	return true;
}

static bool statuses(void)
{
	struct ddr_stream_status list[DDR_MAX_STREAMS];
	char reply[DDR_MAX_REPLY];
	struct ddr_head req;
	ssize_t len;
	size_t n;

	EXPECT(begin());
	EXPECT(!ddr_send(theirs, &req, ddr_encode_head(&req, DDR_STATUS, 0), NULL, 0, 0));
	EXPECT(serve() == 0);
	len = recv(theirs, reply, sizeof(reply), MSG_DONTWAIT);
	EXPECT(len > 0 && ddr_decode_status(reply, (size_t)len, list, DDR_MAX_STREAMS, &n) == 0);
	EXPECT(n == 1 && !strcmp(list[0].stream, "a") && list[0].entries == 42);

	peer.uid = 0;
	EXPECT(!ddr_send(theirs, &req, sizeof(req), NULL, 0, 0) && serve() == 0);
	len = recv(theirs, reply, sizeof(reply), MSG_DONTWAIT);
	EXPECT(len > 0 && ddr_decode_status(reply, (size_t)len, list, DDR_MAX_STREAMS, &n) == 0);
	peer.uid = 1001;
	EXPECT(n == 2 && !strcmp(list[1].stream, "b"));
	end();
	return true;
}

/* The reply's status to a question about @stream's CPUs, and how many it told of */
static int ask_cpus(const char *stream, struct ddr_cpu_status *list, size_t *n)
{
	struct ddr_named_request req;
	char reply[DDR_MAX_REPLY];
	ssize_t len;

	*n = 0;
	if (ddr_send(theirs, &req, ddr_encode_named(&req, DDR_CPUS, stream), NULL, 0, 0) || serve())
		return -1000;
	len = recv(theirs, reply, sizeof(reply), MSG_DONTWAIT);
	return len < 0 ? -1001 : ddr_decode_cpus(reply, (size_t)len, list, DDR_MAX_CPUS, n);
}

static bool cpus_of_streams(void)
{
	static struct ddr_cpu_status list[DDR_MAX_CPUS];
	size_t n;

	EXPECT(begin());
	EXPECT(ask_cpus("a", list, &n) == 0 && n == DDR_MAX_CPUS);
	EXPECT(list[3].cpu == 3 && list[DDR_MAX_CPUS - 1].overrun == 100 + DDR_MAX_CPUS - 1);
	EXPECT(ask_cpus("b", list, &n) == -EACCES && n == 0);
	EXPECT(ask_cpus("nope", list, &n) == -EACCES && n == 0);
	peer.uid = 0;
	EXPECT(ask_cpus("b", list, &n) == 0 && n == DDR_MAX_CPUS);
	EXPECT(ask_cpus("nope", list, &n) == -ENOENT && n == 0);
	peer.uid = 1001;
	end();
	return true;
}

static bool disconnects(const void *buf, size_t len, const int *fds, size_t n_fds)
{
	int before;
	bool ok;

	if (!begin())
		return false;
	before = count_fds();
	ok = !ddr_send(theirs, buf, len, fds, n_fds, 0) && serve() == -1 &&
	     count_fds() == before;
	end();
	return ok;
}

static bool malformed(void)
{
	struct ddr_named_request cpus_req;
	char big[DDR_MAX_REQUEST + 1] = "";
	struct ddr_open_request req;
	int fds[253];
	size_t i;

	ddr_encode_open(&req, "a", DDR_LIVE, 0);
	EXPECT(disconnects("x", 1, NULL, 0));
	EXPECT(disconnects("", 0, NULL, 0));
	EXPECT(disconnects(&req, sizeof(req) - 1, NULL, 0));
	memset(req.stream, 'x', sizeof(req.stream));
	EXPECT(disconnects(&req, sizeof(req), NULL, 0));
	ddr_encode_named(&cpus_req, DDR_CPUS, "a");
	EXPECT(disconnects(&cpus_req, sizeof(cpus_req) - 1, NULL, 0));
	memset(cpus_req.stream, 'x', sizeof(cpus_req.stream));
	EXPECT(disconnects(&cpus_req, sizeof(cpus_req), NULL, 0));

	/* right in itself, but larger than a request may be */
	ddr_encode_open(&req, "a", DDR_LIVE, 0);
	req.head.size = sizeof(big);
	memcpy(big, &req, sizeof(req));
	EXPECT(disconnects(big, sizeof(big), NULL, 0));

	/* fds that nobody asked for, also as many as a message can carry */
	ddr_encode_open(&req, "a", DDR_LIVE, 0);
	for (i = 0; i < 253; i++)
		fds[i] = STDOUT_FILENO;
	EXPECT(disconnects(&req, sizeof(req), fds, 1));
	EXPECT(disconnects(&req, sizeof(req), fds, 253));
	EXPECT(disconnects("", 0, fds, 3));
	return true;
}

static bool hangup(void)
{
	EXPECT(begin());
	close(theirs);
	errno = EIO;
	EXPECT(serve() == -1 && errno == 0);
	close(ours);
	return true;
}

/* Asking again before the reply was read would pile up fds in flight. */
static bool never_reads(void)
{
	struct ddr_open_request req;
	struct pollfd pfd;
	size_t i;

	EXPECT(begin());
	opened = 0;
	for (i = 0; i < 3; i++)
		EXPECT(!ddr_send(theirs, &req, ddr_encode_open(&req, "a", DDR_LIVE, 0), NULL, 0, 0));
	EXPECT(serve() == 0 && opened == 1);
	EXPECT(serve() == -1 && errno == EPROTO && opened == 1);
	pfd = (struct pollfd){ .fd = ours, .events = POLLIN };
	EXPECT(poll(&pfd, 1, 0) == 1); /* the third was not even looked at */
	end();
	return true;
}

static bool nothing_there(void)
{
	EXPECT(begin());
	EXPECT(serve() == 0); /* a spurious wakeup must not wait */
	end();
	ddr_config_free(config);
	return true;
}

static const struct ktap_case cases[] = {
	{ "granted: the fds asked for, none left behind", grants },
	{ "refused: an error, no fd, the connection stays", refusals },
	{ "status: only what the peer may see", statuses },
	{ "CPUs: only of what the peer may see", cpus_of_streams },
	{ "malformed: disconnect, unexpected fds closed", malformed },
	{ "a client that hangs up", hangup },
	{ "a client that does not read", never_reads },
	{ "nothing to read", nothing_there },
};

KTAP_MAIN(cases)
