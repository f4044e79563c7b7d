// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzer: what a client sends, given to the daemon's session over a socket pair. An input is a
 * row of packets, each behind bytes that say who sends it, with which fds, and whether the client
 * reads what comes back. A table of its own says who may have what; nobody gets more than that,
 * whatever was sent before, and no fd stays open.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../dd-recorder/copy.h"
#include "../dd-recorder/lend.h"
#include "../dd-recorder/session.h"
#include "../lib/fdmsg.h"
#include "../lib/wire.h"
#include "fuzz.h"

#define FDS_MAX 1024 /* fds that this process may have */

/* A packet's first three bytes */
struct step {
	uint8_t kind;  /* KIND_*; the rest: the uid's place in the table */
	uint8_t more;  /* MORE_* */
	uint8_t len;   /* bytes of what follows; KIND_FORM: at most so many */
};
#define KIND_RAW 0x00	/* the bytes are the packet */
#define KIND_MEND 0x01	/* with a head that is right */
#define KIND_OPEN 0x02	/* an open request: access, cpu and name from the bytes */
#define KIND_NAMED 0x03 /* one with a name: its type, the name and a number from the bytes */
#define KIND_FORM 0x03	/* all of these */
#define KIND_UID(kind) ((kind) >> 2)
#define MORE_FDS 0x03	 /* 0, 1, 3 or 253 fds come along */
#define MORE_UNREAD 0x04 /* what came back stays unread */
#define MORE_LONG 0x08	 /* the packet is filled up with zeros to more than is allowed */
#define MORE_BUSY 0x10	 /* the kernel has an error for whoever opens */
#define MORE_CRED 0x20	 /* credentials come along, too */
#define MORE_GONE 0x40	 /* the client hangs up */
#define MORE_DROP 0x80	 /* a copy is not waited for */

static const struct {
	uid_t uid;
	uint32_t a, b; /* access to each stream */
} table[] = {
	{ 1001, DDR_SNAPSHOT | DDR_LIVE | DDR_MARK | DDR_RAW, 0 },
	{ 1002, DDR_SNAPSHOT, DDR_LIVE },
	{ 1003, 0, 0 },
	{ 1004, 0, DDR_COPY },
	{ 0, DDR_ACCESS_ALL, DDR_ACCESS_ALL },
};

static const char conf[] = "[stream a]\nselect=module a\n[stream b]\nselect=module b\n"
			   "[subscriber v]\nuser=1001\nstreams=a\naccess=snapshot live mark raw\n"
			   "[subscriber w]\nuser=1002\nstreams=a\naccess=snapshot\n"
			   "[subscriber x]\nuser=1002\nstreams=b\naccess=live\n"
			   "[subscriber y]\nuser=1004\nstreams=b\naccess=copy\n";

static struct ddr_config *config;
static int ours = -1, theirs = -1, null_fd, opened;
static bool busy;

static int open_file(void *ctx, const char *stream, uint32_t bit, uint32_t cpu)
{
	(void)ctx;
	(void)cpu;
	MUST(!strcmp(stream, "a") || !strcmp(stream, "b"));
	MUST(bit && !(bit & (bit - 1)));
	if (busy && bit != DDR_SNAPSHOT) {
		errno = EBUSY;
		return -1;
	}
	opened++;
	return fcntl(null_fd, F_DUPFD_CLOEXEC, 0);
}

static int formats(void *ctx, const char *stream, uid_t uid)
{
	(void)uid;
	return open_file(ctx, stream, DDR_SNAPSHOT, 0);
}

static int saved(void *ctx, const char *stream, uint32_t number)
{
	if (number < 2)
		return open_file(ctx, stream, DDR_SNAPSHOT, 0);
	errno = ENOENT;
	return -1;
}

static void status(void *ctx, const char *stream, struct ddr_stream_status *st)
{
	(void)ctx;
	MUST(!strcmp(stream, "a") || !strcmp(stream, "b"));
	st->entries = 42;
}

static size_t cpus(void *ctx, const char *stream, struct ddr_cpu_status *list, size_t max)
{
	(void)ctx;
	MUST((!strcmp(stream, "a") || !strcmp(stream, "b")) && max == DDR_MAX_CPUS);
	memset(list, 1, max * sizeof(*list));
	return max;
}

static const struct session_ops ops = {
	.open_file = open_file, .formats = formats, .saved = saved, .status = status, .cpus = cpus,
};

