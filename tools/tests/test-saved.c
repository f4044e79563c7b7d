// SPDX-License-Identifier: GPL-2.0-only
/* What streams are saved at, and the files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dd-recorder/bootid.h"
#include "../dd-recorder/incident.h"
#include "../dd-recorder/saved.h"
#include "ktap.h"

#define FAILED "DRM_IOCTL_MODE_ATOMIC failed cmd=0xc03864bc node=1 client=5 pid=412 ret=-22 flags=0x400 objects=3"

static struct ddr_event commit_failed(void)
{
	return (struct ddr_event){
		.name = "devdbg", .module = "dyndbg_drm", .class_name = "DRM_ATOMIC_FAILED", .minor = 1,
		.device = "0000:00:02.0", .time_ns = 5, .text = FAILED,
	};
}

static bool commits(void)
{
	struct ddr_event event = commit_failed();
	struct incident in;

	EXPECT(incident_of_event(&in, &event));
	EXPECT(in.on == DDR_ON_FAILED_COMMIT && in.error == 22 && in.pid == 412 && in.minor == 1 && in.time_ns == 5);
	EXPECT(!strcmp(in.device, "0000:00:02.0") && !strcmp(in.text, FAILED));
	EXPECT(!strcmp(incident_name(&in), "failed-commit"));
	/* others' */
	event.class_name = "DRM_IOCTL_ATOMIC";
	EXPECT(!incident_of_event(&in, &event));
	event = commit_failed();
	event.text = "DRM_IOCTL_MODE_ATOMIC failed cmd=0xc03864bc node=1 client=5 pid=412 ret=-13 flags=0x400";
	EXPECT(!incident_of_event(&in, &event)); /* not the card's master */
	event = commit_failed();
	event.module = "evil";
	EXPECT(!incident_of_event(&in, &event));
	event.module = NULL;
	EXPECT(!incident_of_event(&in, &event));
	event = commit_failed();
	event.text = "DRM_IOCTL_MODE_ATOMIC failed cmd=0xc03864bc node=1 client=5 pid=412 ret=22 flags=0x400";
	EXPECT(!incident_of_event(&in, &event));
	event.name = NULL;
	EXPECT(!incident_of_event(&in, &event));
	return true;
}

static bool error_is(const char *text, const char *device)
{
	const struct ddr_event event = { .name = "console", .minor = -1, .text = text };
	struct incident in;
	bool is = incident_of_event(&in, &event);

	if (!device)
		return !is;
	return is && in.on == DDR_ON_DRM_ERROR && in.minor == -1 && !in.error && !strcmp(in.device, device) &&
	       !strcmp(incident_name(&in), "drm-error");
}

static bool errors(void)
{
	EXPECT(error_is("[drm:drm_atomic_helper_wait] *ERROR* flip_done timed out", ""));
	EXPECT(error_is("[drm:f [drm]] *ERROR* no", "") && error_is("[drm] *ERROR* no", ""));
	EXPECT(error_is("virtio-pci 0000:00:01.0: [drm] *ERROR* no", "0000:00:01.0"));
	EXPECT(error_is("i915 c: [drm:f [i915]] *ERROR* no", "c"));
	/* others' */
	EXPECT(error_is("a: b c: [drm] *ERROR* no", NULL) && error_is("[drm*ERROR*", NULL));
	EXPECT(error_is(": [drm] *ERROR* x", NULL) && error_is("a : [drm] *ERROR* x", NULL));
	EXPECT(error_is("a \033b: [drm] *ERROR* x", NULL) && error_is("[drmx] *ERROR* no", NULL));
	EXPECT(error_is("[drm*ERROR*[12]: segfault at 0", NULL) && error_is("x: [drm] *ERROR* no", NULL));
	EXPECT(error_is("[drm] Initialized x*ERROR* 1.0", NULL) && error_is("[drm] *ERROR*", NULL));
	EXPECT(error_is("virtio-pci 0000:00:01.0: [drm] no", NULL));
	EXPECT(error_is("usb 1-1: *ERROR* no", NULL));
	return true;
}

static bool concerns(const struct incident *in, unsigned int on, const char *spec)
{
	char *item = (char *)spec;
	const struct ddr_stream stream = {
		.save.on = on, .device = { .item = &item, .n = spec != NULL },
	};

	return incident_concerns(in, &stream);
}

static bool streams(void)
{
	struct ddr_event event = commit_failed();
	const unsigned int on = DDR_ON_FAILED_COMMIT;
	struct incident in;

	EXPECT(incident_of_event(&in, &event));
	EXPECT(concerns(&in, on, NULL) && concerns(&in, on | DDR_ON_MARKER, "*"));
	EXPECT(concerns(&in, on, "drm:1") && concerns(&in, on, "card1") && concerns(&in, on, "0000:00:02.0"));
	EXPECT(!concerns(&in, on, "drm:0") && !concerns(&in, on, "card11") && !concerns(&in, on, "0000:00:02"));
	EXPECT(!concerns(&in, DDR_ON_DRM_ERROR, NULL) && !concerns(&in, 0, NULL));
	/* an error that says nothing of a device, and one of a device that there is not */
	in = (struct incident){ .on = DDR_ON_DRM_ERROR, .minor = -1 };
	EXPECT(concerns(&in, DDR_ON_DRM_ERROR, "drm:0"));
	strcpy(in.device, "no-such-device");
	EXPECT(!concerns(&in, DDR_ON_DRM_ERROR, "another") && concerns(&in, DDR_ON_DRM_ERROR, "no-such-device"));
	/* a card that is not there (yet) may be it */
	EXPECT(concerns(&in, DDR_ON_DRM_ERROR, "drm:77777"));
	return true;
}

