// SPDX-License-Identifier: Apache-2.0
/**
 * Driver memory as the device side sees it: regions, generations, and memory that is only reachable by messages.
 */
@Export
@Version("1.0.0")
package vireo.memory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
