// SPDX-License-Identifier: Apache-2.0
/**
 * The contract between a message bus plug-in and the transport.
 */
@Export
@Version("1.0.0")
package vireo.bus;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
