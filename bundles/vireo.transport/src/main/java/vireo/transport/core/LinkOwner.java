// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import vireo.bus.BusException;
import vireo.slot.SlotControl;

/**
 * What sits on a {@link Link}: the device side or the driver side of one bus.
 *
 * <p>No method may block or call user code. {@code received}, {@code kicked} and {@code called} come from the bus's
 * dispatcher, one at a time. {@code connected} and {@code disconnected} never overlap each other and come in order;
 * after a stall they come from a timer thread. {@code flush} never overlaps itself, but may overlap everything else.
 */
public interface LinkOwner {
    /**
     * A well-formed message arrived that the link does not deal with itself: a request or an event, but not PING and no
     * response.
     *
     * @param base segment that holds a private copy; valid for this call
     * @param offset where the message starts
     * @param length its msg_size, which the bytes received cover; padding is not counted
     */
    void received(MemorySegment base, long offset, long length);

    /**
     * There may be room again: sends what is pending, until nothing is or the bus is full. Called after
     * {@link Link#flushLater()}, until it says true.
     *
     * @return true when nothing is left
     */
    boolean flush();

    /**
     * A peer is there.
     *
     * @param peerEpoch which instance of the peer
     * @param resumed true if it is the same instance with the same memory as before
     */
    void connected(long peerEpoch, boolean resumed);

    /**
     * The peer is gone, or took no message for longer than the stall time. Requests in flight have failed already.
     *
     * @param cause what happened
     */
    void disconnected(BusException cause);

    /**
     * The driver notified a queue out of band.
     *
     * @param device device number
     * @param queue queue index
     */
    void kicked(int device, int queue);

    /**
     * The device notified a queue out of band.
     *
     * @param device device number
     * @param queue queue index
     */
    void called(int device, int queue);

    /**
     * Returns the hand on a slot.
     *
     * @param device device number
     * @return the control, or empty if there is no such slot
     */
    Optional<SlotControl> slot(int device);
}
