/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_FORMATS_H
#define DD_FORMATS_H

#include "../lib/config.h"

int formats_write(int fd, const struct ddr_stream *conf);

#endif
