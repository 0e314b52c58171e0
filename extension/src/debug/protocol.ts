/** The part of the Debug Adapter Protocol that is spoken here. Lines and columns count from 1. */

export interface Message {
  readonly type: string
  readonly seq?: number
}
export interface Request extends Message {
  readonly seq: number
  readonly type: 'request'
  readonly command: string
  readonly arguments?: unknown
}

export interface Launch {
  /** Any file of the workspace; of the test, where there is one. */
  readonly program: string
  readonly test?: string
  readonly log?: string
  readonly event?: number | 'first' | 'last'
  readonly policy?: string
  readonly stopOnEntry?: boolean
}
export interface SourceArguments {
  readonly source: { readonly path?: string }
  readonly breakpoints?: readonly { readonly line: number; readonly condition?: string }[]
}
export interface FrameArguments {
  readonly frameId?: number
}
export interface VariablesArguments {
  readonly variablesReference: number
}
export interface EvaluateArguments extends FrameArguments {
  readonly expression: string
}

/** What the adapter can do, as it says at the beginning. */
export const capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsStepBack: true,
  supportsConditionalBreakpoints: true,
  supportsEvaluateForHovers: true,
  supportsTerminateRequest: true,
  supportsSteppingGranularity: false,
}

export interface Frame {
  readonly id: number
  readonly name: string
  readonly source?: { readonly name: string; readonly path: string }
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly presentationHint?: 'normal' | 'label'
}
export interface Variable {
  readonly name: string
  readonly value: string
  readonly type: string
  readonly variablesReference: number
}
