// SPDX-License-Identifier: Apache-2.0
/** Starts the platform in this process. */
package vireo.launcher;
