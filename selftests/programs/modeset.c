// SPDX-License-Identifier: GPL-2.0-only
/*
 * modeset MINOR ROUNDS: sets two modes of a card's first connected connector in turn, ROUNDS
 * times, and prints the median of the nanoseconds that one took, from the ioctl's begin to its
 * end. Only a change of the mode is a mode-set to the driver; a frame buffer for both is enough.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "card.h"

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

int main(int argc, char **argv)
{
	drmModeModeInfo *mode[2];
	drmModeConnector *c;
	struct card card;
	uint64_t *took;
	int i, rounds;
	uint32_t fb;

	if (argc != 3 || (rounds = atoi(argv[2])) < 1) {
		fputs("usage: modeset MINOR ROUNDS\n", stderr);
		return 2;
	}
	took = calloc(rounds, sizeof(*took));
	if (!took)
		die("%d rounds", rounds);
	card_open(&card, argv[1], 2);
	c = card.connector;
	mode[0] = mode[1] = &c->modes[0];
	for (i = 1; i < c->count_modes && mode[1] == mode[0]; i++)
		if (c->modes[i].hdisplay < mode[0]->hdisplay &&
		    c->modes[i].vdisplay < mode[0]->vdisplay)
			mode[1] = &c->modes[i];
	if (mode[1] == mode[0]) {
		errno = ENODEV;
		die("card%s: no second mode", argv[1]);
	}
	fb = card_frame_buffer(&card, mode[0]->hdisplay, mode[0]->vdisplay);

	/* One more before: which mode there was is not known. */
	for (i = -1; i < rounds; i++) {
		uint64_t start = now();

		if (drmModeSetCrtc(card.fd, card.crtc, fb, 0, 0, &c->connector_id, 1, mode[i & 1]))
			die("card%s: mode %s", argv[1], mode[i & 1]->name);
		if (i >= 0)
			took[i] = now() - start;
	}
	qsort(took, rounds, sizeof(*took), by_size);
	printf("%llu\n", (unsigned long long)took[rounds / 2]);
	return 0;
}
