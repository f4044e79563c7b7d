// SPDX-License-Identifier: GPL-2.0-only
/* A client's session over a socket pair. What the streams are is not looked at here. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dd-recorder/copy.h"
#include "../dd-recorder/lend.h"
#include "../dd-recorder/session.h"
#include "../lib/fdmsg.h"
#include "../lib/wire.h"
#include "fds.h"
#include "ktap.h"

static int opened, fail_bit;
static size_t file_bytes; /* in the file that is opened */

static int file_of(size_t bytes)
{
	int fd = memfd_create("x", MFD_CLOEXEC);
	char text[4096];
	size_t n;

	memset(text, 'x', sizeof(text));
	for (n = 0; n < bytes; n += sizeof(text)) {
		if (write(fd, text, bytes - n < sizeof(text) ? bytes - n : sizeof(text)) < 0)
			abort();
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

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
	return file_of(file_bytes);
}

static int formats(void *ctx, const char *stream, uid_t uid)
{
	(void)ctx;
	(void)stream;
	(void)uid;
	return memfd_create("x", MFD_CLOEXEC);
}

static int saved(void *ctx, const char *stream, uint32_t number)
{
	if (!number)
		return open_file(ctx, stream, DDR_SNAPSHOT, 0);
	errno = ENOENT;
	return -1;
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

static const struct session_ops ops = {
	.open_file = open_file, .formats = formats, .saved = saved, .status = status, .cpus = cpus,
};
static struct ddr_config *config;
static struct copy *copy;
static struct ddr_peer peer = { .pid = 1, .uid = 1001, .gid = 1001 };
static int ours, theirs; /* the daemon's end and the client's */

static bool load(void)
{
	static const char text[] = "[stream a]\nselect=module a\n[stream b]\nselect=module b\n"
				   "[subscriber w]\nuser=1001\nstreams=a\n"
				   "access=snapshot live mark raw copy\n";
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

static int serve(void)
{
	return session_handle(ours, &peer, config, &ops, &copy);
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

/* A copy as the daemon makes it. Return: what the client gets of it, or -1 when it is refused. */
static int make_copy(const void *req, size_t len, uint32_t type, int *status)
{
	char reply[DDR_MAX_REPLY];
	int fds[DDR_MAX_FDS], fd = -1, ret = 0;
	size_t n_fds;
	ssize_t n;

	*status = -1000;
	if (ddr_send(theirs, req, len, NULL, 0, 0) || serve())
		return -1;
	while (copy && !ret)
		ret = copy_step(copy, &fd);
	if (copy && session_copied(ours, type, fd, ret < 0 ? errno : 0))
		return -1;
copy_free(copy);
	copy = NULL;
	n = ddr_receive(theirs, reply, sizeof(reply), fds, DDR_MAX_FDS, &n_fds, MSG_DONTWAIT);
	if (n < 0 || n_fds > 1)
		return -1;
	*status = ddr_decode_reply(reply, (size_t)n, type);
	return n_fds ? fds[0] : -1;
}

static int ask_copy(const char *stream, int *status)
{
	struct ddr_open_request req;

	return make_copy(&req, ddr_encode_open(&req, stream, DDR_COPY, 0), DDR_OPEN, status);
}

static int ask_saved(const char *stream, uint32_t number, int *status)
{
	struct ddr_saved_request req;

	return make_copy(&req, ddr_encode_saved(&req, stream, number), DDR_SAVED, status);
}

static bool copies(void)
{
	int before, status, kept[DDR_MAX_LENT_PER_UID], i, fd;
	struct copy *making[DDR_MAX_LENT_PER_UID];
	struct stat st;
	char first[6];

	EXPECT(begin());
	before = count_fds();
	EXPECT(ask_copy("b", &status) < 0 && status == -EACCES);
	file_bytes = 100000;
	fd = ask_copy("a", &status);
	EXPECT(fd >= 0 && status == 0 && !fstat(fd, &st) && st.st_size == 100000);
	EXPECT(read(fd, first, sizeof(first)) == sizeof(first) && !memcmp(first, "xxxxxx", 6));
	EXPECT(fcntl(fd, F_GET_SEALS) ==
	       (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
	EXPECT((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	close(fd);
	/* no more than so many, and what is closed or unmapped counts no more */
	for (i = 0; i < DDR_MAX_LENT_PER_UID; i++) {
		kept[i] = ask_copy("a", &status);
		EXPECT(kept[i] >= 0);
	}
	EXPECT(ask_copy("a", &status) < 0 && status == -EDQUOT);
	peer.uid++;
	EXPECT(lend_room(peer.uid, 0) == 0);
	peer.uid--;
	EXPECT(mmap(NULL, 4096, PROT_READ, MAP_SHARED, kept[0], 0) != MAP_FAILED);
	close(kept[0]);
	EXPECT(ask_copy("a", &status) < 0 && status == -EDQUOT);
	close(kept[1]);
	kept[1] = ask_copy("a", &status);
	EXPECT(kept[1] >= 0 && status == 0);
	for (i = 1; i < DDR_MAX_LENT_PER_UID; i++)
		close(kept[i]);
	/* what was saved is a copy, too */
	EXPECT(ask_saved("b", 0, &status) < 0 && status == -EACCES);
	EXPECT(ask_saved("a", 1, &status) < 0 && status == -ENOENT);
	fd = ask_saved("a", 0, &status);
	EXPECT(fd >= 0 && !fstat(fd, &st) && st.st_size == 100000 && (fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE));
	close(fd);
	file_bytes = DDR_MAX_COPY + 1;
	EXPECT(ask_copy("a", &status) < 0 && status == -EFBIG);
	file_bytes = 0;
	lend_end();
	/* what is still being made is the user's, too: it may have asked over other connections */
	for (i = 0; i < DDR_MAX_LENT_PER_UID; i++) {
		making[i] = copy_new(file_of(1), 1001, DDR_OPEN);
		EXPECT(making[i]);
	}
	EXPECT(!copy_new(file_of(1), 1001, DDR_OPEN) && errno == EDQUOT);
	copy_free(making[1]);
	making[1] = copy_new(file_of(1), 1001, DDR_OPEN);
	EXPECT(making[1]);
	for (i = 0; i < DDR_MAX_LENT_PER_UID; i++)
		copy_free(making[i]);
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
	{ "copies: sealed, counted until they are given back", copies },
	{ "status: only what the peer may see", statuses },
	{ "CPUs: only of what the peer may see", cpus_of_streams },
	{ "malformed: disconnect, unexpected fds closed", malformed },
	{ "a client that hangs up", hangup },
	{ "a client that does not read", never_reads },
	{ "nothing to read", nothing_there },
};

KTAP_MAIN(cases)
