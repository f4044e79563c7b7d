/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_FB_H
#define DD_INFO_FB_H

#include <stdint.h>

struct info_card;
struct json_object;

struct json_object *info_fb(struct info_card *card, uint32_t id);

#endif
