// SPDX-License-Identifier: GPL-2.0-only
/* dd-recorder explain: why did my commit fail? */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <json.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../lib/protocol.h"
#include "cmd.h"
#include "explain.h"

/* A failure that comes again is told of again after so long, by the stream's clock. */
#define AGAIN_NS 1000000000ull

enum which { SHOW_LAST, SHOW_ALL, SHOW_AS_THEY_COME };

struct options {
	enum which which;
	bool json;
	const char *socket_path;
	const char *file;
};

static void print_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

/*
 * With --follow: the first at once, those that are like it not more often than once in a while, and what
 * that left untold @at_end.
 */
static void tell(struct failure *f, bool json, bool at_end)
{
	if (at_end ? f->told_ns == f->last_ns : f->count > 1 && f->last_ns - f->told_ns < AGAIN_NS)
		return;
	f->told_ns = f->last_ns;
	if (json)
		print_json(explain_json(f));
	else
		explain_text(stdout, f);
	fflush(stdout);
}

/* Waits for more with --follow. Return: whether to go on. */
static bool more(struct ddr_reader *reader, const struct options *o, const sigset_t *waiting)
{
	struct pollfd pfd = { .fd = ddr_reader_fd(reader), .events = POLLIN };

	if (o->which != SHOW_AS_THEY_COME || cmd_stop)
		return false;
	return ppoll(&pfd, 1, NULL, waiting) >= 0 || errno == EINTR;
}

/* Return: 0 at the end, or -1 with errno. */
static int read_all(struct ddr_reader *reader, struct brackets *brackets, struct failures *all,
		    const struct options *o, const sigset_t *waiting, uint64_t *events, uint64_t *others)
{
	struct ddr_event event;
	struct bracket *ended;
	struct failure *failed;
	int n = 0, saved;
	size_t i;

	do {
		while (!cmd_stop && (n = ddr_reader_next(reader, &event)) > 0) {
			*(event.name ? events : others) += 1;
			n = brackets_take(brackets, &event, &ended);
			if (!n && ended) {
				n = failures_add(all, ended, &failed);
				if (!n && failed && o->which == SHOW_AS_THEY_COME)
					tell(failed, o->json, false);
			}
			if (n)
				break;
		}
	} while (!n && more(reader, o, waiting));
	saved = errno;
	for (i = 0; o->which == SHOW_AS_THEY_COME && i < all->n; i++)
		tell(&all->failure[i], o->json, true);
	errno = saved;
	return n < 0 ? -1 : 0;
}

static void show(const struct failures *all, const struct explain_summary *summary,
		 const struct options *o)
{
	const struct failure *last = failures_last(all);
	struct json_object *list;
	size_t i;

	if (o->json) {
		list = json_object_new_array();
		for (i = 0; i < all->n; i++) {
			if (o->which == SHOW_ALL || &all->failure[i] == last)
				json_object_array_add(list, explain_json(&all->failure[i]));
		}
		print_json(explain_json_summary(summary, list));
		return;
	}
	for (i = 0; i < all->n; i++) {
		if (o->which == SHOW_ALL || &all->failure[i] == last)
			explain_text(stdout, &all->failure[i]);
	}
	explain_text_summary(stdout, summary);
}

static int explain_fd(int fd, const char *name, const struct options *o, const sigset_t *waiting)
{
	struct ddr_reader *reader = ddr_reader_new(fd);
	struct brackets *brackets = brackets_new();
	struct failures all = { 0 };
	uint64_t events = 0, others = 0;
	struct explain_summary summary;
	int err = -1;

	if (reader && brackets)
		err = read_all(reader, brackets, &all, o, waiting, &events, &others);
	if (!err && !events && others) {
		fprintf(stderr, "dd-recorder: %s: nothing in it is a stream's event\n", name);
		err = -1;
	} else if (err) {
		fprintf(stderr, "dd-recorder: %s: %s\n", name, strerror(errno));
	} else if (o->which != SHOW_AS_THEY_COME) {
		summary = (struct explain_summary){
			.stream = name,
			.ended = all.ended,
			.failed = all.total,
			.left_out = all.left_out,
			.open = brackets_open(brackets),
			.lost = ddr_reader_lost(reader),
		};
		show(&all, &summary, o);
	}
	failures_clear(&all);
	brackets_free(brackets);
	if (reader)
		ddr_reader_free(reader);
	else
		close(fd);
	return err ? EXIT_FAILED : EXIT_OK;
}

static int explain_stream(const char *stream, const struct options *o)
{
	bool follow = o->which == SHOW_AS_THEY_COME;
	sigset_t waiting;
	int fd;

	fd = cmd_open_stream(o->socket_path, stream, follow ? DDR_LIVE : DDR_SNAPSHOT, follow ? 0 : DDR_COPY);
	if (fd < 0)
		return EXIT_FAILED;
	if (!follow)
		return explain_fd(fd, stream, o, NULL);
	cmd_stop_on_signal(&waiting);
	return explain_fd(fd, stream, o, &waiting);
}

