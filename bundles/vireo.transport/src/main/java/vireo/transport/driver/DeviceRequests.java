// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.UUID;

import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.device.DeviceStatus;
import vireo.codec.device.FeatureBlocks;
import vireo.codec.device.GetDeviceFeaturesRequest;
import vireo.codec.device.GetDeviceInfoResponse;
import vireo.codec.device.GetShmRequest;
import vireo.codec.device.GetShmResponse;
import vireo.device.FeatureSet;
import vireo.driver.DeviceInfo;
import vireo.driver.RequestException;
import vireo.transport.core.Exchange;

/** The requests about a device as a whole. What an answer says is checked against what was asked. */
final class DeviceRequests {
    /** Beyond this a configuration space is not looked at; the specification names no limit (rule VQ-CFG-04). */
    private static final int LARGEST_CONFIG = 65536;
    private static final int MOST_QUEUES = 65536;
    private static final int STATUS_BITS = 0xff;

    private final Target target;
    private final WireProfile profile;
    private final int number;

    DeviceRequests(Target target) {
        this.target = target;
        this.profile = target.link().info().profile();
        this.number = target.number();
    }

    /** GET_DEVICE_INFO, bounded by what this side can use; null if there is no device at the number. */
    DeviceInfo info() throws RequestException {
        try (Exchange exchange = target.exchange()) {
            int length = Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_INFO, number, 0);
            try {
                exchange.call(length);
            } catch (RequestException trouble) {
                throw ProfileHint.explained(exchange, profile, trouble);
            }
            if (ProfileHint.wrong(exchange, profile)) {
                throw ProfileHint.explained(exchange, profile, exchange.misanswered("the answer is too long"));
            }
            GetDeviceInfoResponse answer = GetDeviceInfoResponse.of(profile).wrap(exchange.answer(), 0);
            if (answer.deviceId() == 0) {
                return null;
            }
            return new DeviceInfo(answer.deviceId(), answer.vendorId(), new UUID(answer.uuidHigh(), answer.uuidLow()),
                    (int) Math.min(answer.featureBlocks(), FeatureSet.MAX_BLOCKS),
                    (int) Math.min(answer.configSize(), LARGEST_CONFIG),
                    (int) Math.min(answer.maxQueues(), MOST_QUEUES),
                    (int) Math.min(answer.adminQueueStart(), MOST_QUEUES),
                    (int) Math.min(answer.adminQueues(), MOST_QUEUES));
        }
    }

    /** GET_DEVICE_FEATURES, as often as it takes for all blocks. */
    FeatureSet features(int blocks) throws RequestException {
        int[] all = new int[blocks];
        for (int at = 0; at < blocks;) {
            at += features(all, at, Math.min(blocks - at, FeatureBlocks.capacity(target.maxMessageSize())));
        }
        return FeatureSet.ofBlocks(all);
    }

    /** A device may answer fewer blocks than asked for, but has to get on (transport.md section 17, item 10). */
    private int features(int[] all, int at, int count) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            new GetDeviceFeaturesRequest().create(exchange.request(), 0, number, 0).blockIndex(at).numBlocks(count);
            exchange.call(GetDeviceFeaturesRequest.SIZE);
            FeatureBlocks answer = new FeatureBlocks().wrap(exchange.answer(), 0);
            int got = answer.numBlocks();
            if (answer.blockIndex() != at || got < 1 || got > count) {
                throw exchange.misanswered("asked for " + count + " blocks from " + at + ", the answer has " + got
                        + " from " + answer.blockIndex());
            }
            for (int i = 0; i < got; i++) {
                all[at + i] = answer.block(i);
            }
            return got;
        }
    }

    /** SET_DRIVER_FEATURES, as often as it takes for all blocks, those without a bit too. */
    void select(FeatureSet features, int blocks) throws RequestException {
        int capacity = FeatureBlocks.capacity(target.maxMessageSize());
        for (int at = 0; at < blocks; at += capacity) {
            int count = Math.min(blocks - at, capacity);
            try (Exchange exchange = target.exchange()) {
                FeatureBlocks request = new FeatureBlocks().createRequest(exchange.request(), 0, number, 0, at, count);
                for (int i = 0; i < count; i++) {
                    request.block(i, features.block(at + i));
                }
                exchange.call(request.messageSize());
            }
        }
    }

    /** GET_DEVICE_STATUS; bits without a meaning are ignored (transport.md section 17, item 30). */
    int status() throws RequestException {
        try (Exchange exchange = target.exchange()) {
            exchange.call(Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, number, 0));
            return new DeviceStatus().wrap(exchange.answer(), 0).status() & STATUS_BITS;
        }
    }

    /** SET_DEVICE_STATUS; gives the status that the device has now. */
    int setStatus(int status, long timeoutNanos) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            new DeviceStatus().createSetRequest(exchange.request(), 0, number, 0, status);
            exchange.call(DeviceStatus.SIZE, timeoutNanos);
            return new DeviceStatus().wrap(exchange.answer(), 0).status() & STATUS_BITS;
        }
    }

    /** GET_SHM; address and length. */
    long[] sharedMemory(int id) throws RequestException {
        try (Exchange exchange = target.exchange()) {
            new GetShmRequest().create(exchange.request(), 0, number, 0, id);
            exchange.call(GetShmRequest.SIZE);
            GetShmResponse answer = GetShmResponse.of(profile).wrap(exchange.answer(), 0);
            if (answer.shmId() != Integer.toUnsignedLong(id)) {
                throw exchange.misanswered("asked for region " + id + ", the answer is about " + answer.shmId());
            }
            return new long[] {answer.address(), answer.length()};
        }
    }
}
