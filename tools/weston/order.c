// SPDX-License-Identifier: GPL-2.0-only
/*
 * The compositor writes a line the moment something happens; the kernel's messages before that
 * wait for the event loop. So this subscribes to the compositor's scopes, too, with a stream
 * that is no file: what is written to it brings the kernel's messages first. Subscribers are
 * written to the last one first, so that has to be this.
 */
#include <stdlib.h>
#include <string.h>

#include "dd-kernel.h"

static ssize_t on_write(void *cookie, const char *buf, size_t size)
{
	struct order *order = cookie;
	struct dd_kernel *dd = order->dd;
	/* Some lines come in parts, and nothing has a place between these. */
	bool within = order->within;

	order->seen = true;
	order->within = size > 0 && buf[size - 1] != '\n';
	if (!dd->listened || dd->busy)
		return (ssize_t)size;
	if (order->marks)
		kernel_mark(dd, buf, size);
	if (!within)
		kernel_write(dd);
	return (ssize_t)size;
}

static void unsubscribe(struct order *order)
{
	if (order->subscriber)
		weston_log_subscriber_destroy(order->subscriber);
	order->subscriber = NULL;
	if (order->file)
		fclose(order->file);
	order->file = NULL;
}

static int subscribe(struct order *order)
{
	static const cookie_io_functions_t functions = { .write = on_write };

	order->file = fopencookie(order, "w", functions);
	if (!order->file)
		return -1;
	setvbuf(order->file, NULL, _IONBF, 0);
	order->subscriber = weston_log_subscriber_create_log(order->file);
	if (!order->subscriber) {
		unsubscribe(order);
		return -1;
	}
	weston_log_subscribe(order->dd->compositor->weston_log_ctx, order->subscriber,
			     order->scope);
	return 0;
}

/**
 * order_add() - keep the kernel's messages before the lines of a scope
 * @dd: the module.
 * @scope: its name. The lines of "log" go into the streams, too, as marks.
 *
 * Return: 0, or -1 if there is no memory or no place.
 */
int order_add(struct dd_kernel *dd, const char *scope)
{
	struct order *order = &dd->order[dd->n_order];

	if (dd->n_order == DK_MAX_SCOPES)
		return -1;
	order->dd = dd;
	order->scope = strdup(scope);
	order->marks = !strcmp(scope, "log");
	if (!order->scope || subscribe(order)) {
		free(order->scope);
		return -1;
	}
	dd->n_order++;
	return 0;
}

/**
 * order_first() - be the first again that is written to
 * @dd: the module.
 *
 * Context: not while a scope is written to. A scope that nobody has written to yet may not
 * exist, and Weston would keep our request for it beyond our end.
 */
void order_first(struct dd_kernel *dd)
{
	unsigned int i;

	for (i = 0; i < dd->n_order; i++) {
		if (!dd->order[i].seen)
			continue;
		unsubscribe(&dd->order[i]);
		if (subscribe(&dd->order[i]))
			weston_log("dd-recorder: out of memory\n");
	}
}

/**
 * order_end() - leave all scopes
 * @dd: the module.
 */
void order_end(struct dd_kernel *dd)
{
	unsigned int i;

	for (i = 0; i < dd->n_order; i++) {
		unsubscribe(&dd->order[i]);
		free(dd->order[i].scope);
	}
	dd->n_order = 0;
}
