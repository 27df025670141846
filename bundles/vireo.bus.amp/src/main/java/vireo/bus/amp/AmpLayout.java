// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

/** Where the two rings of a bus lie: in a file each, or at fixed places of one area. */
enum AmpLayout {

    /** Two files, one ring each, as QEMU's bus between processes of one host has them. */
    FILES("files", 4096, 0, 0, 0),

    /** One area: the driver queue in its first page, the device queue in its second. */
    PAGE_PAIR("page-pair", AmpLayout.PAGE_SLOTS, 0x2000, 0x0000, 0x1000),

    /** One window of four pages: reserved, driver queue, device queue, reserved. */
    WINDOW("window", AmpLayout.PAGE_SLOTS, 0x4000, 0x1000, 0x2000);

    /** As many slots as fit into 4 KiB behind the indices. */
    private static final int PAGE_SLOTS = (0x1000 - (int) SlotRing.SLOTS_OFFSET) / SlotRing.SLOT_BYTES;

    private final String key;
    private final int slots;
    private final long areaBytes;
    private final long driverOffset;
    private final long deviceOffset;

    AmpLayout(String key, int slots, long areaBytes, long driverOffset, long deviceOffset) {
        this.key = key;
        this.slots = slots;
        this.areaBytes = areaBytes;
        this.driverOffset = driverOffset;
        this.deviceOffset = deviceOffset;
    }

    /** Returns the name used in configurations. */
    String key() {
        return key;
    }

    /** Returns the usual number of slots, and for one area the largest that fits. */
    int slots() {
        return slots;
    }

    /** Tells whether both rings lie in one file. */
    boolean oneArea() {
        return areaBytes != 0;
    }

    /** Returns how large a file must be that holds a ring of so many slots, or both of them. */
    long fileBytes(int ringSlots) {
        return oneArea() ? areaBytes : SlotRing.bytes(ringSlots);
    }

    /** Returns where in its file the ring from driver to device starts. */
    long driverOffset() {
        return driverOffset;
    }

    /** Returns where in its file the ring from device to driver starts. */
    long deviceOffset() {
        return deviceOffset;
    }
}
