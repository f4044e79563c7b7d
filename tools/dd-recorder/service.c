// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the service manager knows and keeps: is this stop half of a restart, and the connections of
 * clients, which its fd store hands to the next daemon (systemd.service(5), FileDescriptorStoreMax=).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-login.h>
#include <unistd.h>

#include "service.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define BUS_USEC UINT64_C(2000000) /* a manager that does not answer must not hold up the end */
#define CLIENT "client-"

/* Sets @type to what the manager is doing with the unit, to be freed; NULL: nothing. */
static int job_of(sd_bus *bus, const char *unit, char **type)
{
	sd_bus_message *reply = NULL;
	const char *job;
	uint32_t id;
	char *path;
	int err;

	*type = NULL;
	err = sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit, &path);
	if (err < 0)
		return err;
	err = sd_bus_get_property(bus, SYSTEMD, path, SYSTEMD ".Unit", "Job", NULL, &reply,
				  "(uo)");
	if (err >= 0)
		err = sd_bus_message_read(reply, "(uo)", &id, &job);
	if (err >= 0 && id)
		err = sd_bus_get_property_string(bus, SYSTEMD, job, SYSTEMD ".Job", "JobType",
						 NULL, type);
	sd_bus_message_unref(reply);
	free(path);
	return err;
}

/**
 * service_restarts() - will another daemon be started as soon as this one has ended?
 *
 * To be asked when it was told to end.
 *
 * Context: waits, up to some seconds.
 *
 * Return: true when the service manager says so; false when it does not, or there is none.
 */
bool service_restarts(void)
{
	char *unit = NULL, *type = NULL;
	sd_bus *bus = NULL;
	bool restarts;

	if (!getenv("NOTIFY_SOCKET") || sd_pid_get_unit(0, &unit) < 0)
		return false;
	if (sd_bus_open_system(&bus) >= 0) {
		sd_bus_set_method_call_timeout(bus, BUS_USEC);
		job_of(bus, unit, &type);
	}
	restarts = type && strcmp(type, "restart") == 0;
	sd_bus_flush_close_unref(bus);
	free(type);
	free(unit);
	return restarts;
}

/**
 * service_keep() - have the service manager keep a connection for the next daemon
 * @sock: the connection.
 * @number: a number that no other has that is kept.
 *
 * It lets go of the connection by itself when the peer hangs up.
 */
void service_keep(int sock, uint64_t number)
{
	char text[64];

	snprintf(text, sizeof(text), "FDSTORE=1\nFDNAME=" CLIENT "%" PRIu64, number);
	sd_pid_notify_with_fds(0, 0, text, &sock, 1);
}

/**
 * service_let_go() - have the service manager close a connection, too
 * @number: of service_keep().
 */
void service_let_go(uint64_t number)
{
	sd_notifyf(0, "FDSTOREREMOVE=1\nFDNAME=" CLIENT "%" PRIu64, number);
}

/**
 * service_is_client() - was an fd that the service manager passed kept by service_keep()?
 * @name: the fd's name.
 * @number: set to its number.
 */
bool service_is_client(const char *name, uint64_t *number)
{
	char end;

	return sscanf(name, CLIENT "%" SCNu64 "%c", number, &end) == 1;
}
