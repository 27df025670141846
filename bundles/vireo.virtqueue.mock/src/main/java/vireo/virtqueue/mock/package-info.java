// SPDX-License-Identifier: Apache-2.0
/**
 * A virtqueue driver for tests, fuzzers and benchmarks: honest as long as it is asked for honest things, and able to
 * put anything anywhere. It shares no code with the queues that it tests.
 */
@Export
@Version("1.0.0")
package vireo.virtqueue.mock;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
