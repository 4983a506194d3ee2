# SPDX-License-Identifier: Apache-2.0
"""Mixture regression for PySpark: org.mdn4j.spark's estimator, model and evaluator.

The package has the name of the Java package, by which PySpark finds the classes of a pipeline's
stages. Submit the jar with --jars and with --py-files, then

    from org.mdn4j.spark import MixtureRegression

    model = MixtureRegression(labelCol="price", ensemble=4).fit(houses)
    model.setOutputs(["quantiles(0.05, 0.95)", "interval(0.9) as ninety"]).transform(houses)
"""

from py4j.java_collections import JavaArray
from pyspark.ml.evaluation import JavaEvaluator
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

__all__ = ["MixtureRegression", "MixtureRegressionModel", "MixtureRegressionEvaluator"]

_TO_STRING = TypeConverters.toString
_TO_STRINGS = TypeConverters.toListString
_TO_INT = TypeConverters.toInt
_TO_FLOAT = TypeConverters.toFloat
_TO_BOOLEAN = TypeConverters.toBoolean

_COLUMNS = {
    "featuresCol": (_TO_STRING, "the column of features, vectors or arrays of numbers"),
    "labelCol": (_TO_STRING, "the column of the label, where there is one"),
    "labelCols": (_TO_STRINGS, "the columns of several labels, or of their ends"),
    "censorCol": (_TO_STRING, "1 where the label was seen, 0 where it is larger; empty for none"),
    "predictionCol": (_TO_STRING, "the column of predicted means; empty for none"),
    "outputs": (_TO_STRINGS, "further columns, such as quantiles(0.05, 0.95)"),
    "seed": (_TO_INT, "the seed of splits, weights, order, noise and samples"),
}

_OPTIONS = {
    "weightCol": (_TO_STRING, "the column of the rows' weights; empty where all are 1"),
    "groupsCol": (_TO_STRING, "the column of groups that stay together; empty for none"),
    "budget": (_TO_FLOAT, "the seconds that a fit may take; 0 for what it takes"),
    "parallelism": (_TO_INT, "how many networks train at the same time at most; 0 for all"),
    "maxTableBytes": (_TO_INT, "how large the table may be, as 32-bit floats"),
    "components": (_TO_INT, "the number of components"),
    "covariance": (_TO_STRING, "SPHERICAL, DIAGONAL or FULL"),
    "family": (_TO_STRING, "GAUSSIAN, LAPLACE, LOGISTIC or NEGATIVE_BINOMIAL"),
    "scaleFloor": (_TO_FLOAT, "the lower bound of every scale, in standard deviations"),
    "bounded": (_TO_BOOLEAN, "whether components are held near the labels of the fit"),
    "atoms": (_TO_STRING, "values with a probability of their own: AUTO, NONE or 0, 1"),
    "censored": (_TO_BOOLEAN, "whether labels are intervals, two labelCols each"),
    "ensemble": (_TO_INT, "the number of networks that are averaged"),
    "noise": (_TO_STRINGS, "the noise levels to choose from, each inputs:targets"),
    "bins": (TypeConverters.toListInt, "the numbers of bins to choose from"),
    "startFromData": (_TO_BOOLEAN, "whether components start at quantiles of the labels"),
    "learningRate": (_TO_FLOAT, "Adam's learning rate before the first plateau"),
    "weightDecay": (_TO_FLOAT, "the decoupled decay of the weights"),
    "strongerDecay": (_TO_FLOAT, "a stronger decay that is tried; 0 for none"),
    "gradientClipping": (_TO_FLOAT, "the largest norm of a layer's gradient"),
    "averaging": (_TO_FLOAT, "over how many epochs the parameters are averaged"),
    "patience": (_TO_INT, "how many epochs without improvement make a plateau"),
    "maxEpochs": (_TO_INT, "how many epochs a training has at most"),
    "roundSteps": (_TO_INT, "how many steps there are between two looks at validation rows"),
    "hiddenUnits": (_TO_INT, "the units of each hidden layer"),
    "widerUnits": (_TO_INT, "the units of each hidden layer in a last trial; 0 for none"),
    "minibatch": (_TO_INT, "the rows of a step; 0 to let the number of rows decide"),
    "validationFraction": (_TO_FLOAT, "the share of the rows that validates"),
    "mostValidationRows": (_TO_INT, "how many rows validate at most; 0 for no limit"),
    "conformalFraction": (_TO_FLOAT, "the share of the rows held out for conformal outputs"),
    "calibrationRows": (_TO_INT, "how many validation rows all members share at least"),
    "contaminated": (_TO_BOOLEAN, "whether predictions get heavier tails"),
    "refit": (_TO_BOOLEAN, "whether each network is trained anew on all rows at the end"),
    "trunk": (_TO_STRING, "the layers below the head, as DL4J's JSON"),
    "trainer": (_TO_STRING, "AUTO, FUSED or DL4J"),
}

