// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.feature;

/**
 * One bundle that a feature asks for.
 *
 * @param feature name of the feature that named it first
 * @param artifact group and artifact, "g:a"
 * @param file name of its jar in the home's {@code bundles/}
 * @param startLevel its start level
 */
public record FeatureBundleEntry(String feature, String artifact, String file, int startLevel) {
}
