// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;

/**
 * What keeps a block device's bytes. Calls may come from several queue workers at once; each returns when its work is
 * done. Ranges are whole sectors within {@link #size()}.
 */
interface BlockStore extends AutoCloseable {

    /** Returns how much it keeps, in bytes; the same as long as it is open. */
    long size();

    /** Reads into all of the target. */
    void read(long position, BlockData target) throws IOException;

    /** Writes all of the source, which is durable after the next {@link #flush()}. */
    void write(long position, BlockData source) throws IOException;

    /** Makes everything durable that was written before. */
    void flush() throws IOException;

    /** Says that a range is not needed any more; it reads as anything afterwards. */
    void discard(long position, long length) throws IOException;

    /** Makes a range read as zero, with its space given back if {@code unmap} is true and that can be done. */
    void zero(long position, long length, boolean unmap) throws IOException;

    /** Frees what it holds; calls in progress end first or fail. Idempotent. */
    @Override
    void close();
}
