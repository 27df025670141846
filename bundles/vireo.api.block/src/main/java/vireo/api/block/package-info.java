// SPDX-License-Identifier: Apache-2.0
/** What an application sees of a block device: a volume. */
@Export
@Version("1.0.0")
package vireo.api.block;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
