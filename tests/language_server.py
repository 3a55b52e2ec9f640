"""A client for language servers: speaks LSP over the pipes of a process, enough for completion and signature help."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Json = Any


class LanguageServer:
    """The client of a running language server.

    Every question opens a new file below `folder`. `settings` are the server's, by their sections.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, settings: Json) -> None:
        self._process = process
        self._folder = folder
        self._settings = settings
        self._numbers = itertools.count(1)
        workspace = {"uri": folder.as_uri(), "name": folder.name}
        signatures = {"signatureInformation": {"parameterInformation": {"labelOffsetSupport": False}}}
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"signatureHelp": signatures}}
        self._ask(
            "initialize",
            processId=None,
            rootUri=workspace["uri"],
            workspaceFolders=[workspace],
            capabilities=capabilities,
        )
        self._tell("initialized")

    def completions(self, code: str) -> set[str]:
        """Return the names that are offered at the end of the code."""
        found = self._at_the_end("textDocument/completion", code)
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"] for item in items}

    def signatures(self, code: str) -> list[list[str]]:
        """Return the parameters of each signature that is shown at the end of the code, which is inside of a call."""
        found = self._at_the_end("textDocument/signatureHelp", code)
        return [
            [parameter["label"] for parameter in shown["parameters"]]
            for shown in (found or {"signatures": []})["signatures"]
        ]

    def close(self) -> None:
        """Let the server end."""
        self._ask("shutdown")
        self._tell("exit")

    def _at_the_end(self, method: str, code: str) -> Json:
        uri = (self._folder / f"user_{next(self._numbers)}.py").as_uri()
        self._tell(
            "textDocument/didOpen", textDocument={"uri": uri, "languageId": "python", "version": 1, "text": code}
        )
        lines = code.split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        return self._ask(method, textDocument={"uri": uri}, position=position)

    def _ask(self, method: str, **params: Json) -> Json:
        """Send a request and return its result; questions that the server asks meanwhile are answered."""
        number = next(self._numbers)
        self._send(id=number, method=method, params=params)
        while True:
            message = self._receive()
            if "method" in message and "id" in message:
                self._send(id=message["id"], result=self._answer(message))
            elif message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def _answer(self, question: Json) -> Json:
        if question["method"] != "workspace/configuration":
            return None
        return [self._settings.get(item.get("section")) for item in question["params"]["items"]]

    def _tell(self, method: str, **params: Json) -> None:
        self._send(method=method, params=params)

    def _send(self, **message: Json) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _receive(self) -> Json:
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "The language server has ended."
        return json.loads(self._process.stdout.read(length))


@contextmanager
def pyright_server(folder: Path, *sources: Path) -> Iterator[LanguageServer]:
    """Run pyright's language server over a folder, with more folders to import from."""
    analysis = {"extraPaths": list(map(str, sources)), "diagnosticMode": "openFilesOnly", "typeCheckingMode": "strict"}
    settings = {
        "python": {"pythonPath": sys.executable},
        "python.analysis": analysis,
        "basedpyright": {"analysis": analysis},
        "basedpyright.analysis": analysis,
    }
    command = [sys.executable, "-c", "from basedpyright.langserver import main; main()", "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        server = LanguageServer(process, folder, settings)
        try:
            yield server
        finally:
            server.close()
