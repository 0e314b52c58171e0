/** The public surface of the engine. */

export { analyze } from './analyze/analyze.ts'
export { languagePath } from './bind/language-module.ts'
export { type Checked, type CheckOptions, check, type FileProblem } from './check/check.ts'
export {
  type ConditionCoverage,
  type Coverage,
  CoverageCounter,
  isShown,
  type RuleCoverage,
  type Witness as CoverageWitness,
} from './coverage/coverage.ts'
export * from './diff/index.ts'
export * from './evolution/index.ts'
export type { Change } from './explain/change.ts'
export { type Consequence, consequenceOf } from './explain/consequence.ts'
export { changesOf } from './explain/counterfactual.ts'
export { covered } from './explain/covered.ts'
export { valueAt } from './explain/evaluate-at.ts'
export { type Line, plainText, type Role, type Segment } from './explain/layout.ts'
export { type ObligationStory, obligationStories } from './explain/obligation-story.ts'
export { explanationLines, explanationText } from './explain/page.ts'
export { type ApprovalStage, type Obligation, obligationsOf, reasonText } from './explain/reason.ts'
export { reasonReadSet } from './explain/reason-read-set.ts'
export { type Rerun, type Reruns, reruns } from './explain/rerun.ts'
export type { ExplainOptions } from './explain/scope.ts'
export { type Step, stepsOf, stoppingPlaces } from './explain/steps.ts'
export { explain } from './explain/trace.ts'
export type * from './explain/witness.ts'
export { harmless } from './explain/words.ts'
export { lineage } from './lineage/build.ts'
export { type DecisionLineageOptions, decisionLineage } from './lineage/decision.ts'
export { lineageDot } from './lineage/dot.ts'
export type { DecisionLineage, DecisionNode } from './lineage/drawing.ts'
export { findNodes, nameOf } from './lineage/find.ts'
export {
  around,
  isDirect,
  type LineageEdge,
  type LineageGraph,
  type LineageKind,
  type LineageNode,
} from './lineage/graph.ts'
export { type Box, type LineageLayout, layoutLineage, type Point } from './lineage/layout.ts'
export { openLineage } from './lineage/open-lineage.ts'
export { type LineageSvgOptions, lineageSvg, pathOf } from './lineage/svg.ts'
export { type LineageLine, lineageLines } from './lineage/tree.ts'
export { edgeWords, kindWords } from './lineage/words.ts'
export { type BuiltEvent, type ColumnSlot, LogBuilder } from './log/builder.ts'
export {
  BoolBuilder,
  CodeBuilder,
  type ColumnBuilder,
  columnBuilder,
  MoneyBuilder,
  NumberBuilder,
  ValueBuilder,
} from './log/column-builders.ts'
export { columnView } from './log/column-view.ts'
export * from './log/columns.ts'
export { hashOf, Interner, internSlack } from './log/interner.ts'
export { type Leaf, leavesOf, withoutOptional } from './log/leaves.ts'
export type * from './log/view.ts'
export { figureValue } from './measure/budget.ts'
export type * from './measure/figures.ts'
export type { PlacedEdit } from './mutation/edits.ts'
export { type Mutant, type MutationResult, mutationDefaults, runMutants } from './mutation/mutants.ts'
export {
  type ApprovalEffect,
  type ApprovalEffects,
  approvalEffects,
  type Ending,
  type InstanceStatus,
  type Instances,
  instanceStatuses,
  type Obligations,
  type TransitionKind,
  type Transitions,
  transitionKinds,
} from './obligation/instance.ts'
export { type LivingRule, type ObligationTally, obligationTally, type RoleLoad } from './obligation/tally.ts'
export { approvalPlace, isApproval } from './plan/approval-contract.ts'
export type * from './plan/baseline.ts'
export { baselinesIn } from './plan/baselines-in.ts'
export type * from './plan/expression.ts'
export { forgottenUntil, type HistoryReach, historyReach } from './plan/history-reach.ts'
export type * from './plan/measure.ts'
export { onlyPolicies } from './plan/only-policies.ts'
export { originOf } from './plan/origin.ts'
export type * from './plan/plan.ts'
export { eachOperand, readSet } from './plan/read-set.ts'
export { type FlowOptions, flow } from './privacy/flow.ts'
export type { Decided } from './property/claim.ts'
export { judgeDefaults, judgeProperty, type PropertyVerdict, refutedClaim } from './property/judge.ts'
export { type PropertyOptions, type PropertyResult, runProperties } from './property/run-properties.ts'
export { referenceRun } from './reference/run.ts'
export { bucketOf, buckets, bucketText } from './rollout/bucket.ts'
export type { RolloutFigure } from './rollout/figure.ts'
export {
  type ChangeCause,
  inForce,
  type RolloutChange,
  type Rollouts,
  rolledBack,
  stageAt,
  stageName,
} from './rollout/stages.ts'
export {
  beginning,
  begunAfter,
  type Continuation,
  cannotResume,
  continuationVersion,
  neededEvents,
  programOf,
  type Resumed,
  rollingHash,
} from './run/continuation.ts'
export {
  type Decisions,
  decisionWords,
  type MatchSet,
  noticeCodes,
  type RunNotice,
  type RunResult,
  type Waiver,
} from './run/decisions.ts'
export { type EffectiveDecisions, effectiveDecisions } from './run/effective.ts'
export { decide, type EvaluateOptions, type Evaluation, evaluate } from './run/evaluate.ts'
export { runIdentity, semanticsVersion } from './run/identity.ts'
export { type DecidedPolicy, redecide } from './run/redecide.ts'
export { type RevisedDecision, type RevisedInstance, type Revisions, revisions } from './run/revisions.ts'
export { type DecisionStanding, decisionStanding } from './run/standing.ts'
export { type Distinguished, distinguish } from './search/distinguish.ts'
export { lastPlace, Observer, type Place } from './search/observer.ts'
export { type Look, type SearchOptions, type SearchResult, search } from './search/search.ts'
export { shrink } from './search/shrink.ts'
export { type Space, type SpaceOptions, spaceOf } from './search/space.ts'
export { decidedText, type Story, type StoryEvent, storyOf, testSource, whatHolds } from './search/story.ts'
export { type Trace, type TraceEvent, traceLog, traceView } from './search/trace.ts'
export { runTests, type TestOptions, type TestResult } from './testing/run-tests.ts'
export { testEnd, testLog } from './testing/test-events.ts'
export { canonicalEvent, eventDigest, referenceOf } from './value/canonical.ts'
export { isVersion, noCurrency } from './value/operations.ts'
export { likeMatches, patternMatches, patternProblem } from './value/pattern.ts'
export { presentDuration, presentTime, presentValue } from './value/present.ts'
export {
  compare,
  decimalText,
  equal,
  fromInteger,
  parseRational,
  type Rational,
  rational,
  roundTo,
} from './value/rational.ts'
export type * from './value/type.ts'
export * from './value/value.ts'
export { findZone, zoneDataVersion } from './zone/zones.ts'
