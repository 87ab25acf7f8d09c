/**
 * costOfSales(entries) follows a stock in which what came in first goes out first. An entry is {buy: quantity, price} or
 * {sell: quantity}. It gives {costs, left}: what the goods of each sale had cost, and the value of what is left. A sale of
 * more than there is costs null and takes nothing.
 */
function costOfSales(entries) {
  const lots = [];
  const costs = [];
  const available = () => lots.reduce((sum, lot) => sum + lot.quantity, 0);
  for (const entry of entries) {
    if (entry.buy !== undefined) {
      lots.push({ quantity: entry.buy, price: entry.price });
      continue;
    }
    if (entry.sell > available()) {
      costs.push(null);
      continue;
    }
    let wanted = entry.sell;
    let cost = 0;
    while (wanted > 0) {
      const lot = lots[0];
      const taken = Math.min(lot.quantity, wanted);
      cost += taken * lot.price;
      lot.quantity -= taken;
      wanted -= taken;
      if (lot.quantity === 0) {
        lots.shift();
      }
    }
    costs.push(cost);
  }
  return { costs, left: lots.reduce((sum, lot) => sum + lot.quantity * lot.price, 0) };
}

// public
//   costOfSales([{ buy: 10, price: 2 }, { sell: 4 }]) -> { costs: [8], left: 12 }
//   costOfSales([{ sell: 1 }]) -> { costs: [null], left: 0 }
// hidden
//   costOfSales([]) -> { costs: [], left: 0 }
//   costOfSales([{ buy: 5, price: 1 }, { buy: 5, price: 3 }, { sell: 7 }]) -> { costs: [11], left: 9 }
//   costOfSales([{ buy: 5, price: 1 }, { sell: 5 }, { sell: 1 }]) -> { costs: [5, null], left: 0 }
//   costOfSales([{ buy: 2, price: 4 }, { sell: 3 }, { sell: 2 }]) -> { costs: [null, 8], left: 0 }
//   costOfSales([{ buy: 1, price: 1 }, { buy: 1, price: 2 }, { buy: 1, price: 3 }, { sell: 2 }, { sell: 1 }]) -> { costs: [3, 3], left: 0 }
//   costOfSales([{ buy: 3, price: 5 }, { sell: 0 }]) -> { costs: [0], left: 15 }
//   costOfSales([{ buy: 4, price: 2 }, { sell: 1 }, { buy: 2, price: 10 }, { sell: 4 }]) -> { costs: [2, 16], left: 10 }
