// SPDX-License-Identifier: Apache-2.0
/** The commands of {@code ./vireo} that run in Java. */
package vireo.launcher.cli;
