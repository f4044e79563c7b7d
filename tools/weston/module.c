// SPDX-License-Identifier: GPL-2.0-only
/* The module's beginning and end, its options, and whether anybody listens. */
#include <stdlib.h>
#include <string.h>

#include "dd-kernel.h"

static const char scope_name[] = "dd-kernel";

/* Nobody listens: nothing is read, so nothing is taken away and nothing wakes the compositor. */
static void on_listeners(void *data)
{
	struct dd_kernel *dd = data;
	bool listened = weston_log_scope_is_enabled(dd->scope);
	char *names, *name, *save;

	dd->idle = NULL;
	order_first(dd);
	if (listened == dd->listened)
		return;
	dd->listened = listened;
	if (!listened) {
		ask_end(dd);
		kernel_forget(dd);
		return;
	}
	names = strdup(dd->names ? dd->names : "");
	for (name = names ? strtok_r(names, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save))
		kernel_add(dd, name);
	free(names);
	ask_begin(dd);
}

/* Called before the listener is in the scope's list, or while it still is. */
static void on_listener(struct weston_log_subscription *subscription, void *data)
{
	struct dd_kernel *dd = data;

	(void)subscription;
	if (!dd->listened)
		kernel_since(dd);
	if (!dd->dying && !dd->idle)
		dd->idle = wl_event_loop_add_idle(dd->loop, on_listeners, dd);
}

static void dd_kernel_free(struct dd_kernel *dd)
{
	dd->dying = true;
	order_end(dd);
	ask_end(dd);
	kernel_forget(dd);
	if (dd->scope)
		weston_log_scope_destroy(dd->scope);
	if (dd->idle)
		wl_event_source_remove(dd->idle);
	if (dd->pace)
		wl_event_source_remove(dd->pace);
	if (dd->retry)
		wl_event_source_remove(dd->retry);
	free(dd->socket_path);
	free(dd->names);
	free(dd);
}

static void on_destroy(struct wl_listener *listener, void *data)
{
	struct dd_kernel *dd = wl_container_of(listener, dd, destroy);

	(void)data;
	wl_list_remove(&dd->destroy.link);
	dd_kernel_free(dd);
}

/* Takes "--NAME=VALUE" out of the arguments, as Weston ends over those that nobody takes. */
static char *take_option(const char *name, int *argc, char *argv[])
{
	size_t len = strlen(name);
	char *value = NULL;
	int i, n = 1;

	for (i = 1; i < *argc; i++) {
		if (!strncmp(argv[i], name, len) && argv[i][len] == '=') {
			free(value);
			value = strdup(argv[i] + len + 1);
		} else {
			argv[n++] = argv[i];
		}
	}
	argv[n] = NULL;
	*argc = n;
	return value;
}

static int add_orders(struct dd_kernel *dd, char *scopes)
{
	char *scope, *save;

	for (scope = strtok_r(scopes, ",", &save); scope; scope = strtok_r(NULL, ",", &save)) {
		if (strcmp(scope, scope_name) && order_add(dd, scope))
			return -1;
	}
	return 0;
}

int wet_module_init(struct weston_compositor *compositor, int *argc, char *argv[])
{
	struct dd_kernel *dd = calloc(1, sizeof(*dd));
	char *scopes, log[] = "log";

	if (!dd)
		return -1;
	dd->compositor = compositor;
	dd->loop = wl_display_get_event_loop(compositor->wl_display);
	wl_list_init(&dd->streams);
	if (!weston_compositor_add_destroy_listener_once(compositor, &dd->destroy, on_destroy)) {
		free(dd); /* the module is there already */
		return 0;
	}
	dd->socket_path = take_option("--dd-socket", argc, argv);
	dd->names = take_option("--dd-stream", argc, argv);
	scopes = take_option("--dd-scopes", argc, argv);
	if (kernel_init(dd) == 0 && ask_init(dd) == 0 &&
	    add_orders(dd, scopes ? scopes : log) == 0)
		dd->scope = weston_compositor_add_log_scope(compositor, scope_name,
							    "The kernel's messages, of streams\n",
							    on_listener, on_listener, dd);
	free(scopes);
	if (dd->scope)
		return 0;
	weston_log("dd-recorder: cannot be set up\n");
	wl_list_remove(&dd->destroy.link);
	dd_kernel_free(dd);
	return -1;
}
