/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DDR_VERSION_H
#define DDR_VERSION_H

/* The one place that says the version; tools/Makefile reads it from here. */
#define DDR_VERSION "0.1.0"

#endif
