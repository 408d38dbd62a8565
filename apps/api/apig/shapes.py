"""What APIG's calls answer (004, table 4; the others [vendor])."""

from datetime import UTC, datetime
from typing import Any

from apps.models import App, AppCode, Gateway
from config.kernel.states import State

HIDDEN = "******"
OPEN, CLOSED = 1, 2
RUNNING, FROZEN = ("Running", 6), ("Frozen", 37)


def app(thing: App, now: datetime, *, secret: str = HIDDEN, has_type: bool = True) -> dict[str, Any]:
    """An app; `status` tells its effective state: 1 in service, else 2."""
    shown = {
        "id": thing.key,
        "name": thing.name,
        "status": OPEN if thing.effective_at(now) is State.ENABLED else CLOSED,
        "app_key": thing.app_key,
        "app_secret": secret,
        "creator": thing.origin,
        "remark": thing.remark,
        "register_time": moment(thing.created_at),
        "update_time": moment(thing.updated_at),
    }
    return {**shown, "app_type": "apig"} if has_type else shown


def code(thing: AppCode, app_id: str, *, value: str = "") -> dict[str, Any]:
    """An AppCode: whole when it is made, else its first four characters (S15)."""
    return {
        "id": thing.key,
        "app_id": app_id,
        "app_code": value or f"{thing.hint}{HIDDEN}",
        "create_time": moment(thing.created_at),
    }


def acl(thing: App) -> dict[str, Any]:
    """Who may call an app from where; without a list type and values are empty."""
    return {"app_id": thing.key, "app_acl_type": thing.acl_type, "app_acl_values": thing.acl_values}


def gateway(thing: Gateway, now: datetime) -> dict[str, Any]:
    """An instance; the moment of its making in milliseconds."""
    status, number = RUNNING if thing.effective_at(now) is State.ENABLED else FROZEN
    return {
        "id": thing.key,
        "project_id": thing.project.key,
        "instance_name": thing.name,
        "status": status,
        "instance_status": number,
        "type": "apig",
        "spec": "BASIC",
        "create_time": int(thing.created_at.timestamp() * 1000),
        "enterprise_project_id": "0",
        "charging_mode": 0,
        "cbc_metadata": "",
        "loadbalancer_provider": "lvs",
    }


def configs(thing: Gateway, held: int, now: datetime) -> list[dict[str, Any]]:
    """What a gateway may hold, and its switch: 1 on, 2 off."""
    rows = [
        ("APP_NUM_LIMIT", thing.app_limit, "apps of a gateway", held),
        ("APP_CODE_NUM_LIMIT", thing.app_code_limit, "AppCodes of an app", None),
        ("APP_KEY_SECRET_SWITCH", 1 if thing.key_switch else 2, "keys and secrets of one's own: 1 on, 2 off", None),
    ]
    return [
        {
            "config_id": f"{thing.key}-{name}",
            "config_name": name,
            "config_value": str(value),
            "config_time": moment(thing.updated_at),
            "remark": remark,
            **({"used": used} if used is not None else {}),
        }
        for name, value, remark, used in rows
    ]


def feature(thing: Gateway, given: Any) -> dict[str, Any]:
    """A feature as it was set."""
    return {
        "id": given["id"],
        "name": given["name"],
        "enable": given["enable"],
        "config": given.get("config", ""),
        "instance_id": thing.key,
        "update_time": moment(datetime.fromisoformat(given["update_time"])),
    }


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
