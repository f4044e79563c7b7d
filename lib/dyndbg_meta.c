// SPDX-License-Identifier: GPL-2.0-only
/*
 * What readers need to know of a site, copied once when it is first used: its messages
 * outlive its module, and so does this. Entries are never changed and are freed when we are
 * unloaded, which clears the buffers; until then numbers are never given to another.
 *
 * A module that comes back finds its entries again by their content, so that their number
 * is bounded by what there is to be said.
 */
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include "dyndbg.h"

#define CHUNK_BITS	8
#define CHUNK_METAS	(1U << CHUNK_BITS)
#define INDEX_BITS	16
#define MAX_METAS	(1U << INDEX_BITS)

/* By number; written under dd_mutex, read without a lock. Index 0 is nobody's. */
static struct dd_meta **chunks[MAX_METAS / CHUNK_METAS];
static unsigned int n_metas = 1;
static DEFINE_HASHTABLE(by_content, 9); /* under dd_mutex */

/* Under dd_mutex: what a new entry is made of, before it is known to be new. */
static struct {
	struct dd_op ops[DD_OPS_MAX];
	char format[DD_FORMAT_MAX];
} *scratch;

/**
 * dd_meta_nth() - registered sites by number
 * @n: from 1
 *
 * Context: any, NMI included.
 * Return: the entry, good until we are unloaded; NULL past the last one.
 */
const struct dd_meta *dd_meta_nth(unsigned int n)
{
	if (!n || n >= smp_load_acquire(&n_metas))
		return NULL;
	return chunks[n >> CHUNK_BITS][n & (CHUNK_METAS - 1)];
}

/**
 * dd_meta_find() - the registered site of a record
 * @key: the number that the record carries
 *
 * A buffer may hold what was recorded before a reboot: half of the number is made of the
 * site's texts, so that it finds its site or none.
 *
 * Context: any, NMI included.
 * Return: the entry, or NULL.
 */
const struct dd_meta *dd_meta_find(u32 key)
{
	const struct dd_meta *meta = dd_meta_nth(key & (MAX_METAS - 1));

	return meta && meta->key == key ? meta : NULL;
}

/*
 * A format in memory that can be written may be another one at the next call. @owner: the
 * module of the site, which alone may own the format, for the two go together; NULL where
 * that does not matter. The copy is made before the module can go.
 */
static bool copy_format(const char *fmt, const char *owner)
{
	unsigned long addr = (unsigned long)fmt, start, size;
	struct module *mod;
	bool ok = false;

	if (addr >= dd_stock.rodata && addr < dd_stock.rodata_end)
		return strscpy(scratch->format, fmt, sizeof(scratch->format)) >= 0;
	preempt_disable();
	mod = dd_stock_module_of(addr);
	if (mod && (!owner || !strcmp(mod->name, owner))) {
		start = dd_module_rodata(mod);
		size = dd_module_rodata_size(mod);
		ok = addr >= start && addr < start + size &&
		     strscpy(scratch->format, fmt, sizeof(scratch->format)) >= 0;
	}
	preempt_enable();
	return ok;
}

static u32 hash_of(const struct dd_view *v)
{
	u32 hash = jhash(scratch->format, strlen(scratch->format), v->line);

	hash = jhash(v->module, strlen(v->module), hash);
	hash = jhash(v->function, strlen(v->function), hash);
	hash = jhash(v->file, strlen(v->file), hash);
	return jhash(v->class, strlen(v->class), hash);
}

static bool same(const struct dd_meta *m, const struct dd_view *v)
{
	return m->line == v->line && !strcmp(m->format, scratch->format) &&
	       !strcmp(m->module, v->module) && !strcmp(m->function, v->function) &&
	       !strcmp(m->file, v->file) && !strcmp(m->class, v->class);
}

static struct dd_meta *make(const struct dd_view *v, unsigned int n_ops)
{
	const char *texts[] = { v->module, v->function, v->file, v->class, scratch->format };
	size_t size = sizeof(struct dd_meta) + n_ops * sizeof(struct dd_op);
	const char **to[ARRAY_SIZE(texts)];
	struct dd_meta *m;
	unsigned int i;
	char *p;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		size += strlen(texts[i]) + 1;
	m = kmalloc(size, GFP_KERNEL);
	if (!m)
		return NULL;
	m->line = v->line;
	m->n_ops = n_ops;
	memcpy(m->ops, scratch->ops, n_ops * sizeof(*m->ops));
	to[0] = &m->module;
	to[1] = &m->function;
	to[2] = &m->file;
	to[3] = &m->class;
	to[4] = &m->format;
	p = (char *)&m->ops[n_ops];
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		*to[i] = p;
		strcpy(p, texts[i]);
		p += strlen(p) + 1;
	}
	return m;
}

/**
 * dd_meta_get() - register a site
 * @v: its texts; they are copied. Its class is not NULL
 * @fmt: the format of its messages
 * @owner: the module that must own @fmt if the kernel itself does not; NULL for any
 *
 * Context: process, dd_mutex held, may sleep; the site's module cannot go.
 * Return: the entry; NULL when the format has no shape or is not constant, when there is no
 * memory or when all numbers are taken: its messages are recorded with all that is known of it.
 */
struct dd_meta *dd_meta_get(const struct dd_view *v, const char *fmt, const char *owner)
{
	struct dd_meta *m, **chunk;
	unsigned int n = n_metas;
	int n_ops;
	u32 hash;

	lockdep_assert_held(&dd_mutex);
	if (!copy_format(fmt, owner))
		return NULL;
	n_ops = dd_shape_make(scratch->format, scratch->ops, DD_OPS_MAX);
	if (n_ops < 0)
		return NULL;
	hash = hash_of(v);
	hash_for_each_possible(by_content, m, link, hash)
		if (same(m, v))
			return m;
	if (n == MAX_METAS)
		return NULL;
	chunk = chunks[n >> CHUNK_BITS];
	if (!chunk) {
		chunk = kcalloc(CHUNK_METAS, sizeof(*chunk), GFP_KERNEL);
		if (!chunk)
			return NULL;
		chunks[n >> CHUNK_BITS] = chunk;
	}
	m = make(v, n_ops);
	if (!m)
		return NULL;
	m->key = n | (hash >> INDEX_BITS) << INDEX_BITS;
	hash_add(by_content, &m->link, hash);
	chunk[n & (CHUNK_METAS - 1)] = m;
	smp_store_release(&n_metas, n + 1);
	return m;
}

/**
 * dd_meta_init() - make ready to register sites
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int dd_meta_init(void)
{
	scratch = kvmalloc(sizeof(*scratch), GFP_KERNEL);
	return scratch ? 0 : -ENOMEM;
}

/**
 * dd_meta_exit() - forget all sites
 *
 * The kernel takes our events' print functions away after our exit, so somebody may be reading
 * still: his records' sites are lost from here on.
 *
 * Context: process, may sleep; nobody can record any more.
 */
void dd_meta_exit(void)
{
	unsigned int n, had = n_metas;

	down_write(dd_stock.event_sem);
	smp_store_release(&n_metas, 0);
	up_write(dd_stock.event_sem);
	for (n = 1; n < had; n++)
		kfree(chunks[n >> CHUNK_BITS][n & (CHUNK_METAS - 1)]);
	for (n = 0; n < ARRAY_SIZE(chunks); n++)
		kfree(chunks[n]);
	kvfree(scratch);
}
