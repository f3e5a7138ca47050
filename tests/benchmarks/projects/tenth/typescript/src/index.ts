import { AccountState } from './account';
import { AccountRepository, Command, CommandHandler } from './commands';
import { ConcurrencyError } from './errors';
import { Balances, EventCounts, project } from './projections';
import { EventStore, SnapshotStore } from './store';

const script: Command[] = [
  { kind: 'open', account: 'acc-1', owner: 'Ada' },
  { kind: 'open', account: 'acc-2', owner: 'Grace', overdraft: 5000 },
  { kind: 'deposit', account: 'acc-1', amount: 120000, memo: 'salary' },
  { kind: 'withdraw', account: 'acc-1', amount: 2550, memo: 'books' },
  { kind: 'transfer', account: 'acc-1', to: 'acc-2', amount: 40000 },
  { kind: 'withdraw', account: 'acc-2', amount: 44000 },
  { kind: 'withdraw', account: 'acc-2', amount: 1001 },
  { kind: 'deposit', account: 'acc-1', amount: -5 },
  { kind: 'close', account: 'acc-2' },
  { kind: 'transfer', account: 'acc-1', to: 'acc-2', amount: 4000 },
  { kind: 'close', account: 'acc-2' },
  { kind: 'transfer', account: 'acc-1', to: 'acc-2', amount: 100 },
];

const money = (cents = 0): string => (cents / 100).toFixed(2);

function runScenario(print: (line: string) => void): void {
  const store = new EventStore();
  const repository = new AccountRepository(store, new SnapshotStore<AccountState>(3));
  const handler = new CommandHandler(repository);
  const balances = new Balances();
  const unsubscribe = store.subscribe((recorded) => balances.apply(recorded));

  for (const command of script) {
    const result = handler.execute(command);
    const outcome = result.ok
      ? `ok ${result.value.join(' ')}`
      : `rejected (${result.error.code}): ${result.error.message}`;
    print(`${command.kind.padEnd(9)} ${outcome}`);
  }

  print('-- balances');
  for (const [id, { owner, balance }] of balances.view()) {
    print(`${id} ${owner.padEnd(7)} ${money(balance).padStart(8)}`);
  }

  print('-- two writers');
  const [first, second] = [repository.load('acc-1'), repository.load('acc-1')];
  first.deposit(500);
  second.withdraw(500);
  repository.save(first);
  try {
    repository.save(second);
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    print(`${error.name} on ${error.streamId}: ${error.message}`);
  }

  print('-- stale and rebuilt views');
  unsubscribe();
  handler.execute({ kind: 'deposit', account: 'acc-1', amount: 7 });
  const rebuilt = project(new Balances(), store);
  for (const view of [balances.view(), rebuilt]) print(money(view.get('acc-1')?.balance));

  print('-- log');
  for (const [type, count] of project(new EventCounts(), store)) {
    print(`${type.padEnd(9)} ${count}`);
  }
}

const lines: string[] = [];
runScenario((line) => lines.push(line));

export const output = lines.join('\n');
