// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one entropy device. */
@ObjectClassDefinition(name = "Vireo entropy device", description = "Offers random bytes as a virtio entropy device")
public @interface EntropyConfig {

    /**
     * Name of the device.
     *
     * @return a name that no other device of the platform has
     */
    @AttributeDefinition(name = "Name", description = "name of the device, unique on the platform")
    String device_name() default "entropy";

    /**
     * Where the bytes come from.
     *
     * @return path of a device such as /dev/hwrng; blank for the operating system's generator, else Java's
     */
    @AttributeDefinition(name = "Source", description = "path such as /dev/hwrng; blank for the system's generator",
            required = false)
    String source() default "";

    /**
     * Largest size of the queue.
     *
     * @return a power of two, 1 to 32768
     */
    @AttributeDefinition(name = "Queue size", description = "largest size of the queue, a power of two")
    int queue_size() default 64;

    /**
     * The wanted bus.
     *
     * @return an LDAP filter on bus properties; blank for every device-role bus
     */
    @AttributeDefinition(name = "Bus", description = "filter for the wanted buses, such as (bus.name=amp0)",
            required = false)
    String bus_target() default "";

    /**
     * The wanted device number.
     *
     * @return 0 to 65535, or −1 for the lowest free one
     */
    @AttributeDefinition(name = "Number", description = "device number on the bus; -1 for the lowest free one")
    int device_number() default -1;

    /**
     * How long the slot waits for a successor.
     *
     * @return milliseconds
     */
    @AttributeDefinition(name = "Grace", description = "milliseconds for which the slot waits for a successor")
    long grace_ms() default 3000;

    /**
     * Features not to offer.
     *
     * @return names or numbers of ring features; the device has none of its own
     */
    @AttributeDefinition(name = "Without", description = "names or numbers of features not to offer", required = false)
    String[] features_without() default {};
}
