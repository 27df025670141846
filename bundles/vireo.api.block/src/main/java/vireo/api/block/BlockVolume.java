// SPDX-License-Identifier: Apache-2.0
package vireo.api.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SeekableByteChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A block device that is ready to be used, registered as a service by a block driver. Offsets and lengths of reads, writes,
 * discards and zeroing are bytes and multiples of 512.
 *
 * <p>Every request has a blocking form and an asynchronous one; any number of threads may ask. A request that fails does so
 * with an {@link IOException} that names the volume, the request and the cause; when the device goes away every request in
 * flight fails, and none hangs. A write is durable after a {@link #flush()} that began after it (rule DT-BLK-04).
 */
@ProviderType
public interface BlockVolume {

    /** Service property: name of the volume, a String, {@code <bus name>/<device number>}. */
    String NAME = "volume.name";

    /** Unit of offsets and lengths in bytes, whatever the device's own block size. */
    int SECTOR = 512;

    /**
     * Returns the volume's name.
     *
     * @return {@code <bus name>/<device number>}
     */
    String name();

    /**
     * Returns the capacity now; a device may change it while it runs.
     *
     * @return bytes
     */
    long capacity();

    /**
     * Returns the size of a block that the device handles best.
     *
     * @return bytes, at least 512
     */
    int blockSize();

    /**
     * Tells whether writes are refused.
     *
     * @return true if the device is read-only
     */
    boolean readOnly();

    /**
     * Tells whether the volume can be used; it never comes back once it cannot.
     *
     * @return true until the device or its bus goes away
     */
    boolean isOpen();

    /**
     * Asks for the device's identity string (GET_ID).
     *
     * @return at most 20 characters of ASCII
     * @throws IOException if the request failed
     */
    String id() throws IOException;

    /**
     * Reads.
     *
     * @param offset byte offset on the volume
     * @param target where the bytes go, all of it
     * @throws IOException if the request failed
     */
    void read(long offset, MemorySegment target) throws IOException;

    /**
     * Writes.
     *
     * @param offset byte offset on the volume
     * @param source the bytes, all of it
     * @throws IOException if the request failed
     */
    void write(long offset, MemorySegment source) throws IOException;

    /**
     * Makes completed writes durable.
     *
     * @throws IOException if the request failed
     */
    void flush() throws IOException;

    /**
     * Says that bytes are not needed any more; they read as anything afterwards.
     *
     * @param offset byte offset on the volume
     * @param length number of bytes
     * @throws IOException if the request failed or the device does not offer discard
     */
    void discard(long offset, long length) throws IOException;

    /**
     * Makes bytes read as zero.
     *
     * @param offset byte offset on the volume
     * @param length number of bytes
     * @param unmap true if the device may give the space back
     * @throws IOException if the request failed or the device does not offer it
     */
    void zero(long offset, long length, boolean unmap) throws IOException;

    /**
     * Reads without waiting. One request of at most {@link #maxTransfer()} bytes; waits only while as many requests are in
     * flight as the queue takes.
     *
     * @param offset byte offset on the volume
     * @param target where the bytes go
     * @param at byte offset in the target
     * @param length number of bytes, 512 to {@link #maxTransfer()}
     * @param cookie given back to the completion
     * @param completion told how it ended; not called if this throws
     * @throws IOException if the request cannot be sent
     */
    void readAsync(long offset, MemorySegment target, long at, int length, long cookie, BlockCompletion completion)
            throws IOException;

    /**
     * Writes without waiting, under the same terms.
     *
     * @param offset byte offset on the volume
     * @param source the bytes; copied before this returns
     * @param at byte offset in the source
     * @param length number of bytes, 512 to {@link #maxTransfer()}
     * @param cookie given back to the completion
     * @param completion told how it ended; not called if this throws
     * @throws IOException if the request cannot be sent
     */
    void writeAsync(long offset, MemorySegment source, long at, int length, long cookie, BlockCompletion completion)
            throws IOException;

    /**
     * Flushes without waiting.
     *
     * @param cookie given back to the completion
     * @param completion told how it ended; not called if this throws
     * @throws IOException if the request cannot be sent
     */
    void flushAsync(long cookie, BlockCompletion completion) throws IOException;

    /**
     * Returns the largest single asynchronous request.
     *
     * @return bytes, a multiple of 512
     */
    int maxTransfer();

    /**
     * Opens the volume as a channel with a position of its own; bytes need not be whole sectors there, for which the
     * channel reads, changes and writes the sectors at the edges. Closing it flushes and leaves the volume open.
     *
     * @return the channel; its size is the capacity and cannot be changed
     */
    SeekableByteChannel channel();
}
