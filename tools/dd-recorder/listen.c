// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's socket: systemd's, or one of its own that no second daemon can take away. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "listen.h"
#include "log.h"
#include "service.h"

#define BACKLOG 64

static int make_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (!slash || slash == path)
		return 0;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	if (mkdir(dir, 0755) == 0)
		return chmod(dir, 0755); /* whatever the umask is */
	return errno == EEXIST ? 0 : -1;
}

/*
 * Who holds the lock owns the socket. The kernel releases it when the holder dies, however that
 * came, so that a socket found under the lock is stale. The file itself stays: removing it would
 * let two daemons hold "the" lock.
 */
static int take_lock(const char *path)
{
	char name[PATH_MAX];
	int fd;

	snprintf(name, sizeof(name), "%s.lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int remove_stale(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	return unlink(path);
}

static int bind_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	mode_t mask;
	int fd, err;

	memcpy(addr.sun_path, path, strlen(path) + 1); /* the caller checked its length */
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	/* 0666: anybody may ask; what is granted goes by the peer's credentials */
	mask = umask(0111);
	err = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	umask(mask);
	if (err || listen(fd, BACKLOG)) {
		err = errno;
		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static int bad_activation(void)
{
	log_msg(LOG_LEVEL_ERR, "socket activation needs exactly one ListenSequentialPacket=");
	return -1;
}

/* One fd that systemd passed. */
static int take_passed(struct listener *l, int fd, const char *name)
{
	struct kept *kept = &l->kept[l->n_kept];

	if (service_is_client(name, &kept->number)) {
		kept->sock = fd;
		if (l->n_kept == MAX_KEPT || sd_is_socket_unix(fd, SOCK_SEQPACKET, 0, NULL, 0) <= 0)
			close(fd);
		else
			l->n_kept++;
		return 0;
	}
	if (l->fd >= 0 || sd_is_socket_unix(fd, SOCK_SEQPACKET, 1, NULL, 0) <= 0) {
		close(fd);
		return bad_activation();
	}
	l->fd = fd;
	if (!fcntl(fd, F_SETFL, O_NONBLOCK))
		return 0;
	log_msg(LOG_LEVEL_ERR, "systemd's socket: %s", strerror(errno));
	return -1;
}

/* Return: 1 when systemd passed the socket, 0 when it did not, -1 after a message. */
static int from_systemd(struct listener *l)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(1, &names), i, err = 0;

	for (i = 0; i < n; i++) {
		err |= take_passed(l, SD_LISTEN_FDS_START + i, names ? names[i] : "");
		if (names)
			free(names[i]);
	}
	free(names);
	return err ? -1 : l->fd >= 0;
}

/**
 * listener_open() - get the socket to listen on
 * @l: filled in; to be closed with listener_close(), on an error too.
 * @path: where to make it, unless systemd passed one; kept in @l.
 *
 * Return: 0, or -1 after a message.
 */
int listener_open(struct listener *l, const char *path)
{
	int ret;

	*l = (struct listener){ .fd = -1, .lock = -1 };
	ret = from_systemd(l);
	if (ret)
		return ret < 0 ? -1 : 0;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
		log_msg(LOG_LEVEL_ERR, "%s: too long for a socket's path", path);
		return -1;
	}
	if (make_directory(path)) {
		log_msg(LOG_LEVEL_ERR, "%s: cannot make its directory: %s", path, strerror(errno));
		return -1;
	}
	l->lock = take_lock(path);
	if (l->lock < 0) {
		log_msg(LOG_LEVEL_ERR, "%s.lock: %s", path,
			errno == EWOULDBLOCK ? "another daemon holds it" : strerror(errno));
		return -1;
	}
	if (remove_stale(path)) {
		log_msg(LOG_LEVEL_ERR, "%s: %s", path,
			errno == EEXIST ? "is there and not a socket" : strerror(errno));
		return -1;
	}
	l->fd = bind_socket(path);
	if (l->fd < 0) {
		log_msg(LOG_LEVEL_ERR, "%s: %s", path, strerror(errno));
		return -1;
	}
	l->path = path;
	return 0;
}

/**
 * listener_close() - close the socket, and remove it if it is ours
 * @l: nothing afterwards.
 */
void listener_close(struct listener *l)
{
	size_t i;

	for (i = 0; i < l->n_kept; i++)
		close(l->kept[i].sock);
	if (l->path)
		unlink(l->path);
	if (l->fd >= 0)
		close(l->fd);
	if (l->lock >= 0)
		close(l->lock); /* last: until then nobody else binds there */
	*l = (struct listener){ .fd = -1, .lock = -1 };
}
