// SPDX-License-Identifier: Apache-2.0
/**
 * The state of a device slot as plain data, and the hand on a slot that buses without virtio-msg drivers need.
 */
@Export
@Version("1.0.0")
package vireo.slot;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
