// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's event loop: connections, their limits, and the signals that end it. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <time.h>
#include <unistd.h>

#include "copy.h"
#include "lend.h"
#include "log.h"
#include "peer.h"
#include "server.h"
#include "service.h"

#define IDLE_USEC ((uint64_t)DDR_IDLE_TIMEOUT_S * 1000000)

/*
 * A connection is kept for the next daemon when it has lasted so long: the service manager shall not
 * hear of each that comes and goes.
 */
#define KEEP_USEC UINT64_C(2000000)

/*
 * The loop, which owns its clients. Lives on server_run()'s stack; one thread, no lock.
 */
struct server {
	sd_event *event;
	const struct ddr_config *config;
	const struct session_ops *ops;
	const struct server_hooks *hooks;
	struct client *clients;
	unsigned int n_clients;
	uint64_t next_number;
	sd_event_source *look;
	bool leave; /* another daemon takes over */
};

/* A connection; freed by client_drop(), from one of its own callbacks or when the loop ends. */
struct client {
	struct server *server;
	struct client *next;
	int sock;
	struct peer peer;
	/* nothing was granted to it when it came; a reload may have changed that */
	bool stranger;
	sd_event_source *io;
	sd_event_source *idle;
	/* the service manager has it under that number, too */
	bool kept;
	uint64_t number;
	uint64_t since; /* CLOCK_MONOTONIC, in microseconds */
	/* a copy in the making, and what makes it; nothing is read from the client meanwhile */
	struct copy *copy;
	sd_event_source *step;
};

static void client_drop(struct client *client)
{
	struct client **at = &client->server->clients;

	while (*at != client)
		at = &(*at)->next;
	*at = client->next;
	client->server->n_clients--;
	/* One that is handed over to the next daemon lives on. */
	if (client->kept && !client->server->leave)
		service_let_go(client->number);
	sd_event_source_disable_unref(client->io);
	sd_event_source_disable_unref(client->idle);
	sd_event_source_disable_unref(client->step);
	copy_free(client->copy);
	close(client->sock);
	peer_free(&client->peer);
	free(client);
	lend_collect(); /* what a client had been lent may have gone with it */
}

static void client_keep(struct client *client)
{
	client->kept = true;
	service_keep(client->sock, client->number);
}

/* It has been answered: from now on it is idle. */
static void client_asked(struct client *client)
{
	uint64_t now;

	if (!client->kept && sd_event_now(client->server->event, CLOCK_MONOTONIC, &now) >= 0 &&
	    now - client->since >= KEEP_USEC)
		client_keep(client);
	sd_event_source_set_enabled(client->idle, SD_EVENT_ONESHOT);
	sd_event_source_set_time_relative(client->idle, client->kept ? IDLE_USEC : KEEP_USEC);
}

/* The answer to the request for a copy, or why there is none; then the client may ask again. */
static void copy_end(struct client *client, int fd, int err)
{
	uint32_t type = copy_type(client->copy);

	copy_free(client->copy);
	client->copy = NULL;
	client->step = sd_event_source_disable_unref(client->step);
	if (session_copied(client->sock, type, fd, err) ||
	    sd_event_source_set_io_events(client->io, EPOLLIN) < 0)
		client_drop(client);
	else
		client_asked(client);
}

static int on_step(sd_event_source *source, void *data)
{
	struct client *client = data;
	int fd = -1, ret = copy_step(client->copy, &fd);

	(void)source;
	if (ret)
		copy_end(client, fd, errno);
	return 0;
}

/* Makes a copy whenever there is nothing else to do. A hangup is seen all the while. */
static int copy_begin(struct client *client)
{
	sd_event *event = client->server->event;
	int err;

	err = sd_event_add_defer(event, &client->step, on_step, client);
	if (err >= 0)
		err = sd_event_source_set_priority(client->step, SD_EVENT_PRIORITY_IDLE);
	if (err >= 0)
		err = sd_event_source_set_enabled(client->step, SD_EVENT_ON);
	if (err >= 0)
		err = sd_event_source_set_io_events(client->io, 0);
	if (err >= 0)
		err = sd_event_source_set_enabled(client->idle, SD_EVENT_OFF);
	return err;
}

