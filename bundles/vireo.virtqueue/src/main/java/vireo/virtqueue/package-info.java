// SPDX-License-Identifier: Apache-2.0
/**
 * Virtqueues, both sides: engines that serve a driver's rings for a device, and rings that a driver fills.
 */
@Export
@Version("1.0.0")
package vireo.virtqueue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
