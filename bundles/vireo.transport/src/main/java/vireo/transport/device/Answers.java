// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import vireo.bus.BusInfo;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.device.DeviceStatus;
import vireo.codec.device.FeatureBlocks;
import vireo.codec.device.GetDeviceFeaturesRequest;
import vireo.codec.device.GetDeviceInfoResponse;
import vireo.codec.device.GetShmRequest;
import vireo.codec.device.GetShmResponse;
import vireo.codec.queue.GetVqueueResponse;
import vireo.codec.queue.QueueIndex;
import vireo.codec.queue.SetVqueueRequest;
import vireo.device.FeatureSet;
import vireo.slot.SlotState;
import vireo.virtqueue.QueueSpec;

/**
 * What a slot answers to its driver's requests (transport.md section 14, and section 17 where that is silent). Made
 * anew for each bus instance; runs on the slot's executor.
 */
final class Answers {
    private final DeviceSlot slot;
    private final SlotRegisters registers;
    private final int room;
    private final ConfigAnswers config;
    private final GetDeviceInfoResponse info;
    private final GetDeviceFeaturesRequest featuresWanted = new GetDeviceFeaturesRequest();
    private final FeatureBlocks blocks = new FeatureBlocks();
    private final DeviceStatus status = new DeviceStatus();
    private final QueueIndex queueIndex = new QueueIndex();
    private final GetVqueueResponse queue;
    private final SetVqueueRequest queueWanted;
    private final GetShmRequest shmWanted = new GetShmRequest();
    private final GetShmResponse shm;

    Answers(DeviceSlot slot, BusInfo bus) {
        this.slot = slot;
        this.registers = slot.registers();
        this.room = Message.room(bus.maxMessageSize());
        this.config = new ConfigAnswers(slot, bus);
        this.info = GetDeviceInfoResponse.of(bus.profile());
        this.queue = GetVqueueResponse.of(bus.profile());
        this.queueWanted = SetVqueueRequest.of(bus.profile());
        this.shm = GetShmResponse.of(bus.profile());
    }

    /** Tells whether a request needs a device and there is none: it waits, and so does all behind it. */
    boolean mustWait(Message message) {
        if (slot.life().device() != null) {
            return false;
        }
        int id = message.messageId();
        return id == MessageIds.SET_CONFIG || id == MessageIds.SET_DEVICE_STATUS
                && (status.wrap(message.request(), 0).status() & ~registers.status() & StatusMachine.DRIVER_OK) != 0;
    }

    /**
     * Handles a request.
     *
     * @return true if there is a response now, false if the request means nothing and is dropped
     */
    boolean answer(Message message) {
        switch (message.messageId()) {
            case MessageIds.GET_DEVICE_INFO -> getInfo(message);
            case MessageIds.GET_DEVICE_FEATURES -> getFeatures(message);
            case MessageIds.SET_DRIVER_FEATURES -> setFeatures(message);
            case MessageIds.GET_CONFIG -> config.get(message);
            case MessageIds.SET_CONFIG -> config.set(message);
            case MessageIds.GET_DEVICE_STATUS -> getStatus(message);
            case MessageIds.SET_DEVICE_STATUS -> setStatus(message);
            case MessageIds.GET_VQUEUE -> getQueue(message);
            case MessageIds.SET_VQUEUE -> setQueue(message);
            case MessageIds.RESET_VQUEUE -> resetQueue(message);
            case MessageIds.GET_SHM -> getShm(message);
            default -> {
                slot.counters().increment(SlotCounters.REQUESTS_UNKNOWN);
                return false;
            }
        }
        return true;
    }

    private static void empty(Message message) {
        message.answered(Header.putEmpty(message.response(), 0, Header.RESPONSE, message.messageId(),
                message.deviceNumber(), message.token()));
    }

    private void getInfo(Message message) {
        info.create(message.response(), 0, message.deviceNumber(), message.token()).deviceId(registers.deviceId())
                .vendorId(slot.vendorId()).featureBlocks(registers.offer().blocks())
                .configSize(slot.config().size()).maxQueues(registers.queueCount());
        message.answered(info.messageSize());
    }

    /** As many blocks as fit, beyond what there are as zeroes; the driver goes on from there. */
    private void getFeatures(Message message) {
        featuresWanted.wrap(message.request(), 0);
        long first = featuresWanted.blockIndex();
        int count = (int) Math.min(featuresWanted.numBlocks(), FeatureBlocks.capacity(room));
        FeatureSet offer = registers.offer();
        blocks.createResponse(message.response(), 0, message.deviceNumber(), message.token(), first, count);
        for (int i = 0; i < count && first + i < offer.blocks(); i++) {
            blocks.block(i, offer.block((int) first + i));
        }
        message.answered(blocks.messageSize());
    }

