export { Job, Priority, SumJob, FibJob as FibonacciJob, ShellJob, State, label } from './job';
export type { AnyJob, JobOptions as Options, Outcome } from './job';
export { default, type Clock, type Policy } from './scheduler';
export * as policies from './policies';
