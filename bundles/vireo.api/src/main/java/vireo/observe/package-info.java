// SPDX-License-Identifier: Apache-2.0
/**
 * Counters, rate-limited logging and names: what the platform shows of itself.
 */
@Export
@Version("1.0.0")
package vireo.observe;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