    /** Once FEATURES_OK is set the selection stands (rule VQ-INI-04). */
    private void setFeatures(Message message) {
        blocks.wrap(message.request(), 0);
        if ((registers.status() & StatusMachine.FEATURES_OK) == 0) {
            // The message may have been cut: what it says of itself is not what is there.
            long there = (blocks.messageSize() - FeatureBlocks.DATA_OFFSET) / Integer.BYTES;
            long count = Math.min(blocks.numBlocks(), there);
            for (int i = 0; i < count; i++) {
                registers.select(blocks.blockIndex() + i, blocks.block(i));
            }
        } else {
            slot.counters().increment(SlotCounters.FEATURES_REFUSED);
        }
        empty(message);
    }

    private void getStatus(Message message) {
        long change = slot.config().changes();
        status.createGetResponse(message.response(), 0, message.deviceNumber(), message.token(), registers.status());
        message.answered(status.messageSize(), change);
    }

    private void setStatus(Message message) {
        int written = status.wrap(message.request(), 0).status();
        boolean left = false;
        if (StatusMachine.isReset(written)) {
            left = slot.life().reset() && slot.life().device() == null;
        } else if (StatusMachine.legal(registers.status(), written)) {
            advance(written);
        } else {
            slot.counters().increment(SlotCounters.STATUS_ILLEGAL);
        }
        long change = slot.config().changes();
        status.createSetResponse(message.response(), 0, message.deviceNumber(), message.token(), registers.status());
        message.answered(status.messageSize(), change);
        if (left) {
            slot.life().resetWhileVacant();
        }
    }

    /** Goes as far as everybody agrees, one step of the initialization sequence after the other. */
    private void advance(int written) {
        int now = registers.status();
        int next = StatusMachine.step(now, written);
        while (next != now) {
            int added = next & ~now;
            if ((added & StatusMachine.FEATURES_OK) != 0 && !featuresAccepted()) {
                slot.counters().increment(SlotCounters.FEATURES_REFUSED);
                return;
            }
            registers.status(next);
            if ((added & (StatusMachine.DRIVER_OK | StatusMachine.FAILED)) != 0) {
                slot.life().settle();
            }
            now = registers.status();
            next = StatusMachine.step(now, written);
        }
    }

    private boolean featuresAccepted() {
        if (!registers.acceptable()) {
            return false;
        }
        try {
            return slot.life().device() != null && slot.life().device().device().acceptFeatures(registers.selected());
        } catch (RuntimeException | LinkageError failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "its device failed to judge features", failure);
            return false;
        }
    }

    private void getQueue(Message message) {
        long index = queueIndex.wrap(message.request(), 0).index();
        queue.create(message.response(), 0, message.deviceNumber(), message.token()).index(index);
        if (index < registers.queueCount()) {
            SlotState.Queue set = registers.queue((int) index);
            queue.maxSize(registers.maxSize((int) index)).size(set.size())
                    .flags(registers.enabled((int) index) ? GetVqueueResponse.ENABLED : 0)
                    .addresses(set.descriptors(), set.driver(), set.device());
        }
        message.answered(queue.messageSize());
    }

    /** There is no status in the answer: the driver finds out with GET_VQUEUE. */
    private void setQueue(Message message) {
        queueWanted.wrap(message.request(), 0);
        long index = queueWanted.index();
        String refusal = refusal(index);
        if (refusal != null) {
            slot.counters().increment(SlotCounters.QUEUES_REFUSED);
            slot.log(() -> "its driver's set-up of queue " + index + " was refused: " + refusal, null);
        }
        empty(message);
    }

    /** Sets the queue up, or says why not. */
    private String refusal(long index) {
        if (index >= registers.queueCount()) {
            return "it does not exist";
        }
        if (queueWanted.size() > registers.maxSize((int) index)) {
            return "its size is too large";
        }
        return slot.queues().set(new QueueSpec((int) index, (int) queueWanted.size(), queueWanted.descriptors(),
                queueWanted.driver(), queueWanted.device(), registers.selected()), queueWanted.enables());
    }

    private void resetQueue(Message message) {
        long index = queueIndex.wrap(message.request(), 0).index();
        if (index < registers.queueCount()) {
            slot.queues().reset((int) index);
        }
        empty(message);
    }

    /** No device has such memory yet. */
    private void getShm(Message message) {
        long id = shmWanted.wrap(message.request(), 0).shmId();
        shm.create(message.response(), 0, message.deviceNumber(), message.token()).shmId(id);
        message.answered(shm.messageSize());
    }
}
