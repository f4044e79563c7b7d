// SPDX-License-Identifier: GPL-2.0-only
/* Lines as a tree: which of them is the last of its branch is known only when all are there. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "info-tree.h"

#define DEPTH_MAX 16 /* nothing is deeper than ten */

/*
 * Owned by its parent; the root by who made it. @text is NULL in the root, and where there was
 * no memory.
 */
struct info_node {
	char *text;
	struct info_node *first, *last, *next;
};

/**
 * info_node_new() - begin a tree
 *
 * Return: its root, which has no line; to be freed with info_node_free(). NULL without memory.
 */
struct info_node *info_node_new(void)
{
	return calloc(1, sizeof(struct info_node));
}

/**
 * info_node_free() - free a tree
 * @root: with all below; may be NULL.
 */
void info_node_free(struct info_node *root)
{
	struct info_node *child, *next;

	if (!root)
		return;
	for (child = root->first; child; child = next) {
		next = child->next;
		info_node_free(child);
	}
	free(root->text);
	free(root);
}

/**
 * info_node_add() - add a line below another, as its last
 * @to: the other; NULL is passed on, so that a lack of memory need not be looked for at each.
 * @fmt: the line, printable.
 *
 * Return: the new one, @to's; NULL without memory.
 */
struct info_node *info_node_add(struct info_node *to, const char *fmt, ...)
{
	struct info_node *node = to ? info_node_new() : NULL;
	va_list ap;

	if (!node)
		return NULL;
	va_start(ap, fmt);
	if (vasprintf(&node->text, fmt, ap) < 0)
		node->text = NULL;
	va_end(ap);
	if (to->last)
		to->last->next = node;
	else
		to->first = node;
	to->last = node;
	return node;
}

static void print(const struct info_node *node, const char *before, FILE *to)
{
	char deeper[DEPTH_MAX * sizeof("│   ")];
	const struct info_node *child;

	for (child = node->first; child; child = child->next) {
		fprintf(to, "%s%s%s\n", before, child->next ? "├───" : "└───",
			child->text ? child->text : "?");
		snprintf(deeper, sizeof(deeper), "%s%s", before, child->next ? "│   " : "    ");
		print(child, deeper, to);
	}
}

/**
 * info_node_print() - print a tree
 * @root: its first lines have no branch before them.
 * @to: where to.
 */
void info_node_print(const struct info_node *root, FILE *to)
{
	const struct info_node *child;

	for (child = root ? root->first : NULL; child; child = child->next) {
		fprintf(to, "%s\n", child->text ? child->text : "?");
		print(child, "", to);
	}
}