_METRICS = {
    "metricName": (_TO_STRING, "nll, crps or coverageError"),
    "outputCol": (_TO_STRING, "the column of the metric's output; empty for its own"),
    "weightCol": (_TO_STRING, "the column of the rows' weights; empty where all are 1"),
}


def _with_params(*tables):
    """Returns a decorator that gives a class its parameters, with setX and getX for each."""

    def add(cls, name, converter, doc):
        def setter(self, value):
            return self._set(**{name: value})

        def getter(self):
            return self.getOrDefault(name)

        setter.__doc__ = "Sets " + doc + "."
        getter.__doc__ = "Returns " + doc + "."
        camel = name[0].upper() + name[1:]
        setattr(cls, name, Param(Params._dummy(), name, doc, converter))
        setattr(cls, "set" + camel, setter)
        setattr(cls, "get" + camel, getter)

    def decorate(cls):
        for table in tables:
            for name, (converter, doc) in table.items():
                add(cls, name, converter, doc)
        return cls

    return decorate


class _Reader(JavaMLReader):
    @classmethod
    def _java_loader_class(cls, clazz):
        return clazz._java_class


class _Stage(JavaMLReadable, JavaMLWritable):
    """What all three have in common: they are read by the Java class of the same name."""

    @classmethod
    def read(cls):
        return _Reader(cls)

    def _created(self, values):
        """Makes the Java object, with its defaults, and sets parameters."""
        self._java_obj = self._new_java_obj(self._java_class, self.uid)
        self._transfer_params_from_java()
        self._set(**values)

    def _setDefault(self, **values):
        """Sets defaults; Java's arrays become lists."""
        return super()._setDefault(
            **{
                name: list(value) if isinstance(value, JavaArray) else value
                for name, value in values.items()
            }
        )

    def setParams(self, **params):
        """Sets parameters by keyword."""
        return self._set(**params)


@_with_params(_COLUMNS, _OPTIONS)
class MixtureRegression(_Stage, JavaEstimator):
    """Learns the distribution of labels given features; parameters by keyword or by setters."""

    _java_class = "org.mdn4j.spark.MixtureRegression"

    def __init__(self, **params):
        super().__init__()
        self._created(params)

    def _create_model(self, java_model):
        return MixtureRegressionModel(java_model)


@_with_params(_COLUMNS)
class MixtureRegressionModel(_Stage, JavaModel):
    """Predicts distributions over DataFrames."""

    _java_class = "org.mdn4j.spark.MixtureRegressionModel"

    def __init__(self, java_model=None):
        super().__init__(java_model)
        if java_model is not None:
            self._transfer_params_from_java()

    @property
    def numFeatures(self):
        """Returns how many features a row has."""
        return self._call_java("numFeatures")

    def conformalize(self, held_out, groups=""):
        """Returns the model with conformal outputs calibrated, maybe by the groups of a column."""
        self._transfer_params_to_java()
        return MixtureRegressionModel(self._java_obj.conformalize(held_out._jdf, groups))

    def register(self, spark, name):
        """Registers the outputs as a function of Spark SQL, from features."""
        self._transfer_params_to_java()
        self._java_obj.register(spark._jsparkSession, name)


@_with_params(_METRICS)
class MixtureRegressionEvaluator(_Stage, JavaEvaluator):
    """Scores predicted distributions: nll, crps or coverageError."""

    _java_class = "org.mdn4j.spark.MixtureRegressionEvaluator"

    def __init__(self, **params):
        super().__init__()
        self._created(params)

    def isLargerBetter(self):
        """Returns False: lower is better."""
        return False
