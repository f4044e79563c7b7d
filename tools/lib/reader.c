// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is the same for a reader of text and one of pages. */
#include <errno.h>
#include <string.h>

#include "reader.h"

/**
 * ddr_reader_free() - end reading, and close the fds that it had taken over
 * @reader: may be NULL. errno is kept.
 *
 * Context: does not wait.
 */
void ddr_reader_free(struct ddr_reader *reader)
{
	int saved = errno;

	if (reader)
		reader->ops->free(reader);
	errno = saved;
}

/**
 * ddr_reader_fd() - what to poll
 * @reader: the reader.
 *
 * Return: an fd that is readable when ddr_reader_next() may have something after it had nothing;
 * of a snapshot or a copy it always is. Not to be read or closed.
 */
int ddr_reader_fd(const struct ddr_reader *reader)
{
	return reader->fd;
}

/**
 * ddr_reader_next() - the next event
 * @reader: the reader.
 * @event: filled in; its strings are valid until the next call with @reader.
 *
 * When ddr_reader_fd() is readable, this is to be called until it has nothing more: the reader
 * takes more at once than it hands out.
 *
 * Context: does not wait; takes a bounded time.
 *
 * Return: 1: an event. 0: there is none now, or no more: the end of a snapshot or copy, which
 * stays the end until ddr_reader_rewind(). -1 with errno as of read(2): ENODEV: the stream is no
 * more.
 */
int ddr_reader_next(struct ddr_reader *reader, struct ddr_event *event)
{
	memset(event, 0, sizeof(*event));
	event->minor = -1;
	return reader->ops->next(reader, event);
}

/**
 * ddr_reader_rewind() - read from the beginning again, as it is now
 * @reader: of a snapshot, or of a copy, which is always the same.
 *
 * What ddr_reader_lost() and ddr_reader_cut() count begins anew, too.
 *
 * Context: does not wait.
 *
 * Return: 0, or -1 with errno. ESPIPE: what is read from there is gone when it was read.
 */
int ddr_reader_rewind(struct ddr_reader *reader)
{
	return reader->ops->rewind(reader);
}

/**
 * ddr_reader_lost() - records that were lost, as far as the events read so far tell
 * @reader: the reader.
 *
 * What a snapshot does not hold any more is not lost to the one who reads it late, and not
 * counted here; ddr_client_ask_status() tells of it.
 *
 * Return: how many at least: the kernel does not always know.
 */
uint64_t ddr_reader_lost(const struct ddr_reader *reader)
{
	return reader->lost;
}

/**
 * ddr_reader_cut() - events whose text was longer than DDR_TEXT_MAX, and was cut
 * @reader: the reader.
 *
 * Return: how many.
 */
uint64_t ddr_reader_cut(const struct ddr_reader *reader)
{
	return reader->cut;
}
