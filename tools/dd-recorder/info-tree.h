/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DD_INFO_TREE_H
#define DD_INFO_TREE_H

#include <stdio.h>

/* A line of a tree, and what stands below it. */
struct info_node;

struct info_node *info_node_new(void);
void info_node_free(struct info_node *root);
struct info_node *info_node_add(struct info_node *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void info_node_print(const struct info_node *root, FILE *to);

#endif
