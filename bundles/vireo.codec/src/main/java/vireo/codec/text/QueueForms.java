// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static vireo.codec.Header.RESPONSE;
import static vireo.codec.text.Form.empty;

import java.lang.foreign.MemorySegment;
import java.util.List;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.codec.queue.EventAvail;
import vireo.codec.queue.EventUsed;
import vireo.codec.queue.GetVqueueResponse;
import vireo.codec.queue.QueueIndex;
import vireo.codec.queue.SetVqueueRequest;

/** The messages of {@code vireo.codec.queue}. */
final class QueueForms {

    private final WireProfile profile;
    private final boolean v1;

    QueueForms(WireProfile profile) {
        this.profile = profile;
        v1 = profile == WireProfile.V1;
    }

    List<Form> all() {
        return List.of(
                new Form(0, MessageIds.GET_VQUEUE, QueueForms::index, (in, to) -> new QueueIndex()
                        .createGet(to.base(), 0, to.deviceNumber(), to.token(), in.le32("index"))),
                getResponse(), setRequest(), empty(RESPONSE, MessageIds.SET_VQUEUE),
                new Form(0, MessageIds.RESET_VQUEUE, QueueForms::index, (in, to) -> new QueueIndex()
                        .createReset(to.base(), 0, to.deviceNumber(), to.token(), in.le32("index"))),
                empty(RESPONSE, MessageIds.RESET_VQUEUE), eventAvail(), eventUsed());
    }

    private static void index(MemorySegment base, FieldSink out) {
        out.number("index", new QueueIndex().wrap(base, 0).index());
    }

    private Form getResponse() {
        return new Form(RESPONSE, MessageIds.GET_VQUEUE, (base, out) -> {
            GetVqueueResponse view = GetVqueueResponse.of(profile).wrap(base, 0);
            out.number("index", view.index()).number("max_size", view.maxSize()).number("cur_size", view.size());
            if (v1) {
                out.word("flags", Field.Kind.ENABLE_FLAGS, view.flags());
            }
            addresses(out, view.descriptors(), view.driver(), view.device());
        }, (in, to) -> {
            GetVqueueResponse view = GetVqueueResponse.of(profile)
                    .create(to.base(), 0, to.deviceNumber(), to.token())
                    .index(in.le32("index")).maxSize(in.le32("max_size")).size(in.le32("cur_size"));
            if (v1) {
                view.flags(in.word("flags"));
            }
            view.addresses(in.le64("descriptor_addr"), in.le64("driver_addr"), in.le64("device_addr"));
        });
    }

    private Form setRequest() {
        return new Form(0, MessageIds.SET_VQUEUE, (base, out) -> {
            SetVqueueRequest view = SetVqueueRequest.of(profile).wrap(base, 0);
            out.number("index", view.index());
            if (v1) {
                out.word("flags", Field.Kind.ENABLE_FLAGS, view.flags());
            }
            out.number("size", view.size());
            addresses(out, view.descriptors(), view.driver(), view.device());
        }, (in, to) -> {
            SetVqueueRequest view = SetVqueueRequest.of(profile)
                    .create(to.base(), 0, to.deviceNumber(), to.token(), in.le32("index"), in.le32("size"),
                            in.le64("descriptor_addr"), in.le64("driver_addr"), in.le64("device_addr"));
            if (v1) {
                view.flags(in.word("flags"));
            }
        });
    }

    private static void addresses(FieldSink out, long descriptors, long driver, long device) {
        out.address("descriptor_addr", descriptors).address("driver_addr", driver).address("device_addr", device);
    }

    private static Form eventAvail() {
        return new Form(0, MessageIds.EVENT_AVAIL, (base, out) -> {
            EventAvail view = new EventAvail().wrap(base, 0);
            out.number("vq_index", view.index()).number("next_offset", view.nextOffset())
                    .number("next_wrap", view.nextWrap());
        }, (in, to) -> new EventAvail().create(to.base(), 0, to.deviceNumber(), in.le32("vq_index"),
                in.le31("next_offset") | in.bit("next_wrap") << 31));
    }

    private static Form eventUsed() {
        return new Form(0, MessageIds.EVENT_USED, (base, out) -> out.number("vq_index",
                new EventUsed().wrap(base, 0).index()), (in, to) -> new EventUsed()
                        .create(to.base(), 0, to.deviceNumber(), in.le32("vq_index")));
    }
}
