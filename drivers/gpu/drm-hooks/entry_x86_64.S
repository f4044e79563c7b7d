/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands in front of drm's debug functions. Most calls are nobody's messages and cost what
 * they cost here, which a C function with variable arguments could not be brought down to: it
 * saves and restores more than the answer needs.
 */
#include <linux/linkage.h>
#include <linux/objtool.h>
#include <asm/percpu.h>

	.text

/*
 * Asks @find, and goes on in @message if the message may be somebody's. Both get a struct
 * drm_args of calls.c: room for a va_list, the argument registers in the order of its register
 * save area, and, as the stack has it anyway, the return address and the other arguments behind
 * them. Counts itself in drm_inflight first and last. ftrace gets here by a return, so no ENDBR is
 * needed.
 */
.macro REDIRECTED name find message
SYM_FUNC_START(\name)
	ANNOTATE_NOENDBR
	incq	PER_CPU_VAR(drm_inflight)
	pushq	%r9
	pushq	%r8
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	subq	$24, %rsp
	movq	%rsp, %rdi
	call	\find		/* a struct dyndbg_hit: the site in %rax, the mask in %rdx */
	testq	%rdx, %rdx
	jnz	.Lmessage\@
.Lout\@:
	addq	$72, %rsp
	decq	PER_CPU_VAR(drm_inflight)
	RET
.Lmessage\@:
	movq	%rsp, %rdi
	movq	%rax, %rsi
	call	\message
	jmp	.Lout\@
SYM_FUNC_END(\name)
.endm

REDIRECTED drm_dev_dbg_redirected drm_dev_dbg_find drm_dev_dbg_message
REDIRECTED drm_dbg_redirected drm_dbg_find drm_dbg_message

/*
 * From the first instruction of a drm function to ours, where ftrace calls a trampoline
 * directly. On entry the stack holds where to go on in drm's function and, above it, where that
 * returns to. The first gives way to our function's address, at which the RET then arrives with
 * all registers as drm's caller left them and the stack as after a call from there.
 *
 * A call is answered by a return, although an addition and a jump would be as few instructions:
 * the processor predicts returns by counting calls, and with one too many on its books it would
 * mispredict each return from here up to the system call's. So only this one is.
 *
 * That it returns to where nothing was called from is all right: kernels have no shadow stack
 * of their own (ftrace's trampolines return to drm's function or a direct call's the same way).
 * Nothing gets here by an indirect branch, so there is no ENDBR. Where calls are counted
 * against retbleed, this return is and the call before it is not: the return stack is only
 * stuffed the earlier.
 *
 * Nothing here is on the stack or needs our module's data: who is preempted here, before our
 * function has counted itself in, is waited for by dd_inflight_wait().
 */
SYM_FUNC_START(drm_dev_dbg_entry)
	ANNOTATE_NOENDBR
	movq $drm_dev_dbg_redirected, (%rsp)
	RET
SYM_FUNC_END(drm_dev_dbg_entry)

SYM_FUNC_START(drm_dbg_entry)
	ANNOTATE_NOENDBR
	movq $drm_dbg_redirected, (%rsp)
	RET
SYM_FUNC_END(drm_dbg_entry)