static char top[64];

/* Return: whether a file that says @text was kept. @boot: with this boot in its head. */
static bool save(const char *stream, const char *kind, time_t now, unsigned int keep, const char *text, bool boot)
{
	char path[PATH_MAX], id[BOOTID_BYTES], head[128];
	int fd = saved_new(stream, kind);

	bootid_get(id);
	snprintf(head, sizeof(head), "%s\n# boot: %s\n", text, boot ? id : "another");
	if (fd < 0 || write(fd, head, strlen(head)) < 0 || close(fd))
		return false;
	return !saved_keep(stream, kind, now, keep, path) && !strncmp(path, top, strlen(top)) && !access(path, R_OK);
}

static bool holds(const char *stream, uint32_t number, const char *text)
{
	char got[32] = "";
	int fd = saved_open(stream, number);

	if (fd < 0)
		return !text && errno == ENOENT;
	if (read(fd, got, sizeof(got) - 1) < 0)
		return false;
	got[strcspn(got, "\n")] = '\0';
	close(fd);
	return text && !strcmp(got, text);
}

static size_t n_files(void)
{
	DIR *dir = opendir(top);
	size_t n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n - 2;
}

static bool remove_all(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", top);
	return system(command) == 0;
}

static const char *name_in(const char *dir, const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static bool files(void)
{
	time_t now = time(NULL);

	snprintf(top, sizeof(top), "/tmp/ddr-saved-XXXXXX");
	EXPECT(mkdtemp(top) && !rmdir(top)); /* it is made */
	EXPECT(holds("a", 0, NULL));
	EXPECT(!saved_begin(top) && !saved_begin(top));
	EXPECT(holds("a", 0, NULL));
	/* of before the machine was booted, the oldest go first */
	EXPECT(save("a", "k", 1000, 3, "old", false) && save("a", "k", 1001, 3, "old2", false) && save("a_b", "k", 1000, 3, "other", false));
	EXPECT(save("a", "k", now, 3, "1", true));
	EXPECT(holds("a", 0, "1") && holds("a", 1, "old2") && holds("a", 2, "old") && holds("a", 3, NULL));
	EXPECT(save("a", "k", now, 3, "2", true) && save("a", "k", now + 1, 3, "3", true));
	/* the first of now stays */
	EXPECT(holds("a", 0, "3") && holds("a", 1, "2") && holds("a", 2, "1") && holds("a", 3, NULL));
	EXPECT(save("a", "k", now + 2, 3, "4", true));
	EXPECT(holds("a", 0, "4") && holds("a", 1, "3") && holds("a", 2, "1") && holds("a", 3, NULL));
	/* other kinds have their own */
	EXPECT(save("a", "marker", now + 2, 1, "m", true) && save("a", "marker", now + 2, 1, "m2", true));
	EXPECT(holds("a", 0, "m2") && holds("a", 1, "4") && holds("a", 3, "1") && holds("a", 4, NULL));
	EXPECT(save("a", "marker", now + 3, 1, "m3", true) && holds("a", 4, NULL));
	EXPECT(save("a", "k", now + 3, 1, "5", true));
	EXPECT(holds("a", 0, "m3") && holds("a", 1, "5") && holds("a", 2, NULL) && holds("a_b", 0, "other") && holds("b", 0, NULL));
	/* one that is not finished is nobody's, and gone the next time */
	EXPECT(saved_new("a", "k") >= 0 && holds("a", 2, NULL) && save("a", "k", now + 4, 4, "6", true));
	EXPECT(holds("a", 0, "6") && holds("a", 2, "5") && n_files() == 4);
	/* what is no file is nobody's */
	EXPECT(!mkfifoat(AT_FDCWD, name_in(top, "a-20990101T000000Z-k.txt"), 0600) && holds("a", 0, NULL));
	EXPECT(!unlink(name_in(top, "a-20990101T000000Z-k.txt")));
	close(saved_new("a", "k"));
	close(saved_new("a", "marker"));
	EXPECT(n_files() == 6);
	saved_drop("a", "k");
	saved_drop("a", "marker");
	EXPECT(n_files() == 4);
	saved_end();
	EXPECT(holds("a", 0, NULL));
	EXPECT(!chmod(top, 0777) && saved_begin(top) < 0);
	EXPECT(saved_begin("/dev/null/x") < 0 && remove_all());
	return true;
}

static const struct ktap_case cases[] = {
	{ "a commit that fails", commits },
	{ "an error of DRM's", errors },
	{ "which streams it concerns", streams },
	{ "files, and which of them are kept", files },
};

KTAP_MAIN(cases)
