/**
 * settle(orders) keeps accounts that start at zero. An order is ["deposit", account, amount], ["withdraw", account,
 * amount] or ["transfer", from, to, amount]. Orders with an amount that is not positive, or that would make a balance
 * negative, are refused and change nothing. It gives {balances, refused}: the final balance of each account that was ever
 * credited, and the indices of the refused orders.
 */
class Bank {
  constructor() {
    this.balances = new Map();
  }

  balance(account) {
    return this.balances.get(account) ?? 0;
  }

  change(account, amount) {
    const next = this.balance(account) + amount;
    if (next < 0) {
      return false;
    }
    this.balances.set(account, next);
    return true;
  }

  perform([kind, account, ...rest]) {
    const amount = rest[rest.length - 1];
    if (amount <= 0) {
      return false;
    }
    if (kind === 'deposit') {
      return this.change(account, amount);
    }
    if (!this.change(account, -amount)) {
      return false;
    }
    return kind === 'withdraw' || this.change(rest[0], amount);
  }
}

function settle(orders) {
  const bank = new Bank();
  const refused = [];
  orders.forEach((order, index) => {
    if (!bank.perform(order)) {
      refused.push(index);
    }
  });
  return { balances: Object.fromEntries(bank.balances), refused };
}

// public
//   settle([['deposit', 'ann', 10], ['withdraw', 'ann', 4]]) -> { balances: { ann: 6 }, refused: [] }
//   settle([['deposit', 'ann', 10], ['transfer', 'ann', 'bob', 7]]) -> { balances: { ann: 3, bob: 7 }, refused: [] }
//   settle([['withdraw', 'ann', 1]]) -> { balances: {}, refused: [0] }
// hidden
//   settle([]) -> { balances: {}, refused: [] }
//   settle([['deposit', 'a', 5], ['withdraw', 'a', 5]]) -> { balances: { a: 0 }, refused: [] }
//   settle([['deposit', 'a', 5], ['withdraw', 'a', 6]]) -> { balances: { a: 5 }, refused: [1] }
//   settle([['deposit', 'a', 0], ['deposit', 'a', -3]]) -> { balances: {}, refused: [0, 1] }
//   settle([['deposit', 'a', 5], ['transfer', 'a', 'b', 6], ['transfer', 'a', 'b', 5]]) -> { balances: { a: 0, b: 5 }, refused: [1] }
//   settle([['deposit', 'a', 5], ['withdraw', 'a', -5]]) -> { balances: { a: 5 }, refused: [1] }
//   settle([['deposit', 'a', 2], ['deposit', 'b', 3], ['transfer', 'b', 'a', 3]]) -> { balances: { a: 5, b: 0 }, refused: [] }
//   settle([['deposit', 'a', 4], ['transfer', 'a', 'a', 4]]) -> { balances: { a: 4 }, refused: [] }
