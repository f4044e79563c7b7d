// SPDX-License-Identifier: GPL-2.0-only
/*
 * dyndbg_trace: records dynamic debug's messages into trace instances. This file takes the
 * commands and ties the parts together.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include "dyndbg.h"
#include "inflight.h"

DEFINE_MUTEX(dd_mutex);
bool dd_live;

static int exec_flags(const struct dd_cmd *cmd, const char **why)
{
	bool records = (cmd->flags.bits & DD_T) && cmd->flags.op != '-';
	struct dd_dest *dest = NULL;
	struct dd_rules *rules;
	struct dd_change ch;
	int rc, n;

	if (cmd->flags.label) {
		dest = dd_dest_find(cmd->flags.label);
		if (!dest) {
			*why = "that destination is not open";
			return -EINVAL;
		}
	} else if (records) {
		dest = dd_default_dest;
	}
	if (records || (dest && dest->idx)) {
		rc = dd_dest_enable(dest ?: dd_dests[0]);
		if (rc) {
			*why = "its events cannot be enabled";
			return rc;
		}
	}
	dd_change_from(&cmd->flags, dest, &ch);
	if (!cmd->match.class || !dd_found_class(cmd->match.class))
		return dd_apply_flags(&cmd->match, &ch, why);

	/* What can fail comes first, what cannot be undone last. */
	n = 0;
	if (cmd->flags.op != '-' && (cmd->flags.bits & (DD_P | DD_T)))
		n = dd_found_update_hooks(&cmd->match, false);
	n = n ?: dd_flags_rule_prepare(cmd, dest, &rules);
	if (!n) {
		n = dd_apply_flags(&cmd->match, &ch, why);
		if (n < 0)
			dd_flags_rule_cancel(rules);
	}
	if (n >= 0) {
		dd_flags_rule_commit(rules);
		n += dd_found_apply(&cmd->match, &ch);
	} else if (n == -ENOSPC) {
		*why = "too many standing queries of classes";
	}
	dd_found_update_hooks(NULL, false);
	return n;
}

static int exec_route(const struct dd_cmd *cmd, const char **why)
{
	struct dd_dest *dest = dd_dest_find(cmd->flags.label);
	int rc, n;

	if (!dest) {
		*why = "that destination is not open";
		return -EINVAL;
	}
	if (cmd->flags.op != '-') {
		rc = dd_found_update_hooks(&cmd->match, true);
		if (rc)
			return rc;
	}
	n = dd_route_query(cmd, dest);
	if (n == -ENOSPC)
		*why = "too many routes";
	dd_found_update_hooks(NULL, false);
	return n;
}

/* Return: sites concerned, or -errno with the reason logged; then nothing has changed. */
static int exec_cmd(const struct dd_cmd *cmd, const char *modname)
{
	const char *why = "out of memory or refused by the kernel";
	struct dd_cmd of_module;
	int rc = 0;

	switch (cmd->verb) {
	case DD_OPEN:
		rc = dd_dest_open(cmd, &why);
		if (rc)
			pr_err("open %s%s%s: %s (%d)\n", cmd->name,
			       cmd->clock ? " clock=" : "", cmd->clock ?: "", why, rc);
		break;
	case DD_CLOSE:
		rc = dd_dest_close(cmd->name, &why);
		if (rc)
			pr_err("close %s: %s (%d)\n", cmd->name, why, rc);
		break;
	case DD_QUERY:
		of_module = *cmd;
		if (!of_module.match.module)
			of_module.match.module = modname;
		rc = cmd->device ? exec_route(&of_module, &why) : exec_flags(&of_module, &why);
		if (rc < 0)
			pr_err("query for %s: %s (%d)\n",
			       cmd->flags.label ?: "flags", why, rc);
		break;
	}
	return rc;
}

static int exec_batch(char *query, const char *modname)
{
	struct dd_batch batch = {
		.pos = query,
		.known_flags = DD_P | DD_M | DD_F | DD_L | DD_TID | DD_S_FLAG | DD_D_FLAG,
	};
	int rc, err = 0, found = 0;
	struct dd_cmd cmd;

	for (;;) {
		rc = dd_parse_next(&batch, &cmd);
		if (!rc)
			break;
		if (rc < 0)
			pr_err("%s\n", batch.err);
		else
			rc = exec_cmd(&cmd, modname);
		if (rc >= 0) {
			found += rc;
			continue;
		}
		err = err ?: rc;
		if (cmd.verb != DD_QUERY) /* what follows may rely on it */
			break;
	}
	return err ?: found;
}

