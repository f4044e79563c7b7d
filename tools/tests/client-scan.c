// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks for addresses in what a client can read, for selftests/recorder/addresses:
 *
 *	ddr-client-scan RANGE... <FILE
 *	ddr-client-scan replies SOCKET STREAM >FILE
 *
 * A RANGE is LOW-HIGH, both in hexadecimal and included. An address within one is looked for in two
 * forms: as 8 bytes, at every offset, and as 16 hexadecimal digits. Each that is found is printed
 * with its offset, the first 20 at least. Exit status: 0 when there is none, 1 otherwise, 2 when it
 * could not be looked.
 *
 * With "replies", asks the daemon everything that there is to ask of a stream and writes the replies
 * as they came, to be looked through.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdint.h>

#include "client.h"

#define MAX_RANGES 256
#define MAX_PRINTED 20

static struct { uint64_t low, high; } ranges[MAX_RANGES];
static size_t n_ranges, found;

static bool parse_range(const char *word)
{
	char *end;

	if (n_ranges == MAX_RANGES)
		return false;
	ranges[n_ranges].low = strtoull(word, &end, 16);
	if (end == word || *end != '-')
		return false;
	word = end + 1;
	ranges[n_ranges].high = strtoull(word, &end, 16);
	if (end == word || *end || ranges[n_ranges].low > ranges[n_ranges].high)
		return false;
	n_ranges++;
	return true;
}

static void look_at(uint64_t value, size_t offset, const char *form)
{
	size_t i;

	for (i = 0; i < n_ranges; i++) {
		if (value < ranges[i].low || value > ranges[i].high)
			continue;
		if (found++ < MAX_PRINTED)
			printf("%zu %" PRIx64 " %s\n", offset, value, form);
		return;
	}
}

static void scan(const unsigned char *data, size_t size)
{
	char digits[17] = "";
	uint64_t value;
	size_t i, n;

	for (i = 0; i + sizeof(value) <= size; i++) {
		memcpy(&value, data + i, sizeof(value)); /* of this machine, as the kernel's are */
		look_at(value, i, "bytes");
	}
	for (i = 0; i + 16 <= size; i++) {
		for (n = 0; n < 16 && isxdigit(data[i + n]); n++)
			;
		if (n < 16)
			continue;
		memcpy(digits, data + i, 16);
		look_at(strtoull(digits, NULL, 16), i, "digits");
	}
}

static int scan_stdin(void)
{
	size_t room = 1 << 20, size = 0, n;
	unsigned char *data = NULL;

	do {
		room *= 2;
		data = realloc(data, room);
		if (!data)
			return 2;
		n = fread(data + size, 1, room - size, stdin);
		size += n;
	} while (n);
	if (ferror(stdin)) {
		perror("client: read");
		return 2;
	}
	scan(data, size);
	printf("%zu bytes, %zu addresses\n", size, found);
	free(data);
	return found ? 1 : 0;
}

/* All of the buffer that is received into, so that nothing which comes along is overlooked */
static int ask(const void *request, size_t len)
{
	static char reply[DDR_MAX_REPLY];
	int sock = dial(), fds[DDR_MAX_FDS];
	size_t n_fds;
	ssize_t n;

	if (ddr_send(sock, request, len, NULL, 0, 0))
		return 2;
	n = ddr_receive(sock, reply, sizeof(reply), fds, DDR_MAX_FDS, &n_fds, 0);
	if (n < 0)
		return 2;
	ddr_close_fds(fds, n_fds);
	close(sock);
	return fwrite(reply, 1, (size_t)n, stdout) == (size_t)n ? 0 : 2;
}

static int ask_all(const char *stream)
{
	static const uint32_t named[] = { DDR_CPUS, DDR_FORMATS };
	static const char *const names[] = { NULL, "no_such_stream", "\n" };
	struct ddr_named_request req;
	struct ddr_open_request open;
	struct ddr_head head;
	uint32_t bit;
	size_t i, j;
	int err;

	err = ask(&head, ddr_encode_head(&head, DDR_STATUS, 0));
	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !err; i++) {
		const char *name = names[i] ? names[i] : stream;

		for (j = 0; j < sizeof(named) / sizeof(named[0]) && !err; j++)
			err = ask(&req, ddr_encode_named(&req, named[j], name));
		/* one more than there is */
		for (bit = 1; !err && bit <= DDR_ACCESS_ALL + 1; bit <<= 1)
			err = ask(&open, ddr_encode_open(&open, name, bit, 0));
	}
	if (!err)
		err = ask(&head, ddr_encode_head(&head, 99, 0));
	return err || fflush(stdout) ? 2 : 0;
}

int main(int argc, char **argv)
{
	int i;

	if (argc == 4 && strcmp(argv[1], "replies") == 0 && !set_address(argv[2]))
		return ask_all(argv[3]);
	for (i = 1; i < argc; i++) {
		if (!parse_range(argv[i]))
			break;
	}
	if (argc < 2 || i < argc) {
		fprintf(stderr, "usage: ddr-client-scan RANGE...\n"
				"       ddr-client-scan replies SOCKET STREAM\n");
		return 2;
	}
	return scan_stdin();
}
