// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.feature;

import java.util.List;
import vireo.launcher.config.Configured;

/**
 * What a set of features adds up to.
 *
 * @param bundles the bundles, each once, in the order of the features
 * @param configurations their configurations, variables replaced
 */
public record FeatureSelection(List<FeatureBundleEntry> bundles, List<Configured> configurations) {
}
