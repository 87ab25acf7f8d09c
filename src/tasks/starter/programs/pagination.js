/**
 * pageLinks(current, total) gives what a page switcher shows: the first and the last page, the current one and one
 * neighbour on each side, ascending, with "..." for gaps of two pages or more; a gap of a single page is shown as that
 * page. Without pages it gives an empty list.
 */
function pageLinks(current, total) {
  const wanted = new Set([1, total]);
  for (let page = current - 1; page <= current + 1; page++) {
    if (page >= 1 && page <= total) {
      wanted.add(page);
    }
  }
  if (total < 1) {
    return [];
  }
  const links = [];
  let previous = 0;
  for (const page of [...wanted].sort((a, b) => a - b)) {
    if (page - previous === 2) {
      links.push(page - 1);
    } else if (page - previous > 2) {
      links.push('...');
    }
    links.push(page);
    previous = page;
  }
  return links;
}

// public
//   pageLinks(5, 10) -> [1, '...', 4, 5, 6, '...', 10]
//   pageLinks(1, 3) -> [1, 2, 3]
// hidden
//   pageLinks(1, 0) -> []
//   pageLinks(1, 1) -> [1]
//   pageLinks(1, 2) -> [1, 2]
//   pageLinks(1, 9) -> [1, 2, '...', 9]
//   pageLinks(9, 9) -> [1, '...', 8, 9]
//   pageLinks(4, 7) -> [1, 2, 3, 4, 5, 6, 7]
//   pageLinks(3, 8) -> [1, 2, 3, 4, '...', 8]
//   pageLinks(10, 12) -> [1, '...', 9, 10, 11, 12]
