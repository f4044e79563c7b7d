/* SPDX-License-Identifier: GPL-2.0-only */
/* The least that a test program needs to speak KTAP (Documentation/dev-tools/ktap.rst). */
#ifndef KTAP_H
#define KTAP_H

#include <stdbool.h>
#include <stdio.h>

struct ktap_case {
	const char *name;
	bool (*run)(void);
};

/* In a case: says where it failed, and fails. */
#define EXPECT(cond)                                                                    \
	do {                                                                            \
		if (!(cond)) {                                                          \
			printf("# %s:%d: expected: %s\n", __FILE__, __LINE__, #cond);   \
			return false;                                                   \
		}                                                                       \
	} while (0)

static inline int ktap_run(const struct ktap_case *cases, unsigned int n)
{
	unsigned int i, failed = 0;

	printf("KTAP version 1\n1..%u\n", n);
	for (i = 0; i < n; i++) {
		bool ok = cases[i].run();

		failed += !ok;
		printf("%sok %u %s\n", ok ? "" : "not ", i + 1, cases[i].name);
		fflush(stdout);
	}
	return failed ? 1 : 0;
}

#define KTAP_MAIN(cases)                                                      \
	int main(void)                                                        \
	{                                                                     \
		return ktap_run(cases, sizeof(cases) / sizeof((cases)[0]));   \
	}

#endif
