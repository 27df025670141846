// SPDX-License-Identifier: Apache-2.0
/** Running shell commands: from standard input, and from another process through a Unix socket. */
package vireo.launcher.shell;
