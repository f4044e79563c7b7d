// SPDX-License-Identifier: GPL-2.0-only
/*
 * keys NAME: a keyboard of that name, which types: a line of stdin is keys by their numbers
 * (linux/input-event-codes.h), which are pressed one after the other and released in reverse. The
 * device stays until stdin ends.
 */
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_KEYS 16

static void send(int fd, int type, int code, int value)
{
	struct input_event event = {
		.type = (unsigned short)type, .code = (unsigned short)code, .value = value,
	};

	if (write(fd, &event, sizeof(event)) != sizeof(event)) {
		perror("keys: write");
		exit(1);
	}
	if (type != EV_SYN) {
		send(fd, EV_SYN, SYN_REPORT, 0);
		usleep(20000);
	}
}

static void type_line(int fd, char *line)
{
	int keys[MAX_KEYS], n = 0;
	char *word;

	for (word = strtok(line, " \n"); word && n < MAX_KEYS; word = strtok(NULL, " \n")) {
		keys[n] = atoi(word);
		send(fd, EV_KEY, keys[n++], 1);
	}
	while (n > 0)
		send(fd, EV_KEY, keys[--n], 0);
}

int main(int argc, char **argv)
{
	struct uinput_setup setup = { .id = { .bustype = BUS_USB, .vendor = 1, .product = 1 } };
	int fd = open("/dev/uinput", O_WRONLY | O_CLOEXEC), key;
	char line[256];

	snprintf(setup.name, sizeof(setup.name), "%s", argc > 1 ? argv[1] : "keys");
	if (fd < 0 || ioctl(fd, UI_SET_EVBIT, EV_KEY))
		goto failed;
	for (key = 1; key < KEY_MICMUTE; key++)
		if (ioctl(fd, UI_SET_KEYBIT, key))
			goto failed;
	if (ioctl(fd, UI_DEV_SETUP, &setup) || ioctl(fd, UI_DEV_CREATE))
		goto failed;
	while (fgets(line, sizeof(line), stdin))
		type_line(fd, line);
	return 0;
failed:
	perror("keys: /dev/uinput");
	return 1;
}
