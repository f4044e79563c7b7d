// SPDX-License-Identifier: GPL-2.0-only
/*
 * DRM's ioctls: a message as one begins and one as it ends, around what the same task says in
 * between. They are messages like drm's own, of three classes, so that routes choose them; while none
 * does, nothing is hooked.
 *
 * A return probe on drm_ioctl(). Who is inside when it goes away (an ioctl may wait for ever) ends
 * without a message, and is not waited for: the kernel keeps what the return needs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>
#include <uapi/drm/drm.h>
#include <uapi/linux/dyndbg.h>
#include "drm_hooks.h"

/* Ioctls that can be under way at once; one more goes without messages, and is counted. */
#define UNDER_WAY	256

/* What is kept of an ioctl until it ends. The file is open that long, and so the device is there. */
struct under_way {
	const struct drm_file *file;
	const char *name;
	u64 begun; /* ns */
	unsigned int cmd;
	/* an atomic commit's */
	u32 flags;
	u32 objects;
};

static struct kretprobe probe;
static bool probed;		/* under drm_mutex */
static bool every;		/* not only atomic commits; written under drm_mutex */
static unsigned long missed;	/* by probes that are gone; under drm_mutex */

/*
 * A message, and in the kernel log too if its site has p. Sites are told apart by address, and have
 * one class each: here they are the functions that call this.
 */
static __printf(4, 5) void say(const void *site, unsigned int class, const struct under_way *u,
			       const char *fmt, ...)
{
	struct dyndbg_call call = {
		.ip = (unsigned long)site + 1, /* as a return address: just behind what is named */
		.fmt = fmt,
		.class = class,
		.dev = u->file->minor->dev->dev,
	};
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (dyndbg_hook_message(&call, &vaf)) {
		va_end(args);
		va_start(args, fmt);
		dev_printk(KERN_DEBUG, call.dev, "%pV", &vaf);
	}
	va_end(args);
}

#define SAY_BEGINS(site, class, u, flags, objects)						\
	say(site, class, u, DYNDBG_IOCTL_BEGINS, (u)->name, (u)->cmd, (u)->file->minor->index,	\
	    dd_drm_client((u)->file), task_tgid_nr(current), flags, objects)
#define SAY_ENDS(site, class, u, result)							\
	say(site, class, u, DYNDBG_IOCTL_ENDS, (u)->name, (u)->cmd, (u)->file->minor->index,	\
	    dd_drm_client((u)->file), task_tgid_nr(current), result,				\
	    ktime_get_mono_fast_ns() - (u)->begun)

static noinline void ioctl_begins(const struct under_way *u)
{
	SAY_BEGINS(ioctl_begins, DRM_HOOKS_IOCTL, u, 0, 0);
}

static noinline void ioctl_ends(const struct under_way *u, long result)
{
	SAY_ENDS(ioctl_ends, DRM_HOOKS_IOCTL, u, result);
}

/* drm goes by the number alone: the size may be another version's. */
static bool is_atomic(unsigned int cmd)
{
	return _IOC_NR(cmd) == _IOC_NR(DRM_IOCTL_MODE_ATOMIC);
}

/* What it was asked is read from the caller's memory, as drm will; what is not there reads as 0. */
static noinline void atomic_begins(struct under_way *u, const void __user *arg)
{
	const size_t size = offsetofend(struct drm_mode_atomic, count_objs);
	struct drm_mode_atomic asked = {};

	if (!(u->cmd & IOC_IN) || _IOC_SIZE(u->cmd) < size || copy_from_user_nofault(&asked, arg, size))
		memset(&asked, 0, sizeof(asked));
	u->flags = asked.flags;
	u->objects = asked.count_objs;
	SAY_BEGINS(atomic_begins, DRM_HOOKS_IOCTL_ATOMIC, u, u->flags, u->objects);
}

static noinline void atomic_ends(const struct under_way *u, long result)
{
	SAY_ENDS(atomic_ends, DRM_HOOKS_IOCTL_ATOMIC, u, result);
}

