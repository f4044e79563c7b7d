// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands on __drm_dev_dbg() as other users of ftrace do, for the selftests of dyndbg_drm's way in:
 *   modprobe dyndbg_test_way kind=KIND
 *   shared	a direct call beside which others may redirect the function, as BPF's
 *   alone	a direct call that nobody may be beside
 *   ipmodify	may redirect it, as a livepatch (and does not)
 *   half	the same with the last of the functions that dyndbg_drm hooks
 * Loading fails where ftrace refuses.
 */
#include <linux/module.h>
#include <drm/drm_print.h>
#include "compat.h"

static char *kind = "";
module_param(kind, charp, 0400);

#if DD_DRM_DBG_PRINTER
#define LAST	__drm_printfn_dbg
#else
#define LAST	___drm_dbg
#endif

/* Called directly, which allows it no register: it has nothing but a return. */
static noinline notrace void nothing(void)
{
}

static void look(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *op,
		 struct ftrace_regs *fregs)
{
}

/* "You may": whatever is asked, and whichever arguments the kernel asks it with. */
static int consent(void)
{
	return 0;
}

static struct ftrace_ops ops;
static unsigned long on = (unsigned long)__drm_dev_dbg;
static bool direct;

static int __init dyndbg_test_way_init(void)
{
	int rc;

	direct = strcmp(kind, "ipmodify") && strcmp(kind, "half");
	if (!strcmp(kind, "half"))
		on = (unsigned long)LAST;
	rc = ftrace_set_filter_ip(&ops, on, 0, 1);
	if (rc)
		return rc;
	if (!direct) {
		ops.func = look;
		ops.flags |= FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_SAVE_REGS;
		rc = register_ftrace_function(&ops);
	} else {
		if (!strcmp(kind, "shared"))
			ops.ops_func = (void *)consent;
		rc = dd_ftrace_direct_add(&ops, (unsigned long)nothing);
	}
	if (rc)
		ftrace_set_filter_ip(&ops, on, 1, 0);
	return rc;
}

static void __exit dyndbg_test_way_exit(void)
{
	if (direct)
		dd_ftrace_direct_del(&ops, (unsigned long)nothing);
	else
		unregister_ftrace_function(&ops);
	ftrace_set_filter_ip(&ops, on, 1, 0);
}

module_init(dyndbg_test_way_init);
module_exit(dyndbg_test_way_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Another user of the function that dyndbg_drm hooks");
