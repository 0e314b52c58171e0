/** Two versions of a program compared, as the rest of Writ sees it. */

export { type PolicyAnswer, type RuleAnswer, type StaticAnswer, staticAnswers } from './answer.ts'
export type { Cause } from './cause.ts'
export { type ChangeOf, changesIn, type MeaningChange, type Renamed, renamesIn } from './changes.ts'
export { type ConditionPart, differingParts } from './condition-parts.ts'
export { causeText, changeText, type DiffPlace, placeIn, ruleName, stateText } from './describe.ts'
export { type DistinguishingStory, distinguishingStories, type StoryStep } from './distinguishing.ts'
export { countsIn, type Flips, flipsOf, inShadow, type PolicyCause, undecided } from './flips.ts'
export { type Affected, type FlipGroup, groupsOf } from './groups.ts'
export { type PlanPair, type PolicyPair, pairPlans, type RulePair } from './pair.ts'
export {
  type BeforeAfter,
  type DecisionCounts,
  type FlipReport,
  flipReport,
  type MeaningReport,
  meaningReport,
  type ReportedChange,
  type ReportedEvent,
  type ReportedExample,
  type ReportedGroup,
  type ReportedRuling,
} from './report.ts'
export { type BothRuns, runBoth } from './run-both.ts'
export { onSharedLog, sharedReadSet } from './shared-log.ts'
export { untestedCauses } from './tests-for.ts'
export { type Share, shareOf } from './wilson.ts'
