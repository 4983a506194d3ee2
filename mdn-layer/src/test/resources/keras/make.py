"""Writes the Keras files that Keras3FilesTest reads, and what Keras itself says of them.

The files here are of Keras 3.15.1 and h5py 3.14. To write them again:

    KERAS_BACKEND=tensorflow python make.py FOLDER

The layer is that of keras-mdn-layer 1.0: the same names, arrays and configuration.
"""
import io
import json
import sys
import zipfile

import h5py
import keras
import numpy as np
from keras import layers, ops

folder = sys.argv[1] + "/"


def elu_plus_one_plus_epsilon(x):
    return ops.elu(x) + 1 + keras.backend.epsilon()


class MDN(layers.Layer):
    def __init__(self, output_dimension, num_mixtures, **kwargs):
        super().__init__(**kwargs)
        self.output_dim = output_dimension
        self.num_mix = num_mixtures
        width = num_mixtures * output_dimension
        self.mdn_mus = layers.Dense(width, name="mdn_mus")
        self.mdn_sigmas = layers.Dense(width, activation=elu_plus_one_plus_epsilon, name="mdn_sigmas")
        self.mdn_pi = layers.Dense(num_mixtures, name="mdn_pi")

    def build(self, input_shape):
        self.mdn_mus.build(input_shape)
        self.mdn_sigmas.build(input_shape)
        self.mdn_pi.build(input_shape)
        super().build(input_shape)

    def call(self, x, mask=None):
        return ops.concatenate([self.mdn_mus(x), self.mdn_sigmas(x), self.mdn_pi(x)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], (2 * self.output_dim + 1) * self.num_mix)

    def get_config(self):
        return {
            **super().get_config(),
            "output_dimension": self.output_dim,
            "num_mixtures": self.num_mix,
        }


def mdn_loss_func(y_true, y_pred):
    return ops.mean(y_pred)


def dense():
    return keras.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(7, activation="tanh"),
            layers.Dense(6, activation="relu", kernel_regularizer="l2"),
            MDN(2, 3, name="any_name"),
        ]
    )


def lstm():
    x = layers.Input((None, 2), name="inputs")
    h = layers.LSTM(6, return_sequences=True, name="lstm_0")(x)
    h = layers.LSTM(5, return_sequences=True, name="lstm_1")(h)
    return keras.Model(x, layers.TimeDistributed(MDN(2, 3, name="mdn_outputs"), name="td_mdn")(h))


def last_step():
    return keras.Sequential([layers.Input((4, 2)), layers.LSTM(5), MDN(1, 4)])


def steps():
    return keras.Sequential(
        [
            layers.Input((None, 3)),
            layers.LSTM(4, return_sequences=True),
            layers.TimeDistributed(layers.Dense(5, activation="silu")),
            layers.Dropout(0.3),
            MDN(1, 3),
        ]
    )


def steps_graph():
    x = layers.Input((None, 3), name="inputs")
    h = layers.LSTM(4, return_sequences=True)(x)
    h = layers.Concatenate()([layers.Dense(5, activation="tanh")(h), layers.Dense(2)(h)])
    return keras.Model(x, MDN(2, 2)(h))


def names():
    x = layers.Input((2,), name="größe")
    h = layers.Dense(5, activation="tanh", name="schicht ü 1")(x)
    return keras.Model(x, MDN(1, 2, name="混合")(h))


def branches():
    a = layers.Input((2,), name="position")
    b = layers.Input((3,), name="context")
    h = layers.Dense(5, activation="tanh", name="left")(a)
    h = layers.Concatenate(name="both")([h, layers.Dense(4, activation="elu", name="right")(b)])
    return keras.Model([a, b], MDN(1, 2, name="head")(h))


def without_names(archive):
    """As the first versions of Keras 3 wrote it: groups that do not tell their layers' names."""
    with zipfile.ZipFile(folder + archive + ".keras") as source:
        entries = {name: source.read(name) for name in source.namelist()}
    weights = io.BytesIO(entries["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        file.visititems(lambda name, item: item.attrs.pop("name", None) and None)
    entries["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(folder + archive + "-without-names.keras", "w") as target:
        for name, content in entries.items():
            target.writestr(name, content)


random = np.random.default_rng(11)


def write(name, model, inputs, endings):
    for variable in model.weights:
        variable.assign(random.normal(0, 0.7, variable.shape))
    model.compile(loss=mdn_loss_func, optimizer=keras.optimizers.Adam())
    for ending in endings:
        save = model.save_weights if "weights" in ending else model.save
        save(folder + name + ending)
    output = model.predict(inputs, verbose=0)
    arrays = inputs if isinstance(inputs, list) else [inputs]
    with open(folder + name + ".json", "w") as file:
        json.dump({"inputs": [a.tolist() for a in arrays], "output": output.tolist()}, file)


def normal(*shape):
    return random.normal(0, 1.5, shape).astype("float32")


write("dense", dense(), normal(5, 2), [".keras", ".h5", ".weights.h5"])
write("lstm", lstm(), normal(2, 4, 2), [".keras", ".h5", ".weights.h5"])
write("last-step", last_step(), normal(3, 4, 2), [".keras"])
write("steps", steps(), normal(2, 5, 3), [".keras", ".h5"])
write("branches", branches(), [normal(4, 2), normal(4, 3)], [".keras", ".h5"])
write("steps-graph", steps_graph(), normal(2, 5, 3), [".keras", ".h5"])
write("names", names(), normal(4, 2), [".keras", ".h5"])
without_names("lstm")
with h5py.File(folder + "link.weights.h5", "w") as file:
    file["layers"] = h5py.ExternalLink("dense.weights.h5", "/layers")
