// SPDX-License-Identifier: GPL-2.0-only
/* The figures of dd-recorder status, as a table for people and as JSON for programs. */
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
}

/* What streams and CPUs have in common */
#define JSON_FIGURES(s)                                                                          \
	printf("\"entries\":%" PRIu64 ",\"overrun\":%" PRIu64 ",\"commit_overrun\":%" PRIu64     \
	       ",\"dropped\":%" PRIu64 ",\"read\":%" PRIu64 ",\"bytes\":%" PRIu64                \
	       ",\"oldest_ns\":%" PRIu64 ",\"now_ns\":%" PRIu64,                                 \
	       (s)->entries, (s)->overrun, (s)->commit_overrun, (s)->dropped, (s)->read,         \
	       (s)->bytes, (s)->oldest_ns, (s)->now_ns)

static void holders_json(const struct ledger *ledger, size_t stream)
{
	const struct ledger_holder *h = ledger->holder, *end = h + ledger->n_holders;
	const char *comma = "";

	printf("],\"holders\":[");
	for (; h < end; h++) {
		if (h->stream != stream)
			continue;
		printf("%s{\"pid\":%d,\"uid\":%u,\"comm\":\"%s\",\"files\":\"%s\"}", comma,
		       (int)h->pid, h->uid, h->comm, h->files);
		comma = ",";
	}
	printf("]}");
}

static void stream_json(const struct ledger *ledger, size_t stream)
{
	const struct ddr_stream_status *s = &ledger->stream[stream];
	const struct ddr_cpu_status *cpu = ledger->cpu[stream];
	const char *comma = "";
	uint32_t bit;
	size_t i;

	/* Names of streams have no character that JSON would want escaped. */
	printf("{\"stream\":\"%s\",\"destination\":\"%s\",\"access\":[", s->stream,
	       s->destination);
	for (bit = 1; bit & DDR_ACCESS_ALL; bit <<= 1) {
		if (!(s->access & bit))
			continue;
		printf("%s\"%s\"", comma, ddr_access_name(bit));
		comma = ",";
	}
	printf("],\"routes\":%" PRIu32 ",\"size\":%" PRIu64 ",", s->routes, s->size);
	JSON_FIGURES(s);
	printf(",\"cpus\":[");
	for (i = 0; i < ledger->n_cpus[stream]; i++) {
		printf("%s{\"cpu\":%" PRIu32 ",", i ? "," : "", cpu[i].cpu);
		JSON_FIGURES(&cpu[i]);
		printf("}");
	}
	holders_json(ledger, stream);
}

/**
 * ledger_json() - print a JSON object to stdout, in one line
 * @ledger: what to print.
 */
void ledger_json(const struct ledger *ledger)
{
	size_t i;

	printf("{\"streams\":[");
	for (i = 0; i < ledger->n; i++) {
		if (i)
			printf(",");
		stream_json(ledger, i);
	}
	printf("]");
	if (ledger->has_kernel)
		printf(",\"kernel\":{\"dropped\":%llu,\"truncated\":%llu,\"missed\":%llu}",
		       ledger->kernel.dropped, ledger->kernel.truncated, ledger->kernel.missed);
	printf("}\n");
}
