// SPDX-License-Identifier: Apache-2.0
/** Logging of the process: slf4j with logback, and the OSGi log on top of it. */
package vireo.launcher.log;
