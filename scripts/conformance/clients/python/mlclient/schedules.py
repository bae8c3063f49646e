"""Schedules: a pipeline by the clock, and a monitor of a model's data that runs and finds a broken limit."""

import json

from azure.ai.ml import Input
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.entities import (
    AlertNotification,
    CronTrigger,
    DataDriftSignal,
    DataDriftMetricThreshold,
    DataQualityMetricsNumerical,
    DataQualityMetricThreshold,
    DataQualitySignal,
    JobSchedule,
    MonitorDefinition,
    MonitorSchedule,
    NumericalDriftMetrics,
    ProductionData,
    RecurrencePattern,
    RecurrenceTrigger,
    ReferenceData,
    ServerlessSparkCompute,
)
from azure.ai.ml.entities import Data
from life import check
from mlclient.jobs import ended, two_steps

BREACH = "azureml_modelmonitor_threshold_breached"


def live(life, client, place):
    by_the_clock(life, client, place)
    monitor(life, client, place)


def by_the_clock(life, client, place):
    schedule = JobSchedule(
        name="nightly",
        trigger=CronTrigger(expression="0 3 * * *", time_zone=TimeZone.UTC),
        create_job=two_steps(client, place),
    )
    group = client.schedules
    life.step("schedules", "begin_create_or_update", lambda: group.begin_create_or_update(schedule).result())
    life.step("schedules", "list", lambda: check("nightly" in [one.name for one in group.list()], "listed"))
    life.step("schedules", "get", lambda: check(group.get("nightly").is_enabled, "enabled"))
    life.step("schedules", "trigger", lambda: triggered(client, "nightly"))
    life.step("schedules", "begin_disable", lambda: off(group, "nightly"))
    life.step("schedules", "begin_enable", lambda: check(group.begin_enable("nightly").result().is_enabled, "enabled"))
    life.step("schedules", "begin_delete", lambda: gone(group, "nightly"))


def triggered(client, name):
    result = client.schedules.trigger(name)
    job = client.jobs.get(result.job_name)
    check(job.display_name.startswith(name), f"the job is called {job.display_name}")
    return ended(client, job)


def off(group, name):
    check(not group.begin_disable(name).result().is_enabled, "disabled")
    check(name not in [one.name for one in group.list()], "not listed")


def gone(group, name):
    """Only what is disabled can be deleted."""
    group.begin_disable(name).result()
    group.begin_delete(name).result()
    check(name not in [one.name for one in group.list(list_view_type="All")], "not listed")


def monitor(life, client, place):
    group = client.schedules
    schedule = MonitorSchedule(
        name="watch",
        trigger=RecurrenceTrigger(frequency="week", interval=1, schedule=RecurrencePattern(hours=3, minutes=15, week_days=["monday"])),
        create_monitor=definition(client, place),
    )
    life.step("schedules", "begin_create_or_update (monitor)", lambda: group.begin_create_or_update(schedule).result())
    life.step("schedules", "get (monitor)", lambda: check(len(group.get("watch").create_monitor.monitoring_signals) == 2, "two signals"))
    life.step("schedules", "trigger (monitor)", lambda: broken(client))


def broken(client):
    job = triggered(client, "watch")
    check("watch_drift" in job.tags.get(BREACH, ""), f"{job.name} ended {job.status} with the tags {job.tags}")


def definition(client, place):
    drift = DataDriftSignal(
        production_data=ProductionData(input_data=rows(client, place, "now", 60), data_context="model_inputs"),
        reference_data=ReferenceData(input_data=rows(client, place, "before", 30), data_context="training"),
        features=["age"],
        metric_thresholds=DataDriftMetricThreshold(numerical=NumericalDriftMetrics(normalized_wasserstein_distance=0.1)),
        alert_enabled=True,
    )
    quality = DataQualitySignal(
        production_data=drift.production_data,
        reference_data=drift.reference_data,
        features=["age"],
        metric_thresholds=DataQualityMetricThreshold(numerical=DataQualityMetricsNumerical(null_value_rate=0.1)),
    )
    return MonitorDefinition(
        compute=ServerlessSparkCompute(instance_type="standard_e4s_v3", runtime_version="3.4"),
        monitoring_signals={"drift": drift, "quality": quality},
        alert_notification=AlertNotification(emails=["nobody@example.org"]),
    )


def rows(client, place, name, age):
    lines = "".join(json.dumps({"age": age + number % 20}) + "\n" for number in range(100))
    folder = place.file(f"rows-{name}/rows.jsonl", lines).parent
    data = client.data.create_or_update(Data(name=f"rows-{name}", version="1", path=str(folder), type="uri_folder"))
    return Input(type="uri_folder", path=f"azureml:{data.name}:{data.version}")
