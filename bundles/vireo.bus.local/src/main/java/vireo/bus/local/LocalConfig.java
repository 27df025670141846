// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What a configuration of factory pid {@code vireo.bus.local} may say; {@code bus.name} is enough. Sizes and addresses may
 * be written as 16M or 0x40000000, which is why they are text here; {@link LocalSettings} checks them.
 */
@ObjectClassDefinition(id = LocalConfig.PID, name = "Vireo: bus within this process",
        description = "Both halves of a message bus between devices and drivers of one process, and their memory")
@interface LocalConfig {

    /** The factory pid. */
    String PID = "vireo.bus.local";

    @AttributeDefinition(name = "Name", description = "Name of the bus, unique on the platform")
    String bus_name();

    @AttributeDefinition(name = "Memory size", description = "Size of the drivers' memory, a multiple of 4096")
    String memory_size() default "16M";

    @AttributeDefinition(name = "Memory base", description = "Driver address of the memory's first byte, a multiple of 4096")
    String memory_base() default "0x40000000";

    @AttributeDefinition(name = "Queue depth",
            description = "How many messages may wait in each direction, a power of two")
    int queue_depth() default 256;

    @AttributeDefinition(name = "Largest message", description = "In bytes, header included, at most 65535")
    int max_message_size() default 264;

    @AttributeDefinition(name = "Profile", description = "Wire layout of the messages",
            options = {@Option(value = "rfc3", label = "draft RFC3"), @Option(value = "v1", label = "V1 of 2026")})
    String profile() default "rfc3";

    @AttributeDefinition(name = "Signalling", description = "How queues are notified",
            options = {@Option(value = "in-band", label = "by messages, as on any bus"),
                @Option(value = "out-of-band", label = "beside the messages")})
    String signalling() default "in-band";

    @AttributeDefinition(name = "Polling time",
            description = "Microseconds for which each half looks for the next message before it sleeps")
    int poll_us() default 0;

    @AttributeDefinition(name = "Device numbers", description = "How many device numbers there are, 1 to 65536")
    int max_devices() default 256;
}
