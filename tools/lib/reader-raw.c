// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Events from the pages of an instance's per_cpu/cpuN/trace_pipe_raw, all CPUs' by time.
 *
 * Each read() takes one page. The events of a page are older than what another CPU had nothing of
 * when it was asked later; so after a page was taken all CPUs that had nothing are asked once more,
 * and then the oldest event that there is can go out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <traceevent/kbuffer.h>
#include <unistd.h>

#include "fdmsg.h"
#include "formats.h"
#include "reader.h"

/* The kernel's largest sub-buffer; each read() gives one. */
#define PAGE_BYTES 65536
/* Zeros behind a page, for a length at its end that looks further. */
#define SLACK_BYTES 64
/* In the long at a page's beginning: bytes of events; the bits above tell of lost records. */
#define COMMIT_MASK ((1ul << 27) - 1)
/* More than all sites of a kernel take up. */
#define FORMATS_BYTES (64 << 20)

/*
 * @page, of @room bytes and slack, is in @kbuf. @data is the event that comes next, NULL: none.
 * @asked: it had nothing, and no page was taken since.
 */
struct cpu {
	int fd;
	struct kbuffer *kbuf;
	char *page;
	size_t room;
	void *data;
	unsigned long long ts;
	uint64_t lost; /* records, before @data */
	bool asked;
};

/* @used: whose event was handed out, and is to be gone past; NULL: none. */
struct raw_reader {
	struct ddr_reader base;
	struct ddr_formats *formats;
	size_t n;
	struct cpu *cpu;
	struct cpu *used;
	char in[PAGE_BYTES];
};

/* Puts @len bytes into @cpu's page. Return: 0, or -1 with errno. */
static int keep_page(struct cpu *cpu, const char *from, size_t len)
{
	char *page = cpu->page;

	if (cpu->room != len || !page) {
		page = realloc(cpu->page, len + SLACK_BYTES);
		if (!page)
			return -1;
		cpu->page = page;
		cpu->room = len;
	}
	memcpy(page, from, len);
	memset(page + len, 0, SLACK_BYTES);
	return 0;
}

/* An event's head: a type or a length in words, and the time since the one before. */
static uint32_t type_of(uint32_t head)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return head & 0x1f;
#else
	return head >> 27;
#endif
}

static bool has_delta(uint32_t head)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return head >> 5;
#else
	return head << 5;
#endif
}

/*
 * Do the events in the page end where it says that they do? libtraceevent does not look. A page is
 * the kernel's struct buffer_data_page: u64 time, long with flags in it, events.
 */
static bool is_whole(const char *page, size_t len)
{
	const size_t start = sizeof(uint64_t) + sizeof(long);
	size_t at = start, end, size;
	unsigned long commit;
	uint32_t head[2];

	if (len < start)
		return false;
	memcpy(&commit, page + sizeof(uint64_t), sizeof(commit));
	end = start + (commit & COMMIT_MASK);
	if (end > len)
		return false;
	while (at < end) {
		/* what is behind the page is zero */
		memcpy(head, page + at, sizeof(head));
		switch (type_of(head[0])) {
		case KBUFFER_TYPE_PADDING:
			/* without a time it goes on to the end */
			size = has_delta(head[0]) ? sizeof(*head) + (size_t)head[1] : end - at;
			break;
		case KBUFFER_TYPE_TIME_EXTEND:
		case KBUFFER_TYPE_TIME_STAMP:
			size = sizeof(head);
			break;
		case 0:
			size = sizeof(*head) + (size_t)head[1];
			break;
		default:
			size = sizeof(*head) * (1 + (size_t)type_of(head[0]));
		}
		if (size > end - at)
			return false;
		at += size;
	}
	return true;
}

