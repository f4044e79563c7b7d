/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_JSON_H
#define DD_INFO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

size_t info_plain(char *to, size_t room, const char *from, size_t len);
struct json_object *info_string(const char *from, size_t len);
void info_add(struct json_object *to, const char *key, struct json_object *value);
void info_add_int(struct json_object *to, const char *key, int64_t value);
void info_add_uint(struct json_object *to, const char *key, uint64_t value);
void info_add_bool(struct json_object *to, const char *key, bool value);
void info_add_string(struct json_object *to, const char *key, const char *value);

struct json_object *info_get(struct json_object *from, const char *key);
uint64_t info_get_uint(struct json_object *from, const char *key);
int64_t info_get_int(struct json_object *from, const char *key);
size_t info_count(struct json_object *list);
const char *info_get_string(struct json_object *from, const char *key);

#endif