/* Does the caller not see it fail? The call is restarted; or libdrm does that (drmIoctl()). */
static bool comes_again(long result)
{
	return result == -ERESTARTSYS || result == -ERESTARTNOINTR || result == -ERESTARTNOHAND ||
	       result == -ERESTART_RESTARTBLOCK || result == -EINTR || result == -EAGAIN;
}

static noinline void atomic_failed(const struct under_way *u, long result)
{
	if (result >= 0 || comes_again(result) || (u->flags & DRM_MODE_ATOMIC_TEST_ONLY))
		return;
	say(atomic_failed, DRM_HOOKS_ATOMIC_FAILED, u, DYNDBG_IOCTL_FAILED, u->name, u->cmd,
	    u->file->minor->index, dd_drm_client(u->file), task_tgid_nr(current), result, u->flags,
	    u->objects);
}

/*
 * drm_ioctl(filp, cmd, arg) is being called.
 *
 * Context: the caller's, preemption disabled. Return: not 0: its return is of no interest.
 */
static int entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct file *filp = (void *)regs_get_kernel_argument(regs, 0);
	unsigned int cmd = regs_get_kernel_argument(regs, 1);
	const void __user *arg = (void __user *)regs_get_kernel_argument(regs, 2);
	struct under_way *u = (void *)instance->data;
	const struct drm_file *file = filp->private_data;
	bool atomic = is_atomic(cmd);

	if (!atomic && !READ_ONCE(every))
		return 1;
	*u = (struct under_way){
		.file = file,
		.name = drm_ioctl_name(file->minor->dev, cmd),
		.cmd = cmd,
		.begun = ktime_get_mono_fast_ns(),
	};
	if (atomic)
		atomic_begins(u, arg);
	else
		ioctl_begins(u);
	return 0;
}
NOKPROBE_SYMBOL(entry);

/* It returns. Context: as entry(). */
static int ends(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	const struct under_way *u = (void *)instance->data;

	long result = regs_return_value(regs);

	if (is_atomic(u->cmd)) {
		atomic_ends(u, result);
		atomic_failed(u, result);
	} else {
		ioctl_ends(u, result);
	}
	return 0;
}
NOKPROBE_SYMBOL(ends);

/**
 * drm_ioctls_missed() - ioctls that went without messages, as too many were under way
 *
 * Context: process, drm_mutex held.
 */
unsigned long drm_ioctls_missed(void)
{
	return missed + (probed ? READ_ONCE(probe.nmissed) : 0);
}

/**
 * drm_ioctls_follow() - have messages for ioctls
 * @classes: bits of the classes that are wanted; without any of ours, nothing is hooked
 *
 * Context: process, drm_mutex held, drm present, may sleep.
 * Return: 0 or -errno with the reason in the kernel log.
 */
int drm_ioctls_follow(unsigned long classes)
{
	int rc;

	if (!(classes & (BIT(DRM_HOOKS_IOCTL) | BIT(DRM_HOOKS_IOCTL_ATOMIC) | BIT(DRM_HOOKS_ATOMIC_FAILED)))) {
		drm_ioctls_unfollow();
		return 0;
	}
	WRITE_ONCE(every, classes & BIT(DRM_HOOKS_IOCTL));
	if (probed)
		return 0;
	probe = (struct kretprobe){
		.kp.addr = (void *)dyndbg_symbol("drm_ioctl"),
		.entry_handler = entry,
		.handler = ends,
		.maxactive = UNDER_WAY,
		.data_size = sizeof(struct under_way),
	};
	rc = probe.kp.addr ? register_kretprobe(&probe) : -ENOENT;
	if (rc)
		pr_err("drm_ioctl cannot be probed (%d)\n", rc);
	probed = !rc;
	return rc;
}

/**
 * drm_ioctls_unfollow() - no more of them; nothing if there are none
 *
 * Context: process, drm_mutex held, may sleep. On return nobody is in our handlers, nor will be.
 */
void drm_ioctls_unfollow(void)
{
	if (!probed)
		return;
	unregister_kretprobe(&probe);
	missed += probe.nmissed;
	probed = false;
}
