/* SPDX-License-Identifier: GPL-2.0-only */
/* A DRM card, for programs that set modes. What fails ends the program with a message. */
#ifndef CARD_H
#define CARD_H

#include <stdint.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

/**
 * struct card - a card and its first connected connector
 * @fd: the card, close-on-exec
 * @connector: has a mode at least
 * @crtc: one that it can be on
 * @pipe: the CRTC's number, as masks count
 */
struct card {
	int fd;
	drmModeConnector *connector;
	uint32_t crtc;
	int pipe;
};

/* Ends the program: its name, the text, errno's. */
void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...);

/* Opens the card of that minor. @modes: how many the connector has to have. */
void card_open(struct card *card, const char *minor, int modes);

/* A frame buffer of XRGB8888, black. Return: its id. */
uint32_t card_frame_buffer(const struct card *card, uint32_t width, uint32_t height);

#endif /* CARD_H */
