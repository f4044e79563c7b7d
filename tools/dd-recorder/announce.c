// SPDX-License-Identifier: GPL-2.0-only
/* Tells that a stream was saved: one structured entry in the journal, for what collects those. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "announce.h"
#include "log.h"

/* systemd/dd-recorder.catalog has the text for it */
#define MESSAGE_ID "b0db62b4bb354a5cad8fbdfe9b682f60"

/**
 * announce_saved() - tell of it
 * @stream: the stream's name.
 * @incident: why it was saved.
 * @path: where to.
 * @not_saved: how often it was not, since the last time.
 */
void announce_saved(const char *stream, const struct incident *incident, const char *path,
		    uint64_t not_saved)
{
	const char *error = incident->error ? strerrorname_np(incident->error) : NULL;
	char why[128];
	int err;

	snprintf(why, sizeof(why), "%s%s%s%s%s", incident_name(incident), error ? " " : "", error ? error : "",
		 *incident->device ? " of " : "", incident->device);
	/* the fields are documented in dd-recorder(1) */
	err = sd_journal_send("MESSAGE=stream %s: saved to %s: %s", stream, path, why,
			      "MESSAGE_ID=" MESSAGE_ID, "PRIORITY=%d", LOG_LEVEL_WARNING,
			      "ERRNO=%d", incident->error, "DD_RECORDER_STREAM=%s", stream,
			      "DD_RECORDER_ON=%s", incident_name(incident), "DD_RECORDER_DEVICE=%s",
			      incident->device, "DD_RECORDER_PID=%" PRId32, incident->pid,
			      "DD_RECORDER_TEXT=%s", incident->text, "DD_RECORDER_PATH=%s", path,
			      "DD_RECORDER_NOT_SAVED=%" PRIu64, not_saved, NULL);
	if (err < 0 || !log_is_journal())
		log_msg(LOG_LEVEL_WARNING, "stream %s: saved to %s: %s", stream, path, why);
}
