// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What a configuration of factory pid {@code vireo.bus.amp} may say. On one host {@code bus.name}, {@code role},
 * {@code dir} and {@code memory.trusted} are enough, with the same values but for the role on both sides. Sizes and
 * addresses may be written as 64M, 1G or 0x40000000, which is why they are text here; {@link AmpSettings} checks them.
 */
@ObjectClassDefinition(id = AmpConfig.PID, name = "Vireo: bus over shared-memory FIFOs",
        description = "One half of a point-to-point message bus between two processes that share memory")
@interface AmpConfig {

    /** The factory pid. */
    String PID = "vireo.bus.amp";

    @AttributeDefinition(name = "Name",
            description = "Name of the bus, unique on the platform together with the role; part of default file names")
    String bus_name();

    @AttributeDefinition(name = "Role", description = "Which half of the bus this is",
            options = {@Option(value = "device", label = "has devices"),
                @Option(value = "driver", label = "finds devices")})
    String role();

    @AttributeDefinition(required = false, name = "Directory",
            description = "Existing directory of the default files, the same on both sides; /dev/shm needs no disk")
    String dir() default "";

    @AttributeDefinition(required = false, name = "Layout", description = "Where the two rings lie",
            options = {@Option(value = "files", label = "two files (QEMU's bus on one host)"),
                @Option(value = "page-pair", label = "two pages of one area (ivshmem, first AMP PCI device)"),
                @Option(value = "window", label = "one window of 16 KiB (AMP PCI device of 2026)")})
    String layout() default "files";

    @AttributeDefinition(required = false, name = "Driver queue",
            description = "File of the ring from driver to device, layout files; default DIR/queue-NAME-driver")
    String ring_driver() default "";

    @AttributeDefinition(required = false, name = "Device queue",
            description = "File of the ring from device to driver, layout files; default DIR/queue-NAME-device")
    String ring_device() default "";

    @AttributeDefinition(required = false, name = "Ring area",
            description = "File with both rings, layouts page-pair and window; default DIR/area-NAME")
    String ring_area() default "";

    @AttributeDefinition(required = false, name = "Slots",
            description = "Slots of each ring; default 4096 with layout files, else 62")
    String slots() default "";

    @AttributeDefinition(required = false, name = "Create",
            description = "Whether this side makes files that are missing; default true for role device, else false")
    String create() default "";

    @AttributeDefinition(required = false, name = "Wake-up",
            description = "How a sleeping peer is woken: a byte on the Unix socket, or an eventfd passed over it",
            options = {@Option(value = "socket", label = "byte on the socket"),
                @Option(value = "eventfd", label = "eventfd")})
    String wake() default "socket";

    @AttributeDefinition(required = false, name = "Wake-up socket",
            description = "Path of the Unix stream socket; default DIR/wake-NAME")
    String wake_path() default "";

    @AttributeDefinition(required = false, name = "Listen",
            description = "Whether this side listens on the socket and the peer connects; default true for role device")
    String wake_listen() default "";

    @AttributeDefinition(required = false, name = "Memory file",
            description = "File of the driver's memory; default DIR/memory-NAME")
    String memory_file() default "";

    @AttributeDefinition(required = false, name = "Memory base",
            description = "Driver address of the file's first byte, or of the first byte behind its low part")
    String memory_base() default "0x40000000";

    @AttributeDefinition(required = false, name = "Memory size",
            description = "Size of the memory file when it is made; default 64M")
    String memory_size() default "";

    @AttributeDefinition(required = false, name = "Low part",
            description = "How many bytes at the start of the file lie at memory.low.base and not at memory.base")
    String memory_low() default "0";

    @AttributeDefinition(required = false, name = "Low part's base",
            description = "Driver address of the low part")
    String memory_low_base() default "0";

    @AttributeDefinition(required = false, name = "Trust memory",
            description = "Whether to map memory that the peer could make shorter under us, as any plain file")
    boolean memory_trusted() default false;

    @AttributeDefinition(required = false, name = "Ping",
            description = "Whether a silent peer is asked whether it is alive")
    boolean ping() default true;

    @AttributeDefinition(required = false, name = "Profile", description = "Wire layout of the messages",
            options = {@Option(value = "rfc3", label = "draft RFC3"), @Option(value = "v1", label = "V1 of 2026")})
    String profile() default "rfc3";

    @AttributeDefinition(required = false, name = "Polling time",
            description = "Microseconds for which the rings are watched after the last message before the bus sleeps")
    int poll_us() default 50;

    @AttributeDefinition(required = false, name = "Device numbers",
            description = "How many device numbers there are, 1 to 65536")
    int max_devices() default 256;
}
