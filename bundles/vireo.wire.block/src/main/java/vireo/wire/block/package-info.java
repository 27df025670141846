// SPDX-License-Identifier: Apache-2.0
/**
 * What a block device and its driver have in common: structures, constants and feature bits (devices.md section 2).
 */
@Export
@Version("1.0.0")
package vireo.wire.block;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
