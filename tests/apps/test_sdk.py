"""The vendor's own SDK, unmodified, on a socket: every operation on apps that it has, and its own typed errors."""

import secrets
from typing import Any

import pytest
from huaweicloudsdkapig.v2 import model
from huaweicloudsdkcore.exceptions import exceptions

from tests.apps.real import Tenant, tenant
from tests.server import Server


@pytest.fixture
def dora(server: Server) -> Tenant:
    return tenant(server)


def create(dora: Tenant, instance: str, name: str = "app_001", **given: Any) -> Any:
    body = model.AppCreate(name=name, **given)
    return dora.client().create_an_app_v2(model.CreateAnAppV2Request(instance_id=instance, body=body))


def update(dora: Tenant, instance: str, app_id: str, **given: Any) -> Any:
    request = model.UpdateAppV2Request(instance_id=instance, app_id=app_id, body=model.AppCreate(**given))
    return dora.client().update_app_v2(request)


def show(dora: Tenant, instance: str, app_id: str) -> Any:
    return dora.client().show_details_of_app_v2(model.ShowDetailsOfAppV2Request(instance_id=instance, app_id=app_id))


def reset(dora: Tenant, instance: str, app_id: str, body: Any = None) -> Any:
    request = model.ResettingAppSecretV2Request(instance_id=instance, app_id=app_id, body=body)
    return dora.client().resetting_app_secret_v2(request)


def listed(dora: Tenant, instance: str, **query: Any) -> Any:
    return dora.client().list_apps_v2(model.ListAppsV2Request(instance_id=instance, **query))


def test_an_apps_whole_life(dora: Tenant) -> None:
    made = create(dora, dora.open, "健康手环", remark="第一个APP")
    assert (made.status_code, made.name, made.remark, made.status, made.creator) == (
        201, "健康手环", "第一个APP", 1, "USER",
    )  # fmt: skip
    assert len(made.app_secret) == 32
    shown = show(dora, dora.open, made.id)
    assert (shown.id, shown.app_key, shown.app_secret, shown.app_type) == (made.id, made.app_key, "******", "apig")
    key = f"app_key_{made.id[:8]}"
    changed = update(dora, dora.open, made.id, name="app_001", remark="~ & 空格", app_key=key, app_secret="sample_1")
    assert (changed.status_code, changed.app_key, changed.app_secret) == (200, key, "******")
    assert changed.remark == "~ & 空格"
    request = model.CheckAppV2Request(instance_id=dora.open, app_id=made.id)
    checked = dora.client().check_app_v2(request)
    assert (checked.id, checked.name, checked.remark) == (made.id, "app_001", "~ & 空格")
    gone = dora.client().delete_app_v2(model.DeleteAppV2Request(instance_id=dora.open, app_id=made.id))
    assert gone.status_code == 204
    with pytest.raises(exceptions.ClientRequestException) as raised:
        show(dora, dora.open, made.id)
    assert (raised.value.status_code, raised.value.error_code) == (404, "APIG.3004")
    assert raised.value.error_msg == f"App {made.id} does not exist"
    assert raised.value.request_id


def test_reset_in_its_three_forms(dora: Tenant) -> None:
    made = create(dora, dora.open)
    own = reset(dora, dora.open, made.id, model.AppResetCreate(app_secret="my_own_secret!"))
    empty = reset(dora, dora.open, made.id, model.AppResetCreate(app_secret=""))
    none = reset(dora, dora.open, made.id, model.AppResetCreate())
    assert own.app_secret == "my_own_secret!"
    assert len({made.app_secret, own.app_secret, empty.app_secret, none.app_secret}) == 4
    assert (len(empty.app_secret), len(none.app_secret)) == (32, 32)
    with pytest.raises(exceptions.ClientRequestException) as raised:
        reset(dora, dora.shut, create(dora, dora.shut).id, model.AppResetCreate(app_secret="my_own_secret!"))
    assert (raised.value.status_code, raised.value.error_code) == (400, "APIG.2000")
    assert "APP_KEY_SECRET_SWITCH" in raised.value.error_msg


def test_a_list_with_its_filters(dora: Tenant) -> None:
    for number in range(3):
        create(dora, dora.open, f"手环_{number}")
    create(dora, dora.shut, "elsewhere")
    assert [app.name for app in listed(dora, dora.open).apps] == ["手环_2", "手环_1", "手环_0"]
    page = listed(dora, dora.open, offset=1, limit=1)
    assert (page.total, page.size, [app.name for app in page.apps]) == (3, 1, ["手环_1"])
    assert [app.name for app in listed(dora, dora.open, name="手环_1", precise_search="name").apps] == ["手环_1"]
    assert [app.bind_num for app in listed(dora, dora.open, name="手环").apps] == [0, 0, 0]
    counts = dora.client().list_app_quantities_v2(model.ListAppQuantitiesV2Request(instance_id=dora.open))
    assert (counts.authed_nums, counts.unauthed_nums) == (0, 3)


