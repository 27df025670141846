// SPDX-License-Identifier: Apache-2.0
/** Configuration files: reading, applying to Configuration Admin, watching. */
package vireo.launcher.config;