/* Every stream that the caller may read; for --follow there has to be one only. */
static int explain_granted(const struct options *o)
{
	uint32_t needed = o->which == SHOW_AS_THEY_COME ? DDR_LIVE : DDR_SNAPSHOT | DDR_COPY;
	struct ddr_client *client = cmd_connect(o->socket_path);
	char name[DDR_MAX_STREAMS][DDR_NAME_MAX + 1];
	struct ddr_answer answer;
	int ret = EXIT_OK, one;
	size_t i, n = 0;

	if (!client)
		return EXIT_FAILED;
	if (cmd_ask(client, DDR_STATUS, NULL, 0, &answer)) {
		ddr_client_free(client);
		return EXIT_FAILED;
	}
	for (i = 0; i < answer.n_streams && n < DDR_MAX_STREAMS; i++) {
		if (answer.stream[i].access & needed)
			snprintf(name[n++], sizeof(name[0]), "%s", answer.stream[i].stream);
	}
	ddr_client_free(client);
	if (!n || (n > 1 && o->which == SHOW_AS_THEY_COME)) {
		fprintf(stderr, n ? "dd-recorder: which STREAM? 'dd-recorder status' lists them\n" :
				    "dd-recorder: no stream that you may read\n");
		return EXIT_FAILED;
	}
	for (i = 0; i < n; i++) {
		one = explain_stream(name[i], o);
		ret = ret == EXIT_OK ? one : ret;
	}
	return ret;
}

static int explain_file(const char *path, const struct options *o)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	int copy = fd < 0 ? -1 : memfd_create("dd-recorder", MFD_CLOEXEC), err = -1, saved;
	size_t len;
	char *text;

	/* All of it first: a pipe has more to come when it has nothing now. */
	if (copy >= 0) {
		text = cmd_read_all(fd, &len);
		err = !text || cmd_write_all(copy, text, len) || lseek(copy, 0, SEEK_SET) ? -1 : 0;
		free(text);
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	if (!err)
		return explain_fd(copy, path, o, NULL);
	if (copy >= 0)
		close(copy);
	fprintf(stderr, "dd-recorder: %s: %s\n", path, strerror(saved));
	return EXIT_FAILED;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	static const struct option options[] = {
		{ "last", no_argument, NULL, 'l' },
		{ "all", no_argument, NULL, 'a' },
		{ "follow", no_argument, NULL, 'f' },
		{ "file", required_argument, NULL, 'i' },
		{ "json", no_argument, NULL, 'j' },
		{ "socket", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options o = { .which = SHOW_LAST };
	int opt;

	while ((opt = getopt_long(argc, argv, "lafi:js:h", options, NULL)) != -1) {
		switch (opt) {
		case 'l':
			o.which = SHOW_LAST;
			break;
		case 'a':
			o.which = SHOW_ALL;
			break;
		case 'f':
			o.which = SHOW_AS_THEY_COME;
			break;
		case 'i':
			o.file = optarg;
			break;
		case 'j':
			o.json = true;
			break;
		case 's':
			o.socket_path = optarg;
			break;
		case 'h':
			return cmd_help(cmd);
		default:
			return cmd_usage_error(cmd, NULL);
		}
	}
	if (argc - optind > (o.file ? 0 : 1))
		return cmd_usage_error(cmd, "unexpected '%s'", argv[argc - 1]);
	if (o.file && o.which == SHOW_AS_THEY_COME)
		return cmd_usage_error(cmd, "a file cannot be followed");
	if (o.file)
		return explain_file(o.file, &o);
	return argc > optind ? explain_stream(argv[optind], &o) : explain_granted(&o);
}

const struct command cmd_explain = {
	.name = "explain",
	.summary = "say why atomic commits, or other ioctls, failed",
	.usage = "usage: dd-recorder explain [-l | -a | -f] [-j] [-s SOCKET] [STREAM]\n"
		 "       dd-recorder explain [-l | -a] [-j] -i FILE\n\n"
		 "Tells of DRM ioctls that failed: who asked for what, the errno, the reason that the\n"
		 "kernel gave, and all that the same task said in the kernel meanwhile, the newest\n"
		 "first. Those that are alike are told of once, with their number. Without STREAM, of\n"
		 "every stream that you may read. Needs access=snapshot or copy, and live to follow.\n\n"
		 "  -l, --last         the last one that failed; the default\n"
		 "  -a, --all          all of them\n"
		 "  -f, --follow       each as it comes, until SIGINT or SIGTERM; what is read is taken out\n"
		 "                     of the stream\n"
		 "  -i, --file FILE    of what 'dd-recorder dump' wrote to FILE ('-': stdin)\n"
		 "  -j, --json         as JSON: an object for each stream; with --follow for each failure\n"
		 "  -s, --socket PATH  the daemon's socket (" DDR_SOCKET_PATH ")\n"
		 "  -h, --help         this text\n",
	.run = run,
};
