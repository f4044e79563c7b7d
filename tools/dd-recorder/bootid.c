// SPDX-License-Identifier: GPL-2.0-only
/* Which boot of the machine something was saved in: times of CLOCK_MONOTONIC belong to one. */
#include <stdio.h>
#include <string.h>

#include "bootid.h"

#define HEAD_MAX 1024 /* what stands further down is not the head's */

/**
 * bootid_get() - this boot's id (random(4))
 * @id: set; "?" where there is none.
 */
void bootid_get(char id[BOOTID_BYTES])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(id, BOOTID_BYTES, file))
		strcpy(id, "?");
	if (file)
		fclose(file);
	id[strcspn(id, "\n")] = '\0';
}

/**
 * bootid_is_now() - was this saved in this boot?
 * @text: of a file, or its beginning.
 * @len: bytes.
 */
bool bootid_is_now(const char *text, size_t len)
{
	char line[BOOTID_BYTES + 16], id[BOOTID_BYTES];

	bootid_get(id);
	snprintf(line, sizeof(line), "\n" BOOTID_HEAD "%s\n", id);
	return *id != '?' && memmem(text, len < HEAD_MAX ? len : HEAD_MAX, line, strlen(line));
}
