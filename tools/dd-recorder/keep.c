// SPDX-License-Identifier: GPL-2.0-only
/*
 * How large a ring has to be to cover a time: by what is being overwritten, as the rate of messages
 * changes by the hour. Pure: figures in, a size out.
 */
#include "keep.h"

#define SPARE_PERCENT 25 /* more than was measured, as the next seconds may be livelier */
#define GROWS_AT_MOST 8	 /* times: what one burst of a moment asks for is not believed at once */
#define SHRINKS_ABOVE 4	 /* times what is to be covered */

/* The time that the ring of a CPU covers that was overwritten since the last look; 0: none was. */
static uint64_t least_covered(uint64_t *seen, const struct ddr_cpu_status *cpu, size_t n)
{
	uint64_t least = 0, covers;
	size_t i;

	for (i = 0; i < n; i++) {
		if (cpu[i].cpu >= DDR_MAX_CPUS || cpu[i].overrun <= seen[cpu[i].cpu]) {
			if (cpu[i].cpu < DDR_MAX_CPUS)
				seen[cpu[i].cpu] = cpu[i].overrun; /* cleared meanwhile */
			continue;
		}
		seen[cpu[i].cpu] = cpu[i].overrun;
		if (!cpu[i].oldest_ns || cpu[i].now_ns <= cpu[i].oldest_ns)
			continue;
		covers = cpu[i].now_ns - cpu[i].oldest_ns;
		if (!least || covers < least)
			least = covers;
	}
	return least;
}

/**
 * keep_size() - the size that a ring should have
 * @seen: DDR_MAX_CPUS figures, from one look at the ring to the next; zero before the first.
 * @cpu: the CPUs' figures now.
 * @n: how many.
 * @size: bytes that the ring has now, all CPUs together.
 * @keep_s: seconds to be covered.
 * @min: bytes that it has at least.
 *
 * A ring that is not being overwritten is large enough, and is left alone: its time will come.
 *
 * Return: bytes, however many; @size if it should stay.
 */
uint64_t keep_size(uint64_t *seen, const struct ddr_cpu_status *cpu, size_t n, uint64_t size,
		   unsigned int keep_s, uint64_t min)
{
	uint64_t covers = least_covered(seen, cpu, n), keep = keep_s * UINT64_C(1000000000);
	double want;

	if (!covers)
		return size;
	if (covers < keep) {
		want = (double)size * (double)keep / (double)covers * (100 + SPARE_PERCENT) / 100;
		if (want > (double)size * GROWS_AT_MOST)
			want = (double)size * GROWS_AT_MOST;
	} else if (covers / SHRINKS_ABOVE > keep) {
		want = (double)size / 2;
	} else {
		return size;
	}
	if (want < (double)min)
		return min < size ? min : size;
	return (uint64_t)want;
}
