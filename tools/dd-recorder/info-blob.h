/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_BLOB_H
#define DD_INFO_BLOB_H

#include <stddef.h>

struct json_object;
struct _drmModeModeInfo;

struct json_object *info_mode(const struct _drmModeModeInfo *mode);
struct json_object *info_blob_data(const char *prop, const void *data, size_t len);
struct json_object *info_blob_more(const char *prop, const void *data, size_t len);

#endif
