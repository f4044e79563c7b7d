// SPDX-License-Identifier: GPL-2.0-only
/* The policy: nobody gets what was not granted. */
#include <errno.h>
#include <string.h>

#include "../lib/policy.h"
#include "ktap.h"

static struct ddr_config *config;

static bool load(void)
{
	static const char text[] = "[stream a]\nselect=module a\n[stream b]\nselect=module b\n"
				   "[stream c]\nselect=module c\n"
				   "[subscriber one]\nuser=1001\nstreams=a\naccess=live\n"
				   "[subscriber more]\nuser=1001\nstreams=a b\naccess=snapshot\n"
				   "[subscriber video]\ngroup=44\nstreams=b\naccess=mark\n"
				   "[subscriber both]\nuser=1002\ngroup=55\nstreams=c\n"
				   "access=snapshot live mark\n"
				   "[subscriber seat]\nuser=1004\nunit=w@1.service\nstreams=c\n"
				   "access=snapshot\n"
				   "[subscriber unit]\nunit=x.scope\nstreams=a\naccess=mark\n"
				   "[subscriber here]\nseat=seat0\nstreams=b\naccess=live\n"
				   "[subscriber mine]\nseat=seat1\nuser=1006\nstreams=b\n"
				   "access=copy\n";
	char error[DDR_CONFIG_ERROR_MAX] = "";
	FILE *f = fmemopen((void *)text, strlen(text), "r");

	config = ddr_config_new();
	if (ddr_config_read(config, f, "t", error) || ddr_config_finish(config, error))
		printf("# %s\n", error);
	fclose(f);
	return !error[0];
}

static uint32_t access_of(uid_t uid, gid_t gid, gid_t extra, const char *stream)
{
	struct ddr_peer peer = { .uid = uid, .gid = gid, .groups = &extra, .n_groups = !!extra };

	return ddr_policy_access(config, &peer, stream);
}

static int open_as(uid_t uid, const char *stream, uint32_t access)
{
	struct ddr_peer peer = { .uid = uid, .gid = 100 };

	return ddr_policy_open(config, &peer, stream, access);
}

static bool by_user(void)
{
	EXPECT(load());
	EXPECT(access_of(1001, 100, 0, "a") == (DDR_LIVE | DDR_SNAPSHOT));
	EXPECT(access_of(1001, 100, 0, "b") == DDR_SNAPSHOT);
	EXPECT(access_of(1001, 100, 0, "c") == 0);
	EXPECT(access_of(1003, 100, 0, "a") == 0);
	return true;
}

static uint32_t access_in(uid_t uid, char *unit, const char *stream)
{
	struct ddr_peer peer = { .uid = uid, .gid = 100, .unit = unit };

	return ddr_policy_access(config, &peer, stream);
}

static bool by_unit(void)
{
	EXPECT(access_in(1004, "w@1.service", "c") == DDR_SNAPSHOT);
	EXPECT(access_in(1004, "w@2.service", "c") == 0 && access_in(1004, NULL, "c") == 0);
	EXPECT(access_in(1004, "w@1.service.d", "c") == 0 && access_in(1004, "", "c") == 0);
	EXPECT(access_in(1005, "w@1.service", "c") == 0);
	EXPECT(access_in(1005, "x.scope", "a") == DDR_MARK && access_in(1005, NULL, "a") == 0);
	EXPECT(access_in(1001, "x.scope", "a") == (DDR_LIVE | DDR_SNAPSHOT | DDR_MARK));
	return true;
}

static uint32_t access_at(uid_t uid, char **seats, const char *stream)
{
	struct ddr_peer peer = { .uid = uid, .gid = 100, .seats = seats };

	return ddr_policy_access(config, &peer, stream);
}

static bool by_seat(void)
{
	char *none[] = { NULL }, *first[] = { "seat0", NULL }, *both[] = { "seat1", "seat0", NULL };
	char *longer[] = { "seat01", "seat", NULL };

	EXPECT(access_at(1005, first, "b") == DDR_LIVE && access_at(1005, first, "a") == 0);
	EXPECT(access_at(1005, none, "b") == 0 && access_at(1005, NULL, "b") == 0);
	EXPECT(access_at(1005, longer, "b") == 0 && access_at(1005, both, "b") == DDR_LIVE);
	EXPECT(access_at(1006, both, "b") == (DDR_LIVE | DDR_COPY));
	EXPECT(access_at(1006, first, "b") == DDR_LIVE && access_at(1006, NULL, "b") == 0);
	return true;
}