/**
 * dd_exec_queries() - parse and apply a batch; replaces the stock ddebug_exec_queries()
 * @query: the batch, NUL-terminated; it is cut into pieces
 * @modname: the module that "dyndbg=" was given for, or NULL
 *
 * Context: process, may sleep; from the control file, module parameters and the module
 * loader. Entered with dd_inflight raised by the redirect.
 * Return: the number of sites concerned, or the first error.
 */
int dd_exec_queries(char *query, const char *modname)
{
	bool ours;
	int rc = 0;

	mutex_lock(&dd_mutex);
	ours = dd_live;
	if (ours)
		rc = exec_batch(query, modname);
	mutex_unlock(&dd_mutex);
	if (!ours) /* we were switched off while it waited for the lock */
		rc = dd_stock_exec_queries(query, modname);
	dd_inflight_leave(dd_inflight);
	return rc;
}

static void forget_found(const struct module *mod)
{
	dd_found_forget(dd_module_text(mod), dd_module_text_size(mod));
	dd_found_forget(dd_module_rodata(mod), dd_module_rodata_size(mod));
	dd_found_forget(dd_module_init_text(mod), dd_module_init_text_size(mod));
}

static void init_goes(const struct module *mod)
{
	dd_found_forget(dd_module_init_text(mod), dd_module_init_text_size(mod));
	dd_hex_forget_text(dd_module_init_text(mod), dd_module_init_text_size(mod));
}

/*
 * A table comes with its module's COMING and goes with its GOING; on 6.1 it comes before
 * and goes after. Keys come with a notifier too, so we have to be after those at COMING.
 */
static int module_coming(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (state == MODULE_STATE_COMING) {
		forget_found(mod); /* who was there before may have had a last word after GOING */
		dd_module_coming(mod->name);
	}
	if (state == MODULE_STATE_LIVE)
		init_goes(mod);
	return NOTIFY_DONE;
}

static int module_going(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (state != MODULE_STATE_GOING)
		return NOTIFY_DONE;
	dd_module_going(mod->name);
	forget_found(mod);
	return NOTIFY_DONE;
}

static struct notifier_block coming_nb = { .notifier_call = module_coming, .priority = -100 };
static struct notifier_block going_nb = { .notifier_call = module_going, .priority = 100 };

static void go_live(bool live)
{
	mutex_lock(&dd_mutex);
	mutex_lock(dd_stock.lock);
	if (!live) {
		dd_silence_all();
		if (DD_D_FLAG) { /* who passed a key before has yet to look for d */
			mutex_unlock(dd_stock.lock);
			synchronize_rcu_tasks();
			synchronize_rcu();
			mutex_lock(dd_stock.lock);
		}
		dd_restore_stock();
	}
	WRITE_ONCE(dd_live, live);
	mutex_unlock(dd_stock.lock);
	if (!live)
		dd_print_hooks_disarm();
	mutex_unlock(&dd_mutex);
}

static int __init dyndbg_trace_init(void)
{
	int rc;

	rc = dd_stock_init() ?: dd_record_init();
	if (rc)
		return rc;
	rc = dd_meta_init();
	if (rc)
		goto err_record;
	rc = dd_sitesfile_init();
	if (rc)
		goto err_meta;
	rc = dd_rules_init();
	if (rc)
		goto err_sitesfile;
	rc = dd_dest_init();
	if (rc)
		goto err_rules;
	rc = dd_control_hooks_add();
	if (rc)
		goto err_dest;
	rc = register_module_notifier(&coming_nb);
	if (rc)
		goto err_hooks;
	rc = register_module_notifier(&going_nb);
	if (rc)
		goto err_coming;
	go_live(true);
	return 0;

err_coming:
	unregister_module_notifier(&coming_nb);
err_hooks:
	dd_control_hooks_remove();
err_dest:
	dd_dest_exit();
err_rules:
	dd_rules_exit();
err_sitesfile:
	dd_sitesfile_exit();
err_meta:
	dd_meta_exit();
err_record:
	dd_record_exit();
	return rc;
}

/*
 * Everybody first sees the stock kernel again, then whoever is still inside is waited for,
 * then what they used is freed.
 */
static void __exit dyndbg_trace_exit(void)
{
	go_live(false);
	unregister_module_notifier(&coming_nb);
	unregister_module_notifier(&going_nb);
	dd_control_hooks_remove();
	dd_dest_exit();
	dd_rules_exit();
	dd_register_exit();
	dd_sitesfile_exit();
	dd_sites_exit();
	dd_meta_exit();
	dd_record_exit();
	rcu_barrier();
}

module_init(dyndbg_trace_init);
module_exit(dyndbg_trace_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Record dynamic debug's messages into trace instances");
