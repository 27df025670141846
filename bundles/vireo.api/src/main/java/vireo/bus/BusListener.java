// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import vireo.slot.SlotControl;

/**
 * What a bus tells the transport. Calls are serial per bus, come from one thread of the bus at a time, must not block,
 * and may send. An exception that escapes is the bus's to count; it costs that message only.
 */
@ProviderType
public interface BusListener {

    /**
     * A message arrived. The bytes may be anything: the bus checked only that they fit its frame.
     *
     * @param base segment that holds a private copy of the message, which the peer cannot change; valid for this call
     * @param offset where the message starts
     * @param length number of bytes received, padding included; 0 to the bus's largest frame
     */
    void onMessage(MemorySegment base, long offset, long length);

    /**
     * A peer is there.
     *
     * @param peerEpoch a number that differs for each instance of the peer that this bus has seen
     * @param resumed true only if the bus <em>knows</em> that it is the same driver instance with the same memory as
     *        before; otherwise every slot of the bus is reset before its next message
     */
    void connected(long peerEpoch, boolean resumed);

    /**
     * The peer is gone. Requests in flight fail with the cause.
     *
     * @param cause what happened
     */
    void disconnected(BusException cause);

    /**
     * The driver notified a queue, on a device-role bus with kicks out of band and no descriptor to wait on.
     *
     * @param deviceNumber device number, 0 to 65535
     * @param queue queue index
     */
    void onKick(int deviceNumber, int queue);

    /**
     * The device notified a queue, on a driver-role bus with calls out of band and no descriptor to wait on.
     *
     * @param deviceNumber device number, 0 to 65535
     * @param queue queue index
     */
    void onCall(int deviceNumber, int queue);

    /**
     * A request could not be delivered, or the peer answered it with an error (rules VMSG-ERR-01 to 03).
     *
     * @param token token of the request
     * @param cause what happened
     */
    void requestFailed(int token, BusException cause);

    /**
     * Returns the hand on a slot, for buses whose drivers do not speak virtio-msg.
     *
     * @param deviceNumber device number
     * @return the slot's control, or empty if no device is plugged in there or the bus has the driver role
     */
    Optional<SlotControl> slot(int deviceNumber);
}