static bool by_group(void)
{
	EXPECT(access_of(1003, 44, 0, "b") == DDR_MARK);
	EXPECT(access_of(1003, 100, 44, "b") == DDR_MARK);
	EXPECT(access_of(1003, 100, 45, "b") == 0);
	/* a uid is no gid */
	EXPECT(access_of(44, 100, 0, "b") == 0 && access_of(7, 1001, 0, "a") == 0);
	return true;
}

static bool by_both(void)
{
	EXPECT(access_of(1002, 55, 0, "c") == (DDR_SNAPSHOT | DDR_LIVE | DDR_MARK));
	EXPECT(access_of(1002, 100, 55, "c") == (DDR_SNAPSHOT | DDR_LIVE | DDR_MARK));
	EXPECT(access_of(1002, 100, 0, "c") == 0);
	EXPECT(access_of(1003, 55, 0, "c") == 0);
	return true;
}

static bool refusals(void)
{
	EXPECT(open_as(1001, "a", DDR_LIVE) == 0);
	EXPECT(open_as(1001, "a", DDR_LIVE | DDR_SNAPSHOT) == 0);
	/* all or nothing */
	EXPECT(open_as(1001, "a", DDR_LIVE | DDR_MARK) == EACCES);
	EXPECT(open_as(1001, "a", 0) == EACCES);
	/* what is not granted and what does not exist look alike */
	EXPECT(open_as(1001, "c", DDR_LIVE) == EACCES);
	EXPECT(open_as(1001, "nope", DDR_LIVE) == EACCES);
	EXPECT(open_as(1001, "", DDR_LIVE) == EACCES);
	return true;
}

static bool saved(void)
{
	struct ddr_peer peer = { .uid = 1001, .gid = 100 };
	struct ddr_peer zero = { .uid = 0 };
	struct ddr_stream *a = ddr_config_add_stream(config, "a"); /* the one that is there */

	EXPECT(ddr_policy_saved(config, &peer, "a") == 0);
	EXPECT(ddr_policy_saved(config, &peer, "c") == EACCES);
	EXPECT(ddr_policy_saved(config, &peer, "nope") == EACCES);
	EXPECT(ddr_policy_saved(config, &zero, "c") == 0 && ddr_policy_saved(config, &zero, "nope") == ENOENT);
	/* the daemon's own is nobody's */
	a->internal = true;
	EXPECT(ddr_policy_saved(config, &zero, "a") == ENOENT && open_as(0, "a", DDR_LIVE) == ENOENT);
	EXPECT(open_as(1001, "a", DDR_LIVE) == EACCES && !ddr_policy_access(config, &zero, "a"));
	a->internal = false;
	return true;
}

static bool root(void)
{
	EXPECT(open_as(0, "c", DDR_ACCESS_ALL) == 0);
	EXPECT(open_as(0, "nope", DDR_LIVE) == ENOENT);
	return true;
}

static bool empty(void)
{
	struct ddr_peer peer = { .uid = 1001, .gid = 100 };
	struct ddr_config *none = ddr_config_new();

	EXPECT(none && ddr_policy_access(none, &peer, "a") == 0);
	EXPECT(ddr_policy_open(none, &peer, "a", DDR_LIVE) == EACCES);
	ddr_config_free(none);
	ddr_config_free(config);
	return true;
}

static const struct ktap_case cases[] = {
	{ "granted to a user, by several subscribers together", by_user },
	{ "by unit", by_unit },
	{ "by seat", by_seat },
	{ "granted to a group, also a supplementary one", by_group },
	{ "user and group both have to match", by_both },
	{ "refusals", refusals },
	{ "what was saved", saved },
	{ "uid 0", root },
	{ "an empty configuration grants nothing", empty },
};

KTAP_MAIN(cases)
