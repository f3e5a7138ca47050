import { Account, AccountState } from './account';
import { DomainError, Result } from './errors';
import { EventStore, SnapshotStore } from './store';

export type Command =
  | { kind: 'open'; account: string; owner: string; overdraft?: number }
  | { kind: 'deposit' | 'withdraw'; account: string; amount: number; memo?: string }
  | { kind: 'transfer'; account: string; to: string; amount: number }
  | { kind: 'close'; account: string };

/** Loads and saves accounts, starting from a snapshot where there is one. */
export class AccountRepository {
  constructor(
    private readonly events: EventStore,
    private readonly snapshots: SnapshotStore<AccountState>,
  ) {}

  load(id: string): Account {
    const account = new Account(id);
    const snapshot = this.snapshots.load(id);
    if (snapshot) account.restore(snapshot);
    const rest = this.events.read(id, snapshot?.version);
    account.replay(rest.map(({ event }) => event));
    return account;
  }

  save(account: Account): void {
    account.commit((expected, events) => this.events.append(account.id, expected, events));
    this.snapshots.offer(account.id, account.snapshot);
  }
}

export class CommandHandler {
  constructor(private readonly accounts: AccountRepository) {}

  /** Runs a command; broken rules come back as a result, other errors are thrown. */
  execute(command: Command): Result<string[], DomainError> {
    try {
      const changed = this.run(command, this.accounts.load(command.account));
      changed.forEach((account) => this.accounts.save(account));
      return { ok: true, value: changed.map(({ id, snapshot }) => `${id}@${snapshot.version}`) };
    } catch (error) {
      if (error instanceof DomainError) return { ok: false, error };
      throw error;
    }
  }

  /** Applies the command and returns the accounts that have to be saved. */
  private run(command: Command, account: Account): Account[] {
    switch (command.kind) {
      case 'open':
        account.open(command.owner, command.overdraft);
        break;
      case 'deposit':
        account.deposit(command.amount, command.memo);
        break;
      case 'withdraw':
        account.withdraw(command.amount, command.memo);
        break;
      case 'close':
        account.close();
        break;
      case 'transfer': {
        const target = this.accounts.load(command.to);
        account.withdraw(command.amount, `to ${target.id}`);
        target.deposit(command.amount, `from ${account.id}`);
        return [account, target];
      }
    }
    return [account];
  }
}
