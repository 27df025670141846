// SPDX-License-Identifier: Apache-2.0
/**
 * Messages about a bus instance itself: enumeration, liveness, hotplug, and what the bus makes of its own ids.
 */
@Export
@Version("1.0.0")
package vireo.codec.bus;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
