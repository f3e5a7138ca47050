export { FakeClock, formatTime } from './clock.js';
export { Backoff, LinearBackoff, ExponentialBackoff, NO_RETRY } from './backoff.js';
export { Priority, State, Task, TaskError } from './task.js';
export { Events, Stats } from './monitor.js';
export { TaskQueue as default } from './queue.js';
