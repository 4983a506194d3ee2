# SPDX-License-Identifier: Apache-2.0
"""The Python package with PySpark: PySparkTest submits this to a cluster, with a folder.

Java has left rows.parquet, java-estimator, java-model, java-pipeline and java-evaluator there; what
this leaves is read by Java.
"""

import sys
import unittest

from pyspark.errors import IllegalArgumentException
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
from pyspark.ml.tuning import (
    CrossValidator,
    CrossValidatorModel,
    ParamGridBuilder,
    TrainValidationSplit,
)
from pyspark.sql import SparkSession

from org.mdn4j.spark import (
    MixtureRegression,
    MixtureRegressionEvaluator,
    MixtureRegressionModel,
)

FOLDER = sys.argv[1]
SPARK = SparkSession.builder.appName("mdn4j").getOrCreate()
ROWS = SPARK.read.parquet(FOLDER + "/rows.parquet")
QUICK = {  # TestData.quickOnSpark
    "components": 3,
    "noise": ["0:0", "0.02:0.02"],
    "patience": 2,
    "maxEpochs": 8,
    "bins": [0, 4],
    "widerUnits": 60,
    "roundSteps": 0,
}
OTHER = {  # a value of each parameter that is not the default
    "atoms": "NONE",
    "averaging": 2.0,
    "bins": [0, 2],
    "bounded": False,
    "budget": 60.0,
    "calibrationRows": 50,
    "censorCol": "flag",
    "censored": True,
    "components": 7,
    "conformalFraction": 0.25,
    "contaminated": False,
    "covariance": "FULL",
    "ensemble": 3,
    "family": "LAPLACE",
    "featuresCol": "f",
    "gradientClipping": 1.5,
    "groupsCol": "g",
    "hiddenUnits": 9,
    "labelCol": "l",
    "labelCols": ["l", "m"],
    "learningRate": 0.01,
    "maxEpochs": 5,
    "maxTableBytes": 1 << 40,
    "minibatch": 32,
    "mostValidationRows": 99,
    "noise": ["0.1:0.2"],
    "outputs": ["pit", "region(0.5) as likely"],
    "parallelism": 2,
    "patience": 3,
    "predictionCol": "",
    "refit": False,
    "roundSteps": 4,
    "scaleFloor": 0.01,
    "seed": 1 << 40,
    "startFromData": False,
    "strongerDecay": 0.5,
    "trainer": "DL4J",
    "trunk": "",
    "validationFraction": 0.3,
    "weightCol": "w",
    "weightDecay": 0.02,
    "widerUnits": 11,
}
METRICS = {"metricName": "crps", "outputCol": "score", "weightCol": "w"}


def accessor(kind, name):
    return kind + name[0].upper() + name[1:]


def table():
    """Two branches, as TestData has them, and a town; in three partitions."""
    return SPARK.range(0, 600, 1, 3).selectExpr(
        "id",
        "1 + 2 * pmod(id * 7919, 10007) / 10007.0D as x",
        "element_at(array('Oslo', 'Rome', 'Bonn'), cast(pmod(id, 3) as int) + 1) as town",
        "if(pmod(hash(id), 2) = 0, 1, -1) * (1 + 2 * pmod(id * 7919, 10007) / 10007.0D)"
        " + pmod(hash(id, 1), 100) / 250.0D as label",
    )


def stages(regression):
    return [
        StringIndexer(inputCol="town", outputCol="townIndex"),
        OneHotEncoder(inputCol="townIndex", outputCol="townVector"),
        VectorAssembler(inputCols=["x", "townVector"], outputCol="features"),
        regression,
    ]


def same(test, one, other):
    test.assertEqual(one.orderBy("id").collect(), other.orderBy("id").collect())


class PySparkTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.model = MixtureRegression(outputs=["quantiles(0.05, 0.95)"], **QUICK).fit(ROWS)

    def test_every_parameter_is_set_and_read(self):
        for kind, values in ((MixtureRegression, OTHER), (MixtureRegressionEvaluator, METRICS)):
            by_keyword = kind(**values)
            by_setter = kind()
            fresh = kind()
            self.assertEqual(set(values), {param.name for param in fresh.params})
            java = fresh._java_obj
            for name, value in values.items():
                default = getattr(fresh, accessor("get", name))()
                theirs = java.getOrDefault(java.getParam(name))
                self.assertEqual(list(theirs) if isinstance(value, list) else theirs, default, name)
                self.assertIs(type(default), type(value), name)
                self.assertFalse(fresh.isSet(name), name)
                self.assertIs(by_setter, getattr(by_setter, accessor("set", name))(value))
                self.assertIn(fresh.getParam(name).doc, getattr(kind, accessor("set", name)).__doc__)
            again = kind().setParams(**values)
            for stage in (by_keyword, by_setter, again, by_keyword.copy()):
                stage._transfer_params_to_java()
                for name, value in values.items():
                    self.assertEqual(value, getattr(stage, accessor("get", name))(), name)
                    java = stage._java_obj
                    theirs = java.getOrDefault(java.getParam(name))
                    self.assertEqual(list(theirs) if isinstance(value, list) else theirs, value, name)
                    self.assertTrue(java.isSet(java.getParam(name)), name)
        self.assertIn("hiddenUnits", MixtureRegression().explainParams())

    def test_the_model_has_its_columns(self):
        regression = MixtureRegression(outputs=["mixture"], seed=7, **QUICK)
        fitted = regression.fit(ROWS, {regression.predictionCol: "p"})
        self.assertEqual(["mixture"], fitted.getOutputs())
        self.assertEqual("p", fitted.getPredictionCol())
        self.assertEqual(7, fitted.getSeed())
        self.assertEqual([], fitted.getLabelCols())
        self.assertEqual(3, fitted.numFeatures)
        self.assertIn("features=3, targets=1, members=1", repr(fitted))
        row = fitted.transform(ROWS).head()
        self.assertEqual(4, len(row.mixture.weights))  # a wide one too
        self.assertEqual("GAUSSIAN", row.mixture.family)
        other = fitted.transform(ROWS, {fitted.outputs: ["interval(0.5)"], fitted.predictionCol: ""})
        self.assertEqual(ROWS.columns + ["interval"], other.columns)
        self.assertEqual(["mixture"], fitted.getOutputs())

    def test_what_is_set_and_cleared_counts(self):
        regression = MixtureRegression(**QUICK)
        regression.clear(regression.widerUnits)
        regression.setHiddenUnits(7)
        regression.fit(ROWS).save(FOLDER + "/python-seven")
        copy = regression.copy({regression.components: 1})
        self.assertEqual((1, 3), (copy.getComponents(), regression.getComponents()))
        one, two = regression.fit(ROWS, [{regression.components: 1}, {regression.components: 2}])
        sizes = [
            len(fitted.setOutputs(["mixture"]).transform(ROWS).head().mixture.weights)
            for fitted in (one, two)
        ]
        self.assertEqual([2, 3], sizes)

    def test_files_go_both_ways(self):
        self.model.save(FOLDER + "/python-model")
        MixtureRegression(**OTHER).save(FOLDER + "/python-estimator")
        MixtureRegressionEvaluator(**METRICS).save(FOLDER + "/python-evaluator")
        self.model.write().overwrite().save(FOLDER + "/python-model")
        for name in ("python-model", "java-model"):
            same(
                self,
                self.model.transform(ROWS),
                MixtureRegressionModel.load(FOLDER + "/" + name).transform(ROWS),
            )
        for name in ("python-estimator", "java-estimator"):
            loaded = MixtureRegression.load(FOLDER + "/" + name)
            for key, value in OTHER.items():
                self.assertEqual(value, getattr(loaded, accessor("get", key))(), key)
        for name in ("python-evaluator", "java-evaluator"):
            loaded = MixtureRegressionEvaluator.load(FOLDER + "/" + name)
            for key, value in METRICS.items():
                self.assertEqual(value, getattr(loaded, accessor("get", key))(), key)

    def test_a_pipeline_is_saved_and_loaded(self):
        pipeline = Pipeline(stages=stages(MixtureRegression(outputs=["logDensity"], **QUICK)))
        fitted = pipeline.fit(table())
        expected = fitted.transform(table())
        pipeline.save(FOLDER + "/python-pipeline-unfitted")
        fitted.save(FOLDER + "/python-pipeline")
        expected.write.parquet(FOLDER + "/python-pipeline.parquet")
        same(self, expected, PipelineModel.load(FOLDER + "/python-pipeline").transform(table()))
        again = Pipeline.load(FOLDER + "/python-pipeline-unfitted").fit(table())
        same(self, expected, again.transform(table()))
        from_java = PipelineModel.load(FOLDER + "/java-pipeline")
        self.assertIsInstance(from_java.stages[-1], MixtureRegressionModel)
        self.assertEqual(["interval(0.9)"], from_java.stages[-1].getOutputs())
        same(self, SPARK.read.parquet(FOLDER + "/java-pipeline.parquet"), from_java.transform(ROWS))

    def test_cross_validation_chooses(self):
        regression = MixtureRegression(outputs=["logDensity"], **QUICK)
        regression.setBins([0]).setNoise(["0:0"]).setMaxEpochs(40).setPatience(5)
        grid = ParamGridBuilder().addGrid(regression.components, [1, 3]).build()
        validator = CrossValidator(
            estimator=Pipeline(stages=stages(regression)),
            estimatorParamMaps=grid,
            evaluator=MixtureRegressionEvaluator(),
            numFolds=2,
            parallelism=2,
            seed=1,
        )
        chosen = validator.fit(table())
        self.assertLess(chosen.avgMetrics[1], chosen.avgMetrics[0] - 0.2, "two branches")
        best = chosen.bestModel.stages[-1]
        row = best.copy({best.outputs: ["mixture"]}).transform(
            chosen.bestModel.transform(table()).drop("prediction", "logDensity")
        )
        self.assertEqual(4, len(row.head().mixture.weights))
        validator.save(FOLDER + "/python-validator")
        chosen.save(FOLDER + "/python-chosen")
        loaded = CrossValidator.load(FOLDER + "/python-validator")
        self.assertEqual(
            [1, 3], [list(one.values())[0] for one in loaded.getEstimatorParamMaps()]
        )
        same(
            self,
            chosen.transform(table()),
            CrossValidatorModel.load(FOLDER + "/python-chosen").transform(table()),
        )
        split = TrainValidationSplit(
            estimator=Pipeline(stages=stages(regression)),
            estimatorParamMaps=grid,
            evaluator=MixtureRegressionEvaluator(),
            seed=1,
        ).fit(table())
        self.assertLess(split.validationMetrics[1], split.validationMetrics[0])

    def test_metrics(self):
        scored = self.model.copy(
            {self.model.outputs: ["logDensity", "crps as score", "pit"]}
        ).transform(ROWS)
        nll = scored.selectExpr("-avg(logDensity)").head()[0]
        self.assertAlmostEqual(nll, MixtureRegressionEvaluator().evaluate(scored), 12)
        weighted = scored.selectExpr("sum(score * weight) / sum(weight)").head()[0]
        crps = MixtureRegressionEvaluator(metricName="crps", outputCol="score", weightCol="weight")
        self.assertAlmostEqual(weighted, crps.evaluate(scored), 12)
        self.assertFalse(crps.isLargerBetter())
        error = MixtureRegressionEvaluator()
        error = error.evaluate(scored, {error.metricName: "coverageError"})
        self.assertTrue(0 <= error < 0.5)

    def test_a_function_of_sql(self):
        model = self.model.copy({self.model.predictionCol: ""})
        model.register(SPARK, "price_range")
        ROWS.createOrReplaceTempView("houses")
        expected = {row.id: row.quantiles for row in model.transform(ROWS).collect()}
        for row in SPARK.sql("select id, price_range(features) as q from houses limit 5").collect():
            for one, other in zip(expected[row.id], row.q):
                self.assertAlmostEqual(one, other, 5)

    def test_rows_that_are_held_out_calibrate(self):
        held_out = ROWS.selectExpr("*", "string(pmod(id, 2)) as kind")
        calibrated = self.model.conformalize(held_out, "kind")
        self.assertEqual(["quantiles(0.05, 0.95)"], calibrated.getOutputs())
        row = calibrated.setOutputs(["conformalInterval(0.8)"]).transform(held_out).head()
        self.assertLess(row.conformalInterval.lower, row.conformalInterval.upper)
        self.assertEqual("features", self.model.conformalize(ROWS).getFeaturesCol())

    def test_every_kind_of_label(self):
        rows = ROWS.selectExpr(
            "*",
            "if(pmod(id, 4) = 0, 0, label) as upper",
            "if(pmod(id, 4) = 0, 0, if(pmod(id, 5) = 0, null, label)) as lower",
            "int(abs(label) * 5) as count",
            "pmod(id, 40) as patient",
            "array(second, weight) as numbers",
        )
        for options in (
            {"censored": True, "labelCols": ["lower", "upper"], "outputs": ["survival(0)"]},
            {"labelCol": "count", "family": "NEGATIVE_BINOMIAL", "outputs": ["pit"]},
            {"labelCols": ["label", "second"], "covariance": "FULL", "outputs": ["mixture"]},
            {"groupsCol": "patient", "weightCol": "weight", "conformalFraction": 0.2},
            {"featuresCol": "numbers", "ensemble": 2, "outputs": ["samples(2)"]},
            {"labelCol": "upper", "atoms": "0", "outputs": ["mixture"]},
        ):
            fitted = MixtureRegression(**{**QUICK, **options}).fit(rows)
            scored = fitted.transform(rows)
            self.assertEqual(ROWS.count(), scored.where("prediction is not null").count())
            if options.get("atoms"):
                self.assertEqual([0.0], scored.head().mixture.atoms)

    def test_says_what_is_wrong(self):
        def refuses(message, work):
            with self.assertRaises(Exception) as caught:
                work()
            self.assertIn(message, str(caught.exception))
            return caught.exception

        refuses("Could not convert many to int", lambda: MixtureRegression(components="many"))
        refuses("no attribute 'component'", lambda: MixtureRegression(component=3))
        for message, options in (
            ("components must be at least 1, got 0", {"components": 0}),
            ("Expected a column 'price', got id, features", {"labelCol": "price"}),
            ("Expected one of mean, standardDeviation", {"outputs": ["median"]}),
            ("Expected noise as inputs:targets, got 1", {"noise": ["1"]}),
        ):
            regression = MixtureRegression(**{**QUICK, **options})
            e = refuses(message, lambda: regression.fit(ROWS))
            self.assertIsInstance(e, IllegalArgumentException)
        bad = ROWS.selectExpr("*", "if(id = 77, double('NaN'), label) as price")
        refuses(
            "Expected a finite number in column 'price', got NaN in row 77 of partition 0",
            lambda: MixtureRegression(labelCol="price", **QUICK).fit(bad),
        )
        scored = self.model.copy({self.model.outputs: ["pit"], self.model.labelCol: "price"})
        refuses(
            "Expected a finite number in column 'price', got NaN in row 77 of partition 0",
            lambda: scored.transform(bad).collect(),
        )
        refuses(
            "Expected the column 'crps' for crps",
            lambda: MixtureRegressionEvaluator(metricName="crps").evaluate(ROWS),
        )


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2, warnings="ignore")
