import TaskQueue, {
  Backoff, Events, ExponentialBackoff, FakeClock, LinearBackoff, NO_RETRY, Priority, State, Stats, Task,
  TaskError, formatTime,
} from './src/index.js';

/** A handler that works for `duration` and fails the first `failures` times. */
const flaky = (duration, failures, value) => async ({ clock, attempt }) => {
  await clock.sleep(duration);
  if (attempt <= failures) throw new TaskError(`attempt ${attempt} failed`);
  return value;
};

const steady = (duration, value) => flaky(duration, 0, value);

async function broken({ clock }) {
  await clock.sleep(40);
  throw new TaskError('input is malformed', { retryable: false });
}

function logEvents(queue, print) {
  queue.on(Events.START, ({ task, time }) => print(`${formatTime(time)} start  ${task} (${task.attempts})`));
  queue.on(Events.DONE, ({ task, time }) => print(`${formatTime(time)} done   ${task} = ${task.result}`));
  queue.on(Events.FAILED, ({ task, time, error: { message } }) => {
    print(`${formatTime(time)} failed ${task}: ${message}`);
  });
  return queue.on(Events.RETRY, ({ task, time, error, delay }) => {
    print(`${formatTime(time)} retry  ${task} in ${delay} (${error.message})`);
  });
}

function report(queue, stats, print) {
  print(`== ${queue.name}: idle ${queue.idle}, waiting ${queue.size}, active ${queue.active}`);
  for (const { name, state, attempts, history } of queue.tasks) {
    const path = history.map((entry) => `${entry.state}@${entry.time}`).join(' ');
    print(`  ${name.padEnd(8)} ${state.padEnd(8)} ${attempts}  ${path}`);
  }
  for (const [name, count] of stats) print(`  ${name}: ${count}`);
  print(`  total ${stats.total}, mean ${stats.mean.toFixed(1)}`);
}

async function main(print) {
  const clock = new FakeClock();
  const queue = new TaskQueue(clock, { name: 'nightly' });
  const stats = new Stats().attach(queue);
  const quiet = logEvents(queue, print);
  const exponential = new ExponentialBackoff(100, { maxAttempts: 5, cap: 500 });
  const policies = [new Backoff(75), new LinearBackoff(50, { maxAttempts: 4 }), exponential, NO_RETRY];
  for (const policy of policies) print(`policy ${policy.describe()}`);
  const [fixed, linear] = policies;

  queue.add('fetch', flaky(120, 2, 'page'), { backoff: linear });
  queue.add('parse', steady(200, 'tree'));
  queue.add('upload', flaky(300, 3, 'receipt'), { backoff: exponential, priority: Priority.HIGH });
  queue.add('lint', broken, { backoff: fixed, priority: Priority.LOW });
  queue.add('index', ({ task }) => clock.sleep(30 * task.id).then(() => `rows of ${task.name}`));

  const fired = await clock.run(500);
  print(`-- ${fired} timers by ${formatTime(clock.now())}, ${clock.pending} pending`);
  queue.pause();
  queue.add('cleanup', steady(10, 'ok'), { priority: Priority.LOW });
  await clock.run(900);
  print(`-- paused with ${queue.size} waiting, fetch is ${queue.find('fetch').state}`);
  quiet();
  queue.resume();
  await clock.run();
  report(queue, stats, print);

  queue.pause();
  for (const priority of [Priority.LOW, Priority.HIGH, Priority.NORMAL]) {
    queue.add(`late-${priority}`, steady(1, priority), { priority });
  }
  const dropped = queue.clear().map((task) => task.name);
  print(`dropped ${dropped.join(', ')} of ${Task.created} tasks`);
  try {
    queue.find('parse').update(State.RUNNING, clock.now());
  } catch (error) {
    print(`error: ${error.message} (retryable: ${error.retryable})`);
  }
}

await main((line) => console.log(line));
