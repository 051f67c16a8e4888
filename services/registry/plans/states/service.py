"""Taking a plan to its next state, as who read it."""

from services.kit.auth import Caller
from services.kit.db import Session
from services.kit.errors import NotFound
from services.plan_file.things import PlanState
from services.registry.plans import rules
from services.registry.plans.store import PLANS
from services.registry.versions import store as versions
from services.registry.versions import written
from services.registry.versions.rules import Unacceptable, check_match
from services.registry.versions.service import check_sees_all


async def set_state(
    session: Session, caller: Caller, code: str, to: PlanState, *, reason: str | None, if_match: str | None
) -> None:
    """Take a plan to its next state. Its activation is stamped: from then on nothing that comes counts from earlier."""
    check_sees_all(caller)
    stamp = await versions.stamp(session, caller.region, caller.client_id)
    row = await PLANS.row(session, caller.region, code)
    if row is None:
        raise NotFound("plan", code)
    check_match(if_match, row.version)
    if faults := [*rules.reason_faults(to, reason)]:
        raise Unacceptable(faults)
    content = rules.moved(row.content, to, stamp.recorded_at)
    if content == row.content:
        return
    PLANS.write(session, stamp, row, code, content)
    subject, at = f"plan:{code}", stamp.recorded_at
    await written.record(session, caller, "plan.state", subject=subject, at=at, state=to, reason=reason)
