// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Messages;

/** The device side of a fake bus: it obeys, unless the test has its answers dropped, changed, delayed or repeated. */
final class FakePeer implements FakeBus.Peer {
    final Map<Integer, FakeDevice> devices = new ConcurrentHashMap<>();
    final FakeBus bus;
    /** Gets each request with its proper answer, which is null if there is none. */
    volatile BiConsumer<byte[], byte[]> manners;

    FakePeer(FakeBus bus) {
        this.bus = bus;
        this.manners = (request, answer) -> deliver(answer);
        bus.peer(this);
    }

    FakeDevice add(int number) {
        FakeDevice made = new FakeDevice(number);
        devices.put(number, made);
        return made;
    }

    void deliver(byte[] answer) {
        if (answer != null) {
            bus.deliver(answer);
        }
    }

    /** Has answers to one message dealt with in another way than the rest. */
    void on(boolean toBus, int id, BiConsumer<byte[], byte[]> other) {
        manners = (request, answer) -> {
            boolean isBus = (Messages.type(request) & Header.BUS) != 0;
            if (isBus == toBus && Messages.id(request) == id) {
                other.accept(request, answer);
            } else {
                deliver(answer);
            }
        };
    }

    void behave() {
        manners = (request, answer) -> deliver(answer);
    }

    void event(int number, int state) {
        bus.deliver(Messages.message(Header.BUS, MessageIds.BUS_EVENT_DEVICE, 0, 0, number | state << 16));
    }

    @Override
    public void take(byte[] message) {
        byte[] answer;
        if ((Messages.type(message) & Header.BUS) != 0) {
            answer = switch (Messages.id(message)) {
                case MessageIds.BUS_GET_DEVICES -> window(message);
                case MessageIds.BUS_PING -> Messages.answer(message, Messages.word(message, 8));
                default -> null;
            };
        } else {
            FakeDevice device = devices.get(Messages.device(message));
            answer = device == null ? null : device.answer(message);
        }
        manners.accept(message, answer);
    }

    /** Sixteen numbers at a time, so that it takes several. */
    private byte[] window(byte[] request) {
        int first = Messages.word(request, 8) & 0xffff;
        int bits = 0;
        boolean more = false;
        for (int number : devices.keySet()) {
            bits |= number >= first && number < first + 16 ? 1 << number - first : 0;
            more |= number >= first + 16;
        }
        byte[] answer = Messages.answer(request, first | 16 << 16, (more ? first + 16 : 0) | bits << 16);
        return answer;
    }
}
