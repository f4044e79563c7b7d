// SPDX-License-Identifier: GPL-2.0-only
/* What dd-recorder status prints, byte for byte. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../dd-recorder/ledger.h"
#include "ktap.h"

static struct ledger ledger = {
	.stream = {
		{ .stream = "kms", .destination = "kms", .access = DDR_SNAPSHOT | DDR_MARK,
		  .routes = 2, .size = 1048576, .entries = 30, .overrun = 4, .commit_overrun = 1,
		  .dropped = 2, .read = 5, .bytes = 999, .oldest_ns = 1500000000,
		  .now_ns = 3000000000 },
		{ .stream = "empty", .destination = "empty", .access = DDR_LIVE },
	},
	.n = 2,
};
static struct ddr_cpu_status cpu[] = {
	{ .cpu = 0, .entries = 30, .overrun = 4, .oldest_ns = 1500000000, .now_ns = 3000000000 },
	{ .cpu = 3, .dropped = 2, .commit_overrun = 1, .now_ns = 2900000000 },
};

static struct ledger_holder holder[] = {
	{ .pid = 812, .uid = 1001, .comm = "weston", .files = "trace,trace_pipe" },
};

/* What @print writes to stdout, up to @size - 1 bytes */
static bool captured(void (*print)(void), char *buf, size_t size)
{
	int out = dup(STDOUT_FILENO);
	FILE *file = tmpfile();
	size_t n;

	if (out < 0 || !file)
		return false;
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	print();
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(file);
	n = fread(buf, 1, size - 1, file);
	buf[n] = '\0';
	fclose(file);
	return true;
}

static void plain(void)
{
	ledger_table(&ledger, false);
}

static void coloured(void)
{
	ledger_table(&ledger, true);
}

static void as_json(void)
{
	ledger_json(&ledger);
}

static bool table(void)
{
	static const char want[] =
		"STREAM           ACCESS                      ROUTES  SIZE/KiB      HELD  COVERS/s OVERWRITTEN   DROPPED      READ\n"
		"kms              snapshot,mark                    2      1024        30       1.5           4         3         5\n"
		"  cpu0                                                               30       1.5           4         0         0\n"
		"  cpu3                                                                0         -           0         3         0\n"
		"  held open by weston (process 812 of uid 1001): trace,trace_pipe\n"
		"empty            live                             0         0         0         -           0         0         0\n";
	char got[2048];

	ledger.cpu[0] = cpu;
	ledger.n_cpus[0] = 2;
	ledger.holder = holder;
	ledger.n_holders = 1;
	EXPECT(captured(plain, got, sizeof(got)));
	EXPECT(!strcmp(got, want));
	EXPECT(captured(coloured, got, sizeof(got)));
	EXPECT(strstr(got, "\033[31m        3\033[0m") && strstr(got, "         0         0\n"));
	ledger.has_kernel = 1;
	EXPECT(captured(plain, got, sizeof(got)) && !strcmp(got, want));
	ledger.kernel = (struct ledger_kernel){ .dropped = 1, .truncated = 2, .missed = 3, .ioctls_missed = 4 };
	EXPECT(captured(plain, got, sizeof(got)));
	EXPECT(strstr(got, "2 cut, 1 lost where") && strstr(got, "3 printed instead\n"));
	return true;
}

static bool json(void)
{
	static const char want[] =
		"{\"streams\":[{\"stream\":\"kms\",\"destination\":\"kms\","
		"\"access\":[\"snapshot\",\"mark\"],\"routes\":2,\"size\":1048576,\"entries\":30,"
		"\"overrun\":4,\"commit_overrun\":1,\"dropped\":2,\"read\":5,\"bytes\":999,"
		"\"oldest_ns\":1500000000,\"now_ns\":3000000000,\"cpus\":["
		"{\"cpu\":0,\"entries\":30,\"overrun\":4,\"commit_overrun\":0,\"dropped\":0,"
		"\"read\":0,\"bytes\":0,\"oldest_ns\":1500000000,\"now_ns\":3000000000},"
		"{\"cpu\":3,\"entries\":0,\"overrun\":0,\"commit_overrun\":1,\"dropped\":2,"
		"\"read\":0,\"bytes\":0,\"oldest_ns\":0,\"now_ns\":2900000000}],"
		"\"holders\":[{\"pid\":812,\"uid\":1001,\"comm\":\"weston\","
		"\"files\":\"trace,trace_pipe\"}]},"
		"{\"stream\":\"empty\",\"destination\":\"empty\",\"access\":[\"live\"],"
		"\"routes\":0,\"size\":0,\"entries\":0,\"overrun\":0,\"commit_overrun\":0,"
		"\"dropped\":0,\"read\":0,\"bytes\":0,\"oldest_ns\":0,\"now_ns\":0,\"cpus\":[],"
		"\"holders\":[]}],"
		"\"kernel\":{\"dropped\":1,\"truncated\":2,\"missed\":3,\"ioctls_missed\":4}}\n";
	char got[4096];

	EXPECT(captured(as_json, got, sizeof(got)));
	EXPECT(!strcmp(got, want));
	ledger.has_kernel = 0;
	ledger.n = 0;
	EXPECT(captured(as_json, got, sizeof(got)) && !strcmp(got, "{\"streams\":[]}\n"));
	return true;
}

static const struct ktap_case cases[] = {
	{ "a table", table },
	{ "JSON", json },
};

KTAP_MAIN(cases)
