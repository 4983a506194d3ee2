/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.keras.PlainKerasModel.Value;

/**
 * Configurations with something changed at random — a key's value, a key that goes or comes, a
 * layer's class, what a layer is called with — are refused in one sentence, or mean the same for
 * the imported network as for {@link PlainKerasModel}, which takes no key without knowing it. Keys
 * without effect are listed there.
 *
 * <p>More of them with {@code -Dmdn4j.keras.mutations=N}, so many for each model, and others with
 * {@code -Dmdn4j.keras.seed=S}.
 */
@Tag("slow")
class KerasMutationTest {
  private static final double TOLERANCE = 1e-5;
  private static final int PER_MODEL = Integer.getInteger("mdn4j.keras.mutations", 3);
  private static final List<Object> OTHER_VALUES =
      List.of(
          "relu",
          "gelu",
          "softmax",
          "hard_sigmoid",
          "exponential",
          "valid",
          "same",
          "causal",
          "sum",
          "mul",
          "concat",
          "channels_first",
          "float64",
          "float16",
          "int32",
          "Dense",
          "LSTM",
          "GRU",
          "MDN",
          "Add",
          "Multiply",
          "Maximum",
          "ReLU",
          "Dropout",
          "Masking",
          "Sequential",
          "foo",
          true,
          false,
          0,
          1,
          2,
          -1,
          7,
          0.5,
          -0.5,
          3.5,
          1e30,
          List.of(),
          List.of(1),
          List.of(2, 2),
          Map.of());

  private static final List<String> UNKNOWN_CLASSES =
      List.of("GRU", "Masking", "LayerNormalization", "Lambda", "Dense2", "dense", "my>Dense");

  private static final List<String> PACKAGES =
      List.of("keras.layers", "keras.src.ops.numpy", "keras.src.ops.nn", "my_layers", "my>Dense");

  private static final String REFUSED = "refused";
  private static final String THE_SAME = "the same";

  @TempDir Path folder;

  /** A place in a configuration: a key of an object, or an index of a list. */
  private record Site(Object container, Object key) {
    Object value() {
      return container instanceof Map<?, ?> map
          ? map.get(key)
          : ((List<?>) container).get((Integer) key);
    }

    @SuppressWarnings("unchecked") // any JSON may be put into JSON
    void put(Object value) {
      if (container instanceof Map<?, ?> map) {
        ((Map<String, Object>) map).put((String) key, value);
      } else {
        ((List<Object>) container).set((Integer) key, value);
      }
    }

    void remove() {
      if (container instanceof Map<?, ?> map) {
        map.remove(key);
      } else {
        ((List<?>) container).remove(((Integer) key).intValue());
      }
    }
  }

