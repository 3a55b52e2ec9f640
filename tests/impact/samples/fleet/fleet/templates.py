"""Golden images: a machine is built, halted and becomes a template."""

from __future__ import annotations

import logging

from openvcloud_2_2_6 import OvcError, Portal, ServerError

from . import Session

log = logging.getLogger(__name__)


class TemplateBuilder:
    """Builds templates in one cloudspace."""

    def __init__(self, portal: Portal, cloudspace_id: int) -> None:
        self.portal = portal
        self.machines = portal.cloudapi.machines
        self.cloudspace_id = cloudspace_id

    def build(self, name: str) -> int:
        """Build a machine and make it a template; where the portal has that switched off, keep the machine."""
        machine_id = self._machine(name)
        self.machines.stop(machineId=machine_id)
        try:
            self.machines.convertToTemplate(machineId=machine_id, templatename=name)
        except ServerError as error:
            if error.status != 501:
                raise
            log.warning("templates are switched off: %s", error)
        return machine_id

    def build_in_background(self, name: str):
        """As `build`, but the portal works on while we do something else."""
        machine_id = self._machine(name)
        task = self.portal.cloudapi.machines.stop(machineId=machine_id, _async=True)
        task.result(timeout=60)
        convert = self.machines.convertToTemplate
        try:
            return convert(templatename=name, machineId=machine_id, _async=True).result(timeout=1)
        except OvcError as error:
            log.warning("no template: %s", error)
            return None

    def _machine(self, name: str) -> int:
        size = self.portal.cloudapi.sizes.list(cloudspaceId=self.cloudspace_id)[0]
        image = self.portal.cloudapi.images.list(accountId=None, cloudspaceId=self.cloudspace_id)[0]
        return self.machines.create(
            cloudspaceId=self.cloudspace_id,
            name=name,
            description="golden image",
            sizeId=size["id"],
            imageId=image["id"],
            disksize=image["size"],
        )


class QuietBuilder(TemplateBuilder):
    """Builds without anybody hearing of it."""

    def build(self, name: str) -> int:
        log.setLevel(logging.ERROR)
        return super().build(name)

    def rebuild(self, machine_id: int, name: str) -> bool:
        """Make a template of a machine that is there already, with the rights of an administrator."""
        broker = self.portal.cloudbroker
        try:
            broker.machine.convertToTemplate(machineId=machine_id, templateName=name, reason="rebuild")
        except OvcError as error:
            log.error("no template: %s", error)
            return False
        return True


def story_template(session: Session) -> None:
    """A template the usual way."""
    builder = TemplateBuilder(session.portal, session.space()["id"])
    machine_id = builder.build("golden")
    assert session.portal.cloudapi.machines.get(machineId=machine_id)["name"] == "golden"


def story_template_in_background(session: Session) -> None:
    """A template through a task."""
    TemplateBuilder(session.portal, cloudspace_id=session.space()["id"]).build_in_background("later")


def story_template_by_admin(session: Session) -> None:
    """A template with more rights."""
    space = session.space()
    machine_id = QuietBuilder(session.portal, space["id"]).build("quiet")
    QuietBuilder(session.admin, space["id"]).rebuild(machine_id, "quiet")
