import { Aggregate } from './aggregate';
import { DomainError } from './errors';
import { AccountEvent, dispatch, EventHandlers } from './events';

export enum Status {
  Unopened = 'unopened',
  Active = 'active',
  Closed = 'closed',
}

export interface AccountState {
  readonly status: Status;
  readonly balance: number;
  readonly overdraft: number;
}

const initial: AccountState = { status: Status.Unopened, balance: 0, overdraft: 0 };

const transitions: EventHandlers<AccountState, AccountState> = {
  opened: ({ overdraft }, state) => ({ ...state, overdraft, status: Status.Active }),
  deposited: ({ amount }, state) => ({ ...state, balance: state.balance + amount }),
  withdrawn: ({ amount }, state) => ({ ...state, balance: state.balance - amount }),
  closed: (_, state) => ({ ...state, status: Status.Closed }),
};

export class Account extends Aggregate<AccountState> {
  constructor(id: string) {
    super(id, initial);
  }

  open(owner: string, overdraft = 0): void {
    this.require(Status.Unopened);
    this.raise({ type: 'opened', owner, overdraft });
  }

  deposit(amount: number, memo?: string): void {
    this.require(Status.Active);
    Account.checkAmount(amount);
    this.raise({ type: 'deposited', amount, memo });
  }

  withdraw(amount: number, memo?: string): void {
    this.require(Status.Active);
    Account.checkAmount(amount);
    const available = this.state.balance + this.state.overdraft;
    if (amount > available) {
      throw new DomainError('funds', `${this.id} has only ${available} available`);
    }
    this.raise({ type: 'withdrawn', amount, memo });
  }

  close(): void {
    this.require(Status.Active);
    if (this.state.balance !== 0) {
      throw new DomainError('balance', `${this.id} still holds ${this.state.balance}`);
    }
    this.raise({ type: 'closed' });
  }

  protected evolve(state: AccountState, event: AccountEvent): AccountState {
    return dispatch(transitions, event, state);
  }

  private require(status: Status): void {
    if (this.state.status !== status) {
      throw new DomainError('status', `${this.id} is ${this.state.status}, not ${status}`);
    }
  }

  private static checkAmount(amount: number): void {
    if (Number.isInteger(amount) && amount > 0) return;
    throw new DomainError('amount', `${amount} is not a valid amount`);
  }
}
