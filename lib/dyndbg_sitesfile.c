// SPDX-License-Identifier: GPL-2.0-only
/* /proc/dynamic_debug/sites: what the numbers in records mean, for tools. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include "dyndbg.h"

static struct proc_dir_entry *entry;

/* Positions: 0 the first line, then devices from 1 on, then sites, above them. */
#define FIRST_SITE	0x10000

static void *at(loff_t *pos)
{
	if (*pos > 0 && *pos < FIRST_SITE && !dd_device_name(*pos))
		*pos = FIRST_SITE;
	if (*pos >= FIRST_SITE)
		return (void *)dd_meta_nth(*pos - FIRST_SITE + 1);
	return *pos ? (void *)dd_device_name(*pos) : SEQ_START_TOKEN;
}

static void *sites_start(struct seq_file *m, loff_t *pos)
{
	return at(pos);
}

static void *sites_next(struct seq_file *m, void *p, loff_t *pos)
{
	++*pos;
	return at(pos);
}

static void sites_stop(struct seq_file *m, void *p)
{
}

static void show_string(struct seq_file *m, const char *s)
{
	static const char escaped[] =
		"\001\002\003\004\005\006\a\b\t\n\v\f\r\016\017\020\021\022\023\024\025\026\027"
		"\030\031\032\033\034\035\036\037\177\"\\";

	seq_puts(m, " \"");
	seq_escape_str(m, s, ESCAPE_SPACE | ESCAPE_OCTAL, escaped);
	seq_putc(m, '"');
}

static int sites_show(struct seq_file *m, void *p)
{
	const struct dd_meta *meta = p;

	if (p == SEQ_START_TOKEN) {
		seq_puts(m, "# dyndbg sites 1\n");
	} else if (m->index < FIRST_SITE) {
		seq_printf(m, "device %lld", m->index);
		show_string(m, p);
		seq_putc(m, '\n');
	} else {
		seq_printf(m, "site 0x%08x", meta->key);
		show_string(m, meta->class);
		show_string(m, meta->module);
		show_string(m, meta->function);
		show_string(m, meta->file);
		seq_printf(m, " %u", meta->line);
		show_string(m, meta->format);
		seq_putc(m, '\n');
	}
	return 0;
}

static const struct seq_operations sites_ops = {
	.start = sites_start,
	.next = sites_next,
	.stop = sites_stop,
	.show = sites_show,
};

/**
 * dd_sitesfile_init() - make the file
 *
 * Context: process, may sleep. Return: 0 or -ENOMEM.
 */
int dd_sitesfile_init(void)
{
	entry = proc_create_seq("dynamic_debug/sites", 0444, NULL, &sites_ops);
	if (!entry)
		pr_err("cannot make /proc/dynamic_debug/sites\n");
	return entry ? 0 : -ENOMEM;
}

/**
 * dd_sitesfile_exit() - remove the file; waits for those who are reading
 *
 * Context: process, may sleep.
 */
void dd_sitesfile_exit(void)
{
	proc_remove(entry);
}