def test_app_codes(dora: Tenant) -> None:
    client, app = dora.client(), create(dora, dora.open)
    at = {"instance_id": dora.open, "app_id": app.id}
    code = "C" + secrets.token_hex(32)
    own = client.create_app_code_v2(model.CreateAppCodeV2Request(**at, body=model.AppCodeCreate(app_code=code)))
    auto = client.create_app_code_auto_v2(model.CreateAppCodeAutoV2Request(**at))
    assert (own.app_code, len(auto.app_code), own.app_id) == (code, 64, app.id)
    found = client.list_app_codes_v2(model.ListAppCodesV2Request(**at))
    assert [each.id for each in found.app_codes] == [auto.id, own.id]
    one = client.show_details_of_app_code_v2(model.ShowDetailsOfAppCodeV2Request(**at, app_code_id=own.id))
    assert (one.id, one.app_code) == (own.id, f"{code[:4]}******")
    done = client.delete_app_code_v2(model.DeleteAppCodeV2Request(**at, app_code_id=own.id))
    assert done.status_code == 204
    with pytest.raises(exceptions.ClientRequestException) as raised:
        client.show_details_of_app_code_v2(model.ShowDetailsOfAppCodeV2Request(**at, app_code_id=own.id))
    assert (raised.value.status_code, raised.value.error_code) == (404, "APIG.3082")


def test_an_acl(dora: Tenant) -> None:
    client, app = dora.client(), create(dora, dora.open)
    at = {"instance_id": dora.open, "app_id": app.id}
    body = model.AppAclCreate(app_acl_type="PERMIT", app_acl_values=["192.168.0.1", "10.0.0.0/8"])
    put = client.update_app_acl(model.UpdateAppAclRequest(**at, body=body))
    assert (put.status_code, put.app_acl_type, put.app_acl_values) == (201, "PERMIT", ["192.168.0.1", "10.0.0.0/8"])
    assert client.show_details_of_app_acl(model.ShowDetailsOfAppAclRequest(**at)).app_id == app.id
    assert client.delete_app_acl(model.DeleteAppAclRequest(**at)).status_code == 204


def test_gateways_configs_and_features(dora: Tenant) -> None:
    client = dora.client()
    found = client.list_instances_v2(model.ListInstancesV2Request())
    assert [(each.id, each.instance_name) for each in found.instances] == [
        (dora.shut, "shut_one"), (dora.open, "open_one"),
    ]  # fmt: skip
    one = client.show_details_of_instance_v2(model.ShowDetailsOfInstanceV2Request(instance_id=dora.open))
    assert (one.status, one.instance_status, one.project_id) == ("Running", 6, dora.project)
    configs = client.list_project_cofigs_v2(model.ListProjectCofigsV2Request(instance_id=dora.open)).configs
    assert {each.config_name: each.config_value for each in configs} == {
        "APP_NUM_LIMIT": "50", "APP_CODE_NUM_LIMIT": "5", "APP_KEY_SECRET_SWITCH": "1",
    }  # fmt: skip
    body = model.FeatureToggle(name="app_basic", enable=True, config="on")
    made = client.create_feature_v2(model.CreateFeatureV2Request(instance_id=dora.open, body=body))
    assert (made.status_code, made.name, made.enable, made.instance_id) == (201, "app_basic", True, dora.open)
    features = client.list_features_v2(model.ListFeaturesV2Request(instance_id=dora.open))
    assert [(each.id, each.name) for each in features.features] == [(made.id, "app_basic")]


ERRORS: list[tuple[dict[str, Any], int, str]] = [
    ({"name": "1abc"}, 400, "APIG.2011"),
    ({"name": "ab"}, 400, "APIG.2011"),
    ({"name": "app_002", "remark": "x" * 256}, 400, "APIG.2006"),
    ({"name": "app_001"}, 400, "APIG.3203"),
    ({"name": "app_002", "app_key": "taken_key_1"}, 400, "APIG.3310"),
    ({"name": "app_002", "app_secret": "short"}, 400, "APIG.2011"),
]


def test_its_own_typed_errors(dora: Tenant) -> None:
    create(dora, dora.open, app_key=(taken := f"taken_{secrets.token_hex(4)}"))
    for given, status, code in ERRORS:
        sent = {**given, "app_key": taken} if given.get("app_key") else given
        with pytest.raises(exceptions.ClientRequestException) as raised:
            create(dora, dora.open, **sent)
        assert (raised.value.status_code, raised.value.error_code) == (status, code)
        assert raised.value.request_id
    with pytest.raises(exceptions.ClientRequestException) as raised:
        create(dora, "f" * 32)
    assert (raised.value.status_code, raised.value.error_code) == (404, "APIG.3030")
    assert raised.value.error_msg == f"The instance does not exist;id:{'f' * 32}"


def test_who_signs_wrongly_is_nobody(dora: Tenant) -> None:
    request = model.ListAppsV2Request(instance_id=dora.open)
    clients = [dora.client(sk="s" * 40), dora.client(ak="A" * 20), dora.client(ak="A" * 20, sk="s" * 40)]
    told = set()
    for client in clients:
        with pytest.raises(exceptions.ClientRequestException) as raised:
            client.list_apps_v2(request)
        told.add((raised.value.status_code, raised.value.error_code, raised.value.error_msg))
    assert len(told) == 1, "an unknown AK and a wrong SK are one answer"
    assert [each[:2] for each in told] == [(401, "APIG.0301")]


def test_another_tenant_sees_nothing(dora: Tenant, server: Server) -> None:
    app = create(dora, dora.open)
    other = tenant(server)
    for project in (other.project, dora.project):
        client = other.client(project=project)
        request = model.ShowDetailsOfAppV2Request(instance_id=dora.open, app_id=app.id)
        with pytest.raises(exceptions.ClientRequestException) as raised:
            client.show_details_of_app_v2(request)
        assert (raised.value.status_code, raised.value.error_code) == (404, "APIG.3030")
