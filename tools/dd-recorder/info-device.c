// SPDX-License-Identifier: GPL-2.0-only
/* The device behind a card as JSON: on which bus, and whose. */
#include <errno.h>
#include <json.h>
#include <stdint.h>
#include <xf86drm.h>

#include "info-json.h"
#include "info.h"

static void pci(const drmDevice *dev, struct json_object *bus, struct json_object *data)
{
	info_add_uint(bus, "domain", dev->businfo.pci->domain);
	info_add_uint(bus, "bus", dev->businfo.pci->bus);
	info_add_uint(bus, "slot", dev->businfo.pci->dev);
	info_add_uint(bus, "function", dev->businfo.pci->func);
	info_add_uint(data, "vendor", dev->deviceinfo.pci->vendor_id);
	info_add_uint(data, "device", dev->deviceinfo.pci->device_id);
	info_add_uint(data, "subsystem_vendor", dev->deviceinfo.pci->subvendor_id);
	info_add_uint(data, "subsystem_device", dev->deviceinfo.pci->subdevice_id);
}

static void usb(const drmDevice *dev, struct json_object *bus, struct json_object *data)
{
	info_add_uint(bus, "bus", dev->businfo.usb->bus);
	info_add_uint(bus, "device", dev->businfo.usb->dev);
	info_add_uint(data, "vendor", dev->deviceinfo.usb->vendor);
	info_add_uint(data, "product", dev->deviceinfo.usb->product);
}

static void of_tree(const char *name, char *const *compatible, struct json_object *bus,
		    struct json_object *data)
{
	struct json_object *list = json_object_new_array();

	info_add_string(bus, "fullname", name);
	for (; compatible && *compatible; compatible++)
		json_object_array_add(list, info_string(*compatible, SIZE_MAX));
	info_add(data, "compatible", list);
}

/**
 * info_device() - the device behind a card
 * @card: the card.
 *
 * Return: an object; NULL where libdrm does not know its bus, which is no error: what the node
 * says stands, too.
 */
struct json_object *info_device(struct info_card *card)
{
	struct json_object *to, *bus, *data;
	drmDevice *dev;

	/* without the flag for the revision, which has to be asked of the hardware */
	if (drmGetDevice2(card->fd, 0, &dev))
		return NULL;
	to = json_object_new_object();
	bus = json_object_new_object();
	data = json_object_new_object();
	info_add_int(to, "available_nodes", dev->available_nodes);
	info_add_int(to, "bus_type", dev->bustype);
	switch (dev->bustype) {
	case DRM_BUS_PCI:
		pci(dev, bus, data);
		break;
	case DRM_BUS_USB:
		usb(dev, bus, data);
		break;
	case DRM_BUS_PLATFORM:
		of_tree(dev->businfo.platform->fullname, dev->deviceinfo.platform->compatible,
			bus, data);
		break;
	case DRM_BUS_HOST1X:
		of_tree(dev->businfo.host1x->fullname, dev->deviceinfo.host1x->compatible, bus,
			data);
		break;
	}
	info_add(to, "device_data", data);
	info_add(to, "bus_data", bus);
	drmFreeDevice(&dev);
	return to;
}
