/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_EDID_H
#define DD_INFO_EDID_H

#include <stddef.h>

struct json_object;

struct json_object *info_edid(const void *data, size_t len);

#endif
