/* SPDX-License-Identifier: GPL-2.0-only */
/* The control language: does a query mean this site? Pure logic, as dyndbg_parse.h. */
#ifndef _DYNDBG_MATCH_H
#define _DYNDBG_MATCH_H

#include "dyndbg_parse.h"

/**
 * struct dd_view - what queries, listing and records say about a site
 * @module: module name
 * @function: function name
 * @file: source file; "-" where it is not known
 * @format: the format string
 * @class: class name, NULL for an unclassed site
 * @line: line number, 0 where it is not known
 * @unknown_class: the site is classed, but no class map names its class
 */
struct dd_view {
	const char *module;
	const char *function;
	const char *file;
	const char *format;
	const char *class;
	unsigned int line;
	bool unknown_class;
};

enum dd_spec_kind { DD_SPEC_ANY, DD_SPEC_MINOR, DD_SPEC_NAME };

/**
 * struct dd_spec - a route's device
 * @kind: any device, a DRM minor, or a device name
 * @minor: with DD_SPEC_MINOR: the primary minor
 * @text: as it was written; with DD_SPEC_NAME: the name to compare with
 */
struct dd_spec {
	enum dd_spec_kind kind;
	int minor;
	const char *text;
};

bool dd_match_site(const struct dd_match *m, const struct dd_view *v, bool class_glob);
bool dd_match_equal(const struct dd_match *a, const struct dd_match *b);
void dd_spec_parse(const char *text, struct dd_spec *spec);
int dd_match_describe(const struct dd_match *m, const char *device, char *buf, size_t size);

#endif /* _DYNDBG_MATCH_H */
