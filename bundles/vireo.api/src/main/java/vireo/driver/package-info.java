// SPDX-License-Identifier: Apache-2.0
/**
 * What the transport gives to driver plug-ins: a device found on a bus, its messages and its queues.
 */
@Export
@Version("1.0.0")
package vireo.driver;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
