// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who gets what. Pure functions of configuration, peer and request; the default is: nothing. */
#include <errno.h>
#include <string.h>

#include "policy.h"

static bool in_group(const struct ddr_peer *peer, gid_t gid)
{
	size_t i;

	if (peer->gid == gid)
		return true;
	for (i = 0; i < peer->n_groups; i++) {
		if (peer->groups[i] == gid)
			return true;
	}
	return false;
}

static bool on_seat(const struct ddr_peer *peer, const char *seat)
{
	char **s;

	for (s = peer->seats; s && *s; s++) {
		if (strcmp(*s, seat) == 0)
			return true;
	}
	return false;
}

static bool is_peer(const struct ddr_subscriber *sub, const struct ddr_peer *peer)
{
	if (!sub->has_user && !sub->has_group && !sub->unit && !sub->seat)
		return false;
	if (sub->seat && !on_seat(peer, sub->seat))
		return false;
	if (sub->unit && (!peer->unit || strcmp(peer->unit, sub->unit) != 0))
		return false;
	if (sub->has_user && peer->uid != sub->uid)
		return false;
	return !sub->has_group || in_group(peer, sub->gid);
}

/**
 * ddr_policy_access() - what a peer may do with a stream
 * @config: loaded.
 * @peer: who asks.
 * @stream: the stream's name; it need not exist.
 *
 * uid 0 owns every file of tracefs and could open them by itself: it may do everything.
 *
 * Return: access bits, those of all subscribers that the peer matches; 0 also for a stream that
 * does not exist, or is the daemon's own.
 */
uint32_t ddr_policy_access(const struct ddr_config *config, const struct ddr_peer *peer,
			   const char *stream)
{
	const struct ddr_stream *s = ddr_config_stream(config, stream);
	uint32_t access = 0;
	size_t i, j;

	if (!s || s->internal)
		return 0;
	if (peer->uid == 0)
		return DDR_ACCESS_ALL;
	for (i = 0; i < config->n_subscribers; i++) {
		const struct ddr_subscriber *sub = config->subscriber[i];

		if (!is_peer(sub, peer))
			continue;
		for (j = 0; j < sub->streams.n; j++) {
			if (strcmp(sub->streams.item[j], stream) == 0)
				access |= sub->access;
		}
	}
	return access;
}

/**
 * ddr_policy_look() - may this peer know that there is such a stream, and what it has lost?
 * @config: loaded.
 * @peer: who asks.
 * @stream: the name that was asked for.
 *
 * Return: 0 if it may do anything with it, otherwise EACCES. A stream that does not exist gives
 * EACCES too, as otherwise names could be probed; except to uid 0, which sees them all anyway and
 * gets ENOENT.
 */
int ddr_policy_look(const struct ddr_config *config, const struct ddr_peer *peer,
		    const char *stream)
{
	if (ddr_policy_access(config, peer, stream))
		return 0;
	return peer->uid == 0 ? ENOENT : EACCES;
}

/**
 * ddr_policy_open() - may this peer open this stream this way?
 * @config: loaded.
 * @peer: who asks.
 * @stream: the name that was asked for.
 * @access: all that was asked for; part of it is not granted alone.
 *
 * Return: 0, or an error as of ddr_policy_look().
 */
int ddr_policy_open(const struct ddr_config *config, const struct ddr_peer *peer,
		    const char *stream, uint32_t access)
{
	uint32_t granted = ddr_policy_access(config, peer, stream);

	if (!granted)
		return ddr_policy_look(config, peer, stream);
	return access && (access & ~granted) == 0 ? 0 : EACCES;
}

/**
 * ddr_policy_saved() - may this peer have what was saved of this stream?
 * @config: loaded.
 * @peer: who asks.
 * @stream: the name that was asked for.
 *
 * It is what a snapshot was then, so whoever may have that now may have it, too.
 *
 * Return: 0, or an error as of ddr_policy_look().
 */
int ddr_policy_saved(const struct ddr_config *config, const struct ddr_peer *peer,
		     const char *stream)
{
	uint32_t granted = ddr_policy_access(config, peer, stream);

	if (!granted)
		return ddr_policy_look(config, peer, stream);
	return granted & (DDR_SNAPSHOT | DDR_COPY) ? 0 : EACCES;
}
