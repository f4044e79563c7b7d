/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernel versions; the only place that may look at
 * LINUX_VERSION_CODE. Ranges are half open: from the version named on.
 */
#ifndef _DYNDBG_COMPAT_H
#define _DYNDBG_COMPAT_H

#include <linux/ftrace.h>
#include <linux/trace_events.h>
#include <linux/version.h>

/* The kernels whose private structures were checked: [6.1, 7.4). */
#define DD_KERNEL_KNOWN	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0) && \
			 LINUX_VERSION_CODE < KERNEL_VERSION(7, 4, 0))

/* trace_array_get_by_name() takes the event systems to make: from 6.8. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define dd_trace_array_get(name)	trace_array_get_by_name(name, NULL)
#else
#define dd_trace_array_get(name)	trace_array_get_by_name(name)
#endif

/* tracing_update_buffers(), private: takes the trace array: from 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define DD_UPDATE_BUFFERS_ARG		struct trace_array *
#define DD_UPDATE_BUFFERS_PASS(tr)	tr
#else
#define DD_UPDATE_BUFFERS_ARG		void
#define DD_UPDATE_BUFFERS_PASS(tr)
#endif

/* An instance may hold what was recorded before the last boot: from 6.12. */
#define DD_INSTANCES_OF_LAST_BOOT	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0))

/*
 * Up to 6.3 a module's sites are listed before its keys are set up (at COMING), and an unload
 * of a load that failed in between is told to nobody.
 */
#define DD_SITES_BEFORE_KEYS	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0))

/* The flag 's' (source file), and more room for a prefix: from 6.4. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define DD_S_FLAG	0x20	/* 's' */
#define DD_PREFIX_SIZE	128
#else
#define DD_S_FLAG	0
#define DD_PREFIX_SIZE	64
#endif

/* 'd', the stack dump. */
#ifdef _DPRINTK_FLAGS_INCL_STACK
#define DD_D_FLAG	_DPRINTK_FLAGS_INCL_STACK
#else
#define DD_D_FLAG	0
#endif

/*
 * struct module's text, the part of it that goes after the module's init, and its constants: the
 * layouts became an array: from 6.4.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define dd_module_init_text(mod)	((unsigned long)(mod)->mem[MOD_INIT_TEXT].base)
#define dd_module_init_text_size(mod)	((mod)->mem[MOD_INIT_TEXT].size)
#define dd_module_text(mod)		((unsigned long)(mod)->mem[MOD_TEXT].base)
#define dd_module_text_size(mod)	((mod)->mem[MOD_TEXT].size)
#define dd_module_rodata(mod)		((unsigned long)(mod)->mem[MOD_RODATA].base)
#define dd_module_rodata_size(mod)	((mod)->mem[MOD_RODATA].size)
#else
#define dd_module_init_text(mod)	((unsigned long)(mod)->init_layout.base)
#define dd_module_init_text_size(mod)	((mod)->init_layout.text_size)
#define dd_module_text(mod)		((unsigned long)(mod)->core_layout.base)
#define dd_module_text_size(mod)	((mod)->core_layout.text_size)
#define dd_module_rodata(mod)		((unsigned long)(mod)->core_layout.base + \
					 (mod)->core_layout.text_size)
#define dd_module_rodata_size(mod)	((mod)->core_layout.ro_size - (mod)->core_layout.text_size)
#endif

/*
 * Descriptors lie in the kernel's image or in a module: on x86-64 in the last 2 GiB, so
 * that the lower half of an address tells it.
 */
#ifdef CONFIG_X86_64
typedef u32 dd_desc_t;
#define dd_desc_pack(desc)	((u32)(unsigned long)(desc))
#define dd_desc_unpack(packed)	((struct _ddebug *)(long)(s32)(packed))
#else
typedef unsigned long dd_desc_t;
#define dd_desc_pack(desc)	((unsigned long)(desc))
#define dd_desc_unpack(packed)	((struct _ddebug *)(packed))
#endif

/* Where a function returns to, at its entry. */
#ifdef CONFIG_X86_64
#define dd_return_address(regs)	regs_get_kernel_stack_nth(regs, 0)
#else
#define dd_return_address(regs)	0UL	/* nobody's: see dyndbg_code.c */
#endif

/*
 * DRM built on dynamic debug: its sites have descriptors, but the function that they call is
 * drm's own, where only dyndbg_drm stands.
 */
#define DD_DRM_SITES		IS_ENABLED(CONFIG_DRM_USE_DYNAMIC_DEBUG)

/* An ftrace callback's way to change where its function goes on: renamed in 6.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define dd_ftrace_set_ip(fregs, ip)	ftrace_regs_set_instruction_pointer(fregs, ip)
#else
#define dd_ftrace_set_ip(fregs, ip)	ftrace_instruction_pointer_set(fregs, ip)
#endif

/*
 * Having functions call a trampoline directly: renamed in 6.4. Before that, an ops that was
 * refused is left half made.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define dd_ftrace_direct_add(ops, addr)	register_ftrace_direct(ops, addr)
#define dd_ftrace_direct_del(ops, addr)	unregister_ftrace_direct(ops, addr, false)
#else
static inline int dd_ftrace_direct_add(struct ftrace_ops *ops, unsigned long addr)
{
	ops->func = NULL;
	ops->trampoline = 0;
	return register_ftrace_direct_multi(ops, addr);
}
#define dd_ftrace_direct_del(ops, addr)	unregister_ftrace_direct_multi(ops, addr)
#endif

/*
 * What to give those to get to the function @to: the trampoline @entry, or, where it may be
 * a jump instead of a call, the function. 0 without @entry.
 */
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_JMP
#define dd_ftrace_direct_address(entry, to) \
	((entry) ? ftrace_jmp_set((unsigned long)(to)) : 0UL)
#else
#define dd_ftrace_direct_address(entry, to)	((unsigned long)(entry))
#endif

/* DRM printers that know class, device and caller: from 6.9. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define DD_DRM_DBG_PRINTER	1
#else
#define DD_DRM_DBG_PRINTER	0
#endif

/* Which of a device's open files it is, as its fdinfo says: from 6.5. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define dd_drm_client(file)	((file)->client_id)
#else
#define dd_drm_client(file)	0ULL
#endif

#endif /* _DYNDBG_COMPAT_H */
