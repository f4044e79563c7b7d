/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_CONFIG_VALUE_H
#define DDR_CONFIG_VALUE_H

#include <stdint.h>
#include <sys/types.h>

#include "config.h"

/**
 * struct ddr_complaint - what is wrong with a value
 * @what: static text, e.g. "unknown match".
 * @word: the word that is wrong, shortened to fit.
 */
struct ddr_complaint {
	const char *what;
	char word[DDR_NAME_MAX + 1];
};

int ddr_complain(struct ddr_complaint *c, const char *what, const char *word, size_t len);
const char *ddr_next_word(const char *s, size_t *len);
int ddr_check_select(const char *value, struct ddr_complaint *c);
int ddr_check_device(const char *word, size_t len, struct ddr_complaint *c);
int ddr_check_event(const char *word, size_t len, struct ddr_complaint *c);
int ddr_check_clock(const char *value, struct ddr_complaint *c);
int ddr_parse_size(const char *value, uint64_t *bytes, struct ddr_complaint *c);
int ddr_parse_time(const char *value, unsigned int *seconds, struct ddr_complaint *c);
int ddr_parse_ioctls(const char *value, enum ddr_ioctls *ioctls, struct ddr_complaint *c);
int ddr_parse_on(const char *value, struct ddr_save *save, struct ddr_complaint *c);
int ddr_parse_saves(const char *value, unsigned int *saves, struct ddr_complaint *c);
int ddr_parse_save_max(const char *value, uint64_t *bytes, struct ddr_complaint *c);
int ddr_parse_access(const char *value, uint32_t *access, struct ddr_complaint *c);
int ddr_check_unit(const char *value, struct ddr_complaint *c);
int ddr_check_seat(const char *value, struct ddr_complaint *c);
int ddr_parse_user(const char *value, uid_t *uid, struct ddr_complaint *c);
int ddr_parse_group(const char *value, gid_t *gid, struct ddr_complaint *c);

#endif
