// SPDX-License-Identifier: GPL-2.0-only
/* The recorder's state, for info: what status says. */
#include <json.h>

#include "../lib/ddrecorder.h"
#include "cmd.h"
#include "info-json.h"
#include "info.h"
#include "ledger.h"

/**
 * info_recorder() - what the daemon says of its streams
 * @socket_path: NULL for the default.
 *
 * Context: waits for a daemon that is there, see cmd_try().
 *
 * Return: an object: "status" as of "status -j"; null where there is no answer, and "reason".
 */
struct json_object *info_recorder(const char *socket_path)
{
	struct ddr_client *client = cmd_connect(socket_path);
	struct json_object *to = json_object_new_object();
	static struct ledger ledger;
	char why[LEDGER_WHY];

	if (!client) {
		info_add(to, "status", NULL);
		info_add_string(to, "reason", "the daemon cannot be asked");
		return to;
	}
	if (ledger_ask(&ledger, client, true, why)) {
		info_add(to, "status", NULL);
		info_add_string(to, "reason", why);
	} else {
		info_add(to, "status", ledger_object(&ledger));
	}
	ledger_free(&ledger);
	ddr_client_free(client);
	return to;
}
