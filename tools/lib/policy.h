/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_POLICY_H
#define DDR_POLICY_H

#include <stdint.h>
#include <sys/types.h>

#include "config.h"

/**
 * struct ddr_peer - who is at the other end of a connection, as the kernel says
 * @pid: of the process that connected; only for messages, as it may be gone.
 * @uid: effective uid when it connected.
 * @gid: effective gid then.
 * @groups: supplementary groups then.
 * @n_groups: how many.
 * @unit: the system unit that the process is in; NULL when that is not known, or it has ended.
 * @seats: the seats on which the user has the active session now, a NULL behind the last; NULL for none.
 */
struct ddr_peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t n_groups;
	char *unit;
	char **seats;
};

uint32_t ddr_policy_access(const struct ddr_config *config, const struct ddr_peer *peer,
			   const char *stream);
int ddr_policy_open(const struct ddr_config *config, const struct ddr_peer *peer,
		    const char *stream, uint32_t access);
int ddr_policy_saved(const struct ddr_config *config, const struct ddr_peer *peer,
		     const char *stream);

int ddr_policy_look(const struct ddr_config *config, const struct ddr_peer *peer,
		    const char *stream);

#endif