static int on_request(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct client *client = data;
	struct server *server = client->server;

	(void)source;
	if (client->copy) {
		/* It hung up, for nothing else is looked for; what it sent before does not count. */
		client_drop(client);
		return 0;
	}
	(void)events; /* a hangup shows as the end of what can be read */
	peer_refresh(&client->peer);
	if (session_handle(fd, &client->peer.is, server->config, server->ops, &client->copy) == 0) {
		if (client->copy && copy_begin(client) < 0)
			client_drop(client);
		else if (!client->copy)
			client_asked(client);
		return 0;
	}
	if (errno && errno != ECONNRESET && errno != EPIPE)
		log_limited(LOG_LEVEL_WARNING, "disconnected: uid %u pid %d: %s",
			    client->peer.is.uid, client->peer.is.pid,
			    errno == EAGAIN ? "does not read its replies" :
			    errno == EPROTO ? "asked again before it read the reply" :
					      "malformed request");
	client_drop(client);
	return 0;
}

static int on_idle(sd_event_source *source, uint64_t usec, void *data)
{
	struct client *client = data;

	(void)source;
	(void)usec;
	if (client->kept)
		client_drop(client);
	else
		client_asked(client); /* by now it has lasted */
	return 0;
}

static bool is_stranger(const struct ddr_config *config, const struct ddr_peer *peer)
{
	size_t i;

	for (i = 0; i < config->n_streams; i++) {
		if (ddr_policy_access(config, peer, config->stream[i]->name))
			return false;
	}
	return true;
}

/*
 * uid 0 always comes in, so that "status" works while somebody holds all the places. One person may
 * be many users, by a user namespace: those to whom nothing is granted leave room for the others.
 */
static bool has_room(const struct server *server, const struct client *new)
{
	const struct client *client;
	unsigned int same = 0, strangers = 0;

	if (new->peer.is.uid == 0)
		return true;
	for (client = server->clients; client; client = client->next) {
		same += client->peer.is.uid == new->peer.is.uid;
		strangers += client->stranger;
	}
	return server->n_clients < DDR_MAX_CLIENTS && same < DDR_MAX_CLIENTS_PER_UID &&
	       !(new->stranger && strangers >= DDR_MAX_STRANGERS);
}

static int client_watch(struct client *client)
{
	sd_event *event = client->server->event;
	int err;

	err = sd_event_add_io(event, &client->io, client->sock, EPOLLIN, on_request, client);
	if (err < 0)
		return err;
	return sd_event_add_time_relative(event, &client->idle, CLOCK_MONOTONIC,
					  client->kept ? IDLE_USEC : KEEP_USEC, 0, on_idle, client);
}

/* Takes over @sock. @kept: that a daemon before had; NULL: a new one. */
static void client_new(struct server *server, int sock, const struct kept *kept)
{
	struct client *client = calloc(1, sizeof(*client));

	if (!client || peer_of(sock, &client->peer)) {
		log_limited(LOG_LEVEL_WARNING, "new connection: %s", strerror(errno));
		free(client);
		close(sock);
		return;
	}
	peer_refresh(&client->peer); /* a seat may be what something is granted for */
	client->stranger = is_stranger(server->config, &client->peer.is);
	if (!has_room(server, client)) {
		log_limited(LOG_LEVEL_WARNING, "refused: uid %u pid %d: too many connections",
			    client->peer.is.uid, client->peer.is.pid);
		peer_free(&client->peer);
		free(client);
		close(sock);
		return;
	}
	client->server = server;
	client->sock = sock;
	client->kept = kept != NULL;
	client->number = kept ? kept->number : server->next_number++;
	sd_event_now(server->event, CLOCK_MONOTONIC, &client->since);
	client->next = server->clients;
	server->clients = client;
	server->n_clients++;
	if (client_watch(client) < 0) {
		log_limited(LOG_LEVEL_WARNING, "new connection: out of memory");
		client_drop(client);
	}
}

