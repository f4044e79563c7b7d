/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_H
#define DD_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_object;

/**
 * struct info_card - a card that is being read
 * @fd: its node, open.
 * @name: its path, printable.
 * @errors: array of strings: what could not be read; NULL when all could.
 */
struct info_card {
	int fd;
	const char *name;
	struct json_object *errors;
};

/* info-card.c, info-device.c, info-kms.c, info-prop.c: from the kernel to JSON */
struct json_object *info_card(const char *path, const char *name, bool *failed);
void info_card_error(struct info_card *card, const char *what, uint32_t id);
void info_kms(struct info_card *card, struct json_object *to);
struct json_object *info_device(struct info_card *card);
struct json_object *info_props(struct info_card *card, uint32_t object, uint32_t type);

/* info.c */
void info_all_cards(struct json_object *all, bool *failed);

/* info-recorder.c */
struct json_object *info_recorder(const char *socket_path);

/* info-text.c, info-text-kms.c, info-text-prop.c: from JSON to text */
struct info_node;
void info_text(struct json_object *all, FILE *to);
void info_text_kms(struct info_node *to, struct json_object *card);
void info_text_mode(struct info_node *to, const char *before, struct json_object *mode);
void info_text_fb(struct info_node *to, const char *name, struct json_object *fb);
void info_text_format(struct info_node *to, uint32_t format);
void info_text_formats(struct info_node *to, struct json_object *list);
void info_text_props(struct info_node *to, struct json_object *props);

#endif
