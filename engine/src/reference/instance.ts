/** An instance as the reference implementation keeps it: an object that changes while the log goes on (instance-record.ts). */
import type { EventView } from '../log/view.ts'
import type { InstanceStatus } from '../obligation/instance.ts'
import type { PlanApproval, PlanExpectation } from '../plan/plan.ts'

/** Of an expectation or a request for approval; one of the two is null. */
export interface Instance {
  readonly place: number
  readonly policy: number
  readonly rule: number
  readonly expectation: PlanExpectation | null
  readonly approval: PlanApproval | null
  readonly opening: EventView
  readonly openedSeq: number
  due: number
  stage: number
  status: InstanceStatus
  settledAt: number
  settledBy: number
  noticedAt: number
  /** Who approved the current stage: the people and the members that they act for. */
  counted: string[]
  approvals: number
}
