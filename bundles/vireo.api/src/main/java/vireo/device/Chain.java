// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One buffer that the driver made available: a readable part and, after it, a writable part, each cut into elements in a
 * way that has no meaning (rule VQ-FRM-01). The only way for a device to driver memory, between take and completion.
 *
 * <p>Offsets count from the start of the readable or writable part, across elements. Readable bytes may change while they
 * are read if memory is mapped, so copy, then check, then use. Written bytes reach the driver only up to the length given
 * to {@link #complete}. One thread at a time uses a chain. The object is reused after completion.
 */
@ProviderType
public interface Chain {

    /**
     * Returns the length of the readable part.
     *
     * @return bytes, 0 to 2^32
     */
    long readable();

    /**
     * Returns the length of the writable part.
     *
     * @return bytes, 0 to 2^32
     */
    long writable();

    /**
     * Copies bytes out of the readable part.
     *
     * @param at byte offset in the readable part
     * @param target where they go
     * @param offset byte offset in the target
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if the part or the target is too short
     */
    void read(long at, MemorySegment target, long offset, long length);

    /**
     * Copies bytes into the writable part.
     *
     * @param at byte offset in the writable part
     * @param source where they are
     * @param offset byte offset in the source
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if the part or the source is too short
     */
    void write(long at, MemorySegment source, long offset, long length);

    /**
     * Returns the number of readable elements that are not empty.
     *
     * @return the count
     */
    int readableElements();

    /**
     * Returns the number of writable elements that are not empty.
     *
     * @return the count
     */
    int writableElements();

    /**
     * Returns the memory of an element, for devices that hand it to the kernel without a copy.
     *
     * @param element 0 to {@link #readableElements()} plus {@link #writableElements()} exclusive, readable ones first
     * @return a long-lived segment that contains the element; valid until completion
     */
    MemorySegment base(int element);

    /**
     * Returns where an element starts in its {@link #base}.
     *
     * @param element index of the element
     * @return byte offset
     */
    long offset(int element);

    /**
     * Returns the length of an element.
     *
     * @param element index of the element
     * @return bytes, at least 1
     */
    long length(int element);

    /**
     * Tells whether an earlier session of this slot already took this chain and did not complete it. A device for which
     * repeating the request does harm completes it with its type's error status instead.
     *
     * @return true if so
     */
    boolean redelivered();

    /**
     * Gives the buffer back to the driver: the first {@code written} bytes of the writable part, then the used element,
     * then the used index, and a notification if the driver wants one. A completion after the session ended, or a second
     * one, is dropped and counted.
     *
     * @param written bytes written from the start of the writable part, 0 to {@link #writable()}; more is cut to that
     */
    void complete(long written);
}
