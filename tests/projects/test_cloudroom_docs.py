"""The examples of docs/cloudroom.md, run as they are written: each call is answered as the document says."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.projects.calling import found
from tests.server import ROOT, Server

TEXT = (ROOT / "docs" / "cloudroom.md").read_text()
_EXAMPLE = re.compile(r"```sh\n(curl .+?)```\n```json\n(.+?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.+?)```", re.DOTALL)


def shape(value: Any) -> Any:
    """Names and types, which an example promises; its ids, secrets and times are its own."""
    if isinstance(value, dict):
        kept = {"RspCode", "RspDesc"}
        return {name: each if name in kept else shape(each) for name, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list) else type(value).__name__


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_example_is_answered_as_the_document_says(server: Server) -> None:
    account = found(server)
    known = {"HOST": server.url, "COMP_ID": str(account.comp_id), "SECRET_KEY": account.secret_key}
    examples = _EXAMPLE.findall(TEXT)
    assert len(examples) == TEXT.count("```sh") == TEXT.count("```json") == 9
    for command, promised in examples:
        answer = json.loads(run(["bash", "-c", command.replace("curl ", "curl -sS ", 1)], known))
        assert shape(answer) == shape(json.loads(promised)), command
        known["APP_ID"] = answer.get("Data", {}).get("AppId", known.get("APP_ID", ""))


def test_the_python_example_lists_the_projects_and_changes_their_secrets(server: Server) -> None:
    account = found(server)
    (program,) = _PYTHON.findall(TEXT)
    known = {"HOST": server.url, "COMP_ID": str(account.comp_id), "COMP_SECRET": account.secret}
    printed = run([sys.executable, "-c", program], {**known, "PYTHONUTF8": "1"}).splitlines()
    assert printed[0] == f"{account.default_id} 默认项目"
    assert re.fullmatch("[0-9a-z]{32}", printed[1])
    assert len(printed) == 2


def test_the_java_example_lists_the_projects_and_changes_one_secret(server: Server, tmp_path: Path) -> None:
    account = found(server)
    (program,) = re.findall(r"```java\n(.+?)```", TEXT, re.DOTALL)
    (tmp_path / "Example.java").write_text(program)
    known = {"HOST": server.url, "COMP_ID": str(account.comp_id), "COMP_SECRET": account.secret}
    options = ["-Dfile.encoding=UTF-8", "-Dsun.stdout.encoding=UTF-8"]
    command = ["java", *options, str(tmp_path / "Example.java"), account.default_id]
    listed, rotated = (json.loads(line) for line in run(command, known).splitlines())
    assert [each["AppId"] for each in listed["Data"]["ProjectList"]] == [account.default_id]
    assert re.fullmatch("[0-9a-z]{32}", rotated["Data"]["AppSecret"])


def test_every_endpoint_and_code_has_its_place_in_the_document() -> None:
    codes = re.findall(r"^\| (\d+) \| (\S+) \|", TEXT[TEXT.index("## The codes") :], re.MULTILINE)
    assert codes == [
        ("0", "请求成功"), ("1", "用户所属企业没有接口API权限"), ("2", "账号不存在"), ("3", "密码错误"),
        ("4", "未获取到正确参数"), ("5", "未知错误"), ("15", "项目名称不能为空"), ("16", "项目名称不能包含特殊字符"),
        ("17", "项目名称长度为2-30个字符"), ("18", "非集群不能新建项目"), ("19", "项目账号最多添加10个"),
        ("20", "项目账号id不能为空"), ("21", "项目账号不存在"),
        ("23", "删除账号包含队列数据"), ("24", "不能删除默认项目账号"),
    ]  # fmt: skip
    headings = re.findall(r"^### (\S+)", TEXT, re.MULTILINE)
    assert headings == [
        "project/add", "project/query/list", "project/update", "project/update/secret", "project/delete",
    ]  # fmt: skip
