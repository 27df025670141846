// SPDX-License-Identifier: Apache-2.0
/** OSGi Feature files: which bundles and configurations a platform consists of. */
package vireo.launcher.feature;
