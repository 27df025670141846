// SPDX-License-Identifier: Apache-2.0
/**
 * What the transport shows of itself, and what it can be told to do: for shells, tests and tools.
 */
@Export
@Version("1.0.0")
package vireo.transport;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
