// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

/**
 * Bytes of a configuration space that belong to one generation count.
 *
 * @param generation the count
 * @param offset byte offset of the first byte
 * @param data the bytes; the array belongs to the snapshot and is not changed any more
 */
public record ConfigSnapshot(int generation, int offset, byte[] data) {
}
