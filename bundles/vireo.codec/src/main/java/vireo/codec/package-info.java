// SPDX-License-Identifier: Apache-2.0
/**
 * The wire format of virtio-msg: the common header, message ids, and the check of received messages. The messages
 * themselves have one view each in {@code vireo.codec.device}, {@code vireo.codec.queue} and {@code vireo.codec.bus}.
 *
 * <p>Nothing here allocates per message, and nothing needs a framework. Views and validators are told which
 * {@link vireo.bus.WireProfile} holds when they are made, once per bus.
 */
@Export
@Version("1.0.0")
package vireo.codec;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
