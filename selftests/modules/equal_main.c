// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is what is read of a record what snprintf() makes of its format and arguments? For
 * selftests/dynamic_debug/equal:
 *   echo "WAY 1" > /sys/module/dyndbg_equal/parameters/fire
 *   cat /sys/kernel/debug/dyndbg_equal/expected
 *
 * WAY is pr, dev (with a device), nodev (without); hidden fires pointers that were to be shown.
 * The file holds the texts of all messages fired, in their order, each as a line (that may have
 * newlines in it), a record's limit and what marks a cut one taken into account. What is behind
 * a NUL in a text is left out: no reader of strings sees it.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "../../include/uapi/linux/dyndbg.h"
#include "equal.h"
#include "fire.h"

#define EXPECTED_MAX	(4 << 20)

static DEFINE_MUTEX(lock); /* of what follows */
static char *expected;
static size_t expected_len;
static char text[DYNDBG_TEXT_MAX];

void equal_expect(unsigned int lead, const char *fmt, ...)
{
	unsigned int len, size = sizeof(text) - lead;
	const char *mark = "";
	va_list args;

	mutex_lock(&lock);
	va_start(args, fmt);
	len = vsnprintf(text, size, fmt, args);
	va_end(args);
	if (len >= size)
		mark = " [truncated]";
	else if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	expected_len += scnprintf(expected + expected_len, EXPECTED_MAX - expected_len, "%s%s\n",
				  text, mark);
	mutex_unlock(&lock);
}
EXPORT_SYMBOL_GPL(equal_expect);

static ssize_t expected_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	ssize_t n;

	mutex_lock(&lock);
	n = simple_read_from_buffer(to, count, pos, expected, expected_len);
	mutex_unlock(&lock);
	return n;
}

static const struct file_operations expected_fops = {
	.owner = THIS_MODULE,
	.read = expected_read,
	.llseek = default_llseek,
};

static void fire_pr(int i)
{
	equal_fire_pr();
}

static void fire_dev(int i)
{
	equal_fire_dev();
}

static void fire_nodev(int i)
{
	equal_fire_nodev();
}

static void fire_hidden(int i)
{
	equal_fire_hidden();
}

static const struct fire_kind kinds[] = {
	{ "pr", fire_pr }, { "dev", fire_dev }, { "nodev", fire_nodev }, { "hidden", fire_hidden },
};

FIRE_PARAM(kinds);

/* What must not occur in a record: where equal.word lies */
static int address_get(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%lx\n", (unsigned long)equal.word);
}

static const struct kernel_param_ops address_ops = { .get = address_get };
module_param_cb(address, &address_ops, NULL, 0400);

static struct dentry *dir;

static int __init dyndbg_equal_init(void)
{
	int rc;

	expected = vzalloc(EXPECTED_MAX);
	if (!expected)
		return -ENOMEM;
	rc = equal_objects_init();
	if (rc) {
		equal_objects_exit();
		vfree(expected);
		return rc;
	}
	dir = debugfs_create_dir("dyndbg_equal", NULL);
	debugfs_create_file("expected", 0400, dir, NULL, &expected_fops);
	return 0;
}

static void __exit dyndbg_equal_exit(void)
{
	debugfs_remove_recursive(dir);
	equal_objects_exit();
	vfree(expected);
}

module_init(dyndbg_equal_init);
module_exit(dyndbg_equal_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Formats and arguments for the selftests of dyndbg_trace");
