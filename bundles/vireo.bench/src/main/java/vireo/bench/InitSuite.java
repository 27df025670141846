// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.observe.CounterSet;

/** A whole device initialisation over AMP, from reset to DRIVER_OK with two queues, and the reset that ends it. */
final class InitSuite implements Suite {

    private static final int WARM = 500;
    private static final int ROUNDS = 200;

    @Override
    public String name() {
        return "init";
    }

    @Override
    public String about() {
        return "device initialisation over AMP, reset to DRIVER_OK with two queues: messages and microseconds";
    }

    @Override
    public List<Row> run(Setting setting) throws Exception {
        Path image = Files.write(setting.folder().resolve("init.img"), new byte[1 << 20]);
        try (Link link = new Link(setting, image, 2)) {
            RemoteDevice device = link.platform().await(RemoteDevice.class);
            for (int i = 0; i < WARM; i++) {
                initialise(device);
            }
            double[] micros = new double[setting.pairs()];
            long messages = 0;
            for (int pair = 0; pair < setting.pairs(); pair++) {
                setting.progress("init", pair);
                long before = messages(link);
                long nanos = 0;
                for (int i = 0; i < ROUNDS; i++) {
                    nanos += initialise(device);
                }
                messages = messages(link) - before;
                micros[pair] = nanos / 1e3 / ROUNDS;
            }
            return List.of(new Row("initialise, 2 queues, AMP", "us", true, 0, new Series(micros, new double[0]), -1,
                    String.format("%.1f messages, both directions, with the reset at the end", messages / (double) ROUNDS)));
        }
    }

    private static long initialise(RemoteDevice device) throws Exception {
        try (RemoteDevice.Claim claim = device.claim("bench", new RemoteDeviceListener() { })) {
            long start = System.nanoTime();
            device.negotiate(FeatureSet.of(12));
            device.openQueue(0, 64, null);
            device.openQueue(1, 64, null);
            device.ready();
            return System.nanoTime() - start;
        }
    }

    private static long messages(Link link) {
        long sum = 0;
        for (CounterSet set : link.platform().all(CounterSet.class)) {
            Map<String, Long> values = set.values();
            sum += values.getOrDefault("vireo_link_sent_total", 0L) + values.getOrDefault("vireo_link_received_total", 0L);
        }
        return sum;
    }
}
