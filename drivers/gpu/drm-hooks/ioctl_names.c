// SPDX-License-Identifier: GPL-2.0-only
/*
 * The names of DRM's ioctls. A driver's stand in a table of its own; those of drm itself in one
 * that only drm_ioctl() sees. So here they are, by number and without DRM_IOCTL_, obsolete ones too
 * (include/uapi/drm/drm.h, where a number never changes its meaning).
 */
#include <drm/drm_drv.h>
#include <drm/drm_ioctl.h>
#include <uapi/drm/drm.h>
#include "drm_hooks.h"

static const char * const names[] = {
	[0x00] = "VERSION",
	[0x01] = "GET_UNIQUE",
	[0x02] = "GET_MAGIC",
	[0x03] = "IRQ_BUSID",
	[0x04] = "GET_MAP",
	[0x05] = "GET_CLIENT",
	[0x06] = "GET_STATS",
	[0x07] = "SET_VERSION",
	[0x08] = "MODESET_CTL",
	[0x09] = "GEM_CLOSE",
	[0x0a] = "GEM_FLINK",
	[0x0b] = "GEM_OPEN",
	[0x0c] = "GET_CAP",
	[0x0d] = "SET_CLIENT_CAP",
	[0x10] = "SET_UNIQUE",
	[0x11] = "AUTH_MAGIC",
	[0x12] = "BLOCK",
	[0x13] = "UNBLOCK",
	[0x14] = "CONTROL",
	[0x15] = "ADD_MAP",
	[0x16] = "ADD_BUFS",
	[0x17] = "MARK_BUFS",
	[0x18] = "INFO_BUFS",
	[0x19] = "MAP_BUFS",
	[0x1a] = "FREE_BUFS",
	[0x1b] = "RM_MAP",
	[0x1c] = "SET_SAREA_CTX",
	[0x1d] = "GET_SAREA_CTX",
	[0x1e] = "SET_MASTER",
	[0x1f] = "DROP_MASTER",
	[0x20] = "ADD_CTX",
	[0x21] = "RM_CTX",
	[0x22] = "MOD_CTX",
	[0x23] = "GET_CTX",
	[0x24] = "SWITCH_CTX",
	[0x25] = "NEW_CTX",
	[0x26] = "RES_CTX",
	[0x27] = "ADD_DRAW",
	[0x28] = "RM_DRAW",
	[0x29] = "DMA",
	[0x2a] = "LOCK",
	[0x2b] = "UNLOCK",
	[0x2c] = "FINISH",
	[0x2d] = "PRIME_HANDLE_TO_FD",
	[0x2e] = "PRIME_FD_TO_HANDLE",
	[0x30] = "AGP_ACQUIRE",
	[0x31] = "AGP_RELEASE",
	[0x32] = "AGP_ENABLE",
	[0x33] = "AGP_INFO",
	[0x34] = "AGP_ALLOC",
	[0x35] = "AGP_FREE",
	[0x36] = "AGP_BIND",
	[0x37] = "AGP_UNBIND",
	[0x38] = "SG_ALLOC",
	[0x39] = "SG_FREE",
	[0x3a] = "WAIT_VBLANK",
	[0x3b] = "CRTC_GET_SEQUENCE",
	[0x3c] = "CRTC_QUEUE_SEQUENCE",
	[0x3f] = "UPDATE_DRAW",
	[0xa0] = "MODE_GETRESOURCES",
	[0xa1] = "MODE_GETCRTC",
	[0xa2] = "MODE_SETCRTC",
	[0xa3] = "MODE_CURSOR",
	[0xa4] = "MODE_GETGAMMA",
	[0xa5] = "MODE_SETGAMMA",
	[0xa6] = "MODE_GETENCODER",
	[0xa7] = "MODE_GETCONNECTOR",
	[0xa8] = "MODE_ATTACHMODE",
	[0xa9] = "MODE_DETACHMODE",
	[0xaa] = "MODE_GETPROPERTY",
	[0xab] = "MODE_SETPROPERTY",
	[0xac] = "MODE_GETPROPBLOB",
	[0xad] = "MODE_GETFB",
	[0xae] = "MODE_ADDFB",
	[0xaf] = "MODE_RMFB",
	[0xb0] = "MODE_PAGE_FLIP",
	[0xb1] = "MODE_DIRTYFB",
	[0xb2] = "MODE_CREATE_DUMB",
	[0xb3] = "MODE_MAP_DUMB",
	[0xb4] = "MODE_DESTROY_DUMB",
	[0xb5] = "MODE_GETPLANERESOURCES",
	[0xb6] = "MODE_GETPLANE",
	[0xb7] = "MODE_SETPLANE",
	[0xb8] = "MODE_ADDFB2",
	[0xb9] = "MODE_OBJ_GETPROPERTIES",
	[0xba] = "MODE_OBJ_SETPROPERTY",
	[0xbb] = "MODE_CURSOR2",
	[0xbc] = "MODE_ATOMIC",
	[0xbd] = "MODE_CREATEPROPBLOB",
	[0xbe] = "MODE_DESTROYPROPBLOB",
	[0xbf] = "SYNCOBJ_CREATE",
	[0xc0] = "SYNCOBJ_DESTROY",
	[0xc1] = "SYNCOBJ_HANDLE_TO_FD",
	[0xc2] = "SYNCOBJ_FD_TO_HANDLE",
	[0xc3] = "SYNCOBJ_WAIT",
	[0xc4] = "SYNCOBJ_RESET",
	[0xc5] = "SYNCOBJ_SIGNAL",
	[0xc6] = "MODE_CREATE_LEASE",
	[0xc7] = "MODE_LIST_LESSEES",
	[0xc8] = "MODE_GET_LEASE",
	[0xc9] = "MODE_REVOKE_LEASE",
	[0xca] = "SYNCOBJ_TIMELINE_WAIT",
	[0xcb] = "SYNCOBJ_QUERY",
	[0xcc] = "SYNCOBJ_TRANSFER",
	[0xcd] = "SYNCOBJ_TIMELINE_SIGNAL",
	[0xce] = "MODE_GETFB2",
	[0xcf] = "SYNCOBJ_EVENTFD",
	[0xd0] = "MODE_CLOSEFB",
	[0xd1] = "SET_CLIENT_NAME",
	[0xd2] = "GEM_CHANGE_HANDLE",
};

/**
 * drm_ioctl_name() - what an ioctl is called
 * @drm: the device; its driver has numbers of its own
 * @cmd: the command; drm looks at its number alone, but a foreign one is not to be taken for drm's
 *
 * Context: any.
 * Return: the name without DRM_IOCTL_, as drivers have theirs; it lives as long as the driver.
 * "UNKNOWN" where there is none.
 */
const char *drm_ioctl_name(const struct drm_device *drm, unsigned int cmd)
{
	const struct drm_driver *driver = drm->driver;
	unsigned int nr = _IOC_NR(cmd);
	const char *name = NULL;

	if (_IOC_TYPE(cmd) != DRM_IOCTL_BASE)
		return "UNKNOWN";
	if (nr < DRM_COMMAND_BASE || nr >= DRM_COMMAND_END) {
		if (nr < ARRAY_SIZE(names))
			name = names[nr];
	} else if (nr - DRM_COMMAND_BASE < driver->num_ioctls) {
		name = driver->ioctls[nr - DRM_COMMAND_BASE].name;
	}
	return name ?: "UNKNOWN";
}
