// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The optional configuration {@code vireo.transport}. */
@ObjectClassDefinition(name = "Vireo transport", description = "Deadlines and threads of the whole transport")
public @interface TransportConfig {
    /**
     * Property {@code deadline.ms}.
     *
     * @return how long a request waits for its response
     */
    @AttributeDefinition(name = "Deadline", description = "How long a request to a device waits for its response, in "
            + "milliseconds", min = "1", max = "3600000")
    long deadline_ms() default 10_000;

    /**
     * Property {@code stall.ms}.
     *
     * @return how long a bus may be full
     */
    @AttributeDefinition(name = "Stall time", description = "How long a bus may be full before its peer counts as "
            + "gone, in milliseconds", min = "1", max = "3600000")
    long stall_ms() default 5_000;

    /**
     * Property {@code workers}.
     *
     * @return number of threads that serve queues
     */
    @AttributeDefinition(name = "Workers", description = "How many threads serve queues; 0 for as many as there are "
            + "cores", min = "0", max = "256")
    int workers() default 0;

    /**
     * Property {@code poll.us}.
     *
     * @return how long such a thread polls
     */
    @AttributeDefinition(name = "Polling time", description = "How long a worker looks for more after its last chain "
            + "before it sleeps, in microseconds", min = "0", max = "1000000")
    long poll_us() default 50;
}
