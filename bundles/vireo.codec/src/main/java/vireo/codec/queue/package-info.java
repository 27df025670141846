// SPDX-License-Identifier: Apache-2.0
/**
 * Messages about virtqueues.
 */
@Export
@Version("1.0.0")
package vireo.codec.queue;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