static uint32_t granted(size_t who, const char *stream)
{
	return !strcmp(stream, "a") ? table[who].a : !strcmp(stream, "b") ? table[who].b : 0;
}

/* The fds that are open, in one system call: poll() says POLLNVAL of the others. */
static unsigned int count_fds(void)
{
	static struct pollfd all[FDS_MAX];
	unsigned int n = 0;
	int i;

	for (i = 0; i < FDS_MAX; i++)
		all[i] = (struct pollfd){ .fd = i };
	MUST(poll(all, FDS_MAX, 0) >= 0);
	for (i = 0; i < FDS_MAX; i++)
		n += !(all[i].revents & POLLNVAL);
	return n;
}

static void setup(void)
{
	const struct rlimit limit = { FDS_MAX, FDS_MAX };
	char error[DDR_CONFIG_ERROR_MAX];
	FILE *f;

	if (config)
		return;
	MUST(!setrlimit(RLIMIT_NOFILE, &limit));
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	MUST(null_fd >= 0);
	config = ddr_config_new();
	f = fmemopen((void *)conf, sizeof(conf) - 1, "r");
	MUST(config && f && !ddr_config_read(config, f, "t", error));
	MUST(!ddr_config_finish(config, error));
	fclose(f);
}

static void hang_up(void)
{
	if (theirs >= 0)
		close(theirs);
	if (ours >= 0)
		close(ours);
	ours = theirs = -1;
}

