"""Online endpoints: two deployments, traffic between them, the way back, logs, keys and tokens, the end."""

import json

from azure.ai.ml.entities import (
    CodeConfiguration,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    OnlineRequestSettings,
)
from life import check

NAME = "a-life"


def live(life, client, place):
    endpoints, deployments = client.online_endpoints, client.online_deployments
    life.step(
        "online_endpoints",
        "begin_create_or_update",
        lambda: endpoints.begin_create_or_update(ManagedOnlineEndpoint(name=NAME, auth_mode="key")).result(),
    )
    life.step(
        "online_deployments",
        "begin_create_or_update",
        lambda: deployments.begin_create_or_update(deployment(place, "blue")).result(),
    )
    life.step("online_endpoints", "begin_create_or_update (traffic)", lambda: traffic(client, {"blue": 100}))
    life.step("online_endpoints", "invoke", lambda: check(colour(client, place) == "blue", "blue answers"))
    life.step(
        "online_deployments",
        "begin_create_or_update (second)",
        lambda: deployments.begin_create_or_update(deployment(place, "green")).result(),
    )
    life.step("online_endpoints", "begin_create_or_update (shift)", lambda: shifted(client, place))
    life.step("online_endpoints", "begin_create_or_update (mirror)", lambda: mirrored(client))
    life.step("online_endpoints", "begin_create_or_update (roll back)", lambda: rolled_back(client, place))
    life.step(
        "online_deployments",
        "get_logs",
        lambda: check("the model is ready" in deployments.get_logs("blue", NAME, lines=1000), "what init printed"),
    )
    life.step("online_deployments", "get", lambda: check(deployments.get("blue", NAME).instance_count == 1, "one instance"))
    life.step("online_deployments", "list", lambda: check(len(list(deployments.list(NAME))) == 2, "two"))
    life.step("online_endpoints", "get", lambda: check(endpoints.get(NAME).traffic["blue"] == 100, "traffic"))
    life.step("online_endpoints", "list", lambda: check(NAME in [one.name for one in endpoints.list()], "listed"))
    life.step("online_endpoints", "get_keys", lambda: check(endpoints.get_keys(NAME).primary_key, "a key"))
    life.step("online_endpoints", "begin_regenerate_keys", lambda: regenerated(client, place))
    # From here on every call names its deployment: the client goes on naming the last one that was named to it.
    life.step(
        "online_endpoints",
        "invoke (one deployment)",
        lambda: check(colour(client, place, "green") == "green", "green answers"),
    )
    life.step("online_deployments", "begin_create_or_update (broken init)", lambda: broken(client, place))
    life.step("online_endpoints", "get_keys (token)", lambda: by_token(client, place))
    life.step("online_endpoints", "invoke (directory token)", lambda: by_directory(client, place))
    life.step("online_endpoints", "invoke (longer than its limit)", lambda: too_slow(client, place))
    life.step("online_deployments", "begin_create_or_update (mlflow model)", lambda: without_script(client, place))
    life.step(
        "online_deployments",
        "begin_delete (with traffic)",
        lambda: deployments.begin_delete("blue", NAME).result(),
        refused="a deployment that takes traffic is not deleted",
    )
    life.step("online_deployments", "begin_delete", lambda: deployments.begin_delete("green", NAME).result())
    life.step("online_endpoints", "begin_delete", lambda: endpoints.begin_delete(NAME).result())


def deployment(place, name, code=None, endpoint=NAME):
    return ManagedOnlineDeployment(
        name=name,
        endpoint_name=endpoint,
        model="azureml:job-model:1",
        code_configuration=CodeConfiguration(code=str(code or place.score), scoring_script="score.py"),
        environment="azureml:scoring:1",
        environment_variables={"COLOUR": name},
        instance_type="Standard_DS3_v2",
        instance_count=1,
        request_settings=OnlineRequestSettings(request_timeout_ms=20000, max_concurrent_requests_per_instance=2),
    )


def colour(client, place, name=None, endpoint=NAME):
    request = place.root / "request.json"
    request.write_text(json.dumps({"data": [1, 2]}))
    answer = json.loads(
        client.online_endpoints.invoke(endpoint, request_file=str(request), **({"deployment_name": name} if name else {}))
    )
    check(answer["model"] == "3 rows", "the job's model")
    return answer["colour"]


