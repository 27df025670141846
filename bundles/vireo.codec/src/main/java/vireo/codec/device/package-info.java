// SPDX-License-Identifier: Apache-2.0
/**
 * Messages about a device as a whole: its description, features, configuration space, status and shared memory.
 */
@Export
@Version("1.0.0")
package vireo.codec.device;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
