// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one block device. */
@ObjectClassDefinition(name = "Vireo block device", description = "Offers a raw image file as a virtio block device")
public @interface BlockConfig {

    /**
     * Name of the device.
     *
     * @return a name that no other device of the platform has
     */
    @AttributeDefinition(name = "Name", description = "name of the device, unique on the platform")
    String device_name() default "";

    /**
     * The image.
     *
     * @return path of a raw image file
     */
    @AttributeDefinition(name = "Image", description = "path of the raw image file")
    String path() default "";

    /**
     * Whether writes are refused.
     *
     * @return true to refuse writes; several read-only devices may share an image
     */
    @AttributeDefinition(name = "Read-only", description = "refuse writes; read-only devices may share an image")
    boolean read_only() default false;

    /**
     * Size of the image to be made.
     *
     * @return such as 64MiB; blank to make none
     */
    @AttributeDefinition(name = "Create", description = "size of the sparse image made if there is none, such as 64MiB",
            required = false)
    String create_size() default "";

    /**
     * Identity that a driver is told.
     *
     * @return at most 20 characters of ASCII; blank for one made of the name
     */
    @AttributeDefinition(name = "Identity", description = "serial number, at most 20 characters", required = false)
    String id() default "";

    /**
     * Number of queues.
     *
     * @return 1 to 64
     */
    @AttributeDefinition(name = "Queues", description = "number of queues, 1 to 64")
    int queues() default 1;

    /**
     * Largest size of a queue.
     *
     * @return a power of two, 4 to 32768
     */
    @AttributeDefinition(name = "Queue size", description = "largest size of each queue, a power of two")
    int queue_size() default 256;

    /**
     * Block size that a driver is told.
     *
     * @return a power of two, 512 to 4096
     */
    @AttributeDefinition(name = "Block size", description = "512, 1024, 2048 or 4096 bytes")
    int blk_size() default 512;

    /**
     * Cache mode at first.
     *
     * @return true to make writes durable when flushed, false for each by itself
     */
    @AttributeDefinition(name = "Write-back", description = "make writes durable when flushed, not each by itself")
    boolean writeback() default true;

    /**
     * The wanted bus.
     *
     * @return an LDAP filter on bus properties; blank for any device-role bus
     */
    @AttributeDefinition(name = "Bus", description = "filter for the wanted bus, such as (bus.name=amp0)",
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
     * @return names or numbers of feature bits
     */
    @AttributeDefinition(name = "Without", description = "names or numbers of features not to offer", required = false)
    String[] features_without() default {};
}
