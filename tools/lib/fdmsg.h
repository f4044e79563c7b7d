/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_FDMSG_H
#define DDR_FDMSG_H

#include <stddef.h>
#include <sys/types.h>

void ddr_close_fds(const int *fds, size_t n);
int ddr_send(int sock, const void *buf, size_t len, const int *fds, size_t n_fds, int flags);
ssize_t ddr_receive(int sock, void *buf, size_t len, int *fds, size_t max_fds, size_t *n_fds,
		    int flags);

#endif
