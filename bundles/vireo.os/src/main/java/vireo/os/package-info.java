// SPDX-License-Identifier: Apache-2.0
/** The Linux kernel through java.lang.foreign. */
@Export
@Version("1.0.0")
package vireo.os;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
