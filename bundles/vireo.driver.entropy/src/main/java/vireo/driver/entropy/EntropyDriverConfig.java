// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the entropy driver; every value has a default, so that none is needed. */
@ObjectClassDefinition(name = "Vireo entropy driver", description = "Makes sources of the entropy devices on buses")
public @interface EntropyDriverConfig {

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