static int on_connection(sd_event_source *source, int fd, uint32_t events, void *data)
{
	int sock = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (sock >= 0)
		client_new(data, sock, NULL);
	else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
		log_limited(LOG_LEVEL_WARNING, "accept: %s", strerror(errno));
	return 0;
}

static int on_look(sd_event_source *source, uint64_t usec, void *data)
{
	struct server *server = data;

	(void)usec;
	server->hooks->look(server->hooks->ctx);
	sd_event_source_set_time_relative(source, server->hooks->look_s * UINT64_C(1000000));
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* Nobody is woken up for streams that keep the size they have. */
static int watch_rings(struct server *server)
{
	bool keeps = false;
	size_t i;

	for (i = 0; i < server->config->n_streams; i++)
		keeps |= server->config->stream[i]->keep_s > 0;
	if (keeps && !server->look)
		return sd_event_add_time_relative(server->event, &server->look, CLOCK_MONOTONIC,
						  server->hooks->look_s * UINT64_C(1000000), 0,
						  on_look, server);
	if (!keeps)
		server->look = sd_event_source_disable_unref(server->look);
	return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *si, void *data)
{
	struct server *server = data;

	(void)source;
	if (si->ssi_signo == SIGHUP) {
		server->config = server->hooks->reload(server->hooks->ctx);
		return watch_rings(server);
	}
	/* SIGUSR2: told so by who starts the next one */
	server->leave = si->ssi_signo == SIGUSR2 || service_restarts();
	return sd_event_exit(server->event, 0);
}

static int watch_all(struct server *server, int listen_fd)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR2 };
	size_t i;
	int err;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		err = sd_event_add_signal(server->event, NULL, signals[i], on_signal, server);
		if (err < 0)
			return err;
	}
	/* where the service manager asks for it: as often as it wants to hear, as long as this loops */
	err = sd_event_set_watchdog(server->event, true);
	if (err < 0)
		return err;
	err = watch_rings(server);
	if (err < 0)
		return err;
	return sd_event_add_io(server->event, NULL, listen_fd, EPOLLIN, on_connection, server);
}

/* Who has been handed over and is not wanted hears of it only when nobody keeps the connection. */
static void adopt_one(struct server *server, const struct kept *kept)
{
	unsigned int before = server->n_clients;

	client_new(server, kept->sock, kept);
	if (server->n_clients == before)
		service_let_go(kept->number);
}

static void adopt(struct server *server, struct listener *listener)
{
	size_t i;

	for (i = 0; i < listener->n_kept; i++) {
		if (listener->kept[i].number >= server->next_number)
			server->next_number = listener->kept[i].number + 1;
	}
	for (i = 0; i < listener->n_kept; i++)
		adopt_one(server, &listener->kept[i]);
	listener->n_kept = 0;
}

/**
 * server_run() - serve clients until SIGTERM, SIGINT or SIGUSR2
 * @listener: where they come from; not closed. Connections that it has kept are taken over.
 * @config: the policy.
 * @ops: the streams.
 * @hooks: what to call; has to outlive the call.
 * @leave: set to whether another daemon is to take over, and the streams are to stay as they are.
 *
 * Context: the signals, and SIGHUP, have to be blocked; they are taken from there.
 *
 * Return: 0, or -1 after a message.
 */
int server_run(struct listener *listener, const struct ddr_config *config,
	       const struct session_ops *ops, const struct server_hooks *hooks, bool *leave)
{
	struct server server = { .config = config, .ops = ops, .hooks = hooks };
	int err;

	err = sd_event_new(&server.event);
	if (err >= 0)
		err = watch_all(&server, listener->fd);
	if (err >= 0) {
		adopt(&server, listener);
		hooks->ready(hooks->ctx, server.event);
		err = sd_event_loop(server.event);
	}
	if (err < 0)
		log_msg(LOG_LEVEL_ERR, "event loop: %s", strerror(-err));
	while (server.clients)
		client_drop(server.clients);
	sd_event_source_disable_unref(server.look);
	sd_event_unref(server.event);
	*leave = server.leave;
	return err < 0 ? -1 : 0;
}