  private static void collect(Object json, List<Site> sites) {
    if (json instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            sites.add(new Site(map, key));
            collect(value, sites);
          });
    } else if (json instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        sites.add(new Site(list, i));
        collect(list.get(i), sites);
      }
    }
  }

  private static String mutate(Map<String, Object> model, Random random) {
    List<Site> sites = new ArrayList<>();
    collect(model.get("config"), sites);
    Site site = sites.get(random.nextInt(sites.size()));
    String before = site.key() + " = " + site.value();
    switch (random.nextInt(8)) {
      case 0 -> site.remove();
      case 1 -> site.put(null);
      case 2 -> {
        if (site.value() instanceof Map<?, ?> map) {
          new Site(map, "another_key").put(other(random));
        } else {
          site.put(other(random));
        }
      }
      case 3, 4 -> site.put(near(site.value(), random));
      default -> site.put(other(random));
    }
    boolean isThere = site.container() instanceof Map<?, ?> map && map.containsKey(site.key());
    return before + " -> " + (isThere ? site.value() : "another, or none");
  }

  /** A change to one layer as a whole: its class, its package, a key more or less, its place. */
  private static String mutateLayer(Map<String, Object> model, Random random) {
    List<Object> layers = layers(model);
    Map<String, Object> layer = PlainKerasModel.map(layers.get(random.nextInt(layers.size())));
    Map<String, Object> config = PlainKerasModel.map(layer.get("config"));
    String before = config.get("name") + " ";
    switch (random.nextInt(7)) {
      case 0 -> {
        String name = any(List.copyOf(KnownLayers.names()), random);
        layer.put("class_name", name.substring(name.lastIndexOf('.') + 1));
        return before + "is a " + layer.get("class_name");
      }
      case 1 -> {
        layer.put("class_name", any(UNKNOWN_CLASSES, random));
        return before + "is a " + layer.get("class_name");
      }
      case 2 -> {
        String key = any(List.of("module", "registered_name"), random);
        layer.put(key, any(PACKAGES, random));
        return before + key + " = " + layer.get(key);
      }
      case 3 -> {
        String key = any(List.copyOf(config.keySet()), random);
        config.remove(key);
        return before + "without " + key;
      }
      case 4 -> {
        KnownLayers.Keys keys = KnownLayers.keys(any(List.copyOf(KnownLayers.names()), random));
        List<String> all = new ArrayList<>(keys.translated());
        all.addAll(keys.fixed().keySet());
        all.addAll(keys.ignored());
        String key = all.isEmpty() ? "lora_rank" : any(all, random);
        config.put(key, other(random));
        return before + key + " = " + config.get(key);
      }
      case 5 -> {
        layers.remove(layer);
        return before + "is gone";
      }
      default -> {
        layers.remove(layer);
        layers.add(random.nextInt(layers.size() + 1), layer);
        return before + "stands elsewhere";
      }
    }
  }

  @SuppressWarnings("unchecked") // any list is one of objects
  private static List<Object> layers(Map<String, Object> model) {
    return (List<Object>) PlainKerasModel.map(model.get("config")).get("layers");
  }

  private static <T> T any(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }

  private static Object other(Random random) {
    return any(OTHER_VALUES, random);
  }

  /** A value of the same kind, which is more likely to mean something. */
  private static Object near(Object value, Random random) {
    if (value instanceof Boolean flag) {
      return !flag;
    }
    if (value instanceof Integer number) {
      return number + (random.nextBoolean() ? 1 : -1);
    }
    if (value instanceof Double number) {
      return random.nextBoolean() ? number + 0.5 : -number;
    }
    if (value instanceof List<?> list && !list.isEmpty()) {
      List<Object> more = new ArrayList<>(list);
      more.add(list.get(0));
      return more;
    }
    return other(random);
  }

  @Test
  void mutatedConfigurationsAreRefusedOrMeanTheSame() throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    Random random = new Random(Long.getLong("mdn4j.keras.seed", 17));
    for (KerasModels.Case model : KerasModels.all()) {
      Map<String, byte[]> entries = model.archive().entries(folder);
      Map<String, PlainArray> arrays = PlainArray.ofFile(entries.get("model.weights.h5"));
      List<LayerArrays> layers = Hdf5Reader.read(entries.get("model.weights.h5")).layers();
      List<List<Value>> inputs = KerasRun.examples(model.inputs(), 2, 5);
      for (int i = 0; i < PER_MODEL; i++) {
        Map<String, Object> mutated = Keras3Archive.config(entries);
        String mutation =
            model.name()
                + ": "
                + (i % 3 == 2 ? mutateLayer(mutated, random) : mutate(mutated, random));
        KerasFile file = new KerasFile(mutated, "3.15.1", layers);
        String outcome = outcome(file, arrays, inputs);
        outcomes.merge(outcome, 1, Integer::sum);
        if (!outcome.equals(REFUSED) && !outcome.equals(THE_SAME)) {
          failures.add(mutation + ": " + outcome);
        }
      }
    }
    int all = outcomes.values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(List.of(), failures);
    assertTrue(outcomes.values().stream().allMatch(count -> count > all / 10), outcomes.toString());
  }

  private static String outcome(
      KerasFile file, Map<String, PlainArray> arrays, List<List<Value>> inputs) {
    double[][] expected = null;
    String unknown = null;
    try {
      expected = KerasRun.plain(new PlainKerasModel(file.model(), arrays), inputs);
    } catch (PlainKerasModel.Unknown e) {
      unknown = e.getMessage();
    } catch (RuntimeException e) {
      return "the reference fails: " + e + " at " + e.getStackTrace()[0];
    }
    try {
      KerasModel model = KerasModel.of(file);
      ImportedNetwork network = new ImportedNetwork(file, model);
      Model net = model.isSequential() ? network.sequential() : network.graph();
      if (expected == null) {
        return "taken, though " + unknown;
      }
      double distance =
          KerasRun.distance(expected, KerasRun.output(net, inputs), KerasRun.spec(net));
      return distance < TOLERANCE ? THE_SAME : "distance " + distance;
    } catch (Refusal e) {
      return e.getMessage().length() > 20 ? REFUSED : "refused without saying why";
    } catch (RuntimeException e) {
      return e + " at " + e.getStackTrace()[0];
    }
  }
}
