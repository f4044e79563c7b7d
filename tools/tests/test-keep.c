// SPDX-License-Identifier: GPL-2.0-only
/* The size of a ring that is to cover a time. */
#include <string.h>

#include "../dd-recorder/keep.h"
#include "ktap.h"

#define SEC UINT64_C(1000000000)
#define K UINT64_C(1024)
#define NOW (1000 * SEC)

static uint64_t seen[DDR_MAX_CPUS];

/* Two CPUs: what each has overwritten so far, and the seconds that it covers. */
static uint64_t look(uint64_t size, uint64_t over0, double covers0, uint64_t over1, double covers1)
{
	struct ddr_cpu_status cpu[2] = {
		{ .cpu = 0, .entries = 1, .overrun = over0, .now_ns = NOW,
		  .oldest_ns = NOW - (uint64_t)(covers0 * 1e9) },
		{ .cpu = 1, .entries = 1, .overrun = over1, .now_ns = NOW,
		  .oldest_ns = NOW - (uint64_t)(covers1 * 1e9) },
	};

	return keep_size(seen, cpu, 2, size, 10, 64 * K);
}

static bool grows(void)
{
	memset(seen, 0, sizeof(seen));
	EXPECT(look(256 * K, 0, 1, 0, 1) == 256 * K);	 /* nothing was overwritten yet */
	EXPECT(look(256 * K, 5, 5, 0, 1) == 640 * K);	 /* twice as much, and a quarter */
	EXPECT(look(640 * K, 5, 2, 0, 1) == 640 * K);	 /* no more overwritten: it fills */
	EXPECT(look(640 * K, 5, 2, 9, 8) == 1000 * K);	 /* the other CPU counts, too */
	EXPECT(look(256 * K, 6, 9, 10, 5) == 640 * K);	 /* the one that covers less decides */
	EXPECT(look(256 * K, 7, 0.01, 10, 5) == 2048 * K); /* not all at once */
	return true;
}

static bool shrinks(void)
{
	memset(seen, 0, sizeof(seen));
	EXPECT(look(1024 * K, 1, 11, 1, 39) == 1024 * K);
	EXPECT(look(1024 * K, 2, 11, 2, 100) == 1024 * K);
	EXPECT(look(1024 * K, 3, 41, 3, 100) == 512 * K);
	EXPECT(look(1024 * K, 3, 400, 3, 100) == 1024 * K); /* idle */
	EXPECT(look(100 * K, 4, 41, 3, 100) == 64 * K);
	EXPECT(look(32 * K, 5, 41, 3, 100) == 32 * K); /* smaller than the least: not grown */
	return true;
}

static bool odd_figures(void)
{
	struct ddr_cpu_status cpu = { .cpu = DDR_MAX_CPUS, .overrun = 5, .now_ns = NOW };

	memset(seen, 0, sizeof(seen));
	EXPECT(keep_size(seen, &cpu, 1, 256 * K, 10, 64 * K) == 256 * K);
	cpu.cpu = 1; /* no oldest */
	EXPECT(keep_size(seen, &cpu, 1, 256 * K, 10, 64 * K) == 256 * K);
	EXPECT(look(256 * K, 5, 5, 5, 5) == 640 * K);
	EXPECT(look(256 * K, 2, 5, 2, 5) == 256 * K); /* somebody cleared it */
	EXPECT(look(256 * K, 3, 5, 2, 5) == 640 * K);
	EXPECT(keep_size(seen, NULL, 0, 256 * K, 10, 64 * K) == 256 * K);
	return true;
}

static const struct ktap_case cases[] = {
	{ "grows to what is overwritten too early", grows },
	{ "shrinks when much more is covered", shrinks },
	{ "odd figures", odd_figures },
};

KTAP_MAIN(cases)
