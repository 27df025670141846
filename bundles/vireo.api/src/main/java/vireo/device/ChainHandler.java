// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ConsumerType;

/** Takes the chains of a queue as they come. */
@ConsumerType
@FunctionalInterface
public interface ChainHandler {

    /**
     * A chain was taken. Called on a queue worker, one call at a time per queue. The handler completes the chain now, or
     * keeps it and completes it later from any thread. An exception that escapes completes the chain with length 0 if it
     * is still open, is counted, and costs this chain only.
     *
     * @param chain the chain
     */
    void handle(Chain chain);
}
