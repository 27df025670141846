// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.transport.core.Messages;

/** A device of the test's own that answers each request as RFC3 wants it; its fields can be changed to misbehave. */
final class FakeDevice {
    private static final int FEATURES_OK = 8;

    final int number;
    int deviceId = 2;
    FeatureSet offered = FeatureSet.of(3, 9, FeatureSet.INDIRECT_DESC, FeatureSet.EVENT_IDX, FeatureSet.VERSION_1,
            FeatureSet.RING_PACKED, FeatureSet.NOTIFICATION_DATA, FeatureSet.RING_RESET, 39);
    int[] selected = new int[4];
    byte[] config = new byte[600];
    int generation = 41;
    int status;
    int maxQueueSize = 256;
    int[][] queues = new int[4][8];
    boolean agrees = true;
    boolean takesQueues = true;
    boolean resets = true;
    int featureBlocks = 2;
    int mostBlocks = 100;
    int maxQueues = 4;

    FakeDevice(int number) {
        this.number = number;
        for (int i = 0; i < config.length; i++) {
            config[i] = (byte) (i * 7);
        }
    }

    byte[] answer(byte[] request) {
        return switch (Messages.id(request)) {
            case MessageIds.GET_DEVICE_INFO -> Messages.answer(request, deviceId, 0x4f455256, featureBlocks * 32,
                    config.length, maxQueues, 0);
            case MessageIds.GET_DEVICE_FEATURES -> features(request);
            case MessageIds.SET_DRIVER_FEATURES -> select(request);
            case MessageIds.GET_CONFIG -> get(request);
            case MessageIds.SET_CONFIG -> set(request);
            case MessageIds.GET_DEVICE_STATUS -> Messages.answer(request, status);
            case MessageIds.SET_DEVICE_STATUS -> status(request);
            case MessageIds.GET_VQUEUE -> queue(request);
            case MessageIds.SET_VQUEUE -> setQueue(request);
            case MessageIds.RESET_VQUEUE -> resetQueue(request);
            case MessageIds.GET_SHM -> Messages.answer(request, Messages.word(request, 8), 0x2000, 0x40000);
            default -> null;
        };
    }

    private byte[] features(byte[] request) {
        int first = Messages.word(request, 8);
        int count = Math.min(Messages.word(request, 12), mostBlocks);
        int[] words = new int[2 + count];
        words[0] = first;
        words[1] = count;
        for (int i = 0; i < count; i++) {
            words[2 + i] = offered.block(first + i);
        }
        return Messages.answer(request, words);
    }

    private byte[] select(byte[] request) {
        int first = Messages.word(request, 8);
        for (int i = 0; i < Messages.word(request, 12); i++) {
            selected[first + i] = Messages.word(request, 16 + 4 * i);
        }
        return Messages.answer(request);
    }

    byte[] get(byte[] request) {
        int offset = Messages.word(request, 8);
        int length = Math.min(Messages.word(request, 12), config.length - offset);
        return data(request, offset, length);
    }

    private byte[] data(byte[] request, int offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(20 + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(Messages.answer(request)).putInt(generation).putInt(offset).putInt(length)
                .put(config, offset, length);
        return bytes.putShort(6, (short) bytes.capacity()).array();
    }

    private byte[] set(byte[] request) {
        int offset = Messages.word(request, 12);
        int length = Messages.word(request, 16);
        if (Messages.word(request, 8) != generation) {
            return Messages.answer(request, generation, offset, 0);
        }
        System.arraycopy(request, 20, config, offset, length);
        return data(request, offset, length);
    }

    private byte[] status(byte[] request) {
        int wanted = Messages.word(request, 8);
        if (wanted == 0 && resets) {
            status = 0;
            Arrays.fill(selected, 0);
            queues = new int[queues.length][8];
        } else if (wanted != 0) {
            status = agrees ? wanted : wanted & ~FEATURES_OK;
        }
        return Messages.answer(request, status);
    }

    private byte[] queue(byte[] request) {
        int index = Messages.word(request, 8);
        int[] now = queues[index];
        return Messages.answer(request, index, maxQueueSize, now[2], 0, now[4], 0, now[5], 0, now[6], 0);
    }

    private byte[] setQueue(byte[] request) {
        if (takesQueues) {
            queues[Messages.word(request, 8)] = new int[] {0, 0, Messages.word(request, 16), 0,
                Messages.word(request, 24), Messages.word(request, 32), Messages.word(request, 40), 0};
        }
        return Messages.answer(request);
    }

    private byte[] resetQueue(byte[] request) {
        queues[Messages.word(request, 8)] = new int[8];
        return Messages.answer(request);
    }
}
