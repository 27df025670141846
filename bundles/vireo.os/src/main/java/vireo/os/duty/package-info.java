// SPDX-License-Identifier: Apache-2.0
/** A thread that works when there is work, polls for a moment when there is none, and then sleeps. Plain Java. */
@Export
@Version("1.0.0")
package vireo.os.duty;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
