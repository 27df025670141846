// SPDX-License-Identifier: Apache-2.0
/** What an application sees of an entropy device: a source of random bytes. */
@Export
@Version("1.0.0")
package vireo.api.entropy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