/* Takes a page, if there is one. Return: 1, 0, or -1 with errno. */
static int load(struct raw_reader *r, struct cpu *cpu)
{
	ssize_t n;
	int lost;

	do {
		n = read(cpu->fd, r->in, sizeof(r->in));
	} while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno == EAGAIN)) {
		cpu->asked = true;
		return 0;
	}
	if (n < 0 || keep_page(cpu, r->in, (size_t)n))
		return -1;
	if (!is_whole(cpu->page, (size_t)n) || kbuffer_load_subbuffer(cpu->kbuf, cpu->page)) {
		errno = EBADMSG;
		return -1;
	}
	lost = kbuffer_missed_events(cpu->kbuf);
	if (lost) {
		cpu->lost += lost < 0 ? 1 : (uint64_t)lost;
		r->base.lost += lost < 0 ? 1 : (uint64_t)lost;
	}
	cpu->data = kbuffer_read_event(cpu->kbuf, &cpu->ts);
	return 1;
}

/* Sees to it that of each CPU that has an event there is one. Return: 0, or -1 with errno. */
static int refill(struct raw_reader *r)
{
	size_t tries = r->n, i, k;
	bool loaded;
	int ret;

	do {
		loaded = false;
		for (i = 0; i < r->n; i++) {
			if (r->cpu[i].data || r->cpu[i].asked || r->cpu[i].fd < 0)
				continue;
			ret = load(r, &r->cpu[i]);
			if (ret < 0)
				return -1;
			loaded |= ret;
		}
		for (k = 0; loaded && k < r->n; k++)
			r->cpu[k].asked = false;
	} while (loaded && tries--);
	return 0;
}

static struct cpu *oldest(struct raw_reader *r)
{
	struct cpu *found = NULL;
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (r->cpu[i].data && (!found || r->cpu[i].ts < found->ts))
			found = &r->cpu[i];
	}
	return found;
}

static int raw_next(struct ddr_reader *reader, struct ddr_event *event)
{
	struct raw_reader *r = (struct raw_reader *)reader;
	struct tep_record record = { 0 };
	struct cpu *cpu = r->used;
	size_t i;

	if (cpu) {
		cpu->data = kbuffer_next_event(cpu->kbuf, &cpu->ts);
			r->used = NULL;
	}
	if (!oldest(r)) {
		/* what had nothing before may have something now */
		for (i = 0; i < r->n; i++)
			r->cpu[i].asked = false;
	}
	/* a CPU that cannot be read does not keep back what others have */
	if (refill(r) && !oldest(r))
		return -1;
	cpu = oldest(r);
	if (!cpu)
		return 0;
	record.ts = cpu->ts;
	record.cpu = (int)(cpu - r->cpu);
	record.data = cpu->data;
	record.size = kbuffer_event_size(cpu->kbuf);
	ddr_formats_event(r->formats, &record, event);
	r->base.cut += (uint64_t)ddr_formats_cut(r->formats);
	event->lost = cpu->lost;
	cpu->lost = 0;
	r->used = cpu;
	return 1;
}

static int raw_rewind(struct ddr_reader *reader)
{
	(void)reader;
	errno = ESPIPE;
	return -1;
}

static void raw_free(struct ddr_reader *reader)
{
	struct raw_reader *r = (struct raw_reader *)reader;
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (r->cpu[i].kbuf)
			kbuffer_free(r->cpu[i].kbuf);
		free(r->cpu[i].page);
		ddr_close_fds(&r->cpu[i].fd, 1);
	}
	ddr_close_fds(&r->base.fd, 1);
	ddr_formats_free(r->formats);
	free(r->cpu);
	free(r);
}

static const struct ddr_reader_ops raw_ops = {
	.next = raw_next,
	.rewind = raw_rewind,
	.free = raw_free,
};

/* From its beginning, wherever it stands. */
static struct ddr_formats *read_formats(int fd)
{
	struct ddr_formats *formats = NULL;
	struct stat st;
	size_t done = 0;
	ssize_t n = 1;
	char *text;

	if (fstat(fd, &st))
		return NULL;
	if (!S_ISREG(st.st_mode) || st.st_size > FORMATS_BYTES) {
		errno = EBADMSG;
		return NULL;
	}
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return NULL;
	while (n > 0 && done < (size_t)st.st_size) {
		n = pread(fd, text + done, (size_t)st.st_size - done, (off_t)done);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			done += (size_t)n;
	}
	if (n >= 0)
		formats = ddr_formats_new(text, done);
	free(text);
	return formats;
}

