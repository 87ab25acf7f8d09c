/**
 * grayCodes(bits) lists all bit strings of a length so that neighbours differ in one bit, starting with zeros, by mirroring.
 * position(code) gives the index of a string in that list, or -1 when it holds anything but 0 and 1 or is empty.
 */
function grayCodes(bits) {
  let codes = [''];
  for (let i = 0; i < bits; i++) {
    const mirrored = [...codes].reverse();
    codes = codes.map((code) => `0${code}`).concat(mirrored.map((code) => `1${code}`));
  }
  return codes;
}

function position(code) {
  if (!/^[01]+$/.test(code)) {
    return -1;
  }
  let value = 0;
  let bit = 0;
  for (const sign of code) {
    bit ^= Number(sign);
    value = value * 2 + bit;
  }
  return value;
}

// public
//   grayCodes(2) -> ['00', '01', '11', '10']
//   position('11') -> 2
// hidden
//   grayCodes(0) -> ['']
//   grayCodes(1) -> ['0', '1']
//   grayCodes(3) -> ['000', '001', '011', '010', '110', '111', '101', '100']
//   position('0') -> 0
//   position('100') -> 7
//   position('1010') -> 12
//   position('') -> -1
//   position('012') -> -1
//   grayCodes(4).every((code, index) => position(code) === index) -> true
