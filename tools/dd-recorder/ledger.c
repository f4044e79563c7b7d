// SPDX-License-Identifier: GPL-2.0-only
/* The figures of dd-recorder status, as a table for people. */
#include <inttypes.h>
#include <stdio.h>

#include "../lib/names.h"
#include "ledger.h"

/* The time that a ring covers, "-" where it holds nothing or its clock counts no time. */
static void print_span(char *to, size_t room, uint64_t oldest_ns, uint64_t now_ns)
{
	if (oldest_ns && now_ns >= oldest_ns)
		snprintf(to, room, "%.1f", (double)(now_ns - oldest_ns) / 1e9);
	else
		snprintf(to, room, "-");
}

/* What was lost for good stands out. */
static void print_lost(uint64_t n, bool colour)
{
	if (colour && n)
		printf("\033[31m%9" PRIu64 "\033[0m", n);
	else
		printf("%9" PRIu64, n);
}

static void cpu_row(const struct ddr_cpu_status *cpu, bool colour)
{
	char span[32];

	print_span(span, sizeof(span), cpu->oldest_ns, cpu->now_ns);
	printf("  cpu%-11" PRIu32 " %-27s %6s %9s %9" PRIu64 " %9s %11" PRIu64 " ", cpu->cpu, "", "",
	       "", cpu->entries, span, cpu->overrun);
	print_lost(cpu->dropped + cpu->commit_overrun, colour);
	printf(" %9" PRIu64 "\n", cpu->read);
}

static void stream_row(const struct ddr_stream_status *s, bool colour)
{
	char access[DDR_ACCESS_TEXT], span[32];

	ddr_access_text(access, sizeof(access), s->access);
	print_span(span, sizeof(span), s->oldest_ns, s->now_ns);
	printf("%-16s %-27s %6" PRIu32 " %9" PRIu64 " %9" PRIu64 " %9s %11" PRIu64 " ", s->stream,
	       access, s->routes, s->size / 1024, s->entries, span, s->overrun);
	print_lost(s->dropped + s->commit_overrun, colour);
	printf(" %9" PRIu64 "\n", s->read);
}

static void holder_row(const struct ledger_holder *h)
{
	printf("  held open by %s (process %d of uid %u): %s\n", h->comm, (int)h->pid, h->uid,
	       h->files);
}

/**
 * ledger_table() - print a table to stdout
 * @ledger: what to print.
 * @colour: for a terminal.
 */
void ledger_table(const struct ledger *ledger, bool colour)
{
	const struct ledger_kernel *k = &ledger->kernel;
	size_t i, j;

	printf("%-16s %-27s %6s %9s %9s %9s %11s %9s %9s\n", "STREAM", "ACCESS", "ROUTES",
	       "SIZE/KiB", "HELD", "COVERS/s", "OVERWRITTEN", "DROPPED", "READ");
	for (i = 0; i < ledger->n; i++) {
		stream_row(&ledger->stream[i], colour);
		for (j = 0; j < ledger->n_cpus[i]; j++)
			cpu_row(&ledger->cpu[i][j], colour);
		for (j = 0; j < ledger->n_holders; j++) {
			if (ledger->holder[j].stream == i)
				holder_row(&ledger->holder[j]);
		}
	}
	if (ledger->has_kernel && (k->dropped || k->truncated || k->missed))
		printf("Of all messages of this machine: %llu cut, %llu lost where four were being "
		       "recorded on a CPU already, %llu printed instead\n",
		       k->truncated, k->dropped, k->missed);
	if (ledger->has_kernel && k->ioctls_missed)
		printf("Of all ioctls of this machine: %llu not recorded, as too many were under way\n",
		       k->ioctls_missed);
}
