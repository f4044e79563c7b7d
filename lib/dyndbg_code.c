// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking into a site's code: what does it call when its key is on?
 *
 * Most sites hand their descriptor to the function that prints, where we stand. Those made
 * by dynamic_hex_dump() and other users of _dynamic_func_call_no_desc() do not: with their
 * key on they print, whatever we do. Which is which stands nowhere but in the code, so it
 * is looked for there: the descriptor's address as an operand, and calls of
 * print_hex_dump(), whose return address then is the site's identity.
 */
#include <linux/jump_label.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include "dyndbg.h"

#ifdef CONFIG_X86_64

/* A stretch of text. */
struct text {
	unsigned long start, end;
};

/* call rel32 (Intel SDM, volume 2, CALL) */
#define CALL_OPCODE	0xe8
#define CALL_SIZE	5

static s32 s32_at(unsigned long addr)
{
	s32 v;

	memcpy(&v, (const void *)addr, sizeof(v));
	return v;
}

/* The function that an address lies in. Return: false for none. */
static bool function_at(unsigned long addr, struct text *t)
{
	unsigned long size, offset;

	if (!dd_stock_symbol_size(addr, &size, &offset) || size > SZ_1M)
		return false;
	t->start = addr - offset;
	t->end = t->start + size;
	return true;
}

/* Is the address an operand, by itself or relative to the next instruction? */
static bool mentions(const struct text *t, unsigned long start, const void *what)
{
	unsigned long p;

	for (p = start; p + sizeof(s32) <= t->end; p++) {
		s32 v = s32_at(p);

		if (v == (s32)(long)what || p + sizeof(s32) + v == (unsigned long)what)
			return true;
	}
	return false;
}

/* Return: where the first call of @function behind @start returns to, 0 for none. */
static unsigned long call_of(const struct text *t, unsigned long start, unsigned long function)
{
	unsigned long p;

	for (p = start; p + CALL_SIZE <= t->end; p++)
		if (*(const u8 *)p == CALL_OPCODE && p + CALL_SIZE + s32_at(p + 1) == function)
			return p + CALL_SIZE;
	return 0;
}

/*
 * Return: 0 when the code behind the jump hands the descriptor on, or its function cannot be
 * found; where its call of print_hex_dump() returns to; or 1 when it does neither.
 */
static unsigned long look_behind(const struct jump_entry *entry, const struct _ddebug *desc)
{
	unsigned long code = jump_entry_code(entry), block;
	struct text t, from;

	/* A likely branch has its block right behind, an unlikely one where it jumps to. */
	block = jump_entry_is_branch(entry) ? code : jump_entry_target(entry);
	if (!function_at(block, &t))
		return 0;
	if (mentions(&t, block, desc) || mentions(&t, t.start, desc))
		return 0;
	if (function_at(code, &from) && from.start != t.start && mentions(&from, from.start, desc))
		return 0;
	return call_of(&t, block, dd_stock.hex_dump) ?: 1;
}

/*
 * The end of the jump table that a descriptor's key belongs to. Init code that is there stays
 * until preemption is enabled: it is freed a grace period after the module is LIVE.
 */
static const struct jump_entry *table_end(const struct _ddebug *desc, bool *init_gone)
{
	const struct jump_entry *end = dd_stock.jump_table_end;
	struct module *mod = dd_stock_module_of((unsigned long)desc);

	*init_gone = true;
	if (mod) {
		end = mod->jump_entries + mod->num_jump_entries;
		*init_gone = READ_ONCE(mod->state) != MODULE_STATE_COMING;
	}
	return end;
}

/**
 * dd_code_look() - what does a site call?
 * @desc: the site's descriptor
 * @ips: filled with the addresses that its calls of print_hex_dump() return to
 * @max: room in @ips; a function that was inlined often has a call for each
 *
 * Context: process, ddebug_lock held: the descriptor's module stays, but for its init code.
 * Return: 0 for a site that hands its descriptor on, and for one that cannot be looked at;
 * the number of @ips for a hex dump; -EOPNOTSUPP when it calls something that we do not
 * know without its descriptor, or has more than @max calls.
 */
int dd_code_look(const struct _ddebug *desc, unsigned long *ips, unsigned int max)
{
	const struct static_key *key = &desc->key.dd_key_true.key;
	const struct jump_entry *entry, *end;
	unsigned long got;
	bool init_gone;
	int n = 0;

	lockdep_assert_held(dd_stock.lock);
	if (key->type & JUMP_TYPE_LINKED)
		return 0;
	entry = (const struct jump_entry *)(key->type & ~JUMP_TYPE_MASK);
	preempt_disable();
	end = table_end(desc, &init_gone);
	for (; entry && entry < end && jump_entry_key(entry) == key; entry++) {
		if (init_gone && jump_entry_is_init(entry))
			continue;
		got = look_behind(entry, desc);
		if (!got)
			continue;
		if (got == 1 || n == max) {
			n = -EOPNOTSUPP;
			break;
		}
		ips[n++] = got;
	}
	preempt_enable();
	return n;
}

#else

/* Only known how to on x86-64: elsewhere hex dumps are printed as by the stock kernel. */
int dd_code_look(const struct _ddebug *desc, unsigned long *ips, unsigned int max)
{
	return 0;
}

#endif
