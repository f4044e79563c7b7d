/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_REDACT_H
#define DD_REDACT_H

#include <stddef.h>
#include <stdint.h>

struct json_object;

size_t redact_text(char *text, size_t len, const char *host);
size_t redact_edid(uint8_t *edid, size_t len);
size_t redact_json(struct json_object *object, const char *host);

#endif