def traffic(client, shares, mirror=None):
    endpoint = client.online_endpoints.get(NAME)
    endpoint.traffic = shares
    endpoint.mirror_traffic = mirror or {}
    return client.online_endpoints.begin_create_or_update(endpoint).result()


def shifted(client, place):
    traffic(client, {"blue": 50, "green": 50})
    seen = {colour(client, place) for _ in range(40)}
    check(seen == {"blue", "green"}, f"both answer, not only {seen}")
    traffic(client, {"blue": 0, "green": 100})
    check(colour(client, place) == "green", "green answers")


def mirrored(client):
    made = traffic(client, {"green": 100}, {"blue": 20})
    check(made.mirror_traffic == {"blue": 20}, "mirror traffic")


def rolled_back(client, place):
    traffic(client, {"blue": 100, "green": 0})
    check({colour(client, place) for _ in range(10)} == {"blue"}, "blue answers again")


def regenerated(client, place):
    before = client.online_endpoints.get_keys(NAME)
    client.online_endpoints.begin_regenerate_keys(NAME, key_type="secondary").result()
    after = client.online_endpoints.get_keys(NAME)
    check(before.primary_key == after.primary_key, "the other key stays")
    check(colour(client, place) == "blue", "and opens the endpoint")


def broken(client, place):
    try:
        client.online_deployments.begin_create_or_update(deployment(place, "broken", place.broken)).result()
    except Exception as error:
        check("the model cannot be read" in f"{error}" or "ResourceNotReady" in f"{error}", f"why: {error}")
    else:
        raise AssertionError("it came up")
    logs = client.online_deployments.get_logs("broken", NAME, lines=100)
    check("the model cannot be read" in logs, "the reason is in its log")
    client.online_deployments.begin_delete("broken", NAME).result()


def by_token(client, place):
    endpoint = ManagedOnlineEndpoint(name="by-token", auth_mode="aml_token")
    client.online_endpoints.begin_create_or_update(endpoint).result()
    token = client.online_endpoints.get_keys("by-token")
    check(token.access_token and token.expiry_time_utc, "a token that ends")
    client.online_deployments.begin_create_or_update(deployment(place, "only", endpoint="by-token")).result()
    check(colour(client, place, "only", "by-token") == "only", "it answers to the token")
    client.online_endpoints.begin_delete("by-token").result()


def by_directory(client, place):
    endpoint = ManagedOnlineEndpoint(name="by-directory", auth_mode="aad_token")
    client.online_endpoints.begin_create_or_update(endpoint).result()
    client.online_deployments.begin_create_or_update(deployment(place, "only", endpoint="by-directory")).result()
    check(colour(client, place, "only", "by-directory") == "only", "it answers to a token of the directory")
    client.online_endpoints.begin_delete("by-directory").result()


def too_slow(client, place):
    slow = deployment(place, "slow")
    slow.request_settings = OnlineRequestSettings(request_timeout_ms=1000)
    client.online_deployments.begin_create_or_update(slow).result()
    request = place.root / "slow-request.json"
    request.write_text(json.dumps({"sleep": 5}))
    try:
        client.online_endpoints.invoke(NAME, request_file=str(request), deployment_name="slow")
    except Exception as error:
        # The client knows 408, and then fails to make the error it has for it.
        check("AzureError" in f"{error}" or "request timeout" in f"{error}", f"408, not {error}")
    else:
        raise AssertionError("it answered")
    client.online_deployments.begin_delete("slow", NAME).result()


def without_script(client, place):
    model = Model(name="without-script", path=str(place.mlflow_model), type="mlflow_model")
    client.models.create_or_update(model)
    client.online_deployments.begin_create_or_update(
        ManagedOnlineDeployment(
            name="mlflow",
            endpoint_name=NAME,
            model="azureml:without-script:1",
            instance_type="Standard_DS3_v2",
            instance_count=1,
        )
    ).result()
    request = place.root / "mlflow-request.json"
    request.write_text(json.dumps({"input_data": {"columns": ["a"], "data": [[1], [2]]}}))
    answer = client.online_endpoints.invoke(NAME, request_file=str(request), deployment_name="mlflow")
    check(json.loads(answer) == [2, 4], f"predictions, not {answer}")
    client.online_deployments.begin_delete("mlflow", NAME).result()
