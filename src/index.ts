// What `import 'sluice'` gives: the only way into the package besides the command line. Everything else may change.
export type { StatusReport } from './admin-api/answers.ts';
export type { Diagnostic, Span } from './diagnostics/diagnostic.ts';
export type { Trigger } from './generated/trigger.ts';
// biome-ignore lint/performance/noBarrelFile: a package has one entry, and this is it
export {
  type BuildOptions,
  type BuiltBundle,
  buildBundle,
  type CheckedConnectors,
  type ConnectorsOptions,
  checkConnectors,
} from './library/connectors.ts';
export { createFastifyHook, createHandler, createMiddleware } from './library/middleware.ts';
export { createRuntime, type EmbeddedRuntime, type RuntimeOptions, StartError } from './library/runtime.ts';
export type { Delivery, OutgoingTrigger } from './outcomes/delivery.ts';
export { type Arrival, type TargetUnderTest, targetConformance } from './runtime/targets/conformance.ts';
export type { Target } from './runtime/targets/target.ts';
