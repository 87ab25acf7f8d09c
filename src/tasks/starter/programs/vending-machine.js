/**
 * vend(prices, actions) runs a vending machine and gives what it says to each action. "coin N" adds money ("credit N" with
 * the new total; only 5, 10, 20, 50 are taken, others say "reject"). "pick NAME" says "unknown", "short N" with the missing
 * amount, or "NAME change N" and starts over with no credit. "cancel" says "return N" and empties the credit.
 */
function makeMachine(prices) {
  let credit = 0;
  const accepted = [5, 10, 20, 50];
  const giveBack = () => {
    const amount = credit;
    credit = 0;
    return amount;
  };
  return (action) => {
    const [kind, argument] = action.split(' ');
    switch (kind) {
      case 'coin': {
        const value = Number(argument);
        if (!accepted.includes(value)) {
          return 'reject';
        }
        credit += value;
        return `credit ${credit}`;
      }
      case 'pick': {
        const price = prices[argument];
        if (price === undefined) {
          return 'unknown';
        }
        if (credit < price) {
          return `short ${price - credit}`;
        }
        credit -= price;
        return `${argument} change ${giveBack()}`;
      }
      default:
        return `return ${giveBack()}`;
    }
  };
}

function vend(prices, actions) {
  const machine = makeMachine(prices);
  return actions.map((action) => machine(action));
}

// public
//   vend({ tea: 15 }, ['coin 20', 'pick tea']) -> ['credit 20', 'tea change 5']
//   vend({ tea: 15 }, ['coin 10', 'pick tea', 'cancel']) -> ['credit 10', 'short 5', 'return 10']
// hidden
//   vend({ tea: 15 }, []) -> []
//   vend({ tea: 15 }, ['pick milk']) -> ['unknown']
//   vend({ tea: 15 }, ['coin 3', 'coin 5', 'coin 10', 'pick tea']) -> ['reject', 'credit 5', 'credit 15', 'tea change 0']
//   vend({ a: 5, b: 50 }, ['coin 50', 'pick a', 'pick b']) -> ['credit 50', 'a change 45', 'short 50']
//   vend({ a: 5 }, ['cancel', 'coin 5', 'cancel', 'cancel']) -> ['return 0', 'credit 5', 'return 5', 'return 0']
//   vend({ a: 30 }, ['coin 20', 'pick b', 'coin 10', 'pick a']) -> ['credit 20', 'unknown', 'credit 30', 'a change 0']
//   vend({ a: 0 }, ['pick a', 'coin 100']) -> ['a change 0', 'reject']
