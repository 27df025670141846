// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the block driver; every value has a default, so that none is needed. */
@ObjectClassDefinition(name = "Vireo block driver", description = "Makes volumes of the block devices that buses show")
public @interface BlockDriverConfig {

    /**
     * Largest data of one request.
     *
     * @return bytes, a multiple of 512
     */
    @AttributeDefinition(name = "Largest request", description = "bytes of one request; more is cut and pipelined")
    int max_transfer() default 131072;

    /**
     * Requests in flight per queue.
     *
     * @return 1 to 1024
     */
    @AttributeDefinition(name = "Requests", description = "requests in flight per queue; each has a buffer of its own")
    int requests() default 32;

    /**
     * Queues used of one device.
     *
     * @return 1 to 64; never more than there are processors
     */
    @AttributeDefinition(name = "Queues", description = "queues used of a device that has several")
    int queues() default 4;

    /**
     * How long a request may take.
     *
     * @return milliseconds
     */
    @AttributeDefinition(name = "Time-out", description = "milliseconds after which a request has failed")
    long timeout_ms() default 30000;

    /**
     * How long a caller polls before it sleeps.
     *
     * @return microseconds; 0 to sleep at once
     */
    @AttributeDefinition(name = "Polling", description = "microseconds for which a waiting caller polls the ring")
    long poll_us() default 50;
}