static void connect_anew(void)
{
	int pair[2];

	hang_up();
	MUST(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	ours = pair[0];
	theirs = pair[1];
}

/* The packet that the input's @bytes stand for; what @packet has behind them is zero. */
static size_t make_packet(uint8_t *packet, const struct step *step, const uint8_t *bytes)
{
	struct ddr_open_request *req = (struct ddr_open_request *)packet;
	struct ddr_named_request *named = (struct ddr_named_request *)packet;
	struct ddr_saved_request *saved_req = (struct ddr_saved_request *)packet;
	char name[DDR_NAME_MAX + 1] = "";
	size_t len = step->len, skip = 0;
	struct ddr_head head;

	switch (step->kind & KIND_FORM) {
	case KIND_OPEN:
		skip = len < 2 ? len : 2;
		memcpy(name, bytes + skip, len - skip < DDR_NAME_MAX ? len - skip : DDR_NAME_MAX);
		return ddr_encode_open(req, name, len ? bytes[0] : 0, len > 1 ? bytes[1] : 0);
	case KIND_NAMED:
		skip = len < 1 ? len : 1;
		memcpy(name, bytes + skip, len - skip < DDR_NAME_MAX ? len - skip : DDR_NAME_MAX);
		if (len && bytes[0] % 8 == DDR_SAVED)
			return ddr_encode_saved(saved_req, name, bytes[0] / 8 % 4);
		return ddr_encode_named(named, len ? bytes[0] % 8 : 0, name);
	case KIND_MEND:
		memcpy(packet, bytes, len);
		if (step->more & MORE_LONG)
			len += DDR_MAX_REQUEST;
		if (len < sizeof(head))
			return len;
		memcpy(&head, packet, sizeof(head));
		head.magic = DDR_MAGIC;
		head.size = (uint32_t)len;
		memcpy(packet, &head, sizeof(head));
		return len;
	default:
		memcpy(packet, bytes, len);
		return len + (step->more & MORE_LONG ? DDR_MAX_REQUEST : 0);
	}
}

static void send_packet(const struct step *step, const uint8_t *packet, size_t len)
{
	static const size_t numbers[] = { 0, 1, 3, 253 };
	char control[CMSG_SPACE(253 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { (void *)packet, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control };
	struct ucred cred = { getpid(), getuid(), getgid() };
	size_t n = numbers[step->more & MORE_FDS], i;
	struct cmsghdr *cmsg = (struct cmsghdr *)control;

	memset(control, 0, sizeof(control));
	if (step->more & MORE_CRED) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_CREDENTIALS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(cred));
		memcpy(CMSG_DATA(cmsg), &cred, sizeof(cred));
		msg.msg_controllen += CMSG_SPACE(sizeof(cred));
		cmsg = (struct cmsghdr *)(control + msg.msg_controllen);
	}
	if (n) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
		for (i = 0; i < n; i++)
			memcpy(CMSG_DATA(cmsg) + i * sizeof(int), &null_fd, sizeof(int));
		msg.msg_controllen += CMSG_SPACE(n * sizeof(int));
	}
	MUST(sendmsg(theirs, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len);
}

/* A reply came: it must be one to the request, and give no more than the table has. */
static void check_reply(size_t who, const uint8_t *packet, size_t len)
{
	static char reply[DDR_MAX_REPLY];
	struct ddr_open_reply *open = (struct ddr_open_reply *)reply;
	int fds[DDR_MAX_FDS], err, queued;
	struct ddr_request req;
	size_t n_fds;
	ssize_t got;

	got = ddr_receive(theirs, reply, sizeof(reply), fds, DDR_MAX_FDS, &n_fds, MSG_DONTWAIT);
	MUST(got >= (ssize_t)sizeof(struct ddr_head));
	ddr_close_fds(fds, n_fds);
	MUST(!ioctl(theirs, SIOCINQ, &queued) && !queued);
	err = ddr_decode_request(packet, len, &req);
	MUST(err != -EBADMSG);
	if (err) {
		MUST(ddr_decode_reply(reply, (size_t)got, req.type) == err && !n_fds);
		return;
	}
	err = ddr_decode_reply(reply, (size_t)got, req.type);
	MUST(err != -EBADMSG);
	switch (req.type) {
	case DDR_OPEN:
		if (err) {
			MUST(!n_fds);
			break;
		}
		MUST(!(req.access & ~granted(who, req.stream)));
		MUST(open->access == req.access && open->n_fds == n_fds);
		MUST(n_fds == (size_t)__builtin_popcount(req.access));
		break;
	case DDR_STATUS:
		MUST(!err && !n_fds);
		MUST((got - sizeof(struct ddr_table_reply)) / sizeof(struct ddr_stream_status) ==
		     (size_t)!!table[who].a + !!table[who].b);
		break;
	case DDR_SAVED:
		MUST(err ? !n_fds : n_fds == 1 && (granted(who, req.stream) & (DDR_SNAPSHOT | DDR_COPY)));
		break;
	case DDR_CPUS:
		MUST(!n_fds && (err || granted(who, req.stream)));
		break;
	default:
		MUST(err ? !n_fds : n_fds == 1 && (granted(who, req.stream) & DDR_RAW));
	}
}

/* As server.c does it. Return: as session_handle(). */
static int make_copy(struct copy *copy)
{
	uint32_t type = copy_type(copy);
	int fd = -1, ret = 0, err;

	while (!ret)
		ret = copy_step(copy, &fd);
	err = errno;
	copy_free(copy);
	return session_copied(ours, type, fd, err);
}

/* Return: whether the connection goes on. */
static bool take_step(const struct step *step, const uint8_t *bytes)
{
	static uint8_t packet[DDR_MAX_REQUEST + 256] __attribute__((aligned(8)));
	size_t who = KIND_UID(step->kind) % ARRAY_SIZE(table);
	struct ddr_peer peer = { .pid = 1, .uid = table[who].uid, .gid = table[who].uid };
	struct copy *copy;
	int unread = 0;
	size_t len;

	memset(packet, 0, sizeof(packet));
	len = make_packet(packet, step, bytes);
	send_packet(step, packet, len);
	if (step->more & MORE_GONE) {
		close(theirs);
		theirs = -1;
	}
	busy = step->more & MORE_BUSY;
	MUST(!ioctl(ours, SIOCOUTQ, &unread));
	opened = 0;
	if (session_handle(ours, &peer, config, &ops, &copy)) {
		MUST(!copy);
		hang_up();
		return false;
	}
	if (copy && ((step->more & MORE_DROP) || make_copy(copy))) {
		if (step->more & MORE_DROP)
			copy_free(copy);
		hang_up();
		return false;
	}
	/* unexpected fds, a second question or one to nobody are never answered */
	MUST(!(step->more & (MORE_FDS | MORE_GONE)) && !unread && len <= DDR_MAX_REQUEST);
	MUST(opened <= DDR_MAX_FDS);
	if (!(step->more & MORE_UNREAD))
		check_reply(who, packet, len);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int before;
	struct step step;

	setup();
	before = count_fds();
	connect_anew();
	while (size >= sizeof(step)) {
		memcpy(&step, data, sizeof(step));
		data += sizeof(step);
		size -= sizeof(step);
		if (step.len > size)
			step.len = (uint8_t)size;
		if (!take_step(&step, data))
			connect_anew();
		data += step.len;
		size -= step.len;
	}
	hang_up();
	lend_end();
	MUST(count_fds() == before);
	return 0;
}