static int watch(struct raw_reader *r, size_t i)
{
	struct epoll_event event = { .events = EPOLLIN };
	int fd = r->cpu[i].fd, flags = fcntl(fd, F_GETFL);

	if (flags < 0 || (!(flags & O_NONBLOCK) && fcntl(fd, F_SETFL, flags | O_NONBLOCK)))
		return -1;
	/* A file has no poll(), and needs none. */
	if (epoll_ctl(r->base.fd, EPOLL_CTL_ADD, fd, &event) && errno != EPERM)
		return -1;
	r->cpu[i].kbuf = kbuffer_alloc(KBUFFER_LSIZE_SAME_AS_HOST, KBUFFER_ENDIAN_SAME_AS_HOST);
	return r->cpu[i].kbuf ? 0 : -1;
}

/**
 * ddr_reader_new_raw() - read a stream's pages
 * @fds: of ddr_client_ask_raw(): @fds[i] is CPU i's, -1 for a CPU that is not read.
 * @n: how many.
 * @formats_fd: of ddr_client_ask_formats(), and of nobody else: libtraceevent trusts the kernel's
 * formats in it.
 *
 * All fds are taken over: ddr_reader_free() closes @fds, and @formats_fd is closed at once. If
 * this fails they are still the caller's. The CPUs' events come by time, as far as each has them
 * when ddr_reader_next() is called.
 *
 * Context: does not wait; reads all of @formats_fd.
 *
 * Return: to be freed with ddr_reader_free(); NULL with errno: EBADF; EBADMSG: @formats_fd is no
 * such file; EINVAL: no fd at all; ENOMEM, EMFILE.
 */
struct ddr_reader *ddr_reader_new_raw(const int *fds, size_t n, int formats_fd)
{
	struct ddr_formats *formats = NULL;
	struct raw_reader *r;
	size_t i, used = 0;
	int saved;

	for (i = 0; i < n; i++)
		used += fds[i] >= 0;
	if (!used || n > DDR_MAX_CPUS) {
		errno = EINVAL;
		return NULL;
	}
	formats = read_formats(formats_fd);
	if (!formats)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		goto no_memory;
	r->base.ops = &raw_ops;
	r->formats = formats;
	r->base.fd = epoll_create1(EPOLL_CLOEXEC);
	r->cpu = calloc(n, sizeof(*r->cpu));
	if (!r->cpu || r->base.fd < 0)
		goto fail;
	r->n = n;
	for (i = 0; i < n; i++)
		r->cpu[i].fd = fds[i];
	for (i = 0; i < n; i++) {
		if (fds[i] >= 0 && watch(r, i))
			goto fail;
	}
	close(formats_fd);
	return &r->base;

fail:
	saved = errno;
	for (i = 0; i < r->n; i++) {
		/* they stay the caller's */
		r->cpu[i].fd = -1;
	}
	raw_free(&r->base);
	errno = saved;
	return NULL;
no_memory:
	saved = errno;
	ddr_formats_free(formats);
	errno = saved;
	return NULL;
}

/**
 * ddr_reader_formats() - read pages by newer formats
 * @reader: of ddr_reader_new_raw().
 * @formats_fd: as there; closed unless this fails.
 *
 * A site gets its number with its first message, so that in time there come some that were not
 * listed yet: then an event has a site and no module. Strings of the last event are not valid any
 * more.
 *
 * Context: does not wait; reads all of @formats_fd.
 *
 * Return: 0, or -1 with errno as of ddr_reader_new_raw(), and all is as it was; EINVAL: @reader
 * reads text.
 */
int ddr_reader_formats(struct ddr_reader *reader, int formats_fd)
{
	struct raw_reader *r = (struct raw_reader *)reader;
	struct ddr_formats *formats;

	if (reader->ops != &raw_ops) {
		errno = EINVAL;
		return -1;
	}
	formats = read_formats(formats_fd);
	if (!formats)
		return -1;
	ddr_formats_free(r->formats);
	r->formats = formats;
	close(formats_fd);
	return 0;
}
